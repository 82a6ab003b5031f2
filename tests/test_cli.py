"""The command line loads no more than the command needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from warmline.cli import COMMANDS, build_parser

HEAVY = ("numpy", "scipy", "sqlalchemy", "fastapi", "warmline.bench", "warmline.bootstrap")


def loaded_by(statement: str) -> set[str]:
    """Return the modules of a fresh interpreter after a statement."""
    listing = "import sys; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", f"{statement}\n{listing}"], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_help_loads_no_command() -> None:
    loaded = loaded_by("from warmline.cli import build_parser; build_parser('--help').format_help()")
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize(
    ("command", "unneeded"),
    [
        ("up", {"warmline.bench", "scipy", "sklearn", "alembic", "openpyxl", "authlib"}),
        ("ask", {"warmline.bench", "warmline.web", "uvicorn", "openpyxl", "httpx", "authlib"}),
        ("kb", {"warmline.bench", "warmline.bootstrap", "openpyxl"}),
        ("simulate", {"warmline.bench", "warmline.bootstrap", "scipy", "sklearn", "sqlalchemy"}),
        ("skill", {"warmline.bench", "warmline.bootstrap", "numpy", "scipy"}),
        ("user", {"warmline.bench", "warmline.bootstrap", "numpy", "scipy"}),
    ],
)
def test_a_command_loads_what_it_needs(command: str, unneeded: set[str]) -> None:
    loaded = loaded_by(f"from warmline.cli import build_parser; build_parser({command!r})")
    assert loaded.isdisjoint(unneeded)


def test_every_command_says_what_it_does() -> None:
    shown = build_parser().format_help()
    assert all(name in shown and about in shown for name, (about, _) in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser(name).parse_args([name, "--help"])
    assert ended.value.code == 0
    assert f"warmline {name}" in capsys.readouterr().out
