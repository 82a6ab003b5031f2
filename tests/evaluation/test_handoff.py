"""Where a person should take over: the measure against cases worked out by hand, the command on authored dialogues."""

import argparse
import json
import math
from pathlib import Path
from typing import Any

import pytest

from warmline.evaluation import handoff, service
from warmline.evaluation.dialogues import same_dialogue, turns_of
from warmline.evaluation.handoff import f1, golden_transfer
from warmline.language.service import HandoffNeed
from warmline.language.turns import Turn, turn_of

NEAR = math.exp(-1 / 2)


@pytest.mark.parametrize(
    ("gold", "given", "tolerance", "score"),
    [
        ([0, 0, 0], [0, 0, 0], 1, 1.0),
        ([0, 0, 0], [0, 1, 0], 1, 0.0),
        ([0, 1, 0], [0, 0, 0], 3, 0.0),
        ([0, 1, 0], [0, 1, 0], 1, 1.0),
        ([0, 1, 0], [1, 0, 0], 1, NEAR),
        ([0, 1, 0, 0], [0, 0, 0, 1], 2, NEAR),
        ([1, 0, 0, 1], [0, 1, 0, 1], 1, (NEAR + 1) / 2),
        ([1, 0, 0, 0], [0, 0, 0, 1], 3, NEAR),
    ],
)
def test_golden_transfer(gold: list[int], given: list[int], tolerance: int, score: float) -> None:
    assert golden_transfer([gold], [given], tolerance) == pytest.approx(score)
    assert golden_transfer([gold, [0]], [given, [0]], tolerance) == pytest.approx((score + 1) / 2)


def test_f1_counts_the_turns_of_all_dialogues() -> None:
    assert f1([[1, 0], [0, 1]], [[1, 1], [0, 0]]) == pytest.approx(0.5)
    assert f1([[0]], [[0]]) == 1.0


def test_what_is_measured_is_what_the_language_package_gives() -> None:
    assert vars(handoff)["HandoffNeed"] is HandoffNeed


def _dialogue(number: int) -> dict[str, Any]:
    """Whoever says 9 twice wants a person; the rest is small talk."""
    upset = number % 2
    turns = [
        {"author": "customer", "tokens": [number % 5, 3], "handoff": 0},
        {"author": "agent", "tokens": [1, 2], "handoff": 0},
    ]
    turns += [{"author": "customer", "tokens": [9, 9, 8] if upset else [4, number % 3], "handoff": upset}] * 2
    return {"turns": [*turns, {"author": "agent", "tokens": [7], "handoff": 0}]}


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    parser = argparse.ArgumentParser()
    service.register(parser.add_subparsers(required=True))
    args = parser.parse_args([*arguments, "--json"])
    code = args.func(args)
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


def _file(path: Path, rows: list[Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [_dialogue(n) for n in range(60)]
    bad = {"turns": [{"author": "robot", "tokens": [1], "handoff": 0}]}
    train = _file(tmp_path / "train.jsonl", [*rows[:40], bad, {"turns": []}])
    test = _file(tmp_path / "test.jsonl", rows[40:])
    code, result, err = _run(capsys, "handoff", "--train", train, "--test", test)
    assert code == 0
    assert result["n"] == 20
    assert result["bad_rows"] == 2
    assert "neither customer nor agent" in err
    assert result["f1"] >= 0.9
    assert result["gt_1"] >= 0.9
    assert {"auc", "gt_2", "gt_3", "ms_per_query"} <= result.keys()
    assert {"f1", "auc", "gt_1", "gt_2", "gt_3"} == result["baseline"].keys()
    assert not result["cross_validated"]


def test_one_file_is_cross_validated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(tmp_path / "all.jsonl", [_dialogue(n) for n in range(30)])
    code, result, _ = _run(capsys, "handoff", "--test", file)
    assert code == 0
    assert result["cross_validated"]
    assert result["n"] == 30


def test_too_little_to_learn_from_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(tmp_path / "few.jsonl", [_dialogue(n) for n in range(6)])
    code, _, err = _run(capsys, "handoff", "--train", file)
    assert code == 2
    assert "training needs" in err


def test_dialogues_of_one_turn_can_be_learnt_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"turns": [{"author": "customer", "tokens": [n % 2], "handoff": n % 2}]} for n in range(40)]
    code, result, _ = _run(capsys, "handoff", "--train", _file(tmp_path / "one.jsonl", rows))
    assert code == 0
    assert result["f1"] == 1.0


@pytest.mark.parametrize("task", ["handoff", "satisfaction", "emotion"])
def test_no_file_is_wrong_usage(capsys: pytest.CaptureFixture[str], task: str) -> None:
    code, _, err = _run(capsys, task)
    assert code == 2
    assert "--train" in err


def test_only_what_was_said_until_then_counts() -> None:
    dialogues = [turns_of(_dialogue(n)) for n in range(40)]
    marks = [[t["handoff"] for t in _dialogue(n)["turns"]] for n in range(40)]
    model = HandoffNeed().fit(dialogues, marks, handoff.balance)
    whole, begun = model.shares([dialogues[1], dialogues[1][:3]])
    assert whole[:3] == pytest.approx(begun)


def test_rows_of_text_and_of_numbers_are_both_read() -> None:
    turns = turns_of({"turns": [{"author": "customer", "text": "我的卡丟了"}, {"author": "agent", "tokens": [5, 6]}]})
    assert turns == (turn_of("customer", "我的卡丢了"), Turn("agent", ("5", "6")))
    assert "卡" in turns[0].tokens


def test_windows_of_one_dialogue_are_told_to_be_one() -> None:
    talk = [turn_of("customer" if n % 2 else "agent", f"第{n}句话说的是银行卡的事情") for n in range(8)]
    other = [turn_of("customer", f"另外一通对话的第{n}句话") for n in range(4)]
    groups = same_dialogue([talk[:4], talk[1:6], other, talk[3:]])
    assert groups[0] == groups[1] == groups[3] != groups[2]
