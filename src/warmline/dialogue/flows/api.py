"""Flows over HTTP: thin; the dependencies handed in decide who may call.

Annotations are evaluated here, not postponed: FastAPI reads dependencies that close over `deps`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Header, Path

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows import views as v
from warmline.dialogue.flows.desk import FlowDesk
from warmline.dialogue.flows.loader import FlowFileError, load_flow
from warmline.dialogue.flows.proofs import Proof
from warmline.dialogue.flows.store import FlowChangedError, FlowEntry
from warmline.dialogue.proof.retell import retell
from warmline.kit.i18n import pick_locale

Names = Mapping[str, str]
"""How those who work here are called, by actor."""


class Actor(Protocol):
    """Who calls."""

    @property
    def actor(self) -> str: ...


@dataclass(frozen=True)
class FlowDeps:
    """`reader` and `editor` are FastAPI dependencies returning an `Actor`, or refusing."""

    desk: FlowDesk
    names: Callable[[], Awaitable[Names]]
    reader: Callable[..., Any]
    editor: Callable[..., Any]


def read_locale(accept_language: Annotated[str | None, Header(max_length=200)] = None) -> str:
    """The language of the caller."""
    return pick_locale((accept_language or "").split(",")[0].split(";")[0].strip())


Locale = Annotated[str, Depends(read_locale)]
FlowId = Annotated[str, Path(pattern=f.FLOW_ID, max_length=60)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def build_router(deps: FlowDeps) -> APIRouter:
    """All calls under `/flows`."""
    router = APIRouter(prefix="/flows", tags=["flows"])
    _add_reading(router, deps)
    _add_editing(router, deps)
    _add_going_live(router, deps)
    return router


def _add_reading(router: APIRouter, deps: FlowDeps) -> None:
    guard = [Depends(deps.reader)]

    @router.get("", dependencies=guard)
    async def list_flows(locale: Locale) -> v.FlowList:
        """All flows by id."""
        found, names = await deps.desk.list_flows(), await deps.names()
        rows = await asyncio.to_thread(lambda: [v.FlowRow(**_row(one, locale, names)) for one in found])
        return v.FlowList(flows=rows)

    @router.get("/{flow_id}", dependencies=guard)
    async def get_flow(flow_id: FlowId, locale: Locale) -> v.FlowView:
        """One flow with its text."""
        return await _view(await deps.desk.get_flow(flow_id), locale, deps)

    @router.get("/{flow_id}/versions", dependencies=guard)
    async def list_versions(flow_id: FlowId) -> v.VersionList:
        """What was ever live, newest first."""
        live, names = (await deps.desk.get_flow(flow_id)).live_version, await deps.names()
        rows = [
            v.VersionRow(
                version=one.version, live=one.version == live, published_at=one.published_at,
                published_by=names.get(one.published_by, ""),
            )
            for one in await deps.desk.list_versions(flow_id)
        ]  # fmt: skip
        return v.VersionList(versions=rows)

    @router.get("/{flow_id}/versions/{version}", dependencies=guard)
    async def get_version(flow_id: FlowId, version: Number) -> v.VersionText:
        """The text of a version."""
        found = await deps.desk.get_version(flow_id, version)
        return v.VersionText(version=found.version, text=found.source)

    @router.post("/{flow_id}/check", dependencies=guard)
    async def check_flow(flow_id: FlowId, body: v.FlowCheck, locale: Locale) -> v.CheckedView:
        """What is wrong with a text, and its drawing; nothing is kept."""
        checked = await deps.desk.check(flow_id, body.text, locale)
        told = [
            v.ProblemView(line=one.line, column=one.column, message=one.say(locale), instead=one.advise(locale))
            for one in checked.problems
        ]
        return v.CheckedView(problems=told, graph=v.GraphView.model_validate(checked.graph) if checked.graph else None)

    @router.get("/{flow_id}/proof", dependencies=guard)
    async def get_proof(flow_id: FlowId, locale: Locale) -> v.ProofView:
        """How far the proof of the draft is, or of what is live where there is no draft."""
        proof, flow = await deps.desk.get_proof(flow_id), await deps.desk.get_flow(flow_id)
        return await asyncio.to_thread(_proof, proof, _read(flow.text), locale)


def _add_editing(router: APIRouter, deps: FlowDeps) -> None:
    editor = Annotated[Actor, Depends(deps.editor)]

    @router.put("/{flow_id}/draft")
    async def save_draft(flow_id: FlowId, body: v.FlowDraft, actor: editor, locale: Locale) -> v.FlowView:
        """Keep a draft; customers notice nothing of it."""
        saving = deps.desk.save(flow_id, body.text, actor=_actor(actor), expect=body.expect)
        return await _changed(saving, locale, deps)

    @router.post("/{flow_id}/draft/drop", status_code=204)
    async def drop_draft(flow_id: FlowId, body: v.FlowAction, actor: editor) -> None:
        """Throw the draft away; with it a flow that never was live."""
        await _named(deps.desk.drop_draft(flow_id, actor=_actor(actor), expect=body.expect), deps)

    @router.post("/{flow_id}/versions/{version}/restore")
    async def restore_version(
        flow_id: FlowId, version: Number, body: v.FlowAction, actor: editor, locale: Locale
    ) -> v.FlowView:  # fmt: skip
        """Take an earlier version's text as the draft."""
        restoring = deps.desk.restore(flow_id, version, actor=_actor(actor), expect=body.expect)
        return await _changed(restoring, locale, deps)


