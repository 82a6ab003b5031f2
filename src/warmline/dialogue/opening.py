"""How a conversation begins: to an elder a person is offered first, and the assistant only bridges the wait."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from warmline.conversation import commands as c
from warmline.conversation.events import Event, TurnDecided
from warmline.conversation.model import Conversation
from warmline.dialogue.known import Acquaintance
from warmline.dialogue.respond import Responder
from warmline.dialogue.state import Policy
from warmline.routing.service import RoutingService

logger = logging.getLogger(__name__)


class Opening:
    """Adds to the first answer what is owed. Nobody is made to take the offer, and no answer is held up for it."""

    def __init__(
        self, routing: RoutingService, known: Acquaintance | None, responder: Responder, policy: Callable[[], Policy]
    ) -> None:
        self._routing, self._known, self._responder, self._policy = routing, known, responder, policy

    async def offer(
        self, say: tuple[c.Say, ...], state: Conversation, events: Sequence[Event], locale: str
    ) -> tuple[c.Say, ...]:
        """Offer a person with the first answer to an elder while somebody is there; below a question without words."""
        if not say or any(isinstance(event.payload, TurnDecided) for event in events):
            return say
        try:
            if not (self._policy().elders_first and await self._is_elder(state) and await self._routing.is_served()):
                return say
        except Exception:
            logger.exception("a person is not offered with the first answer in conversation %s", state.id)
            return say
        last = replace(say[-1], offer_human=True)
        if last.choices:
            return (*say[:-1], last)
        words = self._responder.say("elder_offer", locale)
        return (*say[:-1], replace(last, text=f"{last.text}\n\n{words}"))

    async def _is_elder(self, state: Conversation) -> bool:
        return state.elder or (self._known is not None and await self._known.is_old(state.customer_id))
