"""Everything a customer can say, by kind: a word stands for all that are understood alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from warmline.dialogue.feeling import Sign
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, Shown, list_shown
from warmline.dialogue.flows.hear import Heard, Listening
from warmline.dialogue.flows.run import Filled
from warmline.dialogue.flows.starts import OFFERS, SURE, Wished
from warmline.dialogue.model import Found, Understanding
from warmline.dialogue.proof.values import Values
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import Act, Emotion, Marker

SIDE_ARTICLES = ("an_article", "another_article")
"""Articles that begin no flow. The first counts as answered just before, in every state."""
AID_ARTICLE = "first_aid"
FEELINGS: Mapping[str, frozenset[Marker]] = {
    "upset": frozenset({Marker.LOUD}),
    "for the umpteenth time": frozenset({Marker.AGAIN}),
    "upset, for the umpteenth time": frozenset({Marker.AGAIN, Marker.LOUD}),
    "in distress": frozenset({Marker.DISTRESS}),
    "afraid of fraud": frozenset({Marker.FRAUD}),
}
"""Each kind of feeling that decides something; the rest are spoken to and change nothing."""
UPSET = frozenset().union(*FEELINGS.values())
STRONGEST = ("upset", "upset, for the umpteenth time", "in distress")
"""Those that an answer to a flow's question is met differently for."""
MANY = 9
"""More contacts than any policy waits for."""
NONSENSE = "says something nobody can read"
PERSON = "asks for a person"


@dataclass(frozen=True, slots=True)
class Input:
    """Something that is said; `label` is how a counter-example tells it.

    `reads`: which of what the last turn left it makes use of: readings offered, a flow offered, a flow just ended;
    `last`: the slot that counts as given last; `contacts`: so many earlier ones on whatever the matter is.
    """

    label: str
    said: Understanding
    reads: frozenset[str] = frozenset()
    last: str = ""
    contacts: int = 0

    @property
    def changes(self) -> bool:
        """Whether it changes something that was said before."""
        return bool(self.last) or self.said.heard.corrects


def _said(text: str = "……", **more: Any) -> Understanding:
    return Understanding(text, **more)


def _only(kind: Marker) -> Understanding:
    return _said(kinds=frozenset({kind}), only=kind)


def _answered(*articles: str, **more: Any) -> Understanding:
    return _said(release=ReleaseKind.ANSWER, article_ids=articles, confidence=0.95, **more)


SMALL = (
    Marker.GREETING, Marker.THANKS, Marker.GOODBYE, Marker.ROBOT, Marker.ABOUT, Marker.EMPTY, Marker.EMOJI,
    Marker.DIGITS, Marker.DENY, Marker.ABUSE,
)  # fmt: skip
_UNSURE = _said(release=ReleaseKind.CLARIFY, article_ids=SIDE_ARTICLES, confidence=0.6)
_PARTS = (
    Found(ReleaseKind.ANSWER, SIDE_ARTICLES[:1], 0.95),
    Found(ReleaseKind.CLARIFY, SIDE_ARTICLES, 0.6),
)
BRIEF_BEGINS = 3
"""So many of the ways to ask for a flow are tried while one is under way: its slots are told one by one then."""
READINGS, OFFER, ENDED, MISSES, ASIDES = "readings", "offer", "ended", "misses", "asides"
_COUNTS, _NONE = frozenset({MISSES}), frozenset[str]()

PLAIN: tuple[Input, ...] = (
    Input(NONSENSE, _said(), _COUNTS),
    Input("asks what nobody knows, near two articles", _said(article_ids=SIDE_ARTICLES), _COUNTS),
    Input(PERSON, _said("人工", kinds=frozenset({Marker.HUMAN}), only=Marker.HUMAN)),
    Input(
        "asks for a person in the middle of something else",
        _answered(*SIDE_ARTICLES[:1], kinds=frozenset({Marker.HUMAN})),
    ),
    Input("is in danger", _said(kinds=frozenset({Marker.DANGER}))),
    Input("complains", _said(sensed=frozenset({Sign.COMPLAINT}))),
    Input("is being cheated right now", _said(sensed=frozenset({Sign.URGENT}), first_aid=AID_ARTICLE)),
    Input("an elder who does not find the way", _said(sensed=frozenset({Sign.HESITATES}))),
    Input(
        "comes again and again with it, angry",
        _answered(SIDE_ARTICLES[1], sensed=frozenset({Emotion.ANGER})), contacts=MANY,
    ),
    Input("is angry", _said(sensed=frozenset({Emotion.ANGER})), _COUNTS),
    Input("is angry, asks what an article answers", _answered(SIDE_ARTICLES[1], sensed=frozenset({Emotion.ANGER}))),
    Input("upset for two turns", _said(sensed=frozenset({Emotion.ANXIETY, Sign.LASTING})), _COUNTS),
    Input("asks of a sum what nobody knows", _said(at_stake=True), _COUNTS),
    Input("asks the same again", _answered(SIDE_ARTICLES[0], repeats=True), frozenset({ASIDES})),
    Input("asks what an article answers", _answered(SIDE_ARTICLES[0])),
    Input("asks what another article answers", _answered(SIDE_ARTICLES[1]), frozenset({ASIDES})),
    Input("asks what two articles may answer", _UNSURE, frozenset({READINGS, ASIDES})),
    Input("asks two things at once", _answered(*SIDE_ARTICLES, parts=_PARTS), frozenset({ASIDES})),
    Input("picks a reading", _said(picked=SIDE_ARTICLES[0])),
    Input("says yes and nothing else", _only(Marker.AFFIRM), frozenset({OFFER, MISSES})),
    Input("in distress, asks what two articles may answer", replace(_UNSURE, kinds=FEELINGS["in distress"])),
    *(Input(f"says nothing but {kind.value.replace('_', ' ')}", _only(kind), _COUNTS) for kind in SMALL),
    Input("sends a file and no words", _said("", has_attachment=True), _COUNTS),
    Input("writes in a language nobody here reads", _said(understood_language=False), _COUNTS),
    Input("tries to give orders", _said(kinds=frozenset({Marker.INJECTION})), _COUNTS),
    Input("writes far too much", _said(kinds=frozenset({Marker.TOO_LONG})), _COUNTS),
    *(
        Input(f"{name}, {does}", said, reads)
        for name, kinds in FEELINGS.items()
        for does, said, reads in (
            ("says nothing else", _said(kinds=kinds, first_aid=AID_ARTICLE), _COUNTS),
            ("asks what an article answers", _answered(SIDE_ARTICLES[1], kinds=kinds, first_aid=AID_ARTICLE), _NONE),
        )
    ),
)  # fmt: skip
ACTS: tuple[Input, ...] = tuple(
    Input(f"says: {act.value.replace('_', ' ')}", _said(heard=Heard(acts=frozenset({act}))), _COUNTS)
    for act in Act
    if act is not Act.BACK
)


