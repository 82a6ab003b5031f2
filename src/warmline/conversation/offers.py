"""Payloads of offering who waits to one agent. An offer is not an owner: the place in the queue is kept meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from warmline.conversation.payload import Payload, Visibility

OfferEnd = Literal["declined", "expired", "withdrawn"]


class OfferMade(Payload):
    """One agent is asked to take this conversation until then; anyone may still take it by hand."""

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    type: Literal["offer.made"] = "offer.made"
    agent_id: UUID
    agent_name: str
    expires_at: datetime


class OfferEnded(Payload):
    """The agent declined, let it run out (to the front, then), or it was taken back; taking it up is an acceptance."""

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    type: Literal["offer.ended"] = "offer.ended"
    agent_id: UUID
    reason: OfferEnd
