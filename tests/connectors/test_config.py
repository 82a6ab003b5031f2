"""An actions file with mistakes: line, column, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connectors.conftest import ACTIONS, environment_of
from warmline.connectors.config import read_actions
from warmline.connectors.model import Effect
from warmline.kit.strict_yaml import FileMistakeError

GOOD = """\
allowed_origins: ["https://core.bank.example"]
systems:
  core:
    openapi: {url: "https://core.bank.example/openapi.json"}
    base_url: "https://core.bank.example/v1"
    token_env: CORE_TOKEN
actions:
  freeze_card: {system: core, operation: freezeCard, effect: protect}
"""
ENVIRONMENT = {"CORE_TOKEN": "secret", "HOST": "core.bank.example", "EVIL": "evil.example"}


def write(folder: Path, text: str) -> Path:
    path = folder / "actions.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file(tmp_path: Path) -> None:
    sheet = read_actions(write(tmp_path, GOOD), ENVIRONMENT)
    assert sheet.content.actions["freeze_card"].effect is Effect.PROTECT


def test_the_demo_has_all_its_actions() -> None:
    read = read_actions(ACTIONS, environment_of("http://127.0.0.1:8038")).content.actions
    assert len(read) == 25
    assert read["freeze_card"].effect is Effect.PROTECT


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("effect: protect", "efect: protect", "8:", "unknown key 'efect'; did you mean 'effect'?"),
        ("effect: protect", "effect: protekt", "8:54", "'protekt' is not possible; did you mean 'protect'?"),
        (", effect: protect", "", "8:3", "'effect' is missing"),
        ("system: core", "system: cor", "8:17", "there is no system 'cor'; did you mean 'core'?"),
        ("operation: freezeCard", "tool: freeze_card", "8:31", "'core' has no tools: write `operation:`"),
        ("operation: freezeCard, ", "", "8:3", "an action is either an `operation` (OpenAPI) or a `tool` (MCP)"),
        ("https://core.bank.example/v1", "http://core.bank.example/v1", "5:5", "http is for this machine alone"),
        (
            "https://core.bank.example/v1",
            "https://${EVIL}/v1",
            "5:5",
            "https://evil.example is none of allowed",
        ),
        ("https://core.bank.example/v1", "https://${GONE}/v1", "5:5", "GONE is not set in the environment"),
        ("https://core.bank.example/v1", "https://a:b@core.bank.example", "5:5", "an address holds no credentials"),
        ("token_env: CORE_TOKEN", "token_env: OTHER_TOKEN", "6:5", "OTHER_TOKEN is not set in the environment"),
        ("token_env: CORE_TOKEN", "token: abc", "6:5", "unknown key 'token'; did you mean 'token_env'?"),
        ("token_env: CORE_TOKEN", "token_file: nowhere", "6:5", "there is no file nowhere"),
        ("token_env: CORE_TOKEN", "timeout_seconds: 600", "6:5", "Input should be less than or equal to 60"),
        ("token_env: CORE_TOKEN", "timeout_seconds: soon", "6:5", "Input should be a valid number"),
        ("url:", "file: x, url:", "4:5", "an OpenAPI document is either a `file` or a `url`"),
        ('openapi: {url: "https://core.bank.example/openapi.json"}', "retries: 1", "3:3", "either `openapi` or `mcp`"),
        ("effect: protect", "effect: change, compensate: {action: x, with: {a: b}}", "8:", "no action 'x'"),
        ("actions:", "actions:\n  freeze_card: {}", "9:3", "'freeze_card' stands here twice"),
        ("effect: protect}", "effect: protect", "9:1", "no YAML"),
        ("systems:", "x: &a [1]\ny: *a\nsystems:", "2:4", "anchors and aliases"),
        ("freeze_card:", "Freeze-Card:", "8:3", "String should match pattern"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, old: str, new: str, where: str, what: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(FileMistakeError) as told:
        read_actions(path, ENVIRONMENT)
    reason = told.value.fields["reason"]
    assert reason.startswith(f"{path}:{where}"), reason
    assert what in reason
    assert "secret" not in reason


def test_all_mistakes_are_told_in_their_order(tmp_path: Path) -> None:
    text = GOOD.replace("base_url", "bas_url").replace("protect", "protekt")
    with pytest.raises(FileMistakeError) as told:
        read_actions(write(tmp_path, text), ENVIRONMENT)
    assert [one.line for one in told.value.mistakes] == [5, 8]
    assert "(and 1 more)" in told.value.fields["reason"]


def test_any_port_of_this_machine_can_be_allowed_and_no_other_host(tmp_path: Path) -> None:
    text = GOOD.replace("https://core.bank.example", "http://127.0.0.1:8038", 3).replace(
        'allowed_origins: ["http://127.0.0.1:8038"]', 'allowed_origins: ["http://127.0.0.1:*"]'
    )
    assert read_actions(write(tmp_path, text), ENVIRONMENT)
    with pytest.raises(FileMistakeError, match="http://localhost:8038 is none of allowed_origins"):
        read_actions(write(tmp_path, text.replace("http://127.0.0.1:8038/v1", "http://localhost:8038/v1")), ENVIRONMENT)


@pytest.mark.parametrize("text", ["", "[]", "just words", "\x00", "a: !!python/object/apply:os.system [id]"])
def test_what_is_no_such_file_at_all(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileMistakeError):
        read_actions(write(tmp_path, text), ENVIRONMENT)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileMistakeError, match="cannot be read"):
        read_actions(tmp_path / "nowhere.yaml", ENVIRONMENT)
