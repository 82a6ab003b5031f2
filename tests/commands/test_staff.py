"""Accounts and skill groups from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from warmline import cli
from warmline.kit.bus import CHANNEL

Run = Callable[..., int]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `warmline …` on a fresh database; return its exit code."""
    monkeypatch.setenv("WARMLINE_DATABASE_URL", database_url)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def call(*arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return call


CHEN = ("user", "add", "chen@bank.example", "--name", "陈曦", "--role", "agent")


def test_an_account_with_a_skill_group_that_was_added(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("skill", "add", "cards", "--shown", "银行卡|銀行卡|Cards") == 0
    assert run("skill", "add", "贷款") == 0
    assert run(*CHEN, "--skill", "cards", "--skill", "贷款") == 0
    assert "/desk/link#" in capsys.readouterr().out
    assert run("skill", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["skills"] == [
        {"id": "cards", "names": {"zh-Hans": "银行卡", "zh-Hant": "銀行卡", "en": "Cards"}},
        {"id": "贷款", "names": dict.fromkeys(("zh-Hans", "zh-Hant", "en"), "贷款")},
    ]


def test_an_unknown_skill_group_makes_no_account_and_says_what_to_do(
    run: Run, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("skill", "add", "loans")
    assert run(*CHEN, "--skill", "cards") == 1
    said = capsys.readouterr().err
    assert "no skill group cards (there are: loans)" in said
    assert "warmline skill add cards" in said
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select count(*) from staff_account").fetchone() == (0,)


def test_an_account_is_closed_opened_and_given_roles_and_running_nodes_hear_of_it(
    run: Run, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*CHEN) == 0
    capsys.readouterr()
    with psycopg.connect(database_url, autocommit=True) as node:
        node.execute(f"listen {CHANNEL}")
        (staff_id,) = node.execute("select id from staff_account").fetchone() or ()
        for command, shown in (
            (("disable",), "agent  disabled"),
            (("enable",), "agent"),
            (("roles", "--role", "supervisor", "--role", "editor"), "editor, supervisor"),
        ):
            assert run("user", command[0], "CHEN@bank.example", *command[1:]) == 0
            assert capsys.readouterr().out.strip() == f"陈曦 <chen@bank.example>  {shown}"
            heard = [json.loads(note.payload)[1] for note in node.notifies(timeout=20, stop_after=1)]
            assert heard == [[["staff.changed", str(staff_id)]]]
        actions = node.execute("select action from audit_entry where actor = 'cli' order by id").fetchall()
    assert [action for (action,) in actions][-3:] == ["account.disabled", "account.enabled", "account.roles_changed"]


@pytest.mark.parametrize("action", [("disable",), ("enable",), ("roles", "--role", "agent")])
def test_an_account_that_is_not_there_cannot_be_changed(
    run: Run, action: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("user", action[0], "nobody@bank.example", *action[1:]) == 1
    assert "nobody@bank.example" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "two words", "a,b", "x" * 41, "a/b"])
def test_a_skill_group_is_named_by_one_word(run: Run, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("skill", "add", name) == 1
    assert "one word" in capsys.readouterr().err


def test_knowledge_of_another_data_folder(tmp_path: Path) -> None:
    for action in ("import a.csv", "export a.csv", "check"):
        arguments = ["kb", *action.split(), "--data", str(tmp_path)]
        assert cli.build_parser("kb").parse_args(arguments).data == tmp_path


def test_accounts_and_groups_are_told_as_json(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("skill", "add", "cards", "--json")
    assert json.loads(capsys.readouterr().out)["id"] == "cards"
    run(*CHEN, "--json")
    added = json.loads(capsys.readouterr().out)
    assert (added["email"], added["roles"], added["disabled"]) == ("chen@bank.example", ["agent"], False)
    assert "/desk/link#" in added["link"]
    run("user", "disable", "chen@bank.example", "--json")
    assert json.loads(capsys.readouterr().out)["disabled"]


def test_names_keep_nothing_hidden_and_an_address_is_looked_at(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("user", "add", "chen@bank.example", "--name", "陈\u202e曦\u200b\x07", "--role", "agent") == 0
    assert capsys.readouterr().out.startswith("陈曦 <")
    run("skill", "add", "cards", "--shown", "银行\u202e卡")
    assert "银行卡" in capsys.readouterr().out
    assert run("user", "add", "bad address", "--name", "陈曦", "--role", "agent") == 1
    assert "looks like chen@bank.example" in capsys.readouterr().err


def test_a_skill_group_is_removed_unless_somebody_waits_for_it(
    run: Run, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("skill", "add", "cards")
    run(*CHEN, "--skill", "cards")
    columns = "id, customer_id, channel, locale, elder, opened_at, owner, skill, front, human_requested"
    columns += ", last_seq, last_customer_seq, last_staff_seq, customer_read_seq, staff_read_seq"
    row = "gen_random_uuid(), gen_random_uuid(), 'web', 'en', false, now(), 'queue', 'cards', false, true"
    row += ", 1, 0, 0, 0, 0"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"insert into conversation ({columns}) values ({row})")
        capsys.readouterr()
        assert run("skill", "remove", "cards") == 1
        assert "1 conversations wait for cards" in capsys.readouterr().err
        connection.execute("update conversation set owner = 'assistant'")
    assert run("skill", "remove", "cards", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"id": "cards", "members": 1}
    assert run("skill", "remove", "cards") == 1
    assert "there is no skill group cards" in capsys.readouterr().err


def test_an_address_that_is_taken_is_told_in_a_sentence(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run(*CHEN)
    capsys.readouterr()
    assert run(*CHEN) == 1
    assert capsys.readouterr().err == "warmline: There is already an account with this address.\n"
