"""What a custom element looks like, measured as the browser computed it. Every function names the offenders."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator

MEASURE = Path(__file__).with_name("looks.js")


def small_texts(element: Locator, at_least: float) -> list[str]:
    """Return the words that are set smaller than so many px."""
    return _measure(element, "text", at_least)


def contrasts_below(element: Locator, at_least: float) -> list[str]:
    """Return the words whose contrast with what lies behind them is lower (WCAG 2.2, relative luminance)."""
    return _measure(element, "contrast", at_least)


def small_targets(element: Locator, at_least: float) -> list[str]:
    """Return the controls that are smaller than so many px either way; a hidden input counts as its label."""
    return _measure(element, "target", at_least)


def _measure(element: Locator, what: str, limit: float) -> list[str]:
    function = MEASURE.read_text(encoding="utf-8").split("\n", 1)[1].rstrip().rstrip(";")
    return list(element.evaluate(function, [what, limit]))
