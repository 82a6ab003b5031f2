"""The door of this package: open a language model where one is configured, and draft an answer out of sources."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from warmline.kit.clock import Clock
from warmline.language.allowed import check_allowed, check_sealed
from warmline.language.lm.budget import Budget, tokens_for
from warmline.language.lm.faithful import find_fault
from warmline.language.lm.guard import GuardedModel
from warmline.language.lm.help import PURPOSES, Asked, LanguageHelp, TurnHelp
from warmline.language.lm.masking import Mask
from warmline.language.lm.prompts import load_prompts

__all__ = [
    "DRAFT_SECONDS",
    "PURPOSES",
    "Asked",
    "LanguageHelp",
    "ModelSettings",
    "TurnHelp",
    "draft_answer",
    "open_model",
]

DRAFT_SECONDS = 30.0
"""An editor waits for a draft longer than a customer for an answer."""
PREFIX = "WARMLINE_LM"


class ModelSettings(Protocol):
    """Which language model, and within which bounds; `lm_price`: money for a million tokens."""

    data: Path
    lm_url: str
    lm_model: str
    lm_key: str
    lm_key_file: Path | None
    lm_allowed_origins: str
    lm_uses: str
    lm_seconds: float
    lm_tokens: int
    lm_tokens_per_day: int
    lm_money_per_day: float
    lm_price: float


def open_model(settings: ModelSettings, clock: Clock) -> LanguageHelp | None:
    """Open the endpoint, None where none is set; `EndpointNotAllowed`, `FileMistakeError` for a prompt."""
    if not settings.lm_url:
        return None
    from warmline.language.adapters.openai_chat import OpenAIChatModel  # it loads an HTTP client

    check_allowed(settings.lm_url, _split(settings.lm_allowed_origins), PREFIX)
    check_sealed(settings.lm_url, PREFIX)
    _warm()
    limits = (settings.lm_tokens_per_day, tokens_for(settings.lm_money_per_day, settings.lm_price))
    budget = Budget(min(one for one in limits if one is not None), settings.data / "language_model_spent.json")
    model = OpenAIChatModel(settings.lm_url, settings.lm_model, read_key=partial(_read_key, settings))
    return LanguageHelp(
        GuardedModel(model, budget, clock),
        load_prompts(),
        seconds=settings.lm_seconds,
        most_tokens=settings.lm_tokens,
        purposes=_split(settings.lm_uses),
    )


def _warm() -> None:
    """Load the tables that masking and checking read, so that no turn waits for them."""
    for text in ("我叫王秀英，两万元不收费。", "No fee for Emma Clark: 20,000 yuan."):
        Mask().hide(text)
        find_fault(text, text)


def _read_key(settings: ModelSettings) -> str:
    """Return the key; a file is read anew each time, so that it may be replaced."""
    path = settings.lm_key_file
    return path.read_text(encoding="utf-8").strip() if path else settings.lm_key


def _split(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


async def draft_answer(
    model: LanguageHelp, sources: Sequence[str], question: str, locale: str
) -> tuple[str, Asked | None]:
    """Return a draft that stays inside `sources` (empty where there is none), and what became of the asking."""
    help = model.turn(DRAFT_SECONDS, share=DRAFT_SECONDS)
    text = await help.draft(sources, question, locale)
    return text or "", help.asked[-1] if help.asked else None
