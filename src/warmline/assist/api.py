"""The calls of the assistant beside the agent, as docs/protocol.md lists them."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from warmline.assist import schemas as s
from warmline.assist.service import Assist
from warmline.conversation import commands as c
from warmline.conversation.schemas import Done
from warmline.conversation.service import ConversationService
from warmline.dialogue.flows.api import read_locale
from warmline.routing.desk import Desk, author_of, sees
from warmline.staff.guard import StaffGuard
from warmline.staff.model import SignedIn


@dataclass(frozen=True)
class AssistDeps:
    """What its calls need."""

    assist: Assist
    conversations: ConversationService
    desk: Desk
    guard: StaffGuard


Locale = Annotated[str, Depends(read_locale)]


def build_router(deps: AssistDeps) -> APIRouter:
    """Return the router of its calls."""
    router = APIRouter(prefix="/desk/conversations/{conversation_id}", tags=["assist"])
    Reader = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.read"))]
    Server = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.serve"))]

    @router.get("/assist")
    async def suggest(conversation_id: UUID, signed: Reader) -> s.AssistView:
        """What helps to answer the customer's last words."""
        await deps.desk.check_visible(signed, await deps.conversations.get(conversation_id))
        found = await deps.assist.suggest(conversation_id, signed.staff.id, signed.staff.locale)
        earlier = await deps.assist.past.read_states(one.conversation_id for one in found.solved)
        return s.AssistView.of(found, {one.id for one in earlier.values() if sees(signed.staff, one)})

    @router.post("/assist/used")
    async def note_use(conversation_id: UUID, body: s.UseBody, signed: Server) -> Done:
        """What became of a suggested reply: sent as it was, sent with changes, or dismissed."""
        await deps.desk.check_visible(signed, await deps.conversations.get(conversation_id))
        await deps.assist.note_use(conversation_id, body.seq, body.ref, body.origin, body.outcome)
        return Done()

    @router.get("/wrap-up")
    async def draft_wrap_up(conversation_id: UUID, signed: Reader, locale: Locale) -> s.WrapUp:
        """What would be left behind if the conversation ended now, taken from the log."""
        await deps.desk.check_visible(signed, await deps.conversations.get(conversation_id))
        return s.WrapUp.of(await deps.assist.draft_wrap_up(conversation_id, locale))

    @router.post("/wrap-up")
    async def write_wrap_up(conversation_id: UUID, body: s.WrapUp, signed: Server) -> Done:
        """Leave it behind; again replaces what was left before."""
        await deps.conversations.execute(conversation_id, c.WriteWrapUp(author_of(signed.staff), body.payload()))
        return Done()

    return router
