"""What docs/actions.md shows is read as it stands there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.fakes.core_banking import TOKEN, CoreBanking
from tests.fakes.server import ROOT, environment, warmline
from warmline.connectors.config import read_actions

PAGE = (ROOT / "docs" / "actions.md").read_text(encoding="utf-8")


def test_its_file_is_a_good_one(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "actions.yaml"
    path.write_text(text, encoding="utf-8")
    (tmp_path / "bank-ca.pem").touch()
    assert set(read_actions(path, {"CORE_TOKEN": "x"}).content.systems) == {"core", "maps"}


def test_its_doctor_says_what_it_says_there(core_banking: CoreBanking) -> None:
    (line,) = re.findall(r"warmline doctor\s+# (ok.*)\n", PAGE)
    told = environment() | {
        "WARMLINE_CORE_URL": core_banking.url,
        "WARMLINE_CORE_TOKEN": TOKEN,
        "WARMLINE_ACTIONS": "demo/actions.yaml",
    }
    done = subprocess.run(warmline("doctor"), cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert line in done.stdout
