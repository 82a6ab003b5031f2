"""What a customer's words say to a flow: the slot asked for, others in passing, a correction, a yes or a no. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, Shown, list_shown
from warmline.dialogue.flows.expressions import STYLES, fill
from warmline.dialogue.flows.narrowing import CLAUSE, asks_which, narrow
from warmline.dialogue.flows.run import Filled
from warmline.dialogue.flows.values import read_slot
from warmline.language import service as lang

_WONDERS = re.compile(r"多少|怎么|什么|为何|咋|啥|如何|\b(?:how|what|why|when)\b")
_LEANS = re.compile(
    r"(?:^|[,，。啊])(?:那|咁|噉|如果|要是|换成)|呢[?？~。\s]*$|^(?:and|what about|how about|what if|what would)\b"
)
_SWAPS = re.compile(r"换(?!手机|号)|改(?!手机|号|密)|还是要|\b(?:instead|rather|make it|change (?:it|that))\b")
_REQUESTS = re.compile(
    r"^(?:could|can|would|may|shall) (?:we|you|i|it)\b|(?:能|可以)(?:不能|不可以|唔可以)?(?:帮我|给我)?[改换]"
)
"""Asks for a change, politely: could we make it twelve instead?"""
_WONDERED = re.compile(r".{2,30}[?？]\s*(?P<answer>[^?？]{1,24})")
_ITSELF = re.compile(
    r"(?i).{1,30}?(?:等等|等下|不对|不不|[喔哦噢啊呃]不(?:是)?|不是不是|唔[係系](?:唔[係系]|(?=[,，]))|[唔不]好意思|[打写寫念唸输輸说說按看](?:错|錯)|错了"
    r"|\b(?:no wait|wait|sorry|i mean|actually(?: no)?)\b)[,，。.!！ ]*(?P<answer>.{2,60})"
)
"""An answer that puts itself right: 八百，等等，条子上写的是九百."""
_ASKED_BEHIND = re.compile(r"(?P<answer>[^?？]{2,80}[,，。.;；!！~])\s*[^,，。.;；!！?？]{2,40}[?？]\s*")
_A_MOMENT = re.compile(
    r"^(?:(?:等一?[下等会]?儿?|稍等|慢着|先别急|hang on|hold on|wait|one (?:sec|second|moment)|just a (?:sec|moment))"
    r"(?:一下|一会儿?|a (?:sec|moment|minute))?[,，。.!！~… ]*)+",
    re.IGNORECASE,
)
"""Asks for a moment, before whatever is said with it."""
_NOT_YET = re.compile(r"[还仍都][没未冇]|仲未|未[到收]|\b(?:not|n't)\b.{0,20}\byet\b|\bstill (?:no|waiting)\b")
_SPELLED = re.compile(r"[{}|=,\s]+")
_MISTAKEN = re.compile(
    r"[念说讲打写输看记填报听搞弄]错|记岔|[少多漏][打写输按]了|\b(?:typo|mistyped|misread|misspoke|i meant)\b"
)
_RATHER = re.compile(
    r"是(?P<meant>[^,，。是]{1,20}?)[,， ]*(?:而)?(?:不是|唔系|不系)(?P<rejected>[^,，。吗?？]{1,20})[。!！]*$"
)
_LONG_FIGURES = re.compile(r"\d[\d \-]{2,}\d")
PHONES = ("phone", "mobile")
FIGURES = ("digits", *PHONES)
"""Kinds of slots whose values are figures and no number."""
NUMBERS = ("amount", "date", "time", "months", "text")
LEANING = 10
"""After the end so many characters may change a value by leaning on what was said (那24期); longer ones must ask."""
LATE_LIMIT = 40
"""So much of an answer that came too late is quoted, in characters."""
BARE = 8
"""A message of so many characters may be a value and nothing else."""
TEXT_LIMIT = 100
"""So much of a slot of free text is kept, in characters."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`values`: slots by name; `corrects` those that were known; `several`: values that fit the question equally.

    `late`: another answer to the same question, sent with the first; that one counts. `said`: the words of an answer,
    which may tell more than was asked for, such as which of several cards.
    """

    values: Mapping[str, Filled] = field(default_factory=dict)
    corrects: bool = False
    yes: bool | None = None
    acts: frozenset[lang.Act] = frozenset()
    several: tuple[Shown, ...] = ()
    late: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """What a flow listens for: the question asked, the slots there are with their choices, and those known."""

    asked: AskSlot | AskAgreement | None
    slots: Mapping[str, tuple[f.Slot, tuple[Shown, ...]]]
    known: Mapping[str, Filled]
    now: datetime


def hear(text: str, listening: Listening) -> Heard:
    """Read what was said; the answer to the question asked goes before everything else."""
    asked = listening.asked
    text = _past_question(text, asked, listening.now)
    acts = lang.read_acts(text)
    waits = lang.asks(text) or bool(_A_MOMENT.match(text.strip()))
    if lang.Act.UNAVAILABLE in acts and asked is not None and waits and _NOT_YET.search(lang.normalise(text)):
        return Heard(acts=frozenset({lang.Act.REPEAT}))
    if (meant := _heed_moment(text, acts, listening)) is not None:
        return meant
    named = _read_named(text, asked)
    puts_right = lang.Act.CORRECT in acts or _split(text) is not None
    secret = isinstance(asked, AskSlot) and asked.slot.secret
    answers = bool(named) or ((secret or not puts_right) and _answers(text, listening))
    corrected = {} if answers else _read_correction(text, listening, acts)
    if not corrected and isinstance(asked, AskAgreement):
        corrected = _read_change(text, listening)
    if corrected:
        return Heard(corrected, corrects=True, acts=acts)
    yes = _read_agreement(text, asked, acts) if isinstance(asked, AskAgreement) and not puts_right else None
    values: dict[str, Filled] = {}
    if isinstance(asked, AskSlot) and not (puts_right and asked.slot.type == "yes_no"):
        found = named or read_slot(text, asked.slot, asked.shown, listening.now, asked=True)
        wonders = _WONDERS.search(lang.normalise(text)) or (len(text) > BARE and lang.asks(text))
        figures = bool(asked.slot.digits) and bool(lang.find_digits(text, 4))
        if asked.slot.type == "option" and not (named or figures) and wonders:
            found = ()
        if asked.slot.type == "option" and asks_which(text):
            return Heard(acts=acts | {lang.Act.REPEAT})
        found = narrow(text, found, asked, listening.now)
        if len(found) > 1 and asked.slot.type == "place":
            found = (Shown(text.strip()[:TEXT_LIMIT], ""),)
        if len(found) > 1:
            return Heard(acts=acts, several=found)
        if found:
            values[asked.name] = _mend_tail(text, asked.slot, _fill(found[0]))
        elif lang.forgets(text) and not acts:
            acts |= {lang.Act.DONT_KNOW}
        elif asked.slot.type in ("text", "place") and _is_plain(text, acts):
            words = lang.name_place(text) if asked.slot.type == "place" else text.strip()
            values[asked.name] = Filled(value=words[:TEXT_LIMIT])
        elif asked.slot.items and lang.rejects_all(text):
            acts |= {lang.Act.DONT_KNOW}
        text = _spend(text, asked, values)
    values |= _read_passing(text, listening, values)
    if values and puts_right and isinstance(asked, AskSlot) and asked.slot.type in FIGURES:
        values |= _read_correction(text, listening, acts)
    cannot = bool(acts & {lang.Act.UNAVAILABLE, lang.Act.DONT_KNOW, lang.Act.DONE})
    if not (values or cannot) and yes is not True and (changed := _read_change(text, listening)):
        return Heard(changed, corrects=True, acts=acts)
    told = text if isinstance(asked, AskSlot) and asked.slot.type in FIGURES and not asked.slot.secret else ""
    return Heard(values, yes=yes, acts=acts, said=told)


def _heed_moment(text: str, acts: frozenset[lang.Act], listening: Listening) -> Heard | None:
    """Return what is said behind a word for a moment: 等等，还是算了吧; None where that is nothing."""
    found = _A_MOMENT.match(text.strip()) if lang.Act.WAIT in acts else None
    rest = text.strip()[found.end() :] if found else ""
    heard = hear(rest, listening) if rest else None
    return heard if heard and (heard.values or heard.several or heard.yes is not None or heard.acts) else None


def hear_all(texts: Sequence[str], listening: Listening) -> Heard:
    """Read messages that came together, as from two tabs: of two answers to one question the first counts."""
    first, *others = [hear(text, listening) for text in texts]
    if not others or not (first.values or first.yes is not None):
        return hear("，".join(texts), listening)
    values, late, yes = dict(first.values), "", first.yes
    for text, other in zip(texts[1:], others, strict=True):
        differs = any(name in values and values[name].value != one.value for name, one in other.values.items())
        late = text if differs or (yes is not None and other.yes not in (None, yes)) else late
        values = {**other.values, **values}
    acts = frozenset[lang.Act]().union(*(one.acts for one in (first, *others)))
    return replace(first, values=values, acts=acts, late=late[:LATE_LIMIT])


def _past_question(text: str, asked: AskSlot | AskAgreement | None, now: datetime) -> str:
    """Return what answers behind a question that asks for no answer, or behind a slip: 十点没了？那十点半."""
    if not isinstance(asked, AskSlot) or asked.slot.secret:
        return text
    for pattern in (_WONDERED, _ITSELF, _ASKED_BEHIND):
        found = pattern.fullmatch(text.strip())
        clauses = CLAUSE.split(found["answer"]) if found else []
        parts = [found["answer"], clauses[-1], clauses[0]] if found else []
        for part in parts:
            placed = asked.slot.type == "place" and lang.find_places(part)
            if not lang.asks(part) and (placed or len(_read_one(part, asked, now)) == 1):
                return part
    return text


def _read_one(text: str, asked: AskSlot, now: datetime) -> tuple[Shown, ...]:
    return read_slot(text, asked.slot, asked.shown, now, asked=True)


def _spend(text: str, asked: AskSlot, values: Mapping[str, Filled]) -> str:
    """Return a text without the figures that were the answer: a code of 060311 is no day as well."""
    figures = asked.slot.type in FIGURES and asked.name in values
    return _LONG_FIGURES.sub(" ", text) if figures else text


def _answers(text: str, listening: Listening) -> bool:
    """Tell whether words answer what was asked with a value that could be nothing else, such as a sum."""
    asked = listening.asked
    if not isinstance(asked, AskSlot) or asked.slot.type in ("option", "yes_no", "text", "place"):
        return False
    return len(read_slot(text, asked.slot, asked.shown, listening.now, asked=True)) == 1


def _read_agreement(text: str, asked: AskAgreement, acts: frozenset[lang.Act]) -> bool | None:
    """Return yes or no to what was proposed; "go on" is a yes to it."""
    yes = lang.read_yes_no(text, asked.words)
    return True if yes is None and acts == {lang.Act.RESUME} else yes


def _read_named(text: str, asked: AskSlot | AskAgreement | None) -> tuple[Shown, ...]:
    """Return the one of a few values that these words name: 金额不对 is an answer where that is one of them."""
    if not isinstance(asked, AskSlot) or asked.slot.items:
        return ()
    found = tuple(one for one in asked.shown if lang.names_any(text, one.words))
    return found if len(found) == 1 else ()


def hear_opening(
    text: str, flow: f.Flow, policy: f.IdentityPolicy, now: datetime, part: str = "", locale: str = f.LOCALES[0]
) -> dict[str, Filled]:
    """Return the slots that the words which begin a flow already tell; lists to choose from are not known yet.

    `part`: what of them asks for this flow, where another is asked for as well: numbers and days elsewhere are not its.
    """
    identifies = any(isinstance(step, f.Identify) for step in flow.steps)
    parts: list[f.Flow | f.Way] = [*(policy.ways.values() if identifies else ()), flow]
    slots = {name: (slot, list_shown(slot, {}, locale)) for part in parts for name, slot in part.slots.items()}
    told = _read_passing(text, Listening(None, slots, {}, now), {})
    if not part:
        return told
    kept = {name: one for name, one in told.items() if slots[name][0].type not in NUMBERS}
    return {**kept, **_read_passing(part, Listening(None, slots, {}, now), {})}


def show_value(slot: f.Slot, filled: Filled, locale: str) -> str:
    """Return a slot's value as a person reads it."""
    if filled.item is not None and slot.label is not None:
        return fill(slot.label.say(locale), filled.item, locale)
    if option := slot.options.get(filled.value):
        return option.label.say(locale)
    style = {"amount": "money", "date": "date"}.get(slot.type, "text")
    return STYLES[style](filled.value, locale)


