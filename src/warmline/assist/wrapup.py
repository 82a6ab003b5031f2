"""The draft of a wrap-up, taken from the log line by line, each with where it is from. Pure.

Nothing in it is composed: a line is what somebody said, what the slip held, or what the log records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from warmline.assist.passages import split_sentences
from warmline.assist.speakers import PEOPLE, is_customer
from warmline.conversation.events import (
    ActionTaken,
    CallbackScheduled,
    Event,
    MessagePosted,
    SlipWritten,
    SummaryLine,
    WrapUpWritten,
)
from warmline.conversation.wrapup import Section
from warmline.kit.i18n import Words
from warmline.kit.masking import mask_pii
from warmline.language.service import find_amounts, find_digits, find_markers, find_phones, to_simplified

MOST = {"request": 2, "facts": 5, "done": 5, "promised": 4, "feeling": 1, "next": 3}
"""Lines of a section: what is read in one glance."""
NOT_FACTS = frozenset({"language", "elder", "flow"})

# Read after folding to Simplified characters.
_DONE = re.compile(
    r"已经?[为给帮替把将]?.{0,12}?(?:了|好|妥|办|挂失|冻结|解除|登记|提交|取消|退|转|开通)|[办弄理记]好了|(?:成功|完成)了"
    r"|\b(?:I(?:'ve| have)|we(?:'ve| have)|has been|have been|is now)\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"(?:我们?|同事|银行|系统|专员).{0,10}?[会将].{0,24}?(?:您|你|到账|寄|回复|回电|联系)"
    r"|给您(?:回|打|发|寄|答复)|(?:工作日|小时|天|点|周.)之?[内前].{0,16}?(?:到|寄|回|发|办|给|通知|联系)"
    r"|\b(?:I|we|a colleague|the bank)(?:'ll| will)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"请您|您(?:需要|只要|得|要)|麻烦您|记得|别忘|带上|下一步|接下来|到.{0,6}(?:网点|分行|柜台)"
    r"|\b(?:please|you(?:'ll| will)? need to|next step|remember to|bring your)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?？]\s*$|[吗呢么][。.]?\s*$")

Test = Callable[[str], bool]
CALM = "calm"


@dataclass(frozen=True, slots=True)
class FeltAt:
    """What was felt in the customer's message `seq`, by name and how strongly, 0..1."""

    seq: int
    emotion: str
    intensity: float


def draft_wrap_up(
    events: Sequence[Event],
    *,
    felt: Sequence[FeltAt] = (),
    words: Words,
    locale: str,
    say_moment: Callable[[datetime], str],
) -> WrapUpWritten:
    """Gather the sections of a conversation. `locale`: the agent's; `say_moment`: words for when a callback is due.

    `felt`: what was felt in the customer's messages, in order; empty where they refused that it be read.
    """
    slip = next((one for one in reversed(events) if isinstance(one.payload, SlipWritten)), None)
    lines = [
        *_requests(events, slip),
        *_facts(events, slip),
        *_deeds(events, slip),
        *_promises(events, slip, words, locale, say_moment),
        *_feelings(felt, words, locale),
        *_said_by_people(events, "next", lambda text: bool(_NEXT.search(text)) and not _WILL.search(text)),
    ]
    return WrapUpWritten(lines=_limited(lines), tags=_tags(events))


def _requests(events: Sequence[Event], slip: Event | None) -> Iterator[SummaryLine]:
    asked = [(one.seq, text) for one, text in list_customer_texts(events) if find_markers(text).only is None]
    if slip is not None and isinstance(slip.payload, SlipWritten) and slip.payload.question:
        yield _line("request", slip.payload.question, [slip.seq])
        later = [(seq, text) for seq, text in asked if seq > slip.seq and _asks(text)]
        yield from (_line("request", text, [seq]) for seq, text in later[:1])
        return
    yield from (_line("request", text, [seq]) for seq, text in asked[:1])


def _facts(events: Sequence[Event], slip: Event | None) -> Iterator[SummaryLine]:
    if slip is not None and isinstance(slip.payload, SlipWritten):
        for name, value in (slip.payload.known or {}).items():
            if name not in NOT_FACTS:
                yield _line("facts", value if name == "amount" else f"{name}：{value}", [slip.seq])
    for event, text in list_customer_texts(events):
        if (slip is None or event.seq > slip.seq) and not _asks(text) and _names_something(text):
            yield _line("facts", text, [event.seq])


