"""Where the built front ends lie."""

from __future__ import annotations

from warmline.commands.running import repository_root
from warmline.kit.console import progress
from warmline.web.files import FrontEnd


def find_front_end(*, demo: bool) -> FrontEnd:
    """Return what has been built; say what has not."""
    built = repository_root() / "frontend" / "dist"
    desk, widget, docs = built / "desk", built / "widget" / "widget.js", built / "docs"
    if not desk.exists() or not widget.exists():
        progress("warmline: the front end is not built: run `make setup`; the API works without it")
    return FrontEnd(
        desk=desk if desk.exists() else None,
        widget=widget if widget.exists() else None,
        docs=docs if docs.exists() else None,
        site=repository_root() / "demo" / "site" if demo else None,
    )