def _read_passing(text: str, listening: Listening, taken: Mapping[str, Filled]) -> dict[str, Filled]:
    """Read slots nobody asked for yet. What could be the value of two of them is left to be asked."""
    asked = listening.asked.name if isinstance(listening.asked, AskSlot) else None
    spoken_for = {one.value for one in taken.values()}
    figures = isinstance(listening.asked, AskSlot) and listening.asked.slot.type in FIGURES
    found: dict[str, Filled] = {}
    for name, (slot, shown) in listening.slots.items():
        if name == asked or name in listening.known or not slot.passing or slot.secret:
            continue
        if figures and slot.type == "amount" and not any(one.sure for one in lang.find_amounts(text)):
            continue
        read = read_slot(text, slot, shown, listening.now)
        if len(read) == 1 and read[0].value not in spoken_for:
            found[name] = _fill(read[0])
    values = [one.value for one in found.values()]
    return {name: one for name, one in found.items() if values.count(one.value) == 1}


def _read_correction(text: str, listening: Listening, acts: frozenset[lang.Act]) -> dict[str, Filled]:
    """Return known slots that these words change; where they say what was wrong, the slot that was so."""
    split, said = _split(text), lang.normalise(text)
    asks = lang.asks(said) and not _REQUESTS.search(said)
    swaps = isinstance(listening.asked, AskAgreement) and _SWAPS.search(said) and not asks
    leans = _LEANS.search(said) and (listening.asked is not None or len(said) <= LEANING or lang.asks(said))
    if split is None and lang.Act.CORRECT not in acts and not (leans or swaps) and not _MISTAKEN.search(said):
        return _read_second_thoughts(text, listening)
    rejected, meant = split or ("", text)
    named = split is not None or lang.Act.CORRECT in acts or bool(_MISTAKEN.search(said))
    changed: dict[str, Filled] = {}
    for name, known in listening.known.items():
        if name not in listening.slots:
            continue
        slot, shown = listening.slots[name]
        if slot.type == "yes_no" and not any(_stands_in(word, text) for word in slot.words):
            continue
        if (mended := _mend_tail(text, slot, known)) != known:
            return {name: mended}
        read = read_slot(meant or text, slot, shown, listening.now, asked=named or slot.type != "option")
        if len(read) == 1 and read[0].value != known.value:
            changed[name] = _fill(read[0])
    if rejected and len(changed) > 1:
        was = {
            name for name in changed
            if known_as(read_slot(rejected, *listening.slots[name], listening.now, asked=True), listening.known[name])
        }  # fmt: skip
        changed = {name: one for name, one in changed.items() if name in was} or changed
    return changed


