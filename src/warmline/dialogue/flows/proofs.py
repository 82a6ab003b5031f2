"""Proving a draft, beside the service: in a process of its own, one at a time on a node, the outcome kept for all."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import pickle
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, Protocol

import orjson

from warmline.connectors.model import Action
from warmline.dialogue import repository
from warmline.kit import audit
from warmline.kit.clock import Clock
from warmline.kit.errors import ConflictError, UnavailableError
from warmline.kit.uow import Transaction, UnitOfWork

logger = logging.getLogger(__name__)
MOST_SECONDS = 240
"""A proof that takes longer is given up."""
LOST_AFTER = timedelta(seconds=MOST_SECONDS + 60)
"""So long after its beginning a proof that nobody finished was lost with its node."""
KEPT_OF_EACH = 20
"""Proofs of a flow that are kept, so that going back to a text proved lately needs no new one."""
COMMAND = (sys.executable, "-m", "warmline.dialogue.proof.apart")


class NoFlowsHereError(ConflictError):
    """There is no identity file (`WARMLINE_IDENTITY_LEVELS`), without which no flow can be carried out."""

    code = "no_flows_here"


class SystemsAwayError(UnavailableError):
    """The bank's systems do not say what they offer; what a flow may do there cannot be proved."""

    code = "systems_away"


@dataclass(frozen=True)
class Ground:
    """What a flow stands on besides its own text. `identity`: the file's text, empty where there are no flows."""

    identity: str = ""
    describe: Callable[[], Awaitable[Mapping[str, Action]]] | None = None
    policy: str = ""
    hours: str = ""


class Set(Protocol):
    """What of the settings flows are proved with."""

    @property
    def identity_levels(self) -> Path | None: ...
    @property
    def policy(self) -> Path | None: ...
    @property
    def hours_weekdays(self) -> str: ...
    @property
    def hours_weekends(self) -> str: ...
    @property
    def hours_holidays(self) -> str: ...
    @property
    def zone(self) -> str: ...


def make_ground(given: Set, describe: Callable[[], Awaitable[Mapping[str, Action]]]) -> Ground:
    """Return what flows are proved with: the file and the hours that the service goes by."""
    hours = {
        "weekdays": given.hours_weekdays, "weekends": given.hours_weekends, "holidays": given.hours_holidays,
        "zone": given.zone,
    }  # fmt: skip
    identity = given.identity_levels.read_text(encoding="utf-8") if given.identity_levels else ""
    policy = given.policy.read_text(encoding="utf-8") if given.policy else ""
    return Ground(identity, describe, policy=policy, hours=json.dumps(hours))


@dataclass(frozen=True)
class Task:
    """A text with all that it is proved with; it goes to another process."""

    flow_id: str
    text: str
    identity: str
    actions: Mapping[str, Action]
    policy: str
    hours: str
    others: Mapping[str, str] = field(default_factory=dict)
    """The other flows' texts, by id: they may be offered after this one. What holds of this does not hang on theirs."""

    @property
    def digest(self) -> str:
        """Name exactly this but the other flows, and the software that proves it."""
        actions = repr(sorted(self.actions.items()))
        found = hashlib.sha256()
        for part in (version("warmline"), self.flow_id, self.text, self.identity, actions, self.policy, self.hours):
            found.update(f"{len(part)}:{part}".encode())
        return found.hexdigest()


State = Literal["none", "running", "holds", "fails", "broke"]


@dataclass(frozen=True)
class Proof:
    """How far a proof is, and what came of it; `broke`: it was not finished."""

    digest: str
    state: State = "none"
    result: Mapping[str, Any] = field(default_factory=dict)
    started_at: datetime | None = None
    finished_at: datetime | None = None


