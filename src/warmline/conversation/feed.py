"""The live feed of this node: events of a conversation to whoever follows it here, in order and without gaps.

A follower states the highest seq it knows; events at or below it are dropped, a gap is filled from the log.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from uuid import UUID

from warmline.conversation.events import Event, Visibility
from warmline.kit.bus import Bus

logger = logging.getLogger(__name__)

TOPIC = "conversation"
SIGNAL = "signal"
Sink = Callable[[UUID, Sequence[Event]], None]
SignalSink = Callable[[UUID, str, dict[str, object]], None]
ReadEvents = Callable[[UUID, int], Awaitable[list[Event]]]


class Follower:
    """One reader of one conversation; `known` is the highest seq it was handed."""

    def __init__(
        self, conversation_id: UUID, known: int, visibility: Visibility, sink: Sink, signal: SignalSink
    ) -> None:
        self.conversation_id, self.known, self.visibility = conversation_id, known, visibility
        self.sink, self.signal = sink, signal
        self.catching_up: asyncio.Task[None] | None = None
        self.behind = False
        self.ended = False

    def deliver(self, events: Sequence[Event]) -> None:
        """Hand on what is new and visible to this follower."""
        fresh = [event for event in events if event.seq > self.known]
        if not fresh or self.ended:
            return
        self.known = fresh[-1].seq
        visible = fresh
        if self.visibility is Visibility.ALL:
            visible = [event for event in fresh if event.visibility is Visibility.ALL]
        if visible:
            self.sink(self.conversation_id, visible)


class Feed:
    """All followers on this node. `read(id, after)` returns every event after a seq, of any visibility."""

    def __init__(self, bus: Bus, read: ReadEvents) -> None:
        self._bus, self._read = bus, read
        self._followers: dict[UUID, set[Follower]] = defaultdict(set)
        self._failed: set[Follower] = set()
        self._own = False
        bus.subscribe(self._on_bus)

    async def follow(self, follower: Follower) -> None:
        """Begin to deliver: first the log after `follower.known`, then live."""
        self._followers[follower.conversation_id].add(follower)
        await self._catch_up(follower)

    def unfollow(self, follower: Follower) -> None:
        """Stop delivering, also what is just being read."""
        follower.ended = True
        followers = self._followers.get(follower.conversation_id)
        self._failed.discard(follower)
        if followers is not None:
            followers.discard(follower)
            if not followers:
                del self._followers[follower.conversation_id]

    def publish(self, conversation_id: UUID, events: Sequence[Event]) -> None:
        """Deliver committed events here at once and wake the followers on other nodes."""
        for follower in tuple(self._followers.get(conversation_id, ())):
            self._offer(follower, events)
        self._own = True
        try:
            self._bus.publish(TOPIC, f"{conversation_id}:{events[-1].seq}")
        finally:
            self._own = False

    def send_signal(self, conversation_id: UUID, kind: str, data: dict[str, object], *, sender: str = "") -> None:
        """Send an ephemeral signal to every follower but its sender; it may be lost."""
        message = {"id": str(conversation_id), "kind": kind, "data": data, "sender": sender}
        self._bus.publish(SIGNAL, json.dumps(message, ensure_ascii=False))

    def signal_here(self, conversation_id: UUID, kind: str, data: dict[str, object]) -> None:
        """Send a signal to this node's followers only: each node works it out for its own."""
        for follower in tuple(self._followers.get(conversation_id, ())):
            follower.signal(conversation_id, kind, data)

    def list_followed(self) -> list[UUID]:
        """Return the conversations that anyone on this node follows."""
        return list(self._followers)

    def is_followed(self, conversation_id: UUID) -> bool:
        """Tell whether anyone on this node follows the conversation."""
        return conversation_id in self._followers

    def look_again(self, places: Iterable[tuple[UUID, int]]) -> None:
        """Wake those who lack what the log holds up to (conversation, seq): what the bus lost is found here."""
        for conversation_id, seq in places:
            for follower in tuple(self._followers.get(conversation_id, ())):
                if follower.known < seq:
                    self._start_catch_up(follower)

    def retry_failed(self) -> None:
        """Read again for those for whom reading the log failed."""
        failed, self._failed = self._failed, set()
        for follower in failed:
            self._start_catch_up(follower)

    def _offer(self, follower: Follower, events: Sequence[Event]) -> None:
        gap = events[0].seq > follower.known + 1
        if gap or follower.catching_up is not None:
            self._start_catch_up(follower)
        else:
            try:
                follower.deliver(events)
            except Exception:  # the events are stored: a reader's fault must not look like the writer's
                logger.exception("a follower of the feed failed")

    def _on_bus(self, topic: str, text: str) -> None:
        if topic == TOPIC and not self._own:
            identity, _, seq = text.partition(":")
            for follower in tuple(self._followers.get(UUID(identity), ())):
                if follower.known < int(seq):
                    self._start_catch_up(follower)
        elif topic == SIGNAL:
            message = json.loads(text)
            conversation_id = UUID(message["id"])
            for follower in tuple(self._followers.get(conversation_id, ())):
                if str(id(follower)) != message["sender"]:
                    follower.signal(conversation_id, message["kind"], message["data"])

    def _start_catch_up(self, follower: Follower) -> None:
        follower.behind = True
        if follower.catching_up is None:
            follower.catching_up = asyncio.create_task(self._catch_up(follower))

    async def _catch_up(self, follower: Follower) -> None:
        """Read until nothing new appears; what is published meanwhile may be newer than the read: another round."""
        follower.catching_up = follower.catching_up or asyncio.current_task()
        follower.behind = True
        try:
            while follower.behind:
                follower.behind = False
                while not follower.ended and (events := await self._read(follower.conversation_id, follower.known)):
                    follower.deliver(events)
        except Exception:
            logger.exception("reading the log for a follower failed; it is read again")
            if not follower.ended:
                self._failed.add(follower)
        finally:
            follower.catching_up = None
