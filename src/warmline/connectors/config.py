"""The actions file: which systems the bank has, and which of their operations or tools the assistant may call."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from warmline.connectors.model import Effect
from warmline.kit.strict_yaml import FileMistakeError, Mistake, Sheet, read_sheet, suggest

VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
NAME = r"^[a-z][a-z0-9_]{0,63}$"


def _fill(value: Any, info: ValidationInfo) -> str:
    """Put in what the environment holds for each `${NAME}`."""
    if not isinstance(value, str):
        raise ValueError("text is needed")
    environment: Mapping[str, str] = (info.context or {}).get("environment", {})
    for name in VARIABLE.findall(value):
        if not environment.get(name):
            raise ValueError(f"{name} is not set in the environment")
    return VARIABLE.sub(lambda found: environment[found[1]], value)


def _check_url(value: str, info: ValidationInfo) -> str:
    """Take only what is sealed, or never leaves this machine."""
    parts = urlsplit(_fill(value, info))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address looks like https://core.bank.example/api")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address holds no credentials, query or fragment: use token_env or token_file")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("http is for this machine alone (127.0.0.1, localhost): use https")
    return parts.geturl()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


Filled = Annotated[str, BeforeValidator(_fill)]
Url = Annotated[str, BeforeValidator(_check_url)]
Name = Annotated[str, Field(pattern=NAME)]
Seconds = Annotated[float, Field(gt=0, le=60)]
Retries = Annotated[int, Field(ge=0, le=5)]


class Strict(BaseModel):
    """Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Document(Strict):
    """An OpenAPI 3.1 document: a file, relative to the actions file, or fetched when the service starts."""

    file: Filled | None = None
    url: Url | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.file is None) == (self.url is None):
            raise ValueError("an OpenAPI document is either a `file` or a `url`")
        return self


class Mcp(Strict):
    """An MCP server over streamable HTTP."""

    url: Url


class Slot(Strict):
    """Where something goes along: in an HTTP header, or as an argument."""

    header: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")] | None = None
    argument: Annotated[str, Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.header is None) == (self.argument is None):
            raise ValueError("it goes either into a `header` or into an `argument`")
        return self


class SystemConfig(Strict):
    """One system; secrets are in the environment or in a file, never here."""

    openapi: Document | None = None
    base_url: Url | None = None
    mcp: Mcp | None = None
    token_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    token_file: Filled | None = None
    ca_file: Filled | None = None
    subject: Slot | None = None
    key: Slot | None = None
    timeout_seconds: Seconds = 2.0
    retries: Retries = 1

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.openapi is None) == (self.mcp is None):
            raise ValueError("a system is either `openapi` or `mcp`")
        if (self.openapi is None) != (self.base_url is None):
            raise ValueError("`base_url` goes with `openapi`: the address that its paths are under")
        if self.token_env and self.token_file:
            raise ValueError("the token is either in `token_env` or in `token_file`")
        return self


class Compensation(Strict):
    """The action that undoes this one; `with` names its arguments and the fields of the result that fill them."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    action: Name
    arguments: dict[str, str] = Field(alias="with", min_length=1)


class ActionConfig(Strict):
    """One action."""

    system: Name
    operation: str | None = None
    tool: str | None = None
    effect: Effect
    timeout_seconds: Seconds | None = None
    retries: Retries | None = None
    compensate: Compensation | None = None

    @property
    def called(self) -> str:
        """What its system calls it."""
        return self.operation or self.tool or ""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.operation) == bool(self.tool):
            raise ValueError("an action is either an `operation` (OpenAPI) or a `tool` (MCP)")
        return self


class ActionsConfig(Strict):
    """The whole file. `allowed_origins` bounds where anything is ever sent, whatever the environment fills in."""

    allowed_origins: Annotated[list[str], Field(min_length=1)]
    systems: dict[Name, SystemConfig]
    actions: dict[Name, ActionConfig]


def read_actions(path: Path, environment: Mapping[str, str] | None = None) -> Sheet[ActionsConfig]:
    """Read an actions file; raise `FileMistakeError` with line and column of every mistake."""
    filled = os.environ if environment is None else environment
    sheet = read_sheet(path, ActionsConfig, context={"environment": filled})
    mistakes = [*_check_systems(sheet, filled), *_check_actions(sheet)]
    if mistakes:
        raise FileMistakeError(path, mistakes)
    return sheet


def read_token(system: SystemConfig, folder: Path, environment: Mapping[str, str]) -> str:
    """Return a system's token, empty for none; a file may be replaced while the service runs."""
    if system.token_file:
        return (folder / system.token_file).read_text(encoding="utf-8").strip()
    return environment.get(system.token_env, "") if system.token_env else ""


def _check_systems(sheet: Sheet[ActionsConfig], environment: Mapping[str, str]) -> Iterator[Mistake]:
    allowed = sheet.content.allowed_origins
    for name, system in sheet.content.systems.items():
        place = ("systems", name)
        for where, url in _urls(system):
            if not _is_allowed(url, allowed):
                what = f"{_origin(url)} is none of allowed_origins: add it there, if data of customers may go to it"
                yield sheet.mistake((*place, *where), what)
        if system.token_env and not environment.get(system.token_env):
            yield sheet.mistake((*place, "token_env"), f"{system.token_env} is not set in the environment")
        for key, file in (("token_file", system.token_file), ("ca_file", system.ca_file)):
            if file and not (sheet.path.parent / file).is_file():
                yield sheet.mistake((*place, key), f"there is no file {file}")
        if system.openapi and system.openapi.file and not (sheet.path.parent / system.openapi.file).is_file():
            yield sheet.mistake((*place, "openapi", "file"), f"there is no file {system.openapi.file}")


def _check_actions(sheet: Sheet[ActionsConfig]) -> Iterator[Mistake]:
    systems, actions = sheet.content.systems, sheet.content.actions
    for name, action in actions.items():
        place = ("actions", name)
        system = systems.get(action.system)
        if system is None:
            what = f"there is no system {action.system!r}{suggest(action.system, systems)}"
            yield sheet.mistake((*place, "system"), what)
        elif bool(action.operation) != bool(system.openapi):
            wanted = "operation" if system.openapi else "tool"
            given = "operation" if action.operation else "tool"
            yield sheet.mistake((*place, given), f"{action.system!r} has no {given}s: write `{wanted}:`")
        undo = action.compensate
        if undo and undo.action not in actions:
            what = f"there is no action {undo.action!r}{suggest(undo.action, actions)}"
            yield sheet.mistake((*place, "compensate", "action"), what)
        if undo and action.effect is Effect.READ:
            yield sheet.mistake((*place, "compensate"), "what only reads leaves nothing to undo")


def _urls(system: SystemConfig) -> Iterator[tuple[tuple[str, ...], str]]:
    if system.base_url:
        yield ("base_url",), system.base_url
    if system.openapi and system.openapi.url:
        yield ("openapi", "url"), system.openapi.url
    if system.mcp:
        yield ("mcp", "url"), system.mcp.url


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_allowed(url: str, allowed: list[str]) -> bool:
    """Tell whether a URL's origin is listed; on this machine `http://127.0.0.1:*` stands for any port."""
    origin, parts = _origin(url), urlsplit(url)
    any_port = f"{parts.scheme}://{parts.hostname}:*"
    return origin in allowed or (_is_loopback(parts.hostname or "") and any_port in allowed)
