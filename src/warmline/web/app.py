"""The application: routers under /api/v1, the live socket, the front ends' files, security headers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from warmline.assist.api import AssistDeps
from warmline.assist.api import build_router as build_assist
from warmline.bootstrap import Node
from warmline.casework.api import CaseworkDeps
from warmline.casework.api import build_router as build_casework
from warmline.channels.web_chat.api import WebChatDeps
from warmline.channels.web_chat.api import build_router as build_web_chat
from warmline.conversation.events import Event
from warmline.conversation.follow import watermark_lag_seconds
from warmline.customer.api import CustomerDeps
from warmline.customer.api import build_router as build_customer
from warmline.dialogue.api import DialogueDeps
from warmline.dialogue.api import build_router as build_dialogue
from warmline.dialogue.flows.api import FlowDeps
from warmline.dialogue.flows.api import build_router as build_flows
from warmline.knowledge.api import KnowledgeDeps
from warmline.knowledge.api import build_router as build_knowledge
from warmline.routing.api import DeskDeps
from warmline.routing.api import build_router as build_desk
from warmline.routing.staffing.api import StaffingDeps
from warmline.routing.staffing.api import build_router as build_staffing
from warmline.routing.wall.api import WallDeps
from warmline.routing.wall.api import build_router as build_wall
from warmline.settings import split_list
from warmline.staff.api import StaffDeps
from warmline.staff.api import build_router as build_staff
from warmline.web import frames
from warmline.web.errors import describe_errors, install_error_handlers
from warmline.web.files import FrontEnd, add_attachments, add_front_ends
from warmline.web.limits import LimitMiddleware
from warmline.web.lines import RECHECK_SECONDS, Lines
from warmline.web.stream import Stream, StreamDeps
from warmline.worker.sweeps import Sweep, Sweeper

API = "/api/v1"


def create_app(
    node: Node,
    front_end: FrontEnd,
    *,
    ready: Callable[[Node], Awaitable[None]] | None = None,
    beside: APIRouter | None = None,
) -> FastAPI:
    """Return the application around a node, which lives as long as it does.

    `ready` runs once the node has started; `beside` is mounted at the root, before the front ends.
    """

    per_address = node.settings.sockets_per_address
    lines = Lines(node.visitors, node.guard, node.bus, node.connected, per_address=per_address)
    watch = Sweeper((Sweep("open sockets", RECHECK_SECONDS, lines.recheck),))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await node.start()
        try:
            if ready is not None:
                await ready(node)
            await watch.start()
            await node.open_doors()
            yield
        finally:
            await watch.stop()
            await node.stop()

    app = FastAPI(
        title="Warmline",
        version=version("warmline"),
        lifespan=lifespan,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    install_error_handlers(app)
    app.include_router(_api(node), prefix=API)
    _add_stream(app, node, lines)
    _add_health(app, node)
    if beside is not None:
        app.include_router(beside)
    add_front_ends(app, front_end)
    _add_middleware(app, node)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _api(node: Node) -> APIRouter:
    guard, router = node.guard, APIRouter()
    router.include_router(
        build_customer(
            CustomerDeps(
                uow=node.uow, service=node.customers, tokens=node.tokens, identities=node.identities,
                clock=node.clock,
            )
        )
    )  # fmt: skip
    router.include_router(
        build_web_chat(
            WebChatDeps(
                conversations=node.conversations, attachments=node.attachments, dialogue=node.dialogue,
                routing=node.routing, waits=node.people.waits, guard=node.visitors, clock=node.clock,
            )
        )
    )  # fmt: skip
    _add_people(router, node)
    router.include_router(
        build_dialogue(DialogueDeps(gaps=node.gaps, release=node.release, reader=guard.current_staff("articles.read")))
    )
    router.include_router(
        build_knowledge(
            KnowledgeDeps(
                uow=node.uow, service=node.knowledge, search=node.search,
                reader=guard.current_staff("articles.read"), editor=guard.current_staff("articles.edit"),
            )
        )
    )  # fmt: skip
    router.include_router(
        build_flows(
            FlowDeps(
                desk=node.flow_desk, names=partial(_staff_names, node),
                reader=guard.current_staff("flows.read"), editor=guard.current_staff("flows.edit"),
            )
        )
    )  # fmt: skip
    add_attachments(router, node)
    return router


def _add_people(router: APIRouter, node: Node) -> None:
    """Add the calls of those who serve."""
    guard, people = node.guard, node.people
    router.include_router(
        build_staff(
            StaffDeps(
                uow=node.uow, staff=node.staff, sign_in=node.sign_in, scripts=people.scripts, guard=guard,
                bank_names=node.brand.bank, oidc=node.oidc, public_url=node.settings.public_url or None,
                colleague_load=node.routing.count_load, connected=node.routing.list_connected,
                breaks=node.routing.rules.all_breaks,
            )
        )
    )  # fmt: skip
    router.include_router(
        build_desk(
            DeskDeps(
                conversations=node.conversations, attachments=node.attachments, routing=node.routing,
                desk=people.desk, colleagues=people.colleagues, inbox=people.inbox,
                erasure=node.erasure, guard=guard, rest=people.rest,
            )
        )
    )  # fmt: skip
    router.include_router(
        build_assist(AssistDeps(assist=people.assist, conversations=node.conversations, desk=people.desk, guard=guard))
    )
    reader, worker = guard.current_staff("cases.read"), guard.current_staff("cases.work")
    cases, promises = node.casework.cases, node.casework.promises
    router.include_router(build_casework(CaseworkDeps(cases, promises, node.clock, reader, worker)))
    router.include_router(
        build_staffing(StaffingDeps(staffing=people.staffing, reader=guard.current_staff("analytics.read")))
    )
    router.include_router(build_wall(WallDeps(wall=people.wall, rest=people.rest, guard=guard)))


async def _staff_names(node: Node) -> Mapping[str, str]:
    """Return how those who work here are called, by the actor of the audit trail."""
    async with node.uow.begin() as tx:
        return {one.actor: one.name for one in await node.staff.list_colleagues(tx)}


def _add_stream(app: FastAPI, node: Node, lines: Lines) -> None:
    deps = StreamDeps(
        conversations=node.conversations, attachments=node.attachments, visitors=node.visitors, staff=node.guard,
        desk=node.people.desk, inbox=node.people.inbox_feed, waits=node.people.waits, lines=lines,
    )  # fmt: skip

    @app.websocket(f"{API}/stream")
    async def stream(socket: WebSocket) -> None:
        await Stream(socket, deps, rate=node.settings.frames_per_second).run()


def _add_health(app: FastAPI, node: Node) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, Any]:
        async with node.uow.begin() as tx:
            await tx.connection.exec_driver_sql("select 1")
        lag = round(await watermark_lag_seconds(node.uow), 1)
        ready, notices = node.follower.ready, node.notices
        return {"ok": True, "knowledge_ready": ready, "log_lag_seconds": lag, "notices": notices}


def _add_middleware(app: FastAPI, node: Node) -> None:
    settings = node.settings
    packed = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf")
    app.add_middleware(GZipMiddleware, minimum_size=1024, exclude_content_types=packed)
    app.add_middleware(
        LimitMiddleware,
        rate=settings.requests_per_second,
        address_rate=max(settings.address_requests_per_second, settings.requests_per_second),
        customer_of=node.tokens.find_customer,
    )
    if origins := split_list(settings.allowed_origins):
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Accept-Language"],
        )

    @app.middleware("http")
    async def add_security_headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        if request.url.path.startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")
        return response


PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The schema, with every event and frame among its components so that clients' types come from one place."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes, description=DESCRIPTION)
        describe_errors(schema)
        components = schema.setdefault("components", {}).setdefault("schemas", {})
        for model in (frames.parse_frame.json_schema, _server_frame_schema, Event.model_json_schema):
            described = model(ref_template="#/components/schemas/{model}")
            components.update({k: v for k, v in described.pop("$defs", {}).items() if k not in components})
            if model is frames.parse_frame.json_schema:
                components["ClientFrame"] = described
            elif model is _server_frame_schema:
                components["ServerFrame"] = described
        app.openapi_schema = schema
    return app.openapi_schema


def _server_frame_schema(*, ref_template: str) -> dict[str, Any]:
    return TypeAdapter(frames.ServerFrame).json_schema(ref_template=ref_template)


DESCRIPTION = "People and AI as one team, at 37°. How to use it: docs/protocol.md."
