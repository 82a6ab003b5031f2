"""What a customer's words mean: readings picked, articles found, several questions told apart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from warmline.dialogue import model as m
from warmline.dialogue.feeling import FELT, SENSED, find_felt, pressing
from warmline.dialogue.flows.hear import Heard, hear_all, hear_opening
from warmline.dialogue.flows.opening import wants_done
from warmline.dialogue.flows.run import Filled
from warmline.dialogue.flows.starts import BEGINS, SURE, Wished
from warmline.dialogue.flows.turn import Flows, listen
from warmline.dialogue.pending import URGENT, Pending
from warmline.dialogue.questions import (
    CANDIDATES,
    carry,
    leans,
    points_back,
    resolve,
    split_matters,
    split_questions,
    swap,
    tell_apart,
    words_telling,
)
from warmline.dialogue.readings import is_near
from warmline.dialogue.replies import hear_reply, means_no_person, wants_more
from warmline.dialogue.stakes import is_at_stake
from warmline.dialogue.wording import hear_again
from warmline.knowledge.calibration import Release, ReleaseKind, ReleasePolicy
from warmline.knowledge.search import Candidate
from warmline.knowledge.service import KnowledgeSearch
from warmline.language.service import (
    Feeling,
    FeelingSense,
    Language,
    Marker,
    ReplyReader,
    Shares,
    TurnHelp,
    WishReader,
    asks,
    detect_language,
    is_short,
    normalise,
    says_again,
)

FELT_CHARS = 500
"""A feeling is read in so many characters; more are read by their words alone."""
UNSEARCHED = frozenset({Marker.TOO_LONG, Marker.INJECTION})


class Understander:
    """Looks up what the articles have to say; reads only."""

    def __init__(
        self,
        search: KnowledgeSearch,
        release: Callable[[], ReleasePolicy],
        policy: Callable[[], m.Policy],
        wishes: WishReader | None = None,
        feelings: FeelingSense | None = None,
        replies: ReplyReader | None = None,
    ) -> None:
        self._search, self._release, self._policy = search, release, policy
        self._wishes, self._feelings, self._replies = wishes, feelings, replies

    async def understand(
        self, pending: Pending, state: m.DialogueState, now: datetime, flows: Flows | None = None,
        help: TurnHelp | None = None,
    ) -> m.Understanding:  # fmt: skip
        """Find out what was said: an answer to a flow, an offered reading picked, the articles that may answer."""
        feeling = None if pending.lapsed else await self._feel(pending.text, state)
        unfelt = state.feeling_refused or pending.lapsed
        kinds = pending.kinds - SENSED if unfelt else pending.kinds | pressing(feeling)
        pending = replace(pending, kinds=kinds)
        text = pending.text
        shares = await self._read_reply(text, state)
        heard = await _hear(pending, state, now, flows, shares, help)
        if heard.values and not heard.corrects and not heard.acts and kinds.isdisjoint(URGENT) and not asks(text):
            return _felt(m.Understanding(text, kinds, pending.only, heard=heard), state, feeling)
        weak = pending.only is None and self._wishes is not None and self._wishes.is_weak(text)
        if weak and (means_no_person(shares) or heard.values or await self._is_errand(text, flows)):
            kinds = kinds - {Marker.HUMAN}
            pending = replace(pending, kinds=kinds)
        elif kinds.isdisjoint(URGENT) and await self._wants_person(text):
            pending = replace(pending, kinds=kinds | {Marker.HUMAN})
        said = await self._read(pending, state, flows)
        said = replace(said, reply=shares)
        told = _tell(text, state, said, now, flows) if flows else {}
        said = replace(
            said, heard=heard, told=told, at_stake=is_at_stake(text), repeats=says_again(text, state.earlier)
        )
        return _felt(said, state, feeling)

    async def _feel(self, text: str, state: m.DialogueState) -> Feeling | None:
        """Read the feeling in these words, unless the customer has refused it."""
        if self._feelings is None or state.feeling_refused:
            return None
        said = text[:FELT_CHARS]
        vector = await self._search.vector(text) if len(text) <= FELT_CHARS else None
        return await asyncio.to_thread(self._feelings.feel, said, vector, state.earlier)

    async def _read_reply(self, text: str, state: m.DialogueState) -> Shares:
        """Read what a reply does; the first words of a conversation are none."""
        if self._replies is None or not state.earlier or not is_short(text):
            return {}
        vector = await self._search.vector(text)
        return await asyncio.to_thread(self._replies.read, text, vector)

    async def _wants_person(self, text: str) -> bool:
        """Ask for a second opinion where the words leave it unsure."""
        reader = self._wishes
        if reader is None or not reader.is_unsure(text):
            return False
        return await asyncio.to_thread(reader.wishes, text, await self._search.vector(text))

    async def _read(self, pending: Pending, state: m.DialogueState, flows: Flows | None) -> m.Understanding:
        """Find the articles that may answer, or the reading that was picked."""
        text, kinds = pending.text, pending.kinds
        if not kinds.isdisjoint(URGENT):
            aid = await self.find_first_aid(text, kinds)
            return m.Understanding(text, kinds=kinds & (URGENT | FELT), first_aid=aid)
        picked = pick_reading(text, state.offered, state.offered_before)
        if picked or pending.only or not kinds.isdisjoint(UNSEARCHED):
            return m.Understanding(
                text, kinds, pending.only, has_attachment=pending.has_attachment, picked=picked,
                understood_language=detect_language(text) is not Language.OTHER,
            )  # fmt: skip
        candidates, found, carried = await self._look_up(text, state.topic)
        parts = await self._look_up_parts(text, found)
        answered = ReleaseKind.ANSWER in {found.kind, *(part.kind for part in parts)}
        wishes = pending.only is None
        wished = await self._guess_wish(text, flows, candidates) if wishes else Wished()
        kept = state.memory.also[0] if state.memory.also else ""
        if _follows(text) and wished.sure < SURE and wished.flow_id != kept:
            wished = Wished()
        wished, also = await self._guess_both(text, wished, flows) if wishes else (wished, Wished())
        return m.Understanding(
            text,
            kinds=kinds,
            understood_language=detect_language(text) is not Language.OTHER or answered,
            has_attachment=pending.has_attachment,
            release=ReleaseKind.ANSWER if answered else found.kind,
            article_ids=_articles(found, parts) or tuple(x.article_id for x in candidates if is_near(x))[:2],
            confidence=min((part.confidence for part in parts), default=found.confidence),
            parts=tuple(m.Found(part.kind, part.article_ids, part.confidence) for part in parts),
            carried=carried,
            first_aid=await self.find_first_aid(text, kinds, candidates),
            wished=wished,
            also=also,
        )

    async def _guess_wish(self, text: str, flows: Flows | None, candidates: Sequence[Candidate]) -> Wished:
        """Return the flow that the words ask for."""
        vector = await self._search.vector(text) if flows and flows.starts else None
        if flows is None or flows.starts is None or vector is None:
            return Wished()
        shares: dict[str, float] = {}
        for one in candidates:
            if one.article_id in flows.starters:
                flow_id = flows.starters[one.article_id]
                shares[flow_id] = shares.get(flow_id, 0.0) + one.score
        return await asyncio.to_thread(flows.starts.guess, text, vector, shares)

    async def _is_errand(self, text: str, flows: Flows | None) -> bool:
        """Tell whether words surely ask for what a flow does, and hardly mean a person: at length that sounds alike."""
        wished = await self._guess_wish(text, flows, await self._search.candidates(text))
        if wished.sure < SURE or self._wishes is None:
            return False
        return not await asyncio.to_thread(self._wishes.means, text, await self._search.vector(text))

    async def _guess_both(self, text: str, wished: Wished, flows: Flows | None) -> tuple[Wished, Wished]:
        """Return the flow that a message asks for, and another that a part of it asks for surely, in their order."""
        parts = split_matters(text) if wished.sure >= BEGINS else ()
        found = [
            replace(await self._guess_wish(part, flows, await self._search.candidates(part)), words=part)
            for part in parts
        ]
        sure = [one for one in found if one.sure >= SURE]
        other = next((one for one in sure if one.flow_id != wished.flow_id), None)
        same = next((one for one in sure if one.flow_id == wished.flow_id), None)
        if other is None or same is None:
            return wished, Wished()
        return (other, same) if sure[0] is other else (same, other)

    async def find_first_aid(
        self, text: str, kinds: frozenset[Marker], candidates: Sequence[Candidate] | None = None
    ) -> str | None:
        """Return the article whose first step helps at once whoever wrote this; None where nothing presses.

        `candidates`: what was found for the whole text, where that is known.
        """
        presses = kinds & self._policy().first_aid.keys()
        if not presses:
            return None
        told = words_telling(text, presses)
        if candidates is None or told != text:
            candidates = await self._search.candidates(told)
        plainly = next((PLAINLY[kind] for kind in PLAINLY if kind in presses), "")
        found = await self._nearest_aid(candidates, presses)
        flows = self._policy().flows
        if not plainly or flows is None or found in flows.starters:
            return found
        plain = await self._nearest_aid(await self._search.candidates(plainly), presses)
        return plain if plain in flows.starters else found or plain

    async def _look_up(self, text: str, topic: str | None) -> tuple[Sequence[Candidate], Release, bool]:
        """Return the articles found, what may be said of them, and whether what was asked before was needed."""
        policy = self._release()
        candidates = await self._find(text)
        found = policy.release(candidates)
        if topic is None or found.kind is ReleaseKind.ANSWER or not leans(text):
            return candidates, found, False
        topic = " ".join(split_questions(topic))
        swapped = swap(topic, text)
        asked = (topic, carry(topic, text), *((swapped,) if swapped else ()))
        before, joined, *instead = await asyncio.gather(*(self._find(one) for one in asked))
        for likewise in instead:
            known = policy.release(likewise)
            if known.kind is ReleaseKind.ANSWER and likewise[0].article_id not in {
                one.article_id for one in before[:1]
            }:
                return likewise, replace(known, reason="carried"), True
        found, weighed = resolve(policy, candidates, before, joined)
        return weighed, found, True

    async def _find(self, text: str) -> Sequence[Candidate]:
        return await self._search.candidates(text, limit=CANDIDATES)

    async def _look_up_parts(self, text: str, whole: Release) -> tuple[Release, ...]:
        """Return what may be said to each question where the message asks several."""
        questions = split_questions(text)
        if len(questions) == 1:
            return ()
        policy, found = self._release(), []
        alone = await asyncio.gather(*(self._find(one) for one in questions))
        for n, (question, candidates) in enumerate(zip(questions, alone, strict=True)):
            release = policy.release(candidates)
            if n and release.kind is not ReleaseKind.ANSWER and leans(question, within=True):
                joined = await self._find(carry(questions[n - 1], question))
                release, _ = resolve(policy, candidates, alone[n - 1], joined)
            found.append(release)
        return tell_apart(whole, questions, found)

    async def _nearest_aid(self, candidates: Sequence[Candidate], kinds: frozenset[Marker]) -> str | None:
        """Return the first article on what presses, before others one that a flow carries out: what to do now."""
        wanted = frozenset[str]().union(*(self._policy().first_aid.get(kind, frozenset()) for kind in kinds))
        if not wanted or not candidates:
            return None
        ids = [one.article_id for one in candidates if is_near(one)]
        hits = await self._search.answers(ids, locale="zh-Hans")
        found = [one for one in ids if one in hits and hits[one].category in wanted]
        flows = self._policy().flows
        return next((one for one in found if flows and one in flows.starters), next(iter(found), None))


def _felt(said: m.Understanding, state: m.DialogueState, feeling: Feeling | None) -> m.Understanding:
    """Put in what is felt, with what was felt before."""
    if feeling is None:
        return said
    sensed = find_felt(feeling, state.memory.mood.then(feeling), elder=state.elder)
    return replace(said, feeling=feeling, sensed=sensed)


def _follows(text: str) -> bool:
    """Tell whether words only carry on what was asked before; 那帮我约一个 asks for something of its own."""
    return points_back(text) and not wants_done(text)


async def _hear(
    pending: Pending, state: m.DialogueState, now: datetime, flows: Flows | None, shares: Shares,
    help: TurnHelp | None,
) -> Heard:  # fmt: skip
    """Return what the words say to the flow under way."""
    listening = listen(flows, state.memory, state.world(now)) if flows else None
    if listening is None:
        return Heard()
    heard = hear_all(pending.each or (pending.text,), listening)
    heard = hear_reply(heard, shares, listening, pending.text)
    return await hear_again(help, heard, pending, listening, state.locale)


def _tell(
    text: str, state: m.DialogueState, said: m.Understanding, now: datetime, flows: Flows
) -> dict[str, dict[str, Filled]]:
    """Return the slots that are told already of each flow these words could begin."""
    articles = [*said.article_ids, *(one for one in (said.picked, said.first_aid) if one)]
    wanted = {flows.starters[one] for one in articles if one in flows.starters}
    wanted |= {one for one in (state.memory.offered, said.wished.flow_id) if one}
    if state.memory.ended is not None and wants_more(said.reply):
        wanted.add(state.memory.ended.flow_id)
    words = (
        f"{state.topic}，{text}"
        if state.topic
        and (said.carried or said.only or said.picked or state.memory.offered or state.offered or state.misses)
        else text
    )
    also = state.memory.also
    told = {one: also[1] if also and also[0] == one == state.memory.offered else words for one in wanted}
    parts = {one.flow_id: one.words for one in (said.wished, said.also) if one.words}
    return {
        one: hear_opening(told[one], flow, flows.policy, now, parts.get(one, ""), state.locale)
        for one in wanted
        if (flow := flows.find(one))
    }


def _articles(found: Release, parts: Sequence[Release]) -> tuple[str, ...]:
    if parts:
        return tuple(dict.fromkeys(article_id for part in parts for article_id in part.article_ids))
    return found.article_ids


PLAINLY = {
    Marker.CARD_STOLEN: "卡丢了", Marker.CARD_LOST: "卡丢了", Marker.CARD_KEPT: "取款机吞卡了",
    Marker.MONEY_KEPT: "存款机吞钱了",
}  # fmt: skip
"""What presses, in plain words: for when the customer's own find no article that a flow helps with."""
ORDINALS = (
    ("1", "一", "第一个", "第一條", "第一条", "the first one", "first"),
    ("2", "二", "第二个", "第二條", "第二条", "the second one", "second"),
    ("3", "三", "第三个", "第三條", "第三条", "the third one", "third"),
)


def pick_reading(text: str, offered: Sequence[tuple[str, str]], before: Sequence[tuple[str, str]] = ()) -> str | None:
    """Return the article of the offered reading that `text` names, by its words or its number.

    Numbers hold for the newest list alone; by its words a reading offered `before` is picked as well.
    """
    said = _bare(text)
    numbered = zip(offered, ORDINALS, strict=False) if len(offered) <= len(ORDINALS) else ()
    for (_, article_id), ordinals in numbered:
        if article_id and said in {_bare(one) for one in ordinals}:
            return article_id
    return next((article_id for label, article_id in (*offered, *before) if article_id and said == _bare(label)), None)


def _bare(text: str) -> str:
    return normalise(text).strip(" ?!.,。、;:~()")
