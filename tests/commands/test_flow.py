"""Flows from the command line: mistakes with their place, drafts, and nothing published that was not proved."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.fakes.offline_bank import DEMO, IDENTITY, write_actions
from tests.web.test_flows import ASKED_TWICE, FLOW, ID
from warmline import cli

Run = Callable[..., int]
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_actions(tmp_path_factory.mktemp("actions"))


@pytest.fixture
def run(database_url: str, actions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `warmline flow …` on a fresh database; return its exit code."""
    monkeypatch.setenv("WARMLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("WARMLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WARMLINE_IDENTITY_LEVELS", str(IDENTITY))
    monkeypatch.setenv("WARMLINE_ACTIONS", str(actions))
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def call(*arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            cli.main(["flow", *arguments])
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return call


def write(folder: Path, text: str) -> str:
    path = folder / f"{ID}.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_demo_s_flows_have_no_mistakes(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(DEMO / "flows"), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"flows": 12, "mistakes": []}


def test_a_mistake_is_told_with_its_place_in_the_language_asked_for(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, FLOW.replace("- ask: day", "- ask: dya"))
    assert run("check", path) == 1
    assert f"{path}:12:5: there is no slot `dya`; did you mean `day`?" in capsys.readouterr().out
    assert run("check", path, "--json", "--locale", "zh-Hans") == 1
    (told, *_) = [one for one in json.loads(capsys.readouterr().out)["mistakes"] if one["line"] == 12]
    assert (told["message"], told["instead"]) == ("没有叫“dya”的要素", "您要写的是不是“day”？")


def test_wrong_usage_is_status_2(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", str(tmp_path / "no-such-file.yaml")) == 2
    monkeypatch.delenv("WARMLINE_IDENTITY_LEVELS")
    assert run("check", write(tmp_path, FLOW)) == 2


def test_a_file_becomes_a_draft_and_goes_live_once_it_is_proved(
    run: Run, tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", write(tmp_path, FLOW)) == 0
    assert run("export", ID) == 1
    capsys.readouterr()
    assert run("list", "--json") == 0
    (listed,) = json.loads(capsys.readouterr().out)["flows"]
    assert (listed["id"], listed["live_version"], listed["draft"]) == (ID, None, True)
    assert run("publish", ID) == 0
    assert "holds" in capsys.readouterr().out
    assert run("export", ID) == 0
    assert capsys.readouterr().out == FLOW
    with psycopg.connect(database_url) as connection:
        trail = connection.execute("select action from audit_entry where subject = %s order by at", [f"flow:{ID}"])
        assert [action for (action,) in trail] == ["flow.drafted", "flow.proved", "flow.published"]


def test_what_does_not_hold_is_not_published_and_tells_why(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, ASKED_TWICE)
    assert run("import", path, "--publish") == 1
    told = capsys.readouterr().out
    assert "does not hold; not published" in told
    assert "assistant: 平日还是周末？" in told
    assert run("export", ID) == 1
    assert run("export", ID, "--draft") == 0
    assert capsys.readouterr().out == ASKED_TWICE


def test_a_file_with_a_mistake_is_not_saved_and_the_others_are(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(FLOW, encoding="utf-8")
    bad.write_text(
        FLOW.replace(ID, "other").replace("[lost]", "[]").replace("end: told", "edn: told"), encoding="utf-8"
    )
    assert run("import", str(good), str(bad), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["saved"] == [ID]
    assert {one["file"] for one in told["mistakes"]} == {str(bad)}


def test_there_is_no_such_flow(run: Run) -> None:
    assert run("export", "nothing") == 1
    assert run("publish", "nothing") == 1
