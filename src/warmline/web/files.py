"""Files the browser asks for: the desk, the widget, the demo's pages, API docs, and attachments."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from warmline.bootstrap import Node
from warmline.channels.web_chat.api import store_upload
from warmline.conversation.attachments import Belonging
from warmline.conversation.events import Attachment
from warmline.kit.errors import NotFoundError, UnauthenticatedError
from warmline.staff.guard import SESSION_COOKIE
from warmline.staff.model import Permission, SignedIn
from warmline.web.sent_file import SentFile


@dataclass(frozen=True)
class FrontEnd:
    """Where the built front ends and (in the demo) the bank's pages lie; None: not served."""

    desk: Path | None = None
    widget: Path | None = None
    docs: Path | None = None
    site: Path | None = None


def add_front_ends(app: FastAPI, front_end: FrontEnd) -> None:
    """Serve what is there."""
    if front_end.widget is not None:
        _add_widget(app, front_end.widget)
    if front_end.desk is not None:
        _add_desk(app, front_end.desk)
    if front_end.docs is not None:
        _add_docs(app, front_end.docs)
    if front_end.site is not None:
        app.mount("/", StaticFiles(directory=front_end.site, html=True))


def _add_widget(app: FastAPI, widget: Path) -> None:
    @app.get("/widget.js", include_in_schema=False)
    async def get_widget() -> FileResponse:
        headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-cache"}
        return FileResponse(widget, media_type="text/javascript", headers=headers)


def _add_desk(app: FastAPI, desk: Path) -> None:
    beside = {file.name for file in desk.iterdir() if file.is_file()}
    app.mount("/desk/assets", StaticFiles(directory=desk / "assets"))

    @app.get("/desk", include_in_schema=False)
    async def desk_root() -> RedirectResponse:
        return RedirectResponse("/desk/")

    @app.get("/desk/{path:path}", include_in_schema=False)
    async def get_desk(path: str) -> FileResponse:
        """Every address of the desk is its one page; what lies beside it is served as it is."""
        if path in beside:
            return FileResponse(desk / path)
        return FileResponse(desk / "index.html", headers={"Cache-Control": "no-cache"})


def _add_docs(app: FastAPI, docs: Path) -> None:
    """The API docs, from assets this server carries itself."""
    app.mount("/api/v1/docs/assets", StaticFiles(directory=docs))

    @app.get("/api/v1/docs", include_in_schema=False)
    async def get_docs() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url=app.openapi_url or "",
            title=app.title,
            swagger_js_url="/api/v1/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/api/v1/docs/assets/swagger-ui.css",
            swagger_favicon_url="data:,",
        )
        page.headers["Content-Security-Policy"] = DOCS_POLICY
        return page


DOCS_POLICY = "default-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"


def add_attachments(router: APIRouter, node: Node) -> None:
    """Serve attachments to their customer and to staff; take uploads from the desk."""
    Server = Annotated[SignedIn, Depends(node.guard.current_staff("conversations.serve"))]

    @router.get("/attachments/{attachment_id}", tags=["customer"], response_class=Response)
    async def get_attachment(attachment_id: UUID, request: Request) -> Response:
        file = await node.attachments.locate(attachment_id)
        await _check_reader(node, request, attachment_id, file)
        async with AsyncExitStack() as held:
            await held.enter_async_context(node.attachments.outgoing.place(file.customer_id))
            stored = await node.attachments.open(attachment_id)
            return SentFile(stored, held.pop_all())

    @router.post("/desk/conversations/{conversation_id}/attachments", tags=["desk"], status_code=201)
    async def upload_from_desk(conversation_id: UUID, request: Request, signed: Server) -> Attachment:
        state = await node.conversations.get(conversation_id)
        await node.people.desk.check_owned(signed, state)
        form = await request.form(max_files=1)
        file = form.get("file")
        if file is None or isinstance(file, str):
            raise NotFoundError(what="file", id="file")
        return await store_upload(node.attachments, state, file)  # type: ignore[arg-type]


async def _check_reader(node: Node, request: Request, attachment_id: UUID, file: Belonging) -> None:
    """The customer whose file it is, or staff who may see the conversation: that they read in it is recorded."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        if file.customer_id not in (await node.visitors.identify(token)).customer_ids:
            raise NotFoundError(what="attachment", id=str(attachment_id))
        return
    signed = await node.sign_in.resolve(request.cookies.get(SESSION_COOKIE, ""))
    if signed is None or not signed.staff.may(Permission.CONVERSATIONS_READ):
        raise UnauthenticatedError()
    state = await node.conversations.get(file.conversation_id)
    await node.people.desk.check_visible(signed, state)
    await node.people.desk.note_read(signed, state)
