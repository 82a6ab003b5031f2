"""`warmline doctor` tries the database and the endpoint that are set, not only whether they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.core_banking import CoreBanking
from tests.fakes.language_model import HostileModel
from tests.fakes.server import ROOT, free_port
from warmline import cli
from warmline.commands.doctor import Finding, examine
from warmline.settings import Settings


def found(database_url: str) -> Finding:
    return next(one for one in examine(Settings(database_url=database_url)) if one.what == "database")


def test_a_database_that_answers_is_told_with_its_version(database_url: str) -> None:
    assert found(database_url).ok
    assert found(database_url).found.startswith("PostgreSQL 1")


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/x", "postgresql://x@/x?host=/nowhere"])
def test_a_database_out_of_reach_is_a_failure_with_its_reason(url: str) -> None:
    assert found(url).ok is False
    assert "connection" in found(url).advice


def actions(path: Path | None) -> list[Finding]:
    return [one for one in examine(Settings(actions=path)) if one.what == "actions"]


def test_the_banks_systems_are_tried(tmp_path: Path) -> None:
    (none,) = actions(None)
    assert (none.ok, none.found) == (None, "none")
    with CoreBanking() as core:
        path = tmp_path / "actions.yaml"
        text = (ROOT / "demo" / "actions.yaml").read_text(encoding="utf-8").replace("${WARMLINE_CORE_URL}", core.url)
        path.write_text(text.replace("    token_env: WARMLINE_CORE_TOKEN\n", ""), encoding="utf-8")
        (found,) = actions(path)
        assert (found.ok, found.found) == (True, "core: 25 actions")
    (away,) = actions(path)
    assert (away.ok, away.advice) == (False, "not reached: its OpenAPI document did not come: unreachable")
    path.write_text(text.replace("effect: protect", "effect: protekt"), encoding="utf-8")
    (broken,) = actions(path)
    assert broken.ok is False
    assert "did you mean 'protect'?" in broken.advice


def test_an_embeddings_endpoint_that_does_not_answer_is_a_failure() -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    settings = Settings(embeddings_url=f"{origin}/v1", embeddings_allowed_origins=origin)
    told = next(one for one in examine(settings) if one.what == "embeddings")
    assert told.ok is False
    assert "endpoint failed" in told.advice


def test_a_language_model_is_tried_where_there_is_one() -> None:
    assert not [one for one in examine(Settings()) if one.what == "language model"]
    with HostileModel("1") as model:
        settings = Settings(lm_url=f"{model.url}/v1", lm_model="qwen", lm_allowed_origins=model.url)
        (found,) = (one for one in examine(settings) if one.what == "language model")
        assert (found.ok, found.found, found.advice) == (True, "qwen", "")
        model.mood = "limited"
        (away,) = (one for one in examine(settings) if one.what == "language model")
    assert (away.ok, away.advice) == (None, "no answer (limited): everything works without it")


def test_an_endpoint_that_is_not_allowed_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setenv("WARMLINE_EMBEDDINGS_URL", "https://chen:secret@vectors.example/v1")
    with pytest.raises(SystemExit) as ended:
        cli.main(["doctor"])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "https://vectors.example is no origin of WARMLINE_EMBEDDINGS_ALLOWED_ORIGINS" in line
    assert "secret" not in line