def _stands_in(word: str, text: str) -> bool:
    """Tell whether a word stands in a text, denied or not; an English one by itself."""
    said = lang.normalise(text)
    return bool(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said)) if word.isascii() else word in said


def _mend_tail(text: str, slot: f.Slot, known: Filled) -> Filled:
    """Return a number whose last figures are put right, by themselves or in place of others: 最后四位是3458."""
    if slot.type not in PHONES:
        return known
    split = _split(text)
    said = [one.digits for part in split or () for one in lang.find_digits(part)]
    if len(said) == 2 and len(said[0]) == len(said[1]) and known.value.endswith(said[0]):
        tail = said[1]
    else:
        tail = lang.find_tail(text)
    mended = len(tail) < len(known.value)
    return Filled(value=known.value[: -len(tail)] + tail) if tail and mended else known


def _split(text: str) -> tuple[str, str] | None:
    """Return what is rejected and what is meant instead, also behind words of another kind: 短信上是2000，不是3000."""
    found = lang.split_correction(text)
    if found is None and (said := _RATHER.search(lang.normalise(text))):
        return said["rejected"], said["meant"]
    return found


def _read_second_thoughts(text: str, listening: Listening) -> dict[str, Filled]:
    """A no that has become a yes, said with the word for it: 还是挂失吧."""
    return {
        name: Filled(value="yes")
        for name, known in listening.known.items()
        if name in listening.slots
        and (slot := listening.slots[name][0]).type == "yes_no"
        and known.value == "no"
        and any(word in text for word in slot.words)
        and lang.read_yes_no(text, slot.words)
    }


