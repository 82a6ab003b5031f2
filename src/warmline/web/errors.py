"""From an error to HTTP and to a sentence in the caller's language."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from warmline.kit import errors as e
from warmline.kit.i18n import Words, pick_locale

logger = logging.getLogger(__name__)

STATUS: tuple[tuple[type[e.WarmlineError], int], ...] = (
    (e.NotFoundError, 404),
    (e.ForbiddenError, 403),
    (e.UnauthenticatedError, 401),
    (e.InvalidError, 422),
    (e.ConflictError, 409),
    (e.BusyError, 429),
    (e.UnavailableError, 503),
)
HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    401: "unauthenticated",
    403: "forbidden",
    413: "too_large",
}


class ErrorDetail(BaseModel):
    """`code` is stable, `message` may be shown to people, `fields` say what it is about."""

    code: str
    message: str
    fields: dict[str, Any]


class ErrorBody(BaseModel):
    """The body of every answer that is no success."""

    error: ErrorDetail


def describe_errors(schema: dict[str, Any]) -> None:
    """Put the one error body into an OpenAPI document, in place of the framework's own."""
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    components["ErrorDetail"] = ErrorDetail.model_json_schema()
    components["ErrorBody"] = ErrorBody.model_json_schema(ref_template="#/components/schemas/{model}")
    components["ErrorBody"].pop("$defs")
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
    for operations in schema.get("paths", {}).values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "What went wrong", "content": content}


@cache
def _words() -> Words:
    return Words.load(Path(__file__).parent / "words.yaml")


def explain(code: str, locale: str, fields: Mapping[str, Any]) -> str:
    """Return the sentence for an error code; an unknown code gets the general one."""
    words = _words()
    key = code if code in words.sentences else "error"
    return words.sentences[key][pick_locale(locale)].format_map(defaultdict(str, fields)).strip()


def status_of(error: e.WarmlineError) -> int:
    """Return the HTTP status of an error, by its base class."""
    return next((status for base, status in STATUS if isinstance(error, base)), 400)


def _body(request: Request, status: int, code: str, fields: Mapping[str, Any]) -> JSONResponse:
    locale = pick_locale(request.headers.get("accept-language"))
    shown = {
        name: value if isinstance(value, (int, float, list, dict)) else str(value) for name, value in fields.items()
    }
    content = {"error": {"code": code, "message": explain(code, locale, fields), "fields": shown}}
    headers = {"Retry-After": str(fields.get("retry_after", 1))} if status in (429, 503) else None
    return JSONResponse(content, status, headers=headers)


def install_error_handlers(app: FastAPI) -> None:
    """Map every error to the one body of docs/protocol.md."""

    @app.exception_handler(e.WarmlineError)
    async def on_known(request: Request, error: e.WarmlineError) -> JSONResponse:
        return _body(request, status_of(error), error.code, error.fields)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return _body(request, 422, "invalid", {"field": where, "reason": first["msg"]})

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        return _body(request, error.status_code, HTTP_CODES.get(error.status_code, "error"), {})

    @app.exception_handler(Exception)
    async def on_unknown(request: Request, error: Exception) -> JSONResponse:
        logger.exception("unexpected error on %s %s", request.method, request.url.path)
        return _body(request, 500, "error", {})
