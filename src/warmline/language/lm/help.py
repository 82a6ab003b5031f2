"""What a language model may do for a turn: reword, find the words that answer, summarise, draft.

Nothing of it is ever said without its check; whoever asks goes on with what they have where the answer is None.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from warmline.kit.breaker import Breaker
from warmline.kit.i18n import pick_locale
from warmline.language.lm.facts import plain
from warmline.language.lm.faithful import find_fault, join_sources
from warmline.language.lm.ports import Failure, LanguageModel
from warmline.language.lm.prompts import Prompts

T = TypeVar("T")
Purpose = Literal["rephrase", "quote", "summarise", "draft"]
PURPOSES: tuple[Purpose, ...] = ("rephrase", "quote", "summarise", "draft")
TONES: Mapping[str, Mapping[str, str]] = {
    "upset": {
        "zh-Hans": "语气平和、体谅、直接（客户正着急或生气）",
        "zh-Hant": "語氣平和、體諒、直接（客戶正著急或生氣）",
        "en": "be calm, considerate and direct, as the customer is upset",
    },
    "elder": {
        "zh-Hans": "句子短、慢慢说、称“您”（客户是长者）",
        "zh-Hant": "句子短、慢慢說、稱「您」（客戶是長者）",
        "en": "use short sentences and plain, unhurried words, as the customer is older",
    },
}
NOTHING = frozenset(["无", "無", "none", "没有", "沒有", "n/a", ""])
REFUSALS, REFUSED_REST_SECONDS = 5, 60.0
"""A model whose answers are refused so often in a row is not waited for any more, for a while."""
LONGEST_QUOTE = 40
LONGEST_SUMMARY = 300
LONGEST_MESSAGE = 500
LEAST_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Asked:
    """One use of a model: `used`, `refused` by a check, or `failed`; `reason` is a code."""

    prompt: str
    outcome: Literal["used", "refused", "failed"]
    reason: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer is not taken, empty where it is."""

    reason: str = ""


class LanguageHelp:
    """A node's language model with what it may be used for; `seconds` is its share of a turn."""

    def __init__(
        self, model: LanguageModel, prompts: Prompts, *, seconds: float, most_tokens: int,
        purposes: frozenset[str] = frozenset(PURPOSES),
    ) -> None:  # fmt: skip
        self._model, self._prompts = model, prompts
        self._seconds, self._most_tokens, self._purposes = seconds, most_tokens, purposes
        self._trust = {purpose: Breaker(REFUSALS, REFUSED_REST_SECONDS) for purpose in PURPOSES}

    def turn(self, left: float, share: float | None = None) -> TurnHelp:
        """Return what helps in one turn that has `left` seconds to go, of which it may take its `share`."""
        return TurnHelp(self, min(share or self._seconds, left), time.monotonic() + left)

    async def ask(
        self, purpose: Purpose, values: Mapping[str, str], locale: str, accept: Callable[[str, str], T | Fault],
        within: float,
    ) -> tuple[T | None, Asked]:  # fmt: skip
        """Ask, and return what `accept` makes of the answer and the instructions, with what became of it."""
        prompt, started = self._prompts.get(purpose, locale), time.monotonic()
        trust = self._trust[purpose]

        def told(outcome: Literal["used", "refused", "failed"], reason: str = "") -> Asked:
            return Asked(prompt.label, outcome, reason, round((time.monotonic() - started) * 1000))

        if within < LEAST_SECONDS:
            return None, told("failed", Failure.NO_TIME)
        if not trust.may_try(started):
            return None, told("failed", "distrusted")
        try:
            reply = await self._model.complete(
                prompt, values, within=within, most_tokens=min(prompt.most_tokens, self._most_tokens)
            )
        except BaseException:
            trust.give_up_probe()
            raise
        if reply.failure is not None:
            trust.give_up_probe()
            return None, told("failed", reply.failure)
        taken = await asyncio.to_thread(accept, reply.text, prompt.system)
        refused = isinstance(taken, Fault)
        trust.note(alive=not refused, now=time.monotonic())
        if isinstance(taken, Fault):
            return None, told("refused", taken.reason)
        return taken, told("used")

    async def probe(self, within: float) -> str:
        """Ask something small; return why no answer came, empty where one did."""
        values = {"question": "1", "message": "1"}
        reply = await self._model.complete(self._prompts.get("quote", "en"), values, within=within, most_tokens=16)
        return str(reply.failure) if reply.failure else ""

    def may(self, purpose: str) -> bool:
        """Tell whether the operator lets it be used for this."""
        return purpose in self._purposes

    async def aclose(self) -> None:
        """Close the connections."""
        await self._model.aclose()


@dataclass
class TurnHelp:
    """One turn's share of a language model; `asked` is what it was used for."""

    house: LanguageHelp
    seconds: float
    until: float
    asked: list[Asked] = field(default_factory=list)

    async def rephrase(self, article: str, tone: str, locale: str) -> str | None:
        """Return an article's answer in another tone, with everything in it that matters."""

        def accept(text: str, secret: str) -> str | Fault:
            fault = find_fault(text, article, secret=secret)
            return Fault(fault) if fault else text

        values = {"article": article, "tone": TONES[tone][pick_locale(locale)]}
        return await self._ask("rephrase", values, locale, accept)

    async def quote(self, question: str, message: str, locale: str, read: Callable[[str], T | None]) -> T | None:
        """Return what `read` makes of those of the customer's words that answer the question."""

        def accept(text: str, _: str) -> T | Fault:
            words = text.strip().strip("“”\"'「」。.")
            if plain(words) in NOTHING:
                return Fault("nothing")
            if len(words) > LONGEST_QUOTE or plain(words) not in plain(message):
                return Fault("not_said")
            value = read(words)
            return Fault("unreadable") if value is None else value

        values = {"question": question, "message": message[:LONGEST_MESSAGE]}
        return await self._ask("quote", values, locale, accept)

    async def summarise(self, transcript: Sequence[str], locale: str) -> str | None:
        """Return in a sentence or two what a conversation is about."""
        source = join_sources(transcript)

        def accept(text: str, secret: str) -> str | Fault:
            fault = "length" if len(text) > LONGEST_SUMMARY else find_fault(text, source, keep=False, secret=secret)
            return Fault(fault) if fault else text

        return await self._ask("summarise", {"transcript": source}, locale, accept)

    async def draft(self, sources: Sequence[str], question: str, locale: str) -> str | None:
        """Return a draft of an answer for an editor, out of `sources` and nothing else."""
        source = join_sources(sources)

        def accept(text: str, secret: str) -> str | Fault:
            fault = "nothing" if plain(text) in NOTHING else find_fault(text, source, keep=False, secret=secret)
            return Fault(fault) if fault else text

        return await self._ask("draft", {"question": question, "sources": source}, locale, accept)

    async def _ask(
        self, purpose: Purpose, values: Mapping[str, str], locale: str, accept: Callable[[str, str], T | Fault]
    ) -> T | None:
        if not self.house.may(purpose):
            return None
        started = time.monotonic()
        within = min(self.seconds, self.until - started)
        taken, asked = await self.house.ask(purpose, values, locale, accept, within)
        self.seconds -= time.monotonic() - started
        self.asked.append(asked)
        return taken
