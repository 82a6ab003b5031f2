"""What flows are checked and proved with where no bank's system runs: the demo's, as its OpenAPI describes it."""

from __future__ import annotations

import json
from pathlib import Path

from demo.core_banking.api import BankHolder, build_operations, create_api
from demo.core_banking.bank import Bank
from tests.fakes.server import ROOT

DEMO = ROOT / "demo"
IDENTITY = DEMO / "identity.yaml"


def write_actions(folder: Path) -> Path:
    """Write the demo's actions file with the OpenAPI beside it; return its path."""
    core = create_api("token")
    core.include_router(build_operations(BankHolder(Bank())))
    (folder / "core.json").write_text(json.dumps(core.openapi()), encoding="utf-8")
    actions = (DEMO / "actions.yaml").read_text(encoding="utf-8")
    for written, instead in (
        ("    token_env: WARMLINE_CORE_TOKEN\n", ""),
        ('url: "${WARMLINE_CORE_URL}/openapi.json"', "file: core.json"),
        ("${WARMLINE_CORE_URL}", "http://127.0.0.1:9"),
    ):
        assert written in actions
        actions = actions.replace(written, instead)
    path = folder / "actions.yaml"
    path.write_text(actions, encoding="utf-8")
    return path
