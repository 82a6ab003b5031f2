"""What is proved: a folder of flows, identity, actions, policy and hours, read as the service reads them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from warmline.connectors.config import read_actions
from warmline.connectors.model import Action
from warmline.connectors.service import open_actions
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.checks import check_flow
from warmline.dialogue.flows.loader import FlowFileError, Problem, Source, load_flow, load_identity
from warmline.dialogue.policy import Policies, read_policies
from warmline.kit.calendar import BusinessCalendar, parse_hours
from warmline.kit.errors import UsageError
from warmline.kit.strict_yaml import FileMistakeError, read_sheet


class MistakesError(UsageError):
    """The files themselves are wrong; `mistakes` are lines `file:line:column: what; what to write instead`."""

    code = "config_mistakes"

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(reason="\n".join(mistakes))


class HoursFile(BaseModel):
    """`hours.yaml`: as the settings `WARMLINE_HOURS_*` and `WARMLINE_ZONE` have them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    weekdays: str = "08:30-21:00"
    weekends: str = "09:00-18:00"
    holidays: str = "09:00-18:00"
    zone: str = "Asia/Shanghai"

    @field_validator("weekdays", "weekends", "holidays")
    @classmethod
    def _check(cls, value: str) -> str:
        parse_hours(value)
        return value

    def calendar(self) -> BusinessCalendar:
        """Return the calendar of these hours."""
        return BusinessCalendar.from_hours(self.weekdays, self.weekends, self.holidays, self.zone)


@dataclass(frozen=True)
class Config:
    """Everything the assistant decides by. `digest` names exactly this; `actions`: as the systems describe them."""

    name: str
    flows: Mapping[str, f.Flow]
    identity: f.IdentityPolicy
    actions: Mapping[str, Action]
    policies: Policies = field(default_factory=Policies)
    hours: HoursFile = field(default_factory=HoursFile)
    digest: str = ""


def load_config(folder: Path) -> Config:
    """Read a folder; `MistakesError` for what is wrong in its files.

    Systems that the actions file describes by an address are asked what they offer.
    """
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("flows/*.yaml")) if _is_flow(path)}
    identity = folder / "identity.yaml"
    missing = [
        name for name, there in (("flows/*.yaml", bool(texts)), ("identity.yaml", identity.is_file())) if not there
    ]
    if missing:
        raise UsageError(reason=f"{folder} holds no {' and no '.join(missing)}")
    path = folder / "actions.yaml"
    actions = asyncio.run(describe_actions(path)) if path.is_file() else {}
    return make_config(
        folder.name, texts, identity.read_text("utf-8"), actions,
        policy=_optional(folder / "policy.yaml"), hours=_optional(folder / "hours.yaml"),
    )  # fmt: skip


def make_config(
    name: str, flows: Mapping[str, str], identity: str, actions: Mapping[str, Action], *, policy: str = "",
    hours: str = "",
) -> Config:  # fmt: skip
    """Put a configuration together from the texts of its files; `MistakesError`."""
    mistakes: list[str] = []
    found: dict[str, f.Flow] = {}
    sources: dict[str, tuple[str, Source]] = {}
    try:
        ways, _ = load_identity(identity, "identity.yaml")
    except FlowFileError as error:
        raise MistakesError([f"identity.yaml:{one}" for one in error.problems]) from None
    for file, text in flows.items():
        try:
            flow, source = load_flow(text, file)
        except FlowFileError as error:
            mistakes += [f"{file}:{one}" for one in error.problems]
            continue
        mistakes += [f"{file}:{one}" for one in check_flow(flow, source, ways, actions)]
        if flow.flow in found:
            mistakes.append(f"{file}:1:1: there is another flow `{flow.flow}`")
        found[flow.flow] = flow
        sources[flow.flow] = file, source
    mistakes += [f"{sources[name][0]}:{one}" for name, one in _list_clashes(found, sources)]
    policies, times = Policies(), HoursFile()
    try:
        policies = read_policies(Path("policy.yaml"), policy) if policy else policies
        times = read_sheet(Path("hours.yaml"), HoursFile, text=hours).content if hours else times
    except FileMistakeError as error:
        mistakes += [f"{error.fields['reason'].split(':')[0]}:{m.line}:{m.column}: {m.what}" for m in error.mistakes]
    if mistakes:
        raise MistakesError(mistakes)
    return Config(name, found, ways, actions, policies, times, _digest(flows, identity, policy, hours, repr(actions)))


def _list_clashes(
    flows: Mapping[str, f.Flow], sources: Mapping[str, tuple[str, Source]]
) -> Iterator[tuple[str, Problem]]:
    """Yield what is wrong with flows beside each other: one article that begins two, an offer of one there is not."""
    begun: dict[str, str] = {}
    for name, flow in flows.items():
        source = sources[name][1]
        for n, article in enumerate(flow.starts.articles):
            if (other := begun.setdefault(article, name)) != name:
                what = f"the article `{article}` begins the flow `{other}` already"
                yield name, source.problem(("starts", "articles", n), what, "name another article")
        for n, step in enumerate(flow.steps):
            if isinstance(step, f.End) and step.then and step.then not in flows:
                instead = f"there are: {', '.join(sorted(flows))}"
                yield name, source.problem(("steps", n, "then"), f"there is no flow `{step.then}`", instead)


def _is_flow(path: Path) -> bool:
    return not path.name.endswith(".tests.yaml")


def _optional(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _digest(flows: Mapping[str, str], *others: str) -> str:
    found = hashlib.sha256()
    for text in (*(part for one in sorted(flows.items()) for part in one), *others):
        found.update(f"{len(text)}:{text}".encode())
    return found.hexdigest()


async def describe_actions(path: Path) -> Mapping[str, Action]:
    """Ask the systems of an actions file what they offer; nothing is carried out. `UsageError` when one is away."""
    service = await open_actions(read_actions(path))
    try:
        away = [f"{line.name} ({line.why_not})" for line in service.lines.values() if not line.open]
        if away:
            raise UsageError(reason=f"what its actions answer is not known: {', '.join(away)} is not reached")
        return service.known()
    finally:
        await service.aclose()
