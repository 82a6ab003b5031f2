"""What offers come to, pure: one at a time, and only of who waits in the queue."""

from __future__ import annotations

from datetime import datetime

from warmline.conversation import commands as c
from warmline.conversation.events import Author, OfferEnded, OfferMade, Owner
from warmline.conversation.model import Conversation


def make_offer(command: c.MakeOffer, state: Conversation, now: datetime) -> tuple[c.Entry, ...]:
    """Offer, unless meanwhile somebody came, the customer went, or it is offered already."""
    if state.owner is not Owner.QUEUE or state.offered_to is not None or command.expires_at <= now:
        return ()
    agent = command.agent
    assert agent.id is not None
    made = OfferMade(agent_id=agent.id, agent_name=agent.name or "", expires_at=command.expires_at)
    return (c.Entry(c.SYSTEM, made),)


def end_offer(command: c.EndOffer, state: Conversation, now: datetime) -> tuple[c.Entry, ...]:
    """End this agent's offer, if it still stands; before its time has come it does not expire."""
    if state.offered_to is None or state.offered_to != command.agent_id:
        return ()
    if command.reason == "expired" and state.offered_until is not None and state.offered_until > now:
        return ()
    # A node of the version before may have moved the conversation on and left the offer: nobody missed that one.
    reason = command.reason if state.owner is Owner.QUEUE else "withdrawn"
    return (c.Entry(command.author, OfferEnded(agent_id=command.agent_id, reason=reason)),)


def withdraw_from_others(state: Conversation, agent: Author) -> tuple[c.Entry, ...]:
    """Whoever takes by hand what is offered to somebody else takes it back from them."""
    if state.offered_to is None or state.offered_to == agent.id:
        return ()
    return (c.Entry(agent, OfferEnded(agent_id=state.offered_to, reason="withdrawn")),)
