"""The desk's calls, as docs/protocol.md lists them."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from warmline.conversation import commands as c
from warmline.conversation.attachments import AttachmentService
from warmline.conversation.beside import Mode
from warmline.conversation.erasure import Erasure
from warmline.conversation.events import Visibility
from warmline.conversation.long_poll import LongPoll
from warmline.conversation.schemas import Ack, Done, Events, show_state
from warmline.conversation.service import ConversationService, Outcome
from warmline.kit.errors import UnauthenticatedError
from warmline.routing import schemas as s
from warmline.routing.colleagues import Colleagues
from warmline.routing.desk import Desk, author_of, viewer_of
from warmline.routing.inbox import Inbox
from warmline.routing.rest import RestService
from warmline.routing.service import RoutingService
from warmline.routing.wording import read_rules, refuse_secrets
from warmline.staff.guard import StaffGuard
from warmline.staff.model import Permission, SignedIn


@dataclass(frozen=True)
class DeskDeps:
    """What the desk's calls need."""

    conversations: ConversationService
    attachments: AttachmentService
    routing: RoutingService
    desk: Desk
    colleagues: Colleagues
    inbox: Inbox
    erasure: Erasure
    guard: StaffGuard
    rest: RestService


def build_router(deps: DeskDeps) -> APIRouter:
    """Return the router of the desk's calls."""
    router = APIRouter(prefix="/desk", tags=["desk"])
    _add_reading(router, deps)
    _add_customers(router, deps)
    _add_taking(router, deps)
    _add_colleagues(router, deps)
    _add_talking(router, deps)
    _add_ending(router, deps)
    _add_groups(router, deps)
    _add_rest(router, deps)
    return router


def _shown(outcome: Outcome) -> s.StateOnly:
    return s.StateOnly(conversation=show_state(outcome.state))


def _add_reading(router: APIRouter, deps: DeskDeps) -> None:
    Reader = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.read"))]
    poll = LongPoll(deps.conversations)

    @router.get("/inbox")
    async def get_inbox(signed: Reader) -> s.InboxList:
        await deps.routing.touch([signed.staff.id])
        return s.InboxList(items=await deps.inbox.list_items(viewer_of(signed.staff)))

    @router.get("/conversations/{conversation_id}")
    async def open_conversation(conversation_id: UUID, signed: Reader) -> s.DeskView:
        opened = await deps.desk.open(signed, conversation_id)
        return s.DeskView(
            conversation=show_state(opened.state, opened.card.name),
            events=opened.events,
            customer=s.CustomerCardView.model_validate(opened.card),
            earlier=[s.Earlier.model_validate(one, from_attributes=True) for one in opened.earlier],
        )

    @router.get("/conversations/{conversation_id}/events")
    async def get_events(
        conversation_id: UUID,
        signed: Reader,
        after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        wait: Annotated[float, Query(ge=0, le=25)] = 0,
    ) -> Events:
        state = await deps.conversations.get(conversation_id)
        await deps.desk.check_visible(signed, state)
        await deps.desk.note_read(signed, state)
        await deps.desk.stay(signed)
        held = min(wait, deps.routing.present_seconds)

        async def recheck() -> None:
            now = (await deps.guard.recheck([signed])).get(signed.session_id)
            if now is None or not now.staff.may(Permission.CONVERSATIONS_READ):
                raise UnauthenticatedError
            await deps.desk.check_visible(now, await deps.conversations.get(conversation_id))

        return Events(events=await poll.read(conversation_id, after, held, Visibility.STAFF, recheck=recheck))

    @router.get("/conversations/{conversation_id}/callback-times")
    async def list_callback_times(conversation_id: UUID, signed: Reader) -> s.CallbackTimesView:
        state = await deps.conversations.get(conversation_id)
        await deps.desk.check_visible(signed, state)
        return s.CallbackTimesView(times=deps.routing.list_callback_times(state.skill))


def _add_customers(router: APIRouter, deps: DeskDeps) -> None:
    Eraser = Annotated[SignedIn, Depends(deps.guard.current_staff("customers.erase"))]
    Exporter = Annotated[SignedIn, Depends(deps.guard.current_staff("customers.export"))]

    @router.delete("/customers/{customer_id}")
    async def erase_customer(customer_id: UUID, signed: Eraser) -> s.Erased:
        """Erase a person: their words are gone for good, events and counts stay."""
        return s.Erased(conversations=await deps.erasure.erase(customer_id, actor=signed.actor))

    @router.get("/customers/{customer_id}/export")
    async def export_customer(customer_id: UUID, signed: Exporter) -> s.Export:
        """Everything held about a person; the export is in the audit trail."""
        return s.Export.model_validate(await deps.desk.export(signed, customer_id))


def _add_taking(router: APIRouter, deps: DeskDeps) -> None:
    Server = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.serve"))]

    @router.post("/conversations/{conversation_id}/accept")
    async def accept(conversation_id: UUID, signed: Server) -> s.StateOnly:
        return _shown(await deps.desk.accept(signed, conversation_id))

    @router.post("/conversations/{conversation_id}/decline")
    async def decline(conversation_id: UUID, signed: Server) -> Done:
        """Pass on what is offered to you: it stays in its place and is offered to a colleague."""
        await deps.desk.decline(signed, conversation_id)
        return Done()

    @router.post("/conversations/{conversation_id}/hand-back")
    async def hand_back(conversation_id: UUID, body: s.HandBackBody, signed: Server) -> s.StateOnly:
        return _shown(await deps.desk.hand_back(signed, conversation_id, body.note))

    @router.post("/conversations/{conversation_id}/transfer")
    async def transfer(conversation_id: UUID, body: s.TransferBody, signed: Server) -> s.StateOnly:
        done = await deps.desk.transfer(
            signed, conversation_id, skill=body.skill, agent_id=body.agent_id, note=body.note
        )
        return _shown(done)

    @router.post("/conversations/{conversation_id}/callback")
    async def schedule_callback(conversation_id: UUID, body: s.DeskCallbackBody, signed: Server) -> s.StateOnly:
        state = await deps.conversations.get(conversation_id)
        await deps.desk.check_owned(signed, state)
        done = await deps.routing.schedule_callback(
            state, body.due_at, author=author_of(signed.staff), chosen_by="agent"
        )
        return _shown(done)