def _deeds(events: Sequence[Event], slip: Event | None) -> Iterator[SummaryLine]:
    if slip is not None and isinstance(slip.payload, SlipWritten):
        acted = [one.seq for one in events if isinstance(one.payload, ActionTaken) and one.payload.status == "ok"]
        yield from (_line("done", text, [*acted, slip.seq]) for text in slip.payload.done or ())
    yield from _said_by_people(events, "done", tells_deed)


def tells_deed(text: str) -> bool:
    """Tell whether a sentence reports what was done for this customer."""
    folded = to_simplified(text)
    return bool(_DONE.search(folded)) and not _WILL.search(folded)


def _promises(
    events: Sequence[Event],
    slip: Event | None,
    words: Words,
    locale: str,
    say_moment: Callable[[datetime], str],
) -> Iterator[SummaryLine]:
    if slip is not None and isinstance(slip.payload, SlipWritten):
        yield from (_line("promised", text, [slip.seq]) for text in slip.payload.promised or ())
    for event in events:
        if isinstance(event.payload, CallbackScheduled):
            yield _line("promised", words.say("callback", locale, when=say_moment(event.payload.due_at)), [event.seq])
    yield from _said_by_people(events, "promised", lambda text: bool(_WILL.search(text)))


def _feelings(felt: Sequence[FeltAt], words: Words, locale: str) -> Iterator[SummaryLine]:
    """Name the strongest feeling that was read, and the last one where it is another; nothing for who was calm."""
    if not felt:
        return
    strongest, last = max(felt, key=lambda one: one.intensity), felt[-1]
    if strongest.emotion == CALM:
        return
    first = words.say(f"feeling_{strongest.emotion}", locale)
    if last.emotion == strongest.emotion:
        yield _line("feeling", first, [strongest.seq])
    else:
        then = words.say(f"feeling_{last.emotion}", locale)
        yield _line("feeling", words.say("feeling_then", locale, first=first, then=then), [strongest.seq, last.seq])


def _said_by_people(events: Sequence[Event], section: Section, test: Test) -> Iterator[SummaryLine]:
    for event in events:
        if event.author.kind in PEOPLE and isinstance(event.payload, MessagePosted):
            for sentence in split_sentences(event.payload.text or ""):
                folded = to_simplified(sentence.text)
                if not _ASKS.search(folded) and test(folded):
                    yield _line(section, sentence.text, [event.seq])


def _tags(events: Sequence[Event]) -> list[str]:
    kinds: list[str] = []
    for _, text in list_customer_texts(events):
        kinds += sorted(find_markers(text).kinds)
    return list(dict.fromkeys(kinds))


def list_customer_texts(events: Sequence[Event]) -> list[tuple[Event, str]]:
    """Return the customer's messages with their words, in order."""
    return [
        (one, one.payload.text.strip())
        for one in events
        if is_customer(one.author) and isinstance(one.payload, MessagePosted) and one.payload.text
    ]


def _names_something(text: str) -> bool:
    """Tell whether a figure is named that somebody will need: a sum, a number, a phone."""
    return bool(find_amounts(text) or find_phones(text) or find_digits(text))


def _asks(text: str) -> bool:
    return bool(_ASKS.search(to_simplified(text)))


def _line(section: Section, text: str, seqs: list[int]) -> SummaryLine:
    return SummaryLine(section=section, text=mask_pii(text).strip(), seqs=sorted(set(seqs)))


def _limited(lines: Sequence[SummaryLine]) -> list[SummaryLine]:
    """Keep the first of what says the same, and so many of each section as are read in a glance."""
    kept: dict[tuple[str, str], SummaryLine] = {}
    for line in lines:
        kept.setdefault((line.section, line.text), line)
    counts: dict[str, int] = {}
    found = []
    for line in kept.values():
        counts[line.section] = counts.get(line.section, 0) + 1
        if counts[line.section] <= MOST[line.section]:
            found.append(line)
    return found