class ProofService:
    """Use cases on proofs. `start` returns at once; `stop` ends what is under way."""

    def __init__(self, uow: UnitOfWork, clock: Clock, ground: Ground, command: tuple[str, ...] = COMMAND) -> None:
        self._uow, self._clock, self._ground, self._command = uow, clock, ground, command
        self._one_at_a_time = asyncio.Semaphore(1)
        self._running: dict[str, asyncio.Task[None]] = {}

    async def task_of(self, flow_id: str, text: str) -> Task:
        """Put together what a text is proved with; `NoFlowsHereError`, `SystemsAwayError`."""
        if not self._ground.identity:
            raise NoFlowsHereError
        try:
            actions = await self._ground.describe() if self._ground.describe else {}
        except UnavailableError as error:
            raise SystemsAwayError from error
        return Task(flow_id, text, self._ground.identity, actions, self._ground.policy, self._ground.hours)

    async def find(self, tx: Transaction, task: Task) -> Proof:
        """Return how far the proof of exactly this is."""
        row = await repository.find_proof(tx.connection, task.digest)
        if row is None:
            return Proof(task.digest)
        lost = row.state == "running" and row.started_at < self._clock.now() - LOST_AFTER
        return Proof(row.digest, "broke" if lost else row.state, row.result, row.started_at, row.finished_at)

    async def start(self, tx: Transaction, task: Task, *, actor: str) -> Proof:
        """Begin the proof unless it is under way or done."""
        now = self._clock.now()
        values = {
            "digest": task.digest, "flow_id": task.flow_id, "state": "running", "result": {}, "started_at": now,
            "started_by": actor, "finished_at": None,
        }  # fmt: skip
        if await repository.claim_proof(tx.connection, values, now - LOST_AFTER):
            tx.after_commit(lambda: self._begin(task, actor))
        return await self.find(tx, task)

    async def sweep(self) -> int:
        """Delete all but the newest of each flow, never one that may be under way; return how many."""
        async with self._uow.begin() as tx:
            before = self._clock.now() - LOST_AFTER
            return await repository.delete_proofs(tx.connection, kept=KEPT_OF_EACH, before=before)

    async def stop(self) -> None:
        """End what is under way; it can be begun anew."""
        running, self._running = self._running, {}
        for one in running.values():
            one.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)
        for digest in running:
            with contextlib.suppress(UnavailableError):
                await self._finish(digest, "broke", {})

    def _begin(self, task: Task, actor: str) -> None:
        digest = task.digest
        self._running[digest] = asyncio.create_task(self._prove(task, actor))
        self._running[digest].add_done_callback(lambda _: self._running.pop(digest, None))

    async def _prove(self, task: Task, actor: str) -> None:
        try:
            async with self._one_at_a_time:
                result = await run_apart(task, self._command)
        except Exception as error:
            logger.error("the proof of flow %s broke with %s", task.flow_id, type(error).__name__)
            await self._finish(task.digest, "broke", {})
            return
        state = "holds" if result.pop("holds") else "fails"
        await self._finish(task.digest, state, result)
        async with self._uow.begin() as tx:
            subject, now = f"flow:{task.flow_id}", self._clock.now()
            await audit.record(
                tx, at=now, actor=actor, action="flow.proved", subject=subject, holds=state == "holds",
                digest=task.digest,
            )  # fmt: skip

    async def _finish(self, digest: str, state: str, result: Mapping[str, Any]) -> None:
        values = {"state": state, "result": dict(result), "finished_at": self._clock.now()}
        async with self._uow.begin() as tx:
            await repository.update_proof(tx.connection, digest, values)


async def run_apart(task: Task, command: tuple[str, ...] = COMMAND) -> dict[str, Any]:
    """Prove in a process of its own, which knows no setting; `RuntimeError` where that ends without a result."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, env=environment)
    try:
        async with asyncio.timeout(MOST_SECONDS):
            out, _ = await process.communicate(pickle.dumps(task))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"ended with status {process.returncode}")
    found: dict[str, Any] = orjson.loads(out)
    return found
