"""Settings that cannot work are told in one line, with status 2; lost keys before anything is served."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.fakes.server import Server, environment, free_port, warmline
from warmline import cli

SECONDS = 60
Up = Callable[..., tuple[int, list[str]]]


def attempt(data: Path, *arguments: str, **settings: str) -> tuple[int, list[str]]:
    """Run `warmline up`, which must not come up; return its status and what it said."""
    given = {f"WARMLINE_{name}": value for name, value in settings.items()}
    command = warmline("up", "--data", str(data), "--port", str(free_port()), *arguments)
    done = subprocess.run(
        command, env=environment() | given, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    return done.returncode, [line for line in done.stderr.splitlines() if "…" not in line]


@pytest.fixture
def up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Up:
    """The same in this process, for a start that ends before anything is served: a process each takes seconds."""

    def run(**settings: str) -> tuple[int, list[str]]:
        given = {f"WARMLINE_{name}": value for name, value in settings.items()}
        monkeypatch.setattr("os.environ", environment() | given)
        monkeypatch.setattr("signal.signal", lambda *_: None)
        monkeypatch.setattr("warmline.commands.serve.serve", lambda *_, **__: pytest.fail("it would serve"))
        with pytest.raises(SystemExit) as ended:
            cli.main(["up", "--data", str(tmp_path / "data")])
        assert isinstance(ended.value.code, int)
        return ended.value.code, capsys.readouterr().err.splitlines()

    return run


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "WARMLINE_PORT: input should be a valid integer"),
        ("PORT", "99999", "WARMLINE_PORT: input should be less than or equal to 65535"),
        ("ZONE", "Mars/X", "WARMLINE_ZONE: time zones look like Asia/Shanghai"),
        ("HOURS_WEEKDAYS", "99", "WARMLINE_HOURS_WEEKDAYS: opening hours look like 08:30-21:00"),
        ("MASTER_KEY", "zzz", "WARMLINE_MASTER_KEY: a master key is 32 bytes in Base64"),
        ("IDENTITY_SECRET", "short", "WARMLINE_IDENTITY_SECRET: it has at least 32 bytes"),
        ("IDENTITY_PUBLIC_KEY", "/nope.pem", "WARMLINE_IDENTITY_PUBLIC_KEY: there is no file /nope.pem"),
        ("LABELLED_QUESTIONS", "/nope", "WARMLINE_LABELLED_QUESTIONS: there is no file /nope"),
        ("POLICY", "/nope", "WARMLINE_POLICY: there is no file /nope"),
        ("TURNS_AT_ONCE", "0", "WARMLINE_TURNS_AT_ONCE: input should be greater than or equal to 1"),
        ("TARGET_ERROR", "7", "WARMLINE_TARGET_ERROR: input should be less than 0.5"),
        ("LM_URL", "http://lm.bank.example", "WARMLINE_LM_URL: http is for this machine alone"),
        ("LM_URL", "https://lm.bank.example/?key=1", "WARMLINE_LM_URL: an address holds no password, query"),
        ("LM_URL", "https://lm.bank.example", "WARMLINE_LM_MODEL: it is needed with WARMLINE_LM_URL"),
        ("LM_USES", "rephrase,decide", "WARMLINE_LM_USES: decide is none of rephrase, quote, summarise, draft"),
        ("LM_MONEY_PER_DAY", "5", "WARMLINE_LM_PRICE: it is needed with WARMLINE_LM_MONEY_PER_DAY"),
        ("LM_KEY_FILE", "/nope", "WARMLINE_LM_KEY_FILE: there is no file /nope"),
        ("LM_SECONDS", "9", "WARMLINE_LM_SECONDS: input should be less than or equal to 3"),
    ],
)
def test_a_setting_that_cannot_work_is_told_in_one_line(
    up: Up, tmp_path: Path, name: str, value: str, said: str
) -> None:
    status, lines = up(**{name: value})
    assert status == 2
    assert len(lines) == 1
    assert said in lines[0]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "allowed", ["", "https://other.example", "https://lm.bank.example:8443", "https://lm.bank.example.evil.example"]
)
def test_a_language_model_that_texts_may_not_be_sent_to_is_refused_at_start(
    up: Up, tmp_path: Path, allowed: str
) -> None:
    status, lines = up(LM_URL="https://lm.bank.example", LM_MODEL="m", LM_ALLOWED_ORIGINS=allowed)
    assert (status, len(lines)) == (2, 1)
    assert "https://lm.bank.example is no origin of WARMLINE_LM_ALLOWED_ORIGINS" in lines[0]
    assert not (tmp_path / "data").exists()


def test_policy_that_cannot_be_read_is_told_by_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("versions:\n  - {version: 1, valid_form: 2026-01-01}\n", encoding="utf-8")
    status, lines = attempt(tmp_path / "data", POLICY=str(file))
    assert (status, len(lines)) == (2, 1)
    assert f"{file}:2:" in lines[0]
    assert "'valid_from' is missing" in lines[0]


def test_a_port_on_the_command_line_is_looked_at_as_well(tmp_path: Path) -> None:
    status, lines = attempt(tmp_path / "data", "--port", "99999")
    assert (status, len(lines)) == (2, 1)
    assert "WARMLINE_PORT" in lines[0]


def test_words_are_not_sealed_under_a_second_master_key(lone_server: Server) -> None:
    """Lost keys are restored from a backup; going on with new ones would seal what comes under those."""
    secret = lone_server.data / "secrets" / "master_key"
    lone_server.start()
    httpx.post(f"{lone_server.base}/api/v1/visitors", json={"locale": "zh-Hans"}).raise_for_status()
    lone_server.interrupt()
    kept = secret.read_text()
    secret.write_text(base64.b64encode(os.urandom(32)).decode())
    status, lines = attempt(lone_server.data)
    assert status == 1
    assert len(lines) == 1
    assert "restore secrets/master_key" in lines[0]
    secret.write_text("damaged")
    assert "is damaged: restore it" in attempt(lone_server.data)[1][0]
    secret.write_text(kept)
    lone_server.start()


def test_a_folder_that_cannot_hold_data_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "odd" / "lock").mkdir(parents=True)
    for data in (tmp_path / "file", tmp_path / "odd", Path("/proc/nowhere")):
        status, lines = attempt(data)
        assert (status, len(lines)) == (1, 1), lines
        assert f"cannot keep data in {data}" in lines[0]


def test_a_database_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    status, lines = attempt(tmp_path, DATABASE_URL="postgresql://nobody@127.0.0.1:1/x")
    assert (status, len(lines)) == (1, 1), lines
    assert "WARMLINE_DATABASE_URL cannot be used: connection failed" in lines[0]