def _add_colleagues(router: APIRouter, deps: DeskDeps) -> None:
    Server = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.serve"))]
    Supervisor = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.supervise"))]
    beside = deps.colleagues

    @router.post("/conversations/{conversation_id}/call-in")
    async def call_in(conversation_id: UUID, body: s.CallInBody, signed: Server) -> s.StateOnly:
        """Ask a colleague in, with a private word: the first half of a warm transfer."""
        return _shown(await beside.call_in(signed, conversation_id, body.agent_id, body.note))

    @router.post("/conversations/{conversation_id}/join")
    async def join(conversation_id: UUID, body: s.JoinBody, signed: Server) -> s.StateOnly:
        """Come in: whoever was asked, and supervisors."""
        return _shown(await beside.join(signed, conversation_id, Mode(body.mode)))

    @router.post("/conversations/{conversation_id}/leave")
    async def leave(conversation_id: UUID, signed: Server) -> s.StateOnly:
        """Go, or say that one will not come."""
        return _shown(await beside.leave(signed, conversation_id))

    @router.post("/conversations/{conversation_id}/take-over")
    async def take_over(conversation_id: UUID, signed: Supervisor) -> s.StateOnly:
        """Take the conversation from the agent who has it, who stays beside it."""
        return _shown(await beside.take_over(signed, conversation_id))


def _add_talking(router: APIRouter, deps: DeskDeps) -> None:
    Server = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.serve"))]

    @router.post("/conversations/{conversation_id}/messages")
    async def post_message(conversation_id: UUID, body: s.AgentMessageBody, signed: Server) -> Ack:
        await deps.desk.stay(signed)
        refuse_secrets(body.text)
        state = await deps.conversations.get(conversation_id)
        files = await deps.attachments.describe(state, body.attachments)
        author = author_of(signed.staff, draft=body.draft)
        command = c.PostMessage(author, body.client_id, body.text, files, body.expect_seq)
        done = await deps.conversations.execute(conversation_id, command)
        return Ack(seq=done.seq, at=done.at, duplicate=done.duplicate)

    @router.get("/wording")
    async def get_wording(_: Server) -> s.WordingRules:
        """What words to a customer are looked through for before they go out."""
        return s.WordingRules(rules=list(read_rules()))

    @router.post("/conversations/{conversation_id}/notes")
    async def add_note(conversation_id: UUID, body: s.NoteBody, signed: Server) -> Ack:
        await deps.desk.check_visible(signed, await deps.conversations.get(conversation_id))
        command = c.AddNote(author_of(signed.staff), body.client_id, body.text, body.whisper)
        done = await deps.conversations.execute(conversation_id, command)
        return Ack(seq=done.seq, at=done.at, duplicate=done.duplicate)


def _add_ending(router: APIRouter, deps: DeskDeps) -> None:
    Server = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.serve"))]

    @router.post("/conversations/{conversation_id}/recap")
    async def propose_recap(conversation_id: UUID, body: s.DeskRecapBody, signed: Server) -> Done:
        refuse_secrets(body.text)
        command = c.ProposeRecap(author_of(signed.staff), body.text, body.outcome)
        await deps.conversations.execute(conversation_id, command)
        return Done()

    @router.post("/conversations/{conversation_id}/close")
    async def close(conversation_id: UUID, body: s.CloseBody, signed: Server) -> s.StateOnly:
        command = c.Close(author_of(signed.staff), "agent_closed", body.outcome)
        return _shown(await deps.conversations.execute(conversation_id, command))


def _add_groups(router: APIRouter, deps: DeskDeps) -> None:
    Manager = Annotated[SignedIn, Depends(deps.guard.current_staff("staff.manage"))]

    @router.delete("/skills/{skill_id}")
    async def remove_skill(skill_id: str, signed: Manager) -> s.GroupRemoved:
        """Remove a skill group that no customer waits for; its members leave it."""
        return s.GroupRemoved(members=await deps.desk.remove_skill_group(signed, skill_id))


def _add_rest(router: APIRouter, deps: DeskDeps) -> None:
    Server = Annotated[SignedIn, Depends(deps.guard.current_staff("conversations.serve"))]

    async def show(signed: SignedIn) -> s.RestView:
        rest = await deps.rest.get(signed.staff.id)
        kinds = deps.rest.list_breaks(signed.staff.locale)
        breaks = [s.BreakKind(id=id, name=name) for id, name in kinds.items()]
        return s.RestView(wrap_up_until=rest.wrap_up_until, pause_offered=rest.pause_offered, breaks=breaks)

    @router.get("/rest")
    async def get_rest(signed: Server) -> s.RestView:
        """Until when nobody new is offered to you, whether a pause is, and the kinds of break there are."""
        return await show(signed)

    @router.post("/ready")
    async def be_ready(body: s.ReadyBody, signed: Server) -> s.RestView:
        """Say that you have wrapped up; with `pause`, that you take the pause that is offered."""
        await deps.rest.be_ready(signed.staff.id, pause=body.pause)
        return await show(signed)
