"""One live socket: frames in, events, acks and signals out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

from warmline.conversation import commands as c
from warmline.conversation.attachments import AttachmentService
from warmline.conversation.events import Author, AuthorKind, Event, Owner, Visibility
from warmline.conversation.feed import Follower
from warmline.conversation.model import Conversation, evolve
from warmline.conversation.service import ConversationService
from warmline.customer.guard import VisitorGuard
from warmline.customer.model import Visitor
from warmline.kit.errors import (
    BusyError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
    UnavailableError,
    WarmlineError,
)
from warmline.kit.i18n import pick_locale
from warmline.routing.desk import Desk, author_of, sees, speaks, viewer_of
from warmline.routing.inbox import InboxFeed, InboxItem
from warmline.routing.viewer import Viewer
from warmline.routing.waits import WaitBoard, show_wait
from warmline.staff.guard import StaffGuard
from warmline.staff.model import Permission, SignedIn, network_of
from warmline.web import frames as f
from warmline.web.errors import explain
from warmline.web.limits import TokenBucket
from warmline.web.lines import Lines
from warmline.web.outbox import CLOSE_LATER, CLOSE_POLICY, Outbox

logger = logging.getLogger(__name__)

HELLO_SECONDS = 10
TYPING_SECONDS = 2.0
FRAME_LIMIT = 128 * 1024
SUBSCRIPTION_LIMIT = 50


@dataclass(frozen=True)
class StreamDeps:
    """What a socket needs."""

    conversations: ConversationService
    attachments: AttachmentService
    visitors: VisitorGuard
    staff: StaffGuard
    desk: Desk
    inbox: InboxFeed
    waits: WaitBoard
    lines: Lines


class Stream:
    """The life of one socket."""

    def __init__(self, socket: WebSocket, deps: StreamDeps, *, rate: float) -> None:
        self._socket, self._deps = socket, deps
        self._locale = pick_locale(socket.headers.get("accept-language"))
        self.visitor: Visitor | None = None
        self.signed: SignedIn | None = None
        self._states: dict[UUID, Conversation] = {}
        self._followers: dict[UUID, Follower] = {}
        self._typed_at = -TYPING_SECONDS
        self._outbox = Outbox(socket)
        self._bucket = TokenBucket(rate=rate, burst=rate * 4)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve the socket until it closes."""
        client = self._socket.client
        with self._deps.lines.seat(network_of(client.host if client else "")) as free:
            if not free:
                await self._socket.close()
                return
            await self._socket.accept()
            talk, send = asyncio.create_task(self._talk()), asyncio.create_task(self._outbox.send_forever())
            try:
                await asyncio.wait({talk, send}, return_when=asyncio.FIRST_COMPLETED)
                # Whoever left has what they sent before still carried out; whoever is shown out has not.
                await asyncio.wait({send if self._outbox.closing else talk})
            finally:
                send.cancel()
                talk.cancel()
                await asyncio.wait({talk})
            if not talk.cancelled():
                talk.result()

    async def _talk(self) -> None:
        """Receive frames until the client leaves, or is shown out."""
        stop_listening = None
        try:
            await self._identify()
            if self.signed is not None:
                stop_listening = await self._deps.inbox.listen(self._viewer, self._push_item)
            self._send(f.Ready())
            await self._receive_forever()
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            pass
        except (WarmlineError, ValidationError) as error:
            self.dismiss(error if isinstance(error, WarmlineError) else InvalidError(field="frame"))
        finally:
            if stop_listening is not None:
                stop_listening()
            for conversation_id in tuple(self._followers):
                self._unsubscribe(conversation_id)
            if self.visitor or self.signed:
                self._deps.lines.leave(self)

    async def _identify(self) -> None:
        """The first frame says who this is; staff are known by their cookie."""
        async with asyncio.timeout(HELLO_SECONDS):
            frame = f.parse_frame.validate_json(await self._next_text())
        if not isinstance(frame, f.Hello):
            raise UnauthenticatedError()
        if frame.token is not None:
            self.visitor = await self._deps.visitors.identify(frame.token)
        else:
            signed = await self._deps.staff.identify_socket(self._socket)
            _check_reads(signed)
            self.signed = signed
            await self._deps.desk.arrive(signed)
        self._deps.lines.enter(self)

    def _signed_permission(self, permission: Permission) -> None:
        if self.signed is None or not self.signed.staff.may(permission):
            raise UnauthenticatedError()

    async def _next_text(self) -> str:
        """Return the next frame; bytes are none, and end the socket."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        text: str | None = message.get("text")
        if text is None:
            raise InvalidError(field="frame")
        return text

    async def _receive_forever(self) -> None:
        while True:
            text = await self._next_text()
            if len(text) > FRAME_LIMIT or not self._bucket.take():
                self._send(f.ErrorFrame(code="busy", message=explain("busy", self._locale, {"retry_after": 1})))
                await asyncio.sleep(1)
                continue
            try:
                frame = f.parse_frame.validate_json(text)
            except ValidationError:
                self._send_error(InvalidError(field="frame"))
                continue
            await self._handle(frame)

    async def _handle(self, frame: f.ClientFrame) -> None:
        try:
            match frame:
                case f.Post():
                    # Checked here, in the order of arrival; saved in a task, so that frames need not wait for it.
                    self._start(self._post(frame, await self._message(frame)))
                case f.Ping():
                    self._send(f.Pong())
                case f.Subscribe():
                    await self._subscribe(frame)
                case f.Unsubscribe():
                    self._unsubscribe(frame.conversation_id)
                case f.Typing():
                    self._typing(frame.conversation_id)
                case f.Read():
                    await self._read(frame)
                case f.Hello():
                    self._send(f.Ready())
        except UnavailableError:
            raise  # what was asked for has no retry of its own: the client reconnects and subscribes again
        except WarmlineError as error:
            client_id = frame.client_id if isinstance(frame, f.Post) else None
            self._send_error(error, client_id=client_id, conversation_id=getattr(frame, "conversation_id", None))

    async def _subscribe(self, frame: f.Subscribe) -> None:
        if len(self._followers) >= SUBSCRIPTION_LIMIT and frame.conversation_id not in self._followers:
            raise InvalidError(field="conversation_id", reason=f"at most {SUBSCRIPTION_LIMIT} subscriptions")
        state = await self._checked(frame.conversation_id)
        if self.signed is not None:
            await self._deps.desk.note_read(self.signed, state)
        self._unsubscribe(state.id)
        visibility = Visibility.STAFF if self.signed else Visibility.ALL
        follower = Follower(state.id, frame.after, visibility, self._push_events, self._push_signal)
        self._followers[state.id] = follower
        await self._deps.conversations.feed.follow(follower)
        if self._followers.get(state.id) is not follower:
            return
        self._send(f.Subscribed(conversation_id=state.id, last_seq=follower.known))
        self._tell_presence(state.id, online=True, ask=True)
        if state.owner in (Owner.QUEUE, Owner.CALLBACK) and (wait := await self._deps.waits.look(state.id)):
            self._push_signal(state.id, "wait", show_wait(wait))

    def _unsubscribe(self, conversation_id: UUID) -> None:
        follower = self._followers.pop(conversation_id, None)
        if follower is not None:
            self._deps.conversations.feed.unfollow(follower)
            self._tell_presence(conversation_id, online=False)

    @property
    def _side(self) -> str:
        return "staff" if self.signed else "customer"

    def _tell_presence(self, conversation_id: UUID, *, online: bool, ask: bool = False) -> None:
        """Tell the other side that this one came or went; with `ask` it tells in return whether it is there."""
        data: dict[str, object] = {"side": self._side, "online": online, "ask": ask}
        self._deps.conversations.feed.send_signal(conversation_id, "presence", data)

    def _hear_presence(self, conversation_id: UUID, data: dict[str, object]) -> None:
        if data["side"] != self._side:
            self._outbox.put(_signal_frame(conversation_id, "presence", {"online": data["online"]}))
            if data["ask"]:
                self._tell_presence(conversation_id, online=True)
        elif not data["online"]:
            self._tell_presence(conversation_id, online=True)  # another tab of this side is still here

    async def _checked(self, conversation_id: UUID) -> Conversation:
        """Return the conversation if this socket may see it."""
        state = await self._deps.conversations.get(conversation_id)
        if self.signed is not None:
            await self._deps.desk.check_visible(self.signed, state)
        elif self.visitor is None or state.customer_id not in self.visitor.customer_ids:
            raise NotFoundError(what="conversation", id=str(conversation_id))
        self._states[conversation_id] = state
        return state

    async def _message(self, frame: f.Post) -> c.PostMessage:
        author = await self._author(frame)
        state = self._states[frame.conversation_id]
        files = await self._deps.attachments.describe(state, frame.attachments) if frame.attachments else ()
        return c.PostMessage(author, frame.client_id, frame.text, files, frame.expect_seq)

    async def _post(self, frame: f.Post, command: c.PostMessage) -> None:
        try:
            done = await self._deps.conversations.execute(frame.conversation_id, command)
        except WarmlineError as error:
            self._send_error(error, client_id=frame.client_id, conversation_id=frame.conversation_id)
        except Exception:
            logger.exception("a message could not be stored")
            message = explain("unavailable", self._locale, {})
            self._send(f.ErrorFrame(client_id=frame.client_id, code="unavailable", message=message))
        else:
            self._send_ack(frame, done.seq, done.at.isoformat(), duplicate=done.duplicate)

    async def _author(self, frame: f.Post | f.Read) -> Author:
        """Return who speaks; identity is checked on every message, as it may have lapsed since."""
        if frame.conversation_id not in self._states:
            await self._checked(frame.conversation_id)
        if self.signed is not None:
            self._signed_permission(Permission.CONVERSATIONS_SERVE)
            return author_of(self.signed.staff, draft=isinstance(frame, f.Post) and frame.draft)
        assert self.visitor is not None
        await self._deps.visitors.check(self.visitor)
        return Author(kind=AuthorKind.CUSTOMER, id=self.visitor.customer_id)

    async def _read(self, frame: f.Read) -> None:
        author = await self._author(frame)
        by = "staff" if self.signed else "customer"
        await self._deps.conversations.execute(frame.conversation_id, c.MarkRead(author, by, frame.up_to))  # type: ignore[arg-type]

    def _typing(self, conversation_id: UUID) -> None:
        """Show the other side that someone writes: the customer, or the agent who has the conversation."""
        follower, now = self._followers.get(conversation_id), asyncio.get_running_loop().time()
        if follower is None or now - self._typed_at < TYPING_SECONDS:
            return
        if self.signed and not speaks(self.signed.staff, self._states[conversation_id]):
            return
        self._typed_at = now
        kind = AuthorKind.AGENT if self.signed else AuthorKind.CUSTOMER
        data: dict[str, object] = {"author": kind.value, "name": self.signed.staff.name if self.signed else None}
        self._deps.conversations.feed.send_signal(conversation_id, "typing", data, sender=str(id(follower)))

    def tell_changed(self) -> None:
        """Presence, roles or skills changed in another tab or by someone else."""
        self._send(f.MeFrame())

    def recognise(self, signed: SignedIn) -> None:
        """What this socket may do and see follows its member of staff at once."""
        try:
            _check_reads(signed)
        except UnauthenticatedError as error:
            self.dismiss(error)
            return
        self.signed = signed
        for conversation_id in tuple(self._followers):
            self._keep_visible(conversation_id)

    def dismiss(self, error: WarmlineError) -> None:
        """Say why, and close."""
        self._send_error(error)
        self._outbox.close(CLOSE_LATER if isinstance(error, (UnavailableError, BusyError)) else CLOSE_POLICY)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _push_events(self, conversation_id: UUID, events: Sequence[Event]) -> None:
        prefix = b'{"type":"event","conversation_id":"' + str(conversation_id).encode() + b'","event":'
        for event in events:
            self._outbox.put(prefix + f.encode_event(event) + b"}")
            if self.signed is not None and not self._keep_visible(conversation_id, event):
                return

    def _keep_visible(self, conversation_id: UUID, event: Event | None = None) -> bool:
        """Bring what is known of a conversation up to date; stop following once it is none of this agent's business."""
        assert self.signed is not None
        state = self._states.get(conversation_id)
        if state is None:  # the right went while it was being asked for anew
            self._unsubscribe(conversation_id)
            return False
        if event is not None and event.seq > state.last_seq:
            state = self._states[conversation_id] = evolve(state, event)
        if sees(self.signed.staff, state):
            return True
        self._unsubscribe(conversation_id)
        del self._states[conversation_id]
        gone = NotFoundError(what="conversation", id=str(conversation_id))
        self._send_error(gone, conversation_id=conversation_id)
        return False

    def _push_signal(self, conversation_id: UUID, kind: str, data: dict[str, object]) -> None:
        if kind == "presence":
            self._hear_presence(conversation_id, data)
        else:
            self._outbox.put(_signal_frame(conversation_id, kind, data))

    def _viewer(self) -> Viewer:
        assert self.signed is not None
        return viewer_of(self.signed.staff)

    def _push_item(self, item: InboxItem, removed: bool) -> None:
        self._outbox.put(f.encode_line(item, removed))

    def _send_ack(self, frame: f.Post, seq: int, at: str, *, duplicate: bool) -> None:
        ack = {
            "type": "ack",
            "client_id": frame.client_id,
            "conversation_id": frame.conversation_id,
            "seq": seq,
            "at": at,
            "duplicate": duplicate,
        }
        self._outbox.put(orjson.dumps(ack))

    def _send_error(
        self, error: WarmlineError, *, client_id: str | None = None, conversation_id: UUID | None = None
    ) -> None:
        message = explain(error.code, self._locale, error.fields)
        fields = {name: str(value) if value is not None else None for name, value in error.fields.items()}
        self._send(
            f.ErrorFrame(
                client_id=client_id,
                conversation_id=conversation_id,
                code=error.code,
                message=message,
                fields=fields,
            )
        )

    def _send(self, frame: BaseModel) -> None:
        self._outbox.put(frame.model_dump_json().encode())


def _check_reads(signed: SignedIn) -> None:
    if not signed.staff.may(Permission.CONVERSATIONS_READ):
        raise UnauthenticatedError()


def _signal_frame(conversation_id: UUID, kind: str, data: dict[str, object]) -> bytes:
    return orjson.dumps({"type": "signal", "conversation_id": conversation_id, "kind": kind, "data": data})
