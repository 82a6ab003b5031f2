"""scripts/setup.sh goes on from wherever an earlier run stopped. Python and its installer are doubles here."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENV = """#!/bin/sh
case "$*" in
  "-c "*) exit 0 ;;
  "scripts/alone.py "*) exec "$REAL_PYTHON" "$@" ;;
  "-m venv "*)
    mkdir -p .venv/bin; cp "$0" .venv/bin/python
    [ -z "$NO_ENSUREPIP" ] || { echo "ensurepip is not available" >&2; exit 1; }
    [ -z "$SLOW" ] || sleep "$SLOW"
    touch .venv/pip; printf '#!/bin/sh\\nexit ${UV_STATUS:-0}\\n' > .venv/bin/uv; chmod +x .venv/bin/uv
    echo made >> venv.log ;;
  "-m pip --version") [ -f .venv/pip ] ;;
  "-m pip config get global.index-url") echo "$PIP_INDEX" ;;
esac
"""


class Checkout:
    """A checkout whose Python is a double, with the front end built already."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "scripts").mkdir(parents=True)
        (folder / "bin").mkdir()
        for name in ("setup.sh", "alone.py"):
            shutil.copy(ROOT / "scripts" / name, folder / "scripts")
        for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
            (folder / name).write_text(name)
        for name, text in {"python3.11": VENV, "node": "#!/bin/sh\n", "npm": "#!/bin/sh\n"}.items():
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        (folder / "frontend" / "dist" / "widget").mkdir(parents=True)
        for name in ("package.json", "package-lock.json", "dist/widget/widget.js"):
            (folder / "frontend" / name).write_text("{}")

    def begin(self, **environment: str) -> subprocess.Popen[str]:
        given = {"PATH": f"{self.folder / 'bin'}:{os.defpath}:/usr/bin:/bin", "HOME": str(self.folder)}
        return subprocess.Popen(
            ["sh", "scripts/setup.sh", "runtime"], cwd=self.folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            env=given | {"REAL_PYTHON": sys.executable} | environment,
        )  # fmt: skip

    def set_up(self, **environment: str) -> subprocess.CompletedProcess[str]:
        begun = self.begin(**environment)
        out, error = begun.communicate(timeout=60)
        return subprocess.CompletedProcess(begun.args, begun.returncode, out, error)

    def wait_for(self, name: str) -> None:
        """Return once the file is there."""
        until = time.monotonic() + 30
        while not (self.folder / name).exists():
            assert time.monotonic() < until, f"{name} does not appear"
            time.sleep(0.02)

    def environments_made(self) -> int:
        return (self.folder / "venv.log").read_text().count("made")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a folder 春和")


def test_what_is_done_is_not_done_again(checkout: Checkout) -> None:
    assert checkout.set_up().returncode == 0
    again = checkout.set_up()
    assert (again.returncode, again.stderr, checkout.environments_made()) == (0, "", 1)


def test_half_an_environment_is_made_anew(checkout: Checkout) -> None:
    """Interrupted while it was made: there is a Python, and no installer."""
    checkout.set_up()
    (checkout.folder / ".venv" / "pip").unlink()
    (checkout.folder / ".make" / "python").unlink()
    assert checkout.set_up().returncode == 0
    assert checkout.environments_made() == 2


def test_a_checkout_that_was_moved_gets_an_environment_of_its_own(checkout: Checkout) -> None:
    checkout.set_up()
    moved = Checkout.__new__(Checkout)
    moved.folder = checkout.folder.rename(checkout.folder.with_name("moved"))
    assert moved.set_up().returncode == 0
    assert moved.environments_made() == 2


def test_a_python_that_cannot_make_environments_is_told_in_one_line(checkout: Checkout) -> None:
    done = checkout.set_up(NO_ENSUREPIP="1")
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr.splitlines()[-1]


def test_without_an_index_it_says_what_is_needed(checkout: Checkout) -> None:
    done = checkout.set_up(UV_STATUS="2")
    assert done.returncode == 1
    assert "needs PyPI, or an index set for pip" in done.stderr.splitlines()[-1]


def test_the_index_that_pip_was_given_is_the_installers_too(checkout: Checkout) -> None:
    checkout.set_up()
    uv = checkout.folder / ".venv" / "bin" / "uv"
    uv.write_text('#!/bin/sh\necho "$UV_DEFAULT_INDEX $UV_SYSTEM_CERTS" >> uv.log\n')
    (checkout.folder / ".make" / "python").unlink()
    checkout.set_up(PIP_INDEX="https://packages.bank.example/simple")
    assert "https://packages.bank.example/simple true" in (checkout.folder / "uv.log").read_text()


def test_two_at_once_take_turns_and_the_second_says_so(checkout: Checkout) -> None:
    first = checkout.begin(SLOW="1")
    checkout.wait_for(".venv/bin/python")
    second = checkout.set_up()
    first.communicate(timeout=60)
    assert (first.returncode, second.returncode, checkout.environments_made()) == (0, 0, 1)
    assert second.stderr == f"another setup of this checkout is at work (process {first.pid}); waiting for it …\n"


def test_a_setup_that_was_killed_holds_up_nobody(checkout: Checkout) -> None:
    killed = checkout.begin(SLOW="60")
    checkout.wait_for(".venv/bin/python")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=60)
    again = checkout.set_up()
    assert again.returncode == 0
    assert "at work" not in again.stderr
