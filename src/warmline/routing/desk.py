"""Use cases of the desk that need more than one package: open, accept, transfer."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from warmline.casework.export import export_casework
from warmline.conversation import commands as c
from warmline.conversation.beside import Mode
from warmline.conversation.errors import NotYoursError
from warmline.conversation.events import Author, AuthorKind, Event, Owner, Visibility
from warmline.conversation.model import Conversation
from warmline.conversation.ports import CustomerCiphers
from warmline.conversation.schemas import show_state
from warmline.conversation.service import ConversationService, Outcome
from warmline.customer.model import CustomerCard
from warmline.customer.service import CustomerService
from warmline.kit import audit
from warmline.kit.clock import Clock
from warmline.kit.errors import InvalidError, NotFoundError
from warmline.kit.uow import UnitOfWork
from warmline.routing.errors import ColleagueAwayError, GroupInRulesError
from warmline.routing.groups import remove_skill_group
from warmline.routing.service import RoutingService
from warmline.routing.viewer import Viewer
from warmline.staff.model import Permission, Presence, SignedIn, Staff
from warmline.staff.service import StaffService

EXPORT_LIMIT = 10_000
READS_KEPT = 20_000
SEEN_AFRESH = timedelta(seconds=2)
"""Calls closer together than this note only once that a member of staff is there."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation as an agent sees it on opening."""

    state: Conversation
    events: list[Event]
    card: CustomerCard
    earlier: list[Conversation]


def viewer_of(staff: Staff) -> Viewer:
    """Return what a member of staff may see of the list."""
    return Viewer(staff.id, frozenset(staff.skills), staff.may(Permission.CONVERSATIONS_SUPERVISE))


def sees(staff: Staff, state: Conversation) -> bool:
    """Tell whether a conversation is this person's business: least privilege per skill group, whoever has it.

    Of those in its group, colleagues may read on once a person has worked on it; whoever spoke last, also after it
    left people's hands.
    """
    viewer = viewer_of(staff)
    if viewer.sees_all or state.agent_id == staff.id or any(one.id == staff.id for one in state.beside):
        return True
    if state.owner in (Owner.CLOSED, Owner.ASSISTANT) and state.last_staff_id == staff.id:
        return True
    people = state.owner in (Owner.QUEUE, Owner.CALLBACK) or state.last_staff_seq > 0
    return people and (state.skill is None or state.skill in viewer.skills)


def speaks(staff: Staff, state: Conversation) -> bool:
    """Tell whether what this person writes goes to the customer: they have the conversation, or came in to speak."""
    joined = any(one.id == staff.id and one.mode is Mode.SPEAK for one in state.beside)
    return state.agent_id == staff.id or joined


def author_of(staff: Staff, *, draft: bool = False) -> Author:
    """Return a member of staff as the speaker of an event."""
    kind = AuthorKind.AGENT_FOR_ASSISTANT if draft else AuthorKind.AGENT
    return Author(kind=kind, id=staff.id, name=staff.name)


