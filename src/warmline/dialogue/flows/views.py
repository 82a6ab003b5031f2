"""Flows as the API shows them and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from warmline.dialogue.flows.graph import EdgeKind, NodeKind
from warmline.dialogue.flows.loader import LONGEST
from warmline.dialogue.flows.proofs import State

Text = Annotated[str, StringConstraints(max_length=LONGEST, pattern=r"^[^\x00]*$")]
Mark = Annotated[str, StringConstraints(max_length=16, pattern=r"^[0-9a-f]*$")]


class FlowRow(BaseModel):
    """A flow in the list. `articles`: those whose answer begins it."""

    id: str
    title: str
    live_version: int | None
    has_draft: bool
    articles: list[str]
    at_once: bool
    published_at: datetime | None
    published_by: str
    updated_at: datetime
    updated_by: str


class FlowList(BaseModel):
    flows: list[FlowRow]


class FlowView(FlowRow):
    """One flow. `text`: the draft, else what is live; `mark`: given back with every change."""

    text: str
    live_text: str | None
    mark: str


class FlowCheck(BaseModel):
    """A text to look at; nothing is kept."""

    text: Text


class FlowDraft(FlowCheck):
    """A draft; `expect`: the mark of the flow as it was loaded, empty for a new one."""

    expect: Mark


class FlowAction(BaseModel):
    """`expect`: the mark of the flow as it was loaded."""

    expect: Mark


class ProblemView(BaseModel):
    """What is wrong at a place of the text, and what to write instead; lines and columns count from 1."""

    line: int
    column: int
    message: str
    instead: str


class NodeView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: NodeKind
    text: str
    detail: str
    line: int
    person: bool


class EdgeView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    source: str
    target: str
    kind: EdgeKind
    text: str


class GraphView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    nodes: list[NodeView]
    edges: list[EdgeView]


class CheckedView(BaseModel):
    """`graph` is null where the text cannot be read."""

    problems: list[ProblemView]
    graph: GraphView | None


class LineView(BaseModel):
    """A line of a dialogue; `who`: customer, assistant, bank, agent, or empty for what happens."""

    who: str
    what: str


class BreachView(BaseModel):
    """An invariant that does not hold."""

    invariant: str
    what: str


class ProofView(BaseModel):
    """How far the proof of the text is. `breaches`: what does not hold, the first with its `dialogue`."""

    state: State
    digest: str
    started_at: datetime | None
    finished_at: datetime | None
    states: int
    transitions: int
    seconds: float
    longest_path_to_human: int
    breaches: list[BreachView]
    dialogue: list[LineView]
    mistakes: list[str]


class VersionRow(BaseModel):
    version: int
    live: bool
    published_at: datetime
    published_by: str


class VersionList(BaseModel):
    versions: list[VersionRow]


class VersionText(BaseModel):
    version: int
    text: str
