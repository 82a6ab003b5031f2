"""Flows in the database: drafts, versions, which one is live; and the flows a node answers with, kept up to date."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from warmline.connectors.model import Effect
from warmline.dialogue import repository
from warmline.dialogue.flows.loader import FlowFileError, load_flow
from warmline.dialogue.flows.schema import Flow, IdentityPolicy
from warmline.dialogue.flows.starts import FlowStarts
from warmline.dialogue.flows.turn import Flows, make_flows
from warmline.kit import audit
from warmline.kit.bus import Bus
from warmline.kit.clock import Clock
from warmline.kit.errors import NotFoundError
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.language.service import learn_acts

logger = logging.getLogger(__name__)

CHANGED = "flows.changed"
LOOK_SECONDS = 30.0
"""A lost wake-up is made good after this time."""


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """A flow as the desk lists it; `draft` is a text that is not live yet."""

    id: str
    live_version: int | None
    draft: str | None
    source: str | None
    updated_at: datetime
    updated_by: str


class FlowService:
    """Use cases on flows. `actor` is `staff:<id>` or `system`."""

    def __init__(self, *, clock: Clock, bus: Bus) -> None:
        self._clock, self._bus = clock, bus

    async def list_flows(self, tx: Transaction) -> list[FlowEntry]:
        """Return all flows with the source that is live."""
        rows = await repository.list_flows(tx.connection)
        return [
            FlowEntry(row.id, row.live_version, row.draft, row.source, row.updated_at, row.updated_by) for row in rows
        ]

    async def get_flow(self, tx: Transaction, flow_id: str) -> FlowEntry:
        """Return one; `NotFoundError`."""
        for entry in await self.list_flows(tx):
            if entry.id == flow_id:
                return entry
        raise NotFoundError(what="flow", id=flow_id)

    async def save_draft(self, tx: Transaction, flow_id: str, text: str, *, actor: str) -> None:
        """Keep a text to go on with; it need not be right yet."""
        now = self._clock.now()
        await repository.upsert_flow(tx.connection, flow_id, {"draft": text, "updated_at": now, "updated_by": actor})
        await self._record(tx, now, actor, "flow.drafted", flow_id)

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
            await asyncio.to_thread(learn_acts)
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
