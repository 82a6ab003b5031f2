"""Flows in the database: drafts, versions, which one is live; and the flows a node answers with, kept up to date."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from warmline.connectors.model import Effect
from warmline.dialogue import repository
from warmline.dialogue.flows.loader import FlowFileError, load_flow
from warmline.dialogue.flows.schema import Flow, IdentityPolicy
from warmline.dialogue.flows.starts import FlowStarts
from warmline.dialogue.flows.turn import Flows, make_flows
from warmline.kit import audit
from warmline.kit.bus import Bus
from warmline.kit.clock import Clock
from warmline.kit.errors import ConflictError, NotFoundError
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.language.service import read_acts_model

logger = logging.getLogger(__name__)

CHANGED = "flows.changed"
LOOK_SECONDS = 30.0
"""A lost wake-up is made good after this time."""


class FlowChangedError(ConflictError):
    """Somebody else has changed this flow since it was loaded: `by`, `at`."""

    code = "flow_changed"


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """A flow as the desk lists it; `draft` is a text that is not live yet, `source` the one that is."""

    id: str
    live_version: int | None
    draft: str | None
    source: str | None
    updated_at: datetime
    updated_by: str
    published_at: datetime | None = None
    published_by: str | None = None

    @property
    def text(self) -> str:
        """The text one goes on with: the draft, else what is live."""
        return self.draft if self.draft is not None else self.source or ""

    @property
    def mark(self) -> str:
        """What changes whenever the draft or the live version does."""
        return hashlib.sha256(f"{self.live_version}:{self.draft}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FlowVersion:
    """A text that was published."""

    version: int
    source: str
    published_at: datetime
    published_by: str


class FlowService:
    """Use cases on flows. `actor` is `staff:<id>` or `system`."""

    def __init__(self, *, clock: Clock, bus: Bus) -> None:
        self._clock, self._bus = clock, bus

    async def list_flows(self, tx: Transaction) -> list[FlowEntry]:
        """Return all flows with the source that is live."""
        return [_entry(row) for row in await repository.list_flows(tx.connection)]

    async def get_flow(self, tx: Transaction, flow_id: str) -> FlowEntry:
        """Return one; `NotFoundError`."""
        for row in await repository.list_flows(tx.connection, flow_id):
            return _entry(row)
        raise NotFoundError(what="flow", id=flow_id)

    async def list_versions(self, tx: Transaction, flow_id: str) -> list[FlowVersion]:
        """Return every version of a flow, newest first; `NotFoundError`."""
        await self.get_flow(tx, flow_id)
        rows = await repository.list_versions(tx.connection, flow_id)
        return [FlowVersion(one.version, one.source, one.published_at, one.published_by) for one in reversed(rows)]

    async def lock(self, tx: Transaction, flow_id: str, *, expect: str) -> FlowEntry:
        """Return a flow that nobody else changes meanwhile; `FlowChangedError` where its mark is not as expected."""
        if not await repository.lock_flow(tx.connection, flow_id):
            raise NotFoundError(what="flow", id=flow_id)
        entry = await self.get_flow(tx, flow_id)
        if entry.mark != expect:
            raise FlowChangedError(by=entry.updated_by, at=entry.updated_at.isoformat())
        return entry

    async def save_draft(
        self, tx: Transaction, flow_id: str, text: str, *, actor: str, expect: str | None = None
    ) -> None:
        """Keep a text to go on with; it need not be right yet. What is live already is no draft.

        `expect`: the mark of the flow as it was loaded, empty for a new one; `FlowChangedError`. None: whatever it is.
        """
        now = self._clock.now()
        values = {"draft": text, "updated_at": now, "updated_by": actor}
        if expect is None:
            await repository.upsert_flow(tx.connection, flow_id, values)
        elif expect == "":
            if not await repository.insert_flow(tx.connection, flow_id, values):
                await self.lock(tx, flow_id, expect=expect)
        else:
            entry = await self.lock(tx, flow_id, expect=expect)
            same = text == entry.source
            await repository.update_flow(tx.connection, flow_id, {**values, "draft": None if same else text})
        await self._record(tx, now, actor, "flow.drafted", flow_id)

    async def drop_draft(self, tx: Transaction, flow_id: str, *, actor: str, expect: str) -> None:
        """Throw a draft away; with it a flow that never was more. `NotFoundError`, `FlowChangedError`."""
        now = self._clock.now()
        await self.lock(tx, flow_id, expect=expect)
        if await repository.list_versions(tx.connection, flow_id):
            values = {"draft": None, "updated_at": now, "updated_by": actor}
            await repository.update_flow(tx.connection, flow_id, values)
        else:
            await repository.delete_flow(tx.connection, flow_id)
        await self._record(tx, now, actor, "flow.draft_dropped", flow_id)

    async def publish(self, tx: Transaction, text: str, *, actor: str) -> int:
        """Make a text the live version of the flow it names; return its version. `FlowFileError`.

        Nothing happens where it is live already. Whoever calls has proved it.
        """
        flow_id, now = load_flow(text, "flow")[0].flow, self._clock.now()
        changed = {"updated_at": now, "updated_by": actor}
        await repository.upsert_flow(tx.connection, flow_id, changed)
        live = await repository.lock_live_version(tx.connection, flow_id)
        versions = await repository.list_versions(tx.connection, flow_id)
        if live is not None and any(one.version == live and one.source == text for one in versions):
            return live
        version = max((one.version for one in versions), default=0) + 1
        await repository.insert_version(tx.connection, flow_id, version, text, now, actor)
        await repository.update_flow(tx.connection, flow_id, {"live_version": version, "draft": None, **changed})
        await self._record(tx, now, actor, "flow.published", flow_id, version=version)
        tx.after_commit(lambda: self._bus.publish(CHANGED, flow_id))
        return version

    async def retire(self, tx: Transaction, flow_id: str, *, actor: str) -> None:
        """Take a flow out of service; conversations in it finish on their version. `NotFoundError`."""
        now = self._clock.now()
        retired = {"live_version": None, "updated_at": now, "updated_by": actor}
        if not await repository.update_flow(tx.connection, flow_id, retired):
            raise NotFoundError(what="flow", id=flow_id)
        await self._record(tx, now, actor, "flow.retired", flow_id)
        tx.after_commit(lambda: self._bus.publish(CHANGED, flow_id))

    async def _record(
        self, tx: Transaction, at: datetime, actor: str, action: str, flow_id: str, **more: object
    ) -> None:
        await audit.record(tx, at=at, actor=actor, action=action, subject=f"flow:{flow_id}", **more)


def _entry(row: Any) -> FlowEntry:
    return FlowEntry(**{name: getattr(row, name) for name in FlowEntry.__dataclass_fields__})


class School(Protocol):
    """Learns which flow words ask for."""

    def has_new(self, flows: Flows) -> bool: ...

    async def learn(self, flows: Flows) -> FlowStarts | None: ...


class FlowKeeper:
    """The flows this node answers with: all versions, since a conversation finishes on the one it began with."""

    def __init__(
        self,
        uow: UnitOfWork,
        bus: Bus,
        policy: IdentityPolicy | None,
        effects: Callable[[], Mapping[str, Effect]],
        school: School | None = None,
    ) -> None:
        """Without an identity policy there are no flows, without a school they begin by their articles alone."""
        self._uow, self._policy, self._effects, self._school = uow, policy, effects, school
        self._learning: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._parsed: dict[tuple[str, int], Flow] = {}
        self._current: Flows | None = None
        bus.subscribe(lambda topic, _: self._changed.set() if topic == CHANGED else None)

    def current(self) -> Flows | None:
        """Return the flows; None where there are none."""
        return self._current

    async def start(self) -> None:
        """Read the flows, and follow their changes."""
        if self._policy is not None:
            await self.read()
            await asyncio.to_thread(read_acts_model)
            self._task = asyncio.create_task(self._follow())

    async def learnt(self) -> None:
        """Wait until what begins the flows is learnt, as they were when this was called."""
        if self._learning is not None:
            await asyncio.wait([self._learning])

    async def stop(self) -> None:
        """Stop following."""
        for task in (self._task, self._learning):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def read(self) -> None:
        """Read what is in the database; a version this node cannot read is left out and said."""
        assert self._policy is not None
        async with self._uow.begin() as tx:
            rows = await repository.list_versions(tx.connection)
            live = await repository.list_live(tx.connection)
        for row in rows:
            place = (row.flow_id, row.version)
            if place not in self._parsed:
                try:
                    self._parsed[place] = load_flow(row.source, row.flow_id)[0]
                except FlowFileError:
                    logger.exception("version %s of flow %s cannot be read and is left out", row.version, row.flow_id)
        known = self._current.starts if self._current else None
        self._current = replace(make_flows(self._policy, dict(self._parsed), self._effects(), live), starts=known)
        if self._school is not None and (self._learning is None or self._learning.done()):
            self._learning = asyncio.create_task(self._learn(self._school))

    async def _learn(self, school: School) -> None:
        """Learn what begins the flows, as long as something to learn from has changed."""
        try:
            while (flows := self._current) is not None and school.has_new(flows):
                starts = await school.learn(flows)
                self._current = replace(self._current or flows, starts=starts)
        except Exception:
            logger.exception("what begins the flows could not be learnt; what was learnt before stays")

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)
            self._changed.clear()
            try:
                await self.read()
            except Exception:
                logger.exception("the flows could not be read; what was read before stays")
                await asyncio.sleep(1)
