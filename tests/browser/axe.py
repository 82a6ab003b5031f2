"""What axe-core finds wrong with a page, for every rule of WCAG 2.2 A and AA and its best practices."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.fakes.server import ROOT

SCRIPT = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then((found) =>
  found.violations.map(({id, nodes}) =>
    [id, nodes.map((node) => [node.target.flat().join(" "), node.failureSummary])]))"""


def violations(page: Page) -> list[Any]:
    """Return rule by rule where the page as it stands breaks it; open shadow trees are looked into."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return list(page.evaluate(RUN))
