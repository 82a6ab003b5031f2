"""The OpenAPI without a running service: for generated client types and for the check that they are current."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from warmline.bootstrap import build_node
from warmline.settings import Settings
from warmline.web.app import create_app
from warmline.web.files import FrontEnd


def describe_api() -> dict[str, Any]:
    """Return the OpenAPI document; no database is touched."""
    with tempfile.TemporaryDirectory() as folder:
        node = build_node(Settings(data=Path(folder)), "postgresql://nobody@127.0.0.1/none")
        return create_app(node, FrontEnd()).openapi()