def _read_change(text: str, listening: Listening) -> dict[str, Filled]:
    """Return what these words, which answer nothing, change all the same: 取钱 after a deposit was understood.

    Before an agreement any value may be changed so, as it is asked for again, and by a bare value what has just ended;
    else only one of a few, by its name.
    """
    changed: dict[str, Filled] = {}
    asked = listening.asked
    if lang.asks(text):
        return changed
    any_value = isinstance(asked, AskAgreement) or (asked is None and len(text.strip()) <= BARE)
    for name, known in listening.known.items():
        if name not in listening.slots or listening.slots[name][0].items:
            continue
        slot, shown = listening.slots[name]
        read = tuple(one for one in shown if lang.names_any(text, one.words))
        if not read and any_value and slot.type not in ("option", "yes_no", "text") and not slot.secret:
            read = read_slot(text, slot, shown, listening.now)
        others = [one for one in read if one.value != known.value and not _is_short_for(one.value, known.value, slot)]
        if len(others) == 1:
            changed[name] = _fill(others[0])
    return changed


def _is_short_for(said: str, known: str, slot: f.Slot) -> bool:
    """Tell whether a sum is one that is known without its thousands: fifteen it is, of 15,000."""
    if slot.type != "amount" or said in slot.options or known in slot.options or not known:
        return False
    return any(Decimal(said) * times == Decimal(known) for times in (100, 1_000, 10_000))


def names_choice(slot: f.Slot | None, words: str) -> bool:
    """Tell whether words may choose anew from a list: 信用卡呢, after the savings card was chosen."""
    if slot is None or not slot.items:
        return False
    spelled = [word for template in slot.words for word in _SPELLED.split(template) if len(word) > 1]
    return lang.names_any(words, spelled) or bool(lang.find_digits(words, 4))


def known_as(read: tuple[Shown, ...], known: Filled) -> bool:
    """Tell whether one of the values read is the one that is known."""
    return any(one.value == known.value for one in read)


def _fill(shown: Shown) -> Filled:
    return Filled(value=shown.value, item=shown.item)


def _is_plain(text: str, acts: frozenset[lang.Act]) -> bool:
    """Free text is taken as it is, unless it asks something or says that the customer wants something else."""
    said = lang.normalise(text)
    return bool(re.search(r"\w", said)) and not acts and not lang.asks(said) and lang.find_markers(text).only is None