class Desk:
    """What agents do with conversations."""

    def __init__(
        self,
        uow: UnitOfWork,
        conversations: ConversationService,
        routing: RoutingService,
        customers: CustomerService,
        staff: StaffService,
        clock: Clock,
        ciphers: CustomerCiphers,
    ) -> None:
        self._ciphers = ciphers
        self._uow, self._conversations, self._routing = uow, conversations, routing
        self._customers, self._staff, self._clock = customers, staff, clock
        self._reads: OrderedDict[tuple[UUID, UUID], None] = OrderedDict()
        self._seen: dict[UUID, datetime] = {}

    async def arrive(self, signed: SignedIn) -> None:
        """A desk was opened: this member of staff is connected from now on."""
        await self._routing.touch([signed.staff.id])

    async def stay(self, signed: SignedIn) -> None:
        """A call was made: whoever works over REST alone has not vanished."""
        now = self._clock.now()
        if now - self._seen.get(signed.staff.id, datetime.min.replace(tzinfo=UTC)) >= SEEN_AFRESH:
            self._seen[signed.staff.id] = now
            await self._routing.touch([signed.staff.id])

    async def check_visible(self, signed: SignedIn, state: Conversation) -> None:
        """Refuse what this member of staff has no business with, as if it did not exist."""
        if not sees(signed.staff, state):
            raise NotFoundError(what="conversation", id=str(state.id))

    async def note_read(self, signed: SignedIn, state: Conversation) -> None:
        """Put into the audit trail that the conversation is read, once for a session."""
        if (signed.session_id, state.id) not in self._reads:
            now, subject = self._clock.now(), f"customer:{state.customer_id}"
            async with self._uow.begin() as tx:
                await audit.record(
                    tx,
                    at=now,
                    actor=signed.actor,
                    action="conversation.read",
                    subject=subject,
                    conversation=str(state.id),
                )
        self._remember_read(signed, state)

    def _remember_read(self, signed: SignedIn, state: Conversation) -> None:
        """It is in the trail: only now, as a read whose entry failed is refused and asked for again."""
        read = (signed.session_id, state.id)
        self._reads[read] = None
        self._reads.move_to_end(read)
        if len(self._reads) > READS_KEPT:
            self._reads.popitem(last=False)

    async def open(self, signed: SignedIn, conversation_id: UUID) -> Opened:
        """Return the conversation with its customer's card; the read is in the audit trail."""
        state, events = await self._conversations.view(conversation_id, Visibility.STAFF)
        await self.check_visible(signed, state)
        earlier = [one for one in await self._conversations.list_of(state.customer_id) if one.id != state.id]
        async with self._uow.begin() as tx:
            masked = not signed.staff.may(Permission.CUSTOMERS_READ_UNMASKED)
            card = await self._customers.get_card(tx, state.customer_id, actor=signed.actor, masked=masked)
        self._remember_read(signed, state)
        return Opened(state, events, card, earlier)

    async def export(self, signed: SignedIn, customer_id: UUID) -> dict[str, Any]:
        """Return everything held about a person, their conversations as they read them."""
        async with self._uow.begin() as tx:
            profile = await self._customers.export(tx, customer_id, actor=signed.actor)
            ids = [UUID(profile["customer_id"]), *(UUID(str(one["id"])) for one in profile["profiles"])]
            casework = await export_casework(tx, self._ciphers, dict.fromkeys(ids))
        conversations = []
        for one in dict.fromkeys(ids):
            for state in await self._conversations.list_of(one, limit=EXPORT_LIMIT):
                _, events = await self._conversations.view(state.id, Visibility.ALL, limit=EXPORT_LIMIT)
                conversations.append({"conversation": show_state(state), "events": events})
        return {**profile, **casework, "conversations": conversations}

    async def accept(self, signed: SignedIn, conversation_id: UUID) -> Outcome:
        """Take a waiting conversation; being connected starts counting now."""
        state = await self._conversations.get(conversation_id)
        if state.owner is not Owner.AGENT:
            await self.check_visible(signed, state)
        await self._routing.touch([signed.staff.id])
        say = self._routing.say("accepted", state.locale, name=signed.staff.name)
        return await self._conversations.execute(conversation_id, c.Accept(author_of(signed.staff), say))

    async def decline(self, signed: SignedIn, conversation_id: UUID) -> Outcome:
        """Pass on what is offered to oneself; where it is no longer, nothing happens."""
        command = c.EndOffer(author_of(signed.staff), signed.staff.id, "declined")
        return await self._conversations.execute(conversation_id, command)

    async def hand_back(self, signed: SignedIn, conversation_id: UUID, note: str | None) -> Outcome:
        """Give the customer back to the assistant."""
        state = await self._conversations.get(conversation_id)
        say = self._routing.say("handed_back", state.locale)
        return await self._conversations.execute(conversation_id, c.HandBack(author_of(signed.staff), note, say))

    async def transfer(
        self,
        signed: SignedIn,
        conversation_id: UUID,
        *,
        skill: str | None,
        agent_id: UUID | None,
        note: str | None,
    ) -> Outcome:
        """Pass the customer on to a skill group or to a colleague; `ColleagueAwayError` unless that one is there."""
        if (skill is None) == (agent_id is None):
            raise InvalidError(field="skill, agent_id", reason="exactly one of the two")
        state = await self._conversations.get(conversation_id)
        to = await self.find_colleague(agent_id) if agent_id else None
        if skill is not None:
            await self._check_skill(skill)
        key = "transferred_person" if to else "transferred_group"
        say = self._routing.say(key, state.locale, name=to.name if to else "")
        command = c.Transfer(author_of(signed.staff), skill, to, note, say)
        return await self._conversations.execute(conversation_id, command)

    async def check_owned(self, signed: SignedIn, state: Conversation) -> None:
        """Refuse unless this agent has the conversation."""
        if state.owner is not Owner.AGENT or state.agent_id != signed.staff.id:
            raise NotYoursError(owner=state.owner.value, agent_name=state.agent_name)

    async def remove_skill_group(self, signed: SignedIn, group_id: str) -> int:
        """Remove a group; return how many members left. `NotFoundError`, `GroupInUseError`, `GroupInRulesError`."""
        if group_id in self._routing.rules.named_groups:
            raise GroupInRulesError(group=group_id, reason=f"the routing file speaks of {group_id}")
        async with self._uow.begin() as tx:
            return await remove_skill_group(tx, self._staff, group_id, actor=signed.actor)

    async def find_colleague(self, agent_id: UUID) -> Author:
        """Return a colleague as a speaker; `NotFoundError`, `ColleagueAwayError`."""
        async with self._uow.begin() as tx:
            found = (await self._staff.get_many(tx, {agent_id})).get(agent_id)
        if found is None or not found.serves:
            raise NotFoundError(what="colleague", id=str(agent_id))
        if found.presence is not Presence.AVAILABLE or not await self._routing.list_connected([agent_id]):
            raise ColleagueAwayError(name=found.name)
        return author_of(found)

    async def _check_skill(self, skill: str) -> None:
        async with self._uow.begin() as tx:
            groups = await self._staff.list_skill_groups(tx)
        if skill not in {group.id for group in groups}:
            raise NotFoundError(what="skill", id=skill)
