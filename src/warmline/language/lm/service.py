"""The door of this package: open a language model where one is configured, and draft an answer out of sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from warmline.kit.clock import Clock
from warmline.language.allowed import check_allowed, check_sealed
from warmline.language.lm.budget import Budget, tokens_for
from warmline.language.lm.guard import GuardedModel
from warmline.language.lm.help import PURPOSES, Asked, LanguageHelp, TurnHelp
from warmline.language.lm.prompts import load_prompts

__all__ = [
    "DRAFT_SECONDS",
    "PURPOSES",
    "Asked",
    "LanguageHelp",
    "ModelChoice",
    "TurnHelp",
    "draft_answer",
    "open_model",
]

DRAFT_SECONDS = 30.0
"""An editor waits for a draft longer than a customer for an answer."""
PREFIX = "WARMLINE_LM"


@dataclass(frozen=True)
class ModelChoice:
    """Which language model, and within which bounds. `price`: money for a million tokens."""

    url: str
    model: str
    allowed_origins: Collection[str]
    read_key: Callable[[], str]
    seconds: float
    tokens: int
    tokens_a_day: int
    money_a_day: float
    price: float
    purposes: frozenset[str]


def open_model(choice: ModelChoice, clock: Clock, folder: Path) -> LanguageHelp:
    """Open the endpoint; `EndpointNotAllowed`, `FileMistakeError` for a prompt. `folder` keeps the day's count."""
    from warmline.language.adapters.openai_chat import OpenAIChatModel

    check_allowed(choice.url, choice.allowed_origins, PREFIX)
    check_sealed(choice.url, PREFIX)
    limits = [choice.tokens_a_day, tokens_for(choice.money_a_day, choice.price)]
    budget = Budget(min(one for one in limits if one is not None), folder / "language_model_spent.json")
    guarded = GuardedModel(OpenAIChatModel(choice.url, choice.model, read_key=choice.read_key), budget, clock)
    return LanguageHelp(
        guarded, load_prompts(), seconds=choice.seconds, most_tokens=choice.tokens, purposes=choice.purposes
    )


async def draft_answer(
    model: LanguageHelp, sources: Sequence[str], question: str, locale: str
) -> tuple[str, Asked | None]:
    """Return a draft that stays inside `sources` (empty where there is none), and what became of the asking."""
    help = model.turn(DRAFT_SECONDS, share=DRAFT_SECONDS)
    text = await help.draft(sources, question, locale)
    return text or "", help.asked[-1] if help.asked else None
