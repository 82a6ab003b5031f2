"""What editors do with flows: check, save, prove, publish. Nothing goes live that was not proved exactly so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.checks import check_flow, list_cited
from warmline.dialogue.flows.graph import Graph, draw
from warmline.dialogue.flows.loader import FlowFileError, Source, load_flow, load_identity
from warmline.dialogue.flows.mistakes import Problem, near, note
from warmline.dialogue.flows.proofs import Proof, ProofService, Task
from warmline.dialogue.flows.store import FlowEntry, FlowKeeper, FlowService, FlowVersion
from warmline.kit.errors import ConflictError, NotFoundError
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.service import ArticleFollower, KnowledgeService


class NotProvedError(ConflictError):
    """This text, as it stands, is not proved: prove it first."""

    code = "flow_not_proved"


class HasMistakesError(ConflictError):
    """There are mistakes in it; `count` says how many, `line` where the first is."""

    code = "flow_has_mistakes"


@dataclass(frozen=True)
class Checked:
    """What is wrong with a text, and its drawing where it can be read."""

    problems: tuple[Problem, ...]
    graph: Graph | None = None


@dataclass(frozen=True)
class Surroundings:
    """What flows are checked against. `is_article`: None while that is not known; `starters`: article to flow.

    `live`: the flows there are.
    """

    is_article: Callable[[str], bool] | None
    starters: Mapping[str, str]
    live: Collection[str]


def look_around(follower: ArticleFollower, knowledge: KnowledgeService, keeper: FlowKeeper) -> Surroundings:
    """Return the articles and the flows that this node answers with."""
    flows, today = keeper.current(), knowledge.today()
    is_article = partial(follower.answers, today=today) if follower.ready else None
    return Surroundings(is_article, flows.starters if flows else {}, flows.live if flows else ())


class FlowDesk:
    """Use cases of the desk. `surroundings` returns what there is now."""

    def __init__(
        self, uow: UnitOfWork, flows: FlowService, proofs: ProofService, surroundings: Callable[[], Surroundings]
    ) -> None:
        self._uow, self._flows, self._proofs, self._surroundings = uow, flows, proofs, surroundings

    async def list_flows(self) -> list[FlowEntry]:
        """Return all flows."""
        async with self._uow.begin() as tx:
            return await self._flows.list_flows(tx)

    async def get_flow(self, flow_id: str) -> FlowEntry:
        """Return one; `NotFoundError`."""
        async with self._uow.begin() as tx:
            return await self._flows.get_flow(tx, flow_id)

    async def list_versions(self, flow_id: str) -> list[FlowVersion]:
        """Return what was ever live of it, newest first; `NotFoundError`."""
        async with self._uow.begin() as tx:
            return await self._flows.list_versions(tx, flow_id)

    async def get_version(self, flow_id: str, version: int) -> FlowVersion:
        """Return one; `NotFoundError`."""
        for one in await self.list_versions(flow_id):
            if one.version == version:
                return one
        raise NotFoundError(what="flow_version", id=f"{flow_id}/{version}")

    async def check(self, flow_id: str, text: str, locale: str) -> Checked:
        """Return what is wrong with a text, and draw it; nothing is kept. `NoFlowsHereError`, `SystemsAwayError`."""
        return await self._check(await self._proofs.task_of(flow_id, text), locale)

    async def save(self, flow_id: str, text: str, *, actor: str, expect: str) -> FlowEntry:
        """Keep a draft; `FlowChangedError` where somebody else was faster."""
        async with self._uow.begin() as tx:
            await self._flows.save_draft(tx, flow_id, text, actor=actor, expect=expect)
            return await self._flows.get_flow(tx, flow_id)

    async def drop_draft(self, flow_id: str, *, actor: str, expect: str) -> None:
        """Throw the draft away; `NotFoundError`, `FlowChangedError`."""
        async with self._uow.begin() as tx:
            await self._flows.drop_draft(tx, flow_id, actor=actor, expect=expect)

    async def restore(self, flow_id: str, version: int, *, actor: str, expect: str) -> FlowEntry:
        """Take the text of an earlier version as the draft: it is proved anew before it goes live again."""
        earlier = await self.get_version(flow_id, version)
        return await self.save(flow_id, earlier.source, actor=actor, expect=expect)

    async def get_proof(self, flow_id: str) -> Proof:
        """Return how far the proof of the text one goes on with is."""
        task = await self._task(flow_id)
        async with self._uow.begin() as tx:
            return await self._proofs.find(tx, task)

    async def start_proof(self, flow_id: str, *, actor: str) -> Proof:
        """Begin to prove the text one goes on with; `HasMistakesError`."""
        task = await self._task(flow_id)
        checked = await self._check(task, f.LOCALES[0])
        if checked.problems:
            raise HasMistakesError(count=len(checked.problems), line=checked.problems[0].line)
        async with self._uow.begin() as tx:
            return await self._proofs.start(tx, task, actor=actor)

    async def publish(self, flow_id: str, *, actor: str, expect: str) -> FlowEntry:
        """Make the draft live; `NotProvedError` unless exactly it was proved, `FlowChangedError`."""
        task = await self._task(flow_id)
        if (await self._check(task, f.LOCALES[0])).problems:
            raise NotProvedError
        async with self._uow.begin() as tx:
            entry = await self._flows.lock(tx, flow_id, expect=expect)
            proof = await self._proofs.find(tx, replace(task, text=entry.text))
            if proof.state != "holds":
                raise NotProvedError
            await self._flows.publish(tx, entry.text, actor=actor)
            return await self._flows.get_flow(tx, flow_id)

    async def retire(self, flow_id: str, *, actor: str, expect: str) -> FlowEntry:
        """Take it out of service; conversations in it finish. `NotFoundError`, `FlowChangedError`."""
        async with self._uow.begin() as tx:
            await self._flows.lock(tx, flow_id, expect=expect)
            await self._flows.retire(tx, flow_id, actor=actor)
            return await self._flows.get_flow(tx, flow_id)

    async def _task(self, flow_id: str) -> Task:
        flows = {one.id: one for one in await self.list_flows()}
        if flow_id not in flows:
            raise NotFoundError(what="flow", id=flow_id)
        task = await self._proofs.task_of(flow_id, flows[flow_id].text)
        return replace(task, others={one.id: one.source for one in flows.values() if one.id != flow_id and one.source})

    async def _check(self, task: Task, locale: str) -> Checked:
        return await asyncio.to_thread(check_text, task, self._surroundings(), locale)


def check_text(task: Task, around: Surroundings, locale: str) -> Checked:
    """Return what is wrong with a text that is to become a flow, and draw it."""
    try:
        flow, source = load_flow(task.text, task.flow_id)
    except FlowFileError as error:
        return Checked(error.problems)
    known = None if around.is_article is None else [one for _, one in list_cited(flow) if around.is_article(one)]
    problems = check_flow(flow, source, _policy(task.identity), task.actions, known)
    problems += _check_place(task.flow_id, flow, source, around)
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return Checked(tuple(problems), draw(flow, source, locale))


def _check_place(flow_id: str, flow: f.Flow, source: Source, around: Surroundings) -> list[Problem]:
    """Check what concerns the other flows: its name, who begins by which article, and what is offered after it."""
    found = []
    if flow.flow != flow_id:
        told = note("other_name", name=flow_id, given=flow.flow)
        found.append(source.problem(("flow",), told, note("write_name", name=flow_id)))
    for number, article in enumerate(flow.starts.articles):
        other = around.starters.get(article, flow_id)
        if other != flow_id:
            told = note("starts_another", name=article, flow=other)
            found.append(source.problem(("starts", "articles", number), told, note("other_article")))
    for number, step in enumerate(flow.steps):
        if isinstance(step, f.End) and step.then and step.then not in around.live:
            found.append(
                source.problem(("steps", number, "then"), note("no_flow", name=step.then), near(step.then, around.live))
            )
    return found


@lru_cache(maxsize=2)
def _policy(identity: str) -> f.IdentityPolicy:
    return load_identity(identity, "identity.yaml")[0]
