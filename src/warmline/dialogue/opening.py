"""How a conversation begins: to an elder a person is offered first, and the assistant only bridges the wait."""

from __future__ import annotations

import logging
from collections.abc import Callable

from warmline.conversation import commands as c
from warmline.conversation.model import Conversation
from warmline.conversation.service import ConversationService
from warmline.dialogue.known import Acquaintance
from warmline.dialogue.respond import Responder
from warmline.dialogue.state import Policy
from warmline.routing.service import RoutingService

logger = logging.getLogger(__name__)


class Opening:
    """Says the first word where one is owed. Nobody is made to take the offer, and nobody waits for this."""

    def __init__(
        self, conversations: ConversationService, routing: RoutingService, known: Acquaintance | None,
        responder: Responder, policy: Callable[[], Policy],
    ) -> None:  # fmt: skip
        self._conversations, self._routing, self._known = conversations, routing, known
        self._responder, self._policy = responder, policy

    async def greet(self, state: Conversation) -> None:
        """Offer a person to an elder, by mode or by what the bank knows, while somebody is there who can come."""
        try:
            if self._policy().elders_first and await self._is_elder(state) and await self._routing.is_served():
                words = self._responder.say("elder_opening", state.locale)
                await self._conversations.execute(state.id, c.Greet((c.Say(words, offer_human=True),)))
        except Exception:
            logger.exception("conversation %s begins without a word", state.id)

    async def _is_elder(self, state: Conversation) -> bool:
        return state.elder or (self._known is not None and await self._known.is_old(state.customer_id))
