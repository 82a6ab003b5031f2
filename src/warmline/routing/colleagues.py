"""Use cases of more than one person of the bank in a conversation: call in, join, leave, take over (ADR 14)."""

from __future__ import annotations

from uuid import UUID

from warmline.conversation import commands as c
from warmline.conversation.beside import Mode
from warmline.conversation.events import Author, AuthorKind
from warmline.conversation.model import Conversation
from warmline.conversation.service import ConversationService, Outcome
from warmline.kit.errors import ForbiddenError
from warmline.kit.uow import UnitOfWork
from warmline.routing import repository
from warmline.routing.desk import Desk, author_of
from warmline.routing.service import RoutingService
from warmline.staff.model import Permission, SignedIn


class Colleagues:
    """What colleagues do beside a conversation that one of them has."""

    def __init__(
        self, uow: UnitOfWork, conversations: ConversationService, routing: RoutingService, desk: Desk
    ) -> None:
        self._uow, self._conversations, self._routing, self._desk = uow, conversations, routing, desk

    async def call_in(self, signed: SignedIn, conversation_id: UUID, colleague_id: UUID, note: str | None) -> Outcome:
        """Ask a colleague in; `ColleagueAwayError` unless that one is there."""
        to = await self._desk.find_colleague(colleague_id)
        return await self._conversations.execute(conversation_id, c.CallColleague(author_of(signed.staff), to, note))

    async def join(self, signed: SignedIn, conversation_id: UUID, mode: Mode) -> Outcome:
        """Come in: to whoever was not asked, and is no supervisor, the conversation does not exist."""
        state = await self._conversations.get(conversation_id)
        await self._desk.check_visible(signed, state)
        if not _may_join(signed, state):
            raise ForbiddenError(permission=Permission.CONVERSATIONS_SUPERVISE.value)
        await self._routing.touch([signed.staff.id])
        key = "looks_on" if mode is Mode.WATCH else "came_in"
        say = self._routing.say(key, state.locale, name=signed.staff.name)
        return await self._conversations.execute(conversation_id, c.JoinBeside(author_of(signed.staff), mode, say))

    async def leave(self, signed: SignedIn, conversation_id: UUID) -> Outcome:
        """Go; who spoke takes leave of the customer."""
        state = await self._conversations.get(conversation_id)
        await self._desk.check_visible(signed, state)
        say = self._routing.say("went_out", state.locale, name=signed.staff.name, agent=state.agent_name or "")
        return await self._conversations.execute(conversation_id, c.LeaveBeside(author_of(signed.staff), say=say))

    async def take_over(self, signed: SignedIn, conversation_id: UUID) -> Outcome:
        """Take the conversation from the agent who has it."""
        state = await self._conversations.get(conversation_id)
        await self._routing.touch([signed.staff.id])
        say = self._routing.say("transferred_person", state.locale, name=signed.staff.name)
        return await self._conversations.execute(conversation_id, c.TakeOver(author_of(signed.staff), say))

    async def sweep_absent(self) -> int:
        """Whoever was beside a conversation and is gone is no longer there; return how many."""
        async with self._uow.begin() as tx:
            rows = await repository.list_beside(tx.connection)
        there = await self._routing.list_connected({row.agent_id for row in rows}) if rows else set()
        gone = [row for row in rows if row.agent_id not in there]
        for row in gone:
            author = Author(kind=AuthorKind.AGENT, id=row.agent_id, name=row.name)
            say = self._routing.say("went_out", row.locale, name=row.name, agent=row.agent_name or "")
            await self._conversations.execute(row.id, c.LeaveBeside(author, "vanished", say))
        return len(gone)


def _may_join(signed: SignedIn, state: Conversation) -> bool:
    asked = any(one.id == signed.staff.id for one in state.beside)
    return asked or signed.staff.may(Permission.CONVERSATIONS_SUPERVISE)