def _add_going_live(router: APIRouter, deps: FlowDeps) -> None:
    editor = Annotated[Actor, Depends(deps.editor)]

    @router.post("/{flow_id}/proof", status_code=202)
    async def start_proof(flow_id: FlowId, actor: editor, locale: Locale) -> v.ProofView:
        """Begin to prove the draft, in the background; ask with GET how far it is."""
        return _proof(await deps.desk.start_proof(flow_id, actor=_actor(actor)), None, locale)

    @router.post("/{flow_id}/publish")
    async def publish_flow(flow_id: FlowId, body: v.FlowAction, actor: editor, locale: Locale) -> v.FlowView:
        """Make the draft live, if exactly it was proved. Conversations under way finish on their version."""
        return await _changed(deps.desk.publish(flow_id, actor=_actor(actor), expect=body.expect), locale, deps)

    @router.post("/{flow_id}/retire")
    async def retire_flow(flow_id: FlowId, body: v.FlowAction, actor: editor, locale: Locale) -> v.FlowView:
        """Begin it no more."""
        return await _changed(deps.desk.retire(flow_id, actor=_actor(actor), expect=body.expect), locale, deps)


def _actor(caller: Any) -> str:
    return str(caller.actor)


async def _changed(changing: Awaitable[FlowEntry], locale: str, deps: FlowDeps) -> v.FlowView:
    return await _view(await _named(changing, deps), locale, deps)


async def _named(changing: Awaitable[Any], deps: FlowDeps) -> Any:
    """Wait for a change; whoever was faster is told by name."""
    try:
        return await changing
    except FlowChangedError as error:
        names = await deps.names()
        raise FlowChangedError(**error.fields | {"by": names.get(error.fields["by"], "")}) from None


async def _view(entry: FlowEntry, locale: str, deps: FlowDeps) -> v.FlowView:
    row = await asyncio.to_thread(_row, entry, locale, await deps.names())
    return v.FlowView(**row, text=entry.text, live_text=entry.source, mark=entry.mark)


def _row(entry: FlowEntry, locale: str, names: Names) -> dict[str, Any]:
    flow = _read(entry.source or entry.text)
    return {
        "id": entry.id,
        "title": flow.title.say(locale) if flow else entry.id,
        "live_version": entry.live_version,
        "has_draft": entry.draft is not None,
        "articles": list(flow.starts.articles) if flow else [],
        "at_once": flow.starts.at_once if flow else False,
        "published_at": entry.published_at,
        "published_by": names.get(entry.published_by or "", ""),
        "updated_at": entry.updated_at,
        "updated_by": names.get(entry.updated_by, ""),
    }


def _proof(proof: Proof, flow: f.Flow | None, locale: str) -> v.ProofView:
    """Return what came of a proof; what an older version did not keep of it is left out."""
    kept = proof.result
    told = {kept["invariant"]: kept["what"]} if kept.get("invariant") else {}
    told |= {name: what for name, what in kept.get("failed", {}).items() if name not in told}
    lines = [
        v.LineView(who=who, what=what if who == "assistant" else retell(what, locale, flow))
        for who, what in kept.get("dialogue", ())
        if who or what.split(": ")[0] not in told  # the last line, which is the first breach
    ]
    return v.ProofView(
        state=proof.state, digest=proof.digest, started_at=proof.started_at, finished_at=proof.finished_at,
        states=kept.get("states", 0), transitions=kept.get("transitions", 0), seconds=kept.get("seconds", 0),
        longest_path_to_human=kept.get("longest_path_to_human", 0), dialogue=lines, mistakes=kept.get("mistakes", []),
        breaches=[v.BreachView(invariant=name, what=retell(what, locale, flow)) for name, what in told.items()],
    )  # fmt: skip


@lru_cache(maxsize=200)
def _read(text: str) -> f.Flow | None:
    try:
        return load_flow(text, "flow")[0]
    except FlowFileError:
        return None
