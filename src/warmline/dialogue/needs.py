"""What of a conversation so far tells how much a wait for a person presses."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from warmline.conversation.events import Event, TurnDecided
from warmline.conversation.model import Conversation
from warmline.dialogue.feeling import NAMES, SENSED
from warmline.dialogue.known import Acquaintance
from warmline.dialogue.pending import LATELY, list_lately
from warmline.dialogue.state import Understanding
from warmline.language.service import find_markers
from warmline.routing.urgency import Need

logger = logging.getLogger(__name__)


class Needs:
    """Finds the need of who asks, with what the bank knows of their age."""

    def __init__(self, known: Acquaintance | None) -> None:
        self._known = known

    async def find(
        self, state: Conversation, events: Sequence[Event] | None, said: Understanding | None = None
    ) -> Need:
        """Return what is known of how much it presses; less where that cannot be read: a person comes anyhow (I4)."""
        try:
            old = not state.elder and self._known is not None and await self._known.is_old(state.customer_id)
            return find_need(state, events or (), old=old, said=said)
        except Exception:
            logger.exception("what presses in conversation %s cannot be read", state.id)
            return Need(elder=state.elder)


def find_need(
    state: Conversation, events: Sequence[Event], *, old: bool = False, said: Understanding | None = None
) -> Need:
    """Return what the last messages and turns show; `said`: a turn that is not in the log yet.

    Of who refused to have feelings read only what happened counts.
    """
    signs: set[str] = set()
    for text in list_lately(events):
        signs |= find_markers(text).kinds & NAMES
    signs |= said.felt if said is not None else set()
    elder = state.elder or old
    if state.feeling_refused:
        return Need(frozenset(signs - SENSED), elder)
    felt = [event.payload.feeling for event in events if isinstance(event.payload, TurnDecided)][-LATELY:]
    for one in felt:
        signs |= {*one.felt, one.urgency, *one.vulnerability} if one else set()
    if said is not None and said.feeling is not None:
        signs |= {said.feeling.urgency, *said.feeling.vulnerability}
    return Need(frozenset(signs), elder)