def list_begins(article: str, flow: f.Flow, values: Values) -> Iterator[Input]:
    """Yield the ways to ask for a flow: about it, to have it done, upset, with one slot or all of them told."""
    ask, wants = f"asks about {flow.flow}", f"wants {flow.flow} done"
    yield Input(ask, _answered(article))
    yield Input(wants, replace(_answered(article), text="帮我办"))
    yield Input(f"asks for {flow.flow} in its own words", _said(wished=Wished(flow.flow, SURE)))
    yield Input(f"may ask for {flow.flow} in its own words", _said(wished=Wished(flow.flow, OFFERS)), _COUNTS)
    yield Input(f"upset, {ask}", _answered(article, kinds=FEELINGS["upset"]))
    unsure = _said(release=ReleaseKind.CLARIFY, article_ids=(article,), confidence=0.6)
    yield Input(f"may mean {flow.flow}", unsure, frozenset({READINGS}))
    yield Input(f"picks the reading about {flow.flow}", _said(picked=article))
    for name, kinds in FEELINGS.items():
        yield Input(f"{name}, {wants}", replace(_answered(article, kinds=kinds), text="帮我办"))
        yield Input(f"{name}, {ask}", _answered(article, kinds=kinds))
    told = {
        name: next(iter(values.of(name, slot, list_options(slot))), None)
        for name, slot in flow.slots.items()
        if slot.passing and not slot.items and not slot.secret
    }
    filled = {name: one for name, one in told.items() if one is not None}
    for known in (*({name: one} for name, one in filled.items()), filled):
        label = wants + "".join(f", {name}={one.value}" for name, one in known.items())
        yield Input(label, replace(_answered(article), told={flow.flow: known}, text="帮我办"))


def list_options(slot: f.Slot) -> tuple[Shown, ...]:
    """Return the options of a choice whose values are in the file."""
    return () if slot.items else list_shown(slot, {}, f.LOCALES[0])


def list_heard(listening: Listening, values: Values) -> Iterator[Input]:
    """Yield what can be said to a flow under way."""
    asked = listening.asked
    yield from ACTS
    for last in listening.known:
        yield Input(
            f"wants to go back ({last} was said last)", _said(heard=Heard(acts=frozenset({Act.BACK}))), last=last
        )
    if isinstance(asked, AskAgreement):
        yield from _agreements()
    told: list[tuple[str, Filled]] = []
    for name, (slot, shown) in listening.slots.items():
        known = listening.known.get(name)
        if isinstance(asked, AskSlot) and asked.name == name:
            continue
        if known is None and (not slot.passing or slot.items or slot.secret):
            continue
        for n, filled in enumerate(values.of(name, slot, shown)):
            if known is None or not (known.spent or known.value == filled.value):
                yield _fill({name: filled}, "corrects" if known else "tells", corrects=known is not None)
                if known is None and n == 0:
                    told.append((name, filled))
    if isinstance(asked, AskSlot):
        yield from _answers(asked, values, dict(told))


def _agreements() -> Iterator[Input]:
    for yes, word in ((True, Marker.AFFIRM), (False, Marker.DENY)):
        heard, does = Heard(yes=yes), "says yes" if yes else "says no"
        yield Input(f"{does} to that", _said(kinds=frozenset({word}), only=word, heard=heard))
        for name in STRONGEST:
            yield Input(f"{name}, {does}", _said(kinds=FEELINGS[name] | {word}, heard=heard))


def _answers(asked: AskSlot, values: Values, told: Mapping[str, Filled]) -> Iterator[Input]:
    for n, filled in enumerate(values.of(asked.name, asked.slot, asked.shown)):
        one = {asked.name: filled}
        yield _fill(one, "answers")
        if n == 0:
            for name in STRONGEST:
                yield _fill(one, f"{name}, answers", kinds=FEELINGS[name])
            for name, other in told.items():
                yield _fill({**one, name: other}, "answers and tells")
            if len(told) > 1:
                yield _fill({**one, **told}, "answers and tells")
    if len(asked.shown) > 1:
        yield Input("names several of the choices", _said(heard=Heard(several=asked.shown[:2])))


def _fill(
    filled: Mapping[str, Filled], does: str, *, corrects: bool = False, kinds: frozenset[Marker] = frozenset()
) -> Input:
    said = _said(kinds=kinds, heard=Heard(filled, corrects=corrects))
    label = f"{does} {', '.join(f'{name}={one.value}' for name, one in filled.items())}"
    return Input(label, said, frozenset({ENDED}) if corrects else frozenset())
