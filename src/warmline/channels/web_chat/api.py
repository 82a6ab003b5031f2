"""The customer's calls, as docs/protocol.md lists them. Every call checks that the conversation is the caller's."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Query, Response, UploadFile, status

from warmline.channels.web_chat import schemas as s
from warmline.conversation import commands as c
from warmline.conversation.attachments import SIZE_LIMIT, AttachmentService, FileTooLargeError
from warmline.conversation.errors import NotWaitingError
from warmline.conversation.events import Attachment, Author, AuthorKind, Owner, Visibility
from warmline.conversation.long_poll import LongPoll
from warmline.conversation.model import Conversation
from warmline.conversation.schemas import Ack, Done, Feedback, MessageBody, ReadUpTo, show_to_customer
from warmline.conversation.service import ConversationService
from warmline.customer.guard import VisitorGuard
from warmline.customer.model import Visitor
from warmline.dialogue.service import DialogueService
from warmline.kit.clock import Clock
from warmline.kit.errors import NotFoundError
from warmline.routing.service import RoutingService
from warmline.routing.waits import WaitBoard

SEQ_LIMIT = 2**31 - 1


@dataclass(frozen=True)
class WebChatDeps:
    """What the customer's calls need."""

    conversations: ConversationService
    attachments: AttachmentService
    dialogue: DialogueService
    routing: RoutingService
    waits: WaitBoard
    guard: VisitorGuard
    clock: Clock


def build_router(deps: WebChatDeps) -> APIRouter:
    """Return the router of the customer's calls."""
    router = APIRouter(tags=["customer"])
    _add_reading(router, deps)
    _add_talking(router, deps)
    _add_waiting(router, deps)
    _add_files(router, deps)
    return router


def _author(visitor: Visitor) -> Author:
    return Author(kind=AuthorKind.CUSTOMER, id=visitor.customer_id)


async def _own(deps: WebChatDeps, conversation_id: UUID, visitor: Visitor) -> Conversation:
    """Return the conversation if it is the visitor's, else the same error as if there were none."""
    state = await deps.conversations.get(conversation_id)
    if state.customer_id not in visitor.customer_ids:
        raise NotFoundError(what="conversation", id=str(conversation_id))
    return state


async def _wait(deps: WebChatDeps, state: Conversation, *, anew: bool = False) -> s.WaitView | None:
    if state.owner not in (Owner.QUEUE, Owner.CALLBACK):
        return None
    wait = await deps.waits.look(state.id, anew=anew)
    return s.WaitView.model_validate(wait) if wait else None


async def _view(deps: WebChatDeps, conversation_id: UUID) -> s.View:
    state, events = await deps.conversations.view(conversation_id, Visibility.ALL)
    hours = deps.routing.calendar.get_hours(deps.clock.now(), state.locale)
    return s.View(
        conversation=show_to_customer(state),
        events=events,
        wait=await _wait(deps, state),
        hours=s.HoursView.model_validate(hours),
    )


def _add_reading(router: APIRouter, deps: WebChatDeps) -> None:
    @router.get("/about")
    async def get_about(locale: s.Locale = "zh-Hans") -> s.About:
        hours = deps.routing.calendar.get_hours(deps.clock.now(), locale)
        brand = deps.dialogue.brand
        return s.About(
            bank=brand.bank[locale],
            assistant=brand.assistant[locale],
            hours=s.HoursView.model_validate(hours),
            timezone=deps.routing.calendar.zone,
        )

    visitor_of = deps.guard.current_visitor
    Caller = Annotated[Visitor, Depends(visitor_of)]

    @router.post("/conversations", status_code=status.HTTP_201_CREATED, responses={200: {"model": s.View}})
    async def start_conversation(body: s.StartBody, response: Response, visitor: Caller) -> s.View:
        state, is_new = await deps.conversations.find_or_start(
            visitor.customer_id, also=visitor.also, channel=body.channel, locale=body.locale, elder=body.elder,
            feeling_refused=body.feeling_refused,
        )  # fmt: skip
        if not is_new:
            response.status_code = status.HTTP_200_OK
        return await _view(deps, state.id)

    @router.get("/conversations/{conversation_id}")
    async def get_conversation(conversation_id: UUID, visitor: Caller) -> s.View:
        await _own(deps, conversation_id, visitor)
        return await _view(deps, conversation_id)

    poll = LongPoll(deps.conversations)

    @router.get("/conversations/{conversation_id}/events")
    async def get_events(
        conversation_id: UUID,
        visitor: Caller,
        after: Annotated[int, Query(ge=0, le=SEQ_LIMIT)] = 0,
        wait: Annotated[float, Query(ge=0, le=25)] = 0,
    ) -> s.EventPage:
        await _own(deps, conversation_id, visitor)
        recheck = partial(deps.guard.check, visitor)
        events = await poll.read(conversation_id, after, wait, Visibility.ALL, recheck=recheck)
        state = await deps.conversations.get(conversation_id)
        return s.EventPage(events=events, wait=await _wait(deps, state))


