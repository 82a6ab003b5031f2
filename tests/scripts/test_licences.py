"""The licence gate lets the allowed through and stops the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.licences import Package, bundled_names, main, parse, read_python, render, verdict

CLEAN_LOCK = "pytest==9.9.9 \\\n    --hash=sha256:00\n"
REVIEWED = "python:\n  pytest: {version: 9.9.9, licence: MIT, read_from: a test}\nnpm: {}\nbundled: %s\n"


@pytest.mark.parametrize(
    ("licence", "wanted"),
    [
        ("MIT", "permissive"),
        ("BSD-3-Clause AND 0BSD AND MIT", "permissive"),
        ("LGPL-3.0-only", "unmodified"),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", "unmodified"),
        ("(MPL-2.0 OR Apache-2.0)", "permissive"),
        ("GPL-3.0-or-later OR MIT", "permissive"),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", "unmodified"),
        ("GPL-3.0-or-later", "refused"),
        ("AGPL-3.0-only", "refused"),
        ("MIT AND GPL-2.0-only", "refused"),
        ("(MIT OR Apache-2.0) AND AGPL-3.0-only", "refused"),
        ("SEE LICENSE IN terms.txt", "refused"),
        ("", "refused"),
    ],
)
def test_verdict(licence: str, wanted: str) -> None:
    assert verdict(licence) == wanted


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("docs", "scripts", "frontend"):
        (tmp_path / folder).mkdir()
    (tmp_path / "requirements.lock").write_text(CLEAN_LOCK)
    (tmp_path / "requirements-dev.lock").write_text(CLEAN_LOCK)
    wanted = "PyTest[extra]>=1; sys_platform == 'linux'"
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "x"\ndependencies = ["{wanted}"]\n')
    from yaml import __file__ as yaml_file

    names = bundled_names(Path(yaml_file).parent.parent)
    known = {name: {"licence": "MIT", "of": "a test"} for name in names}
    (tmp_path / "scripts" / "licences.yaml").write_text(REVIEWED % json.dumps(known))
    write_npm(tmp_path, {"license": "ISC"})
    return tmp_path


def write_npm(root: Path, entry: dict[str, object]) -> None:
    lock = {"packages": {"": {}, "node_modules/one": {"version": "1.0.0"} | entry}}
    (root / "frontend" / "package-lock.json").write_text(json.dumps(lock))


def test_a_clean_tree_passes_once_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"], root) == 1
    assert "out of date" in capsys.readouterr().err
    assert main([], root) == 0
    assert main(["--check"], root) == 0
    page = (root / "docs" / "licences.md").read_text()
    assert "| pytest 9.9.9 | MIT | a test |" in page
    assert "| one 1.0.0 | ISC |  |" in page


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"license": "AGPL-3.0-only"}, "AGPL-3.0-only"),
        ({"license": "GPL-2.0-only", "dev": True}, "GPL-2.0-only"),
        ({}, "unknown licence"),
        ({"license": {"type": "MIT"}}, "unknown licence"),
    ],
)
def test_what_may_not_be_shipped(
    root: Path, capsys: pytest.CaptureFixture[str], entry: dict[str, object], complaint: str
) -> None:
    write_npm(root, entry)
    main([], root)
    assert main(["--check"], root) == 1
    assert f"one 1.0.0 (Front end, {'to build' if entry.get('dev') else 'shipped to browsers'}): {complaint}" in (
        capsys.readouterr().err
    )


def test_an_unlocked_dependency(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = root / "pyproject.toml"
    project.write_text(project.read_text() + '[project.optional-dependencies]\nvoice = ["some_thing>=2"]\n')
    assert main([], root) == 1
    assert "some-thing: in pyproject.toml but in no lock file" in capsys.readouterr().err


def test_a_library_inside_a_wheel_that_nobody_reviewed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "scripts" / "licences.yaml").write_text(REVIEWED % "{}")
    assert main([], root) == 1
    assert "a shared library inside a wheel" in capsys.readouterr().err


def test_names_of_bundled_libraries(tmp_path: Path) -> None:
    folder = tmp_path / "some.libs"
    folder.mkdir()
    for name in ("libpq-e9b5c9ac.so.5.18", "libgfortran-040039e1-0352e75f.so.5.0.0", "libz.1.2.dylib"):
        (folder / name).touch()
    assert bundled_names(tmp_path) == {"libpq", "libgfortran", "libz"}


def test_an_upgrade_makes_a_review_void() -> None:
    reviewed = {"pytest": {"version": "1.0", "licence": "MIT", "read_from": "a test"}}
    assert read_python("pytest", "1.0", reviewed, {}).licence == "MIT"
    assert read_python("pytest", "2.0", reviewed, {}) == Package("pytest", "2.0")


def test_what_is_not_for_this_machine_keeps_its_row() -> None:
    row = Package("only-on-windows", "1.0", "MIT", "a test")
    before = parse(render({"Python, to run": [row]}))
    assert read_python("only-on-windows", "1.0", {}, before) == row
    assert read_python("only-on-windows", "1.1", {}, before).licence == ""


def test_installed_metadata_is_read() -> None:
    from importlib.metadata import version

    assert read_python("fastapi", version("fastapi"), {}, {}).licence == "MIT"
    assert read_python("psycopg", version("psycopg"), {}, {}).licence == "LGPL-3.0-only"
