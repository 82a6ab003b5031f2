"""`warmline doctor` tries the database and the endpoint that are set, not only whether they are."""

from __future__ import annotations

import pytest

from tests.fakes.server import free_port
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


def test_an_embeddings_endpoint_that_does_not_answer_is_a_failure() -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    settings = Settings(embeddings_url=f"{origin}/v1", embeddings_allowed_origins=origin)
    told = next(one for one in examine(settings) if one.what == "embeddings")
    assert told.ok is False
    assert "endpoint failed" in told.advice


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
