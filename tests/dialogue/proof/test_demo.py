"""`warmline prove` as it is typed: the demo holds, its test dialogues pass, and what is wrong is told where it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CERTIFICATE
from tests.dialogue.proof.configs import SOUND
from tests.fakes.server import ROOT, warmline
from warmline.dialogue.proof.invariants import INVARIANTS

FLOWS = sorted(
    one.name.removesuffix(".yaml") for one in (ROOT / "demo/flows").glob("*.yaml") if ".tests." not in one.name
)


def prove(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        warmline("prove", *arguments), cwd=ROOT, capture_output=True, text=True, timeout=540, env={**os.environ}
    )


@pytest.mark.timeout(600)
def test_demo_holds(record_property: Callable[[str, object], None]) -> None:
    """Its certificate is what `make test` prints."""
    done = prove()
    record_property(CERTIFICATE, done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "longest way to a person: 1 turn after the wish" in done.stdout
    for name in (*FLOWS, *INVARIANTS):
        assert f" {name}" in done.stdout


@pytest.mark.timeout(300)
def test_dialogues_beside_the_flows_pass() -> None:
    done = prove("--tests", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["failed"]) == (0, []), done.stderr
    assert found["n"] >= 2 * len(FLOWS)


def test_every_flow_of_the_demo_has_dialogues_beside_it() -> None:
    beside = {one.name.removesuffix(".tests.yaml") for one in (ROOT / "demo/flows").glob("*.tests.yaml")}
    assert beside == set(FLOWS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small sound configuration, without its actions."""
    return Path(shutil.copytree(SOUND, tmp_path / "bank"))


def test_mistakes_are_told_where_they_are(folder: Path) -> None:
    flow = folder / "flows/limit.yaml"
    flow.write_text(flow.read_text("utf-8").replace("  - ask: amount", "  - ask: amuont"), encoding="utf-8")
    done = prove(str(folder))
    assert done.returncode == 1
    assert "limit.yaml:11:5: there is no slot `amuont`; did you mean `amount`?" in done.stdout
    found = json.loads(prove(str(folder), "--json").stdout)
    assert found["holds"] is False
    assert any("did you mean `amount`?" in one for one in found["mistakes"])


def test_folder_that_holds_nothing_is_wrong_usage(tmp_path: Path) -> None:
    done = prove(str(tmp_path))
    assert (done.returncode, "holds no flows/*.yaml" in done.stderr) == (2, True)
