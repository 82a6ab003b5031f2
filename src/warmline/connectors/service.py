"""Calling actions: in time, again only where that is safe, never for long at a system that is down."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from warmline.connectors.adapters.mcp import McpSystem
from warmline.connectors.adapters.openapi import OpenApiSystem
from warmline.connectors.adapters.wire import Wire
from warmline.connectors.config import ActionConfig, ActionsConfig, SystemConfig, read_token
from warmline.connectors.errors import NotOfferedError, SystemUnreachableError, UnknownActionError
from warmline.connectors.model import (
    Action,
    ActionResult,
    Attempt,
    Effect,
    Interface,
    Outcome,
    Request,
    Status,
    conclude,
    may_try_again,
)
from warmline.connectors.ports import System
from warmline.kit.breaker import Breaker
from warmline.kit.strict_yaml import FileMistakeError, Mistake, Sheet

logger = logging.getLogger(__name__)
OPEN_SECONDS = 5.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.1, 1.0
LEAST_SECONDS = 0.05
"""With less time than this nothing is begun; so long before its end a call gives up, to be back in time."""


@dataclass
class Line:
    """A system with its breaker; `open` once it has said what it offers."""

    name: str
    config: SystemConfig
    system: System
    breaker: Breaker = field(default_factory=Breaker)
    open: bool = False
    why_not: str = ""

    async def connect(self, seconds: float) -> None:
        """Ask what it offers; raise `SystemUnreachableError` when it does not say so in time."""
        try:
            async with asyncio.timeout(seconds):
                await self.system.open(seconds)
        except TimeoutError:
            self.why_not = "no answer in time"
            raise SystemUnreachableError(reason=self.why_not) from None
        except SystemUnreachableError as error:
            self.why_not = str(error.fields["reason"])
            raise
        self.open, self.why_not = True, ""


class ActionService:
    """The configured actions; see `ports.Actions`. Made by `open_actions`, closed with `aclose`."""

    def __init__(
        self,
        sheet: Sheet[ActionsConfig],
        lines: Mapping[str, Line],
        *,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sheet, self._config, self.lines = sheet, sheet.content.actions, lines
        self._clock, self._jitter, self._sleep = clock, jitter, sleep

    def known(self) -> Mapping[str, Action]:
        """Return the configured actions; of a system not reached yet without its schemas."""
        return {name: self._describe(name, config) for name, config in self._config.items()}

    async def reach(self) -> None:
        """Ask the systems that have not said yet what they offer; `SystemUnreachableError` where one is away."""
        for line in self.lines.values():
            if not line.open:
                await line.connect(OPEN_SECONDS)

    def mistakes(self, line: Line) -> list[Mistake]:
        """Return what the file says of a system that the system does not offer."""
        found = []
        for name, config in self._config.items():
            if config.system == line.name:
                place = ("actions", name, "operation" if config.operation else "tool")
                try:
                    line.system.interface(config.called)
                except NotOfferedError as error:
                    found.append(self._sheet.mistake(place, str(error.fields["reason"])))
        return found

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        """See `ports.Actions.call`."""
        if name not in self._config:
            raise UnknownActionError(name=name)
        config, line = self._config[name], self.lines[self._config[name].system]
        request = Request(arguments, "" if config.effect is Effect.READ else key, subject)
        started = self._clock()
        attempts = await self._try(config, line, request, started + within - LEAST_SECONDS)
        status, telling = conclude(config.effect, attempts)
        milliseconds = round((self._clock() - started) * 1000)
        tries = sum(one.code not in ("resting", "no_time") for one in attempts)
        told = telling.data if status in (Status.OK, Status.REFUSED) else {}
        result = ActionResult(status, told, "" if status is Status.OK else telling.code, tries, milliseconds)
        log = logger.info if status in (Status.OK, Status.REFUSED) else logger.warning
        log("action %s: %s %s after %d tries, %d ms", name, status.value, result.code, tries, milliseconds)
        return result

    async def compensate(
        self, name: str, result: ActionResult, *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        """See `ports.Actions.compensate`."""
        if name not in self._config:
            raise UnknownActionError(name=name)
        undo = self._config[name].compensate
        if undo is None:
            return ActionResult(Status.FAILED, code="no_compensation", tries=0)
        if any(source not in result.data for source in undo.arguments.values()):
            return ActionResult(Status.FAILED, code="nothing_to_undo", tries=0)
        arguments = {argument: result.data[source] for argument, source in undo.arguments.items()}
        return await self.call(undo.action, arguments, key=f"{key}-undo", within=within, subject=subject)

    async def aclose(self) -> None:
        """Close all connections."""
        await asyncio.gather(*(line.system.aclose() for line in self.lines.values()))

    async def _try(self, config: ActionConfig, line: Line, request: Request, until: float) -> list[Attempt]:
        """Try until it is known what happened, or there is no time, no sense or no safety in another try."""
        attempts: list[Attempt] = []
        for number in range(1 + self._retries(config)):
            left = until - self._clock()
            if left < LEAST_SECONDS:
                return attempts or [Attempt(Outcome.NOT_DONE, code="no_time")]
            if not line.breaker.may_try(self._clock()):
                return [*attempts, Attempt(Outcome.NOT_DONE, code="resting")]
            attempt, keyed = await self._attempt(config, line, request, min(left, self._seconds(config)))
            attempts.append(attempt)
            if not may_try_again(config.effect, attempt, keyed=keyed and bool(request.key)):
                return attempts
            wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**number) * (0.5 + self._jitter() / 2)
            if number < self._retries(config):
                await self._sleep(max(0.0, min(wait, until - self._clock())))
        return attempts

    async def _attempt(
        self, config: ActionConfig, line: Line, request: Request, seconds: float
    ) -> tuple[Attempt, bool]:
        """Return what one try came to, and whether a second with the same key would do nothing twice."""
        noted = False
        started = self._clock()
        try:
            if not line.open:
                await line.connect(seconds)
                self._warn_of_mistakes(line)
            interface = line.system.interface(config.called)
            left = max(LEAST_SECONDS, seconds - (self._clock() - started))
            attempt = await line.system.attempt(config.called, request, left)
            line.breaker.note(alive=attempt.alive, now=self._clock())
            noted = True
            return attempt, interface.honours_key
        except SystemUnreachableError:
            return self._failed(line), False
        except NotOfferedError:
            return Attempt(Outcome.NOT_DONE, code="not_offered"), False
        except Exception as error:
            # By its kind alone: what it says may hold what the customer said.
            logger.error("action of %s broke with %s", line.name, type(error).__name__)
            return Attempt(Outcome.UNCLEAR, code="internal"), False
        finally:
            if not noted:
                line.breaker.give_up_probe()

    def _failed(self, line: Line) -> Attempt:
        line.breaker.note(alive=False, now=self._clock())
        return Attempt(Outcome.NOT_DONE, code="unreachable", alive=False, again=True)

    def _warn_of_mistakes(self, line: Line) -> None:
        for mistake in self.mistakes(line):
            logger.error("%s:%d: %s", self._sheet.path, mistake.line, mistake.what)

    def _describe(self, name: str, config: ActionConfig) -> Action:
        line = self.lines[config.system]
        interface = Interface()
        if line.open:
            try:
                interface = line.system.interface(config.called)
            except NotOfferedError:
                interface = Interface()
        return Action(
            name=name,
            effect=config.effect,
            parameters=interface.parameters,
            result=interface.result,
            compensate=config.compensate.action if config.compensate else None,
            timeout_seconds=self._seconds(config),
            retries=self._retries(config),
        )

    def _seconds(self, config: ActionConfig) -> float:
        return config.timeout_seconds or self.lines[config.system].config.timeout_seconds

    def _retries(self, config: ActionConfig) -> int:
        return self.lines[config.system].config.retries if config.retries is None else config.retries


async def open_actions(sheet: Sheet[ActionsConfig], environment: Mapping[str, str] | None = None) -> ActionService:
    """Open every system of an actions file; one that is away is asked again when it is needed.

    Raise `FileMistakeError` when the file names what a system does not offer.
    """
    filled = os.environ if environment is None else environment
    lines = {name: _line(name, config, sheet.path.parent, filled) for name, config in sheet.content.systems.items()}
    service = ActionService(sheet, lines)
    try:
        await asyncio.gather(*(_open(line) for line in lines.values()))
        mistakes = [mistake for line in lines.values() if line.open for mistake in service.mistakes(line)]
        if mistakes:
            raise FileMistakeError(sheet.path, mistakes)
    except BaseException:
        await service.aclose()
        raise
    return service


async def _open(line: Line) -> None:
    try:
        await line.connect(OPEN_SECONDS)
    except SystemUnreachableError:
        logger.warning("system %s is not reached: %s; it is asked again when needed", line.name, line.why_not)


def _line(name: str, config: SystemConfig, folder: Path, environment: Mapping[str, str]) -> Line:
    ca_file = folder / config.ca_file if config.ca_file else None
    address = config.base_url or (config.mcp.url if config.mcp else "")
    wire = Wire(address, partial(read_token, config, folder, environment), ca_file)
    system: System = McpSystem(config, wire) if config.mcp else OpenApiSystem(config, wire, folder)
    return Line(name, config, system)
