"""A language model behind its guards: masked values, a budget, a breaker, few calls at once, a hard end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from warmline.kit.breaker import Breaker
from warmline.kit.clock import Clock
from warmline.language.lm.budget import Budget, count_tokens
from warmline.language.lm.masking import Mask, has_placeholder
from warmline.language.lm.ports import Failure, LanguageModel, Reply
from warmline.language.lm.prompts import Prompt

logger = logging.getLogger(__name__)
AT_ONCE = 4
"""More calls than this only make each other late."""
FAILURES, REST_SECONDS = 3, 30.0
LEAST_SECONDS = 0.2
"""With less time than this nothing is asked."""


class GuardedModel:
    """Whatever goes out is masked, what comes back has its words again; a failure is an answer, never an exception."""

    def __init__(self, model: LanguageModel, budget: Budget, clock: Clock, *, at_once: int = AT_ONCE) -> None:
        self._model, self._budget, self._clock = model, budget, clock
        self._free = at_once
        self._breaker = Breaker(FAILURES, REST_SECONDS)

    async def complete(self, prompt: Prompt, values: Mapping[str, str], *, within: float, most_tokens: int) -> Reply:
        """Complete a prompt by the port's contract."""
        if within < LEAST_SECONDS:
            return Reply(failure=Failure.NO_TIME)
        if self._free < 1:
            return Reply(failure=Failure.CROWDED)
        self._free -= 1
        try:
            return await self._complete(prompt, values, within, most_tokens)
        finally:
            self._free += 1

    async def _complete(self, prompt: Prompt, values: Mapping[str, str], within: float, most_tokens: int) -> Reply:
        mask = Mask()
        hidden = await asyncio.to_thread(mask.hide_all, values)  # milliseconds, which others need not wait for
        sent = count_tokens(prompt.system + prompt.fill(hidden))
        held = sent + most_tokens
        if not self._budget.hold(held, self._clock.now().date()):
            return Reply(failure=Failure.NO_BUDGET)
        used = held
        try:
            if not self._breaker.may_try(time.monotonic()):
                used = 0
                return Reply(failure=Failure.RESTING)
            reply = await self._call(prompt, hidden, within, most_tokens)
            used = _used(reply, sent, held)
        finally:
            self._budget.settle(held, used, self._clock.now().date())
        return _revealed(reply, mask)

    async def _call(self, prompt: Prompt, values: Mapping[str, str], within: float, most_tokens: int) -> Reply:
        try:
            async with asyncio.timeout(within):
                reply = await self._model.complete(prompt, values, within=within, most_tokens=most_tokens)
        except TimeoutError:
            reply = Reply(failure=Failure.TIMEOUT)
        except asyncio.CancelledError:
            self._breaker.give_up_probe()
            raise
        except Exception:
            logger.exception("the language model's adapter failed on %s", prompt.label)
            reply = Reply(failure=Failure.ERROR)
        self._breaker.note(alive=reply.failure is None, now=time.monotonic())
        return reply

    async def aclose(self) -> None:
        """Close the connections."""
        await self._model.aclose()


def _used(reply: Reply, sent: int, held: int) -> int:
    """Return what a call counts for; one that came to nothing for all that was held, as nobody knows better."""
    if reply.failure is not None:
        return 0 if reply.failure is Failure.UNREACHABLE else held
    return max(sent + count_tokens(reply.text), min(reply.tokens, held))


def _revealed(reply: Reply, mask: Mask) -> Reply:
    """Put the words back; a placeholder nobody gave is made up."""
    if reply.failure is not None:
        return reply
    text = mask.reveal(reply.text).strip()
    if not text:
        return Reply(failure=Failure.EMPTY, tokens=reply.tokens)
    return Reply(failure=Failure.MALFORMED) if has_placeholder(text) else Reply(text, tokens=reply.tokens)
