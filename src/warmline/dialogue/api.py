"""What editors read about the assistant: questions without an answer, and how its release is calibrated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from warmline.dialogue.gaps import Gaps
from warmline.dialogue.release import ReleaseKeeper
from warmline.language.service import Language


@dataclass(frozen=True)
class DialogueDeps:
    """`reader` is a FastAPI dependency that lets readers of knowledge pass."""

    gaps: Gaps
    release: ReleaseKeeper
    reader: Callable[..., Any]


class Near(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    article_id: str
    question: str
    score: float


class AnsweredView(BaseModel):
    """What a colleague (`by`) told a customer who asked: a draft of an answer."""

    model_config = ConfigDict(from_attributes=True)

    text: str
    by: str
    at: datetime
    conversation_id: UUID


class GapView(BaseModel):
    """`question` stands for `alike`, its other wordings; all of them together were asked `count` times."""

    model_config = ConfigDict(from_attributes=True)

    question: str
    lang: Language
    count: int
    last_at: datetime
    alike: list[str]
    nearest: list[Near]
    answers: list[AnsweredView]


class GapList(BaseModel):
    gaps: list[GapView]


class CurvePoint(BaseModel):
    """Answering above `threshold`: the share answered, the share of those wrong, and its upper bound."""

    model_config = ConfigDict(from_attributes=True)

    threshold: float
    coverage: float
    error: float
    error_upper: float


class Choice(BaseModel):
    """What tolerating this rate of wrong answers gives; `point` null: nothing would be answered."""

    model_config = ConfigDict(from_attributes=True)

    target_error: float
    point: CurvePoint | None


class ReleaseView(BaseModel):
    """How the assistant decides whether to answer; `source` says what the calibration rests on.

    `choices` hold `target_error` itself and some other rates; empty while there is no curve.
    """

    answer_at: float
    clarify_at: float
    target_error: float
    source: str
    error_upper: float
    questions: int
    curve: list[CurvePoint]
    choices: list[Choice]


def build_router(deps: DialogueDeps) -> APIRouter:
    """Return the router; mount it before the articles', whose ids would swallow `gaps`."""
    router = APIRouter(prefix="/articles", tags=["knowledge"], dependencies=[Depends(deps.reader)])

    @router.get("/gaps")
    async def list_gaps() -> GapList:
        return GapList(gaps=[GapView.model_validate(gap) for gap in await deps.gaps.list_gaps()])

    @router.get("/release")
    async def get_release() -> ReleaseView:
        policy, calibration = deps.release.current(), deps.release.in_force()
        return ReleaseView(
            answer_at=min(policy.answer_at, 1.0),
            clarify_at=policy.clarify_at,
            target_error=policy.target_error,
            source=policy.source,
            error_upper=policy.error_upper,
            questions=calibration.n if calibration else 0,
            curve=[CurvePoint.model_validate(point) for point in calibration.curve] if calibration else [],
            choices=[Choice.model_validate(one) for one in calibration.choices] if calibration else [],
        )

    return router