def _add_talking(router: APIRouter, deps: WebChatDeps) -> None:
    Caller = Annotated[Visitor, Depends(deps.guard.current_visitor)]

    @router.post("/conversations/{conversation_id}/messages")
    async def post_message(conversation_id: UUID, body: MessageBody, visitor: Caller) -> Ack:
        state = await _own(deps, conversation_id, visitor)
        files = await deps.attachments.describe(state, body.attachments)
        command = c.PostMessage(_author(visitor), body.client_id, body.text, files)
        done = await deps.conversations.execute(conversation_id, command)
        return Ack(seq=done.seq, at=done.at, duplicate=done.duplicate)

    @router.post("/conversations/{conversation_id}/recap")
    async def answer_recap(conversation_id: UUID, body: s.RecapBody, visitor: Caller) -> Done:
        await _own(deps, conversation_id, visitor)
        await deps.conversations.execute(conversation_id, c.AnswerRecap(_author(visitor), body.agreed))
        return Done()

    @router.post("/conversations/{conversation_id}/feedback")
    async def give_feedback(conversation_id: UUID, body: Feedback, visitor: Caller) -> Done:
        await _own(deps, conversation_id, visitor)
        command = c.GiveFeedback(_author(visitor), body.seq, body.value)
        await deps.conversations.give_feedback(conversation_id, command)
        return Done()

    @router.post("/conversations/{conversation_id}/read")
    async def mark_read(conversation_id: UUID, body: ReadUpTo, visitor: Caller) -> Done:
        await _own(deps, conversation_id, visitor)
        await deps.conversations.execute(conversation_id, c.MarkRead(_author(visitor), "customer", body.up_to))
        return Done()

    @router.post("/conversations/{conversation_id}/preferences")
    async def set_preferences(conversation_id: UUID, body: s.PreferencesBody, visitor: Caller) -> Done:
        await _own(deps, conversation_id, visitor)
        command = c.SetPreferences(_author(visitor), body.elder, body.locale, body.feeling_refused)
        await deps.conversations.execute(conversation_id, command)
        return Done()

    @router.post("/conversations/{conversation_id}/close")
    async def close_conversation(conversation_id: UUID, visitor: Caller) -> Done:
        state = await _own(deps, conversation_id, visitor)
        await deps.conversations.execute(state.id, c.Close(_author(visitor), "customer_left"))
        return Done()


def _add_waiting(router: APIRouter, deps: WebChatDeps) -> None:
    Caller = Annotated[Visitor, Depends(deps.guard.current_visitor)]

    @router.post("/conversations/{conversation_id}/handoff")
    async def request_handoff(conversation_id: UUID, body: s.HandoffBody, visitor: Caller) -> s.StateAndWait:
        await _own(deps, conversation_id, visitor)
        done = await deps.dialogue.bring_person(conversation_id, via=body.via)
        return s.StateAndWait(conversation=show_to_customer(done.state), wait=await _wait(deps, done.state, anew=True))

    @router.post("/conversations/{conversation_id}/return-to-assistant")
    async def return_to_assistant(conversation_id: UUID, visitor: Caller) -> s.StateAndWait:
        state = await _own(deps, conversation_id, visitor)
        done = await deps.routing.return_to_assistant(state)
        return s.StateAndWait(conversation=show_to_customer(done.state), wait=None)

    @router.get("/conversations/{conversation_id}/callback-times")
    async def list_callback_times(conversation_id: UUID, visitor: Caller) -> s.CallbackTimes:
        state = await _own(deps, conversation_id, visitor)
        return s.CallbackTimes(times=deps.routing.list_callback_times(state.skill))

    @router.post("/conversations/{conversation_id}/callback")
    async def schedule_callback(conversation_id: UUID, body: s.CallbackBody, visitor: Caller) -> s.StateAndWait:
        state = await _own(deps, conversation_id, visitor)
        if state.owner is Owner.AGENT:
            raise NotWaitingError(owner=state.owner.value)
        done = await deps.routing.schedule_callback(state, body.due_at, author=_author(visitor), chosen_by="customer")
        return s.StateAndWait(conversation=show_to_customer(done.state), wait=await _wait(deps, done.state, anew=True))


def _add_files(router: APIRouter, deps: WebChatDeps) -> None:
    Caller = Annotated[Visitor, Depends(deps.guard.current_visitor)]

    @router.post("/conversations/{conversation_id}/attachments", status_code=status.HTTP_201_CREATED)
    async def upload(conversation_id: UUID, visitor: Caller, file: Annotated[UploadFile, File()]) -> Attachment:
        state = await _own(deps, conversation_id, visitor)
        return await store_upload(deps.attachments, state, file)


async def store_upload(attachments: AttachmentService, state: Conversation, file: UploadFile) -> Attachment:
    """Read an upload up to the limit, once there is room for it, and store it."""
    async with attachments.incoming.place(state.customer_id):
        content = await file.read(SIZE_LIMIT + 1)
        if len(content) > SIZE_LIMIT:
            raise FileTooLargeError(limit=SIZE_LIMIT)
        return await attachments.store(state, file.filename or "file", content)
