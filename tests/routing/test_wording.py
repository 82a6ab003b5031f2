"""What may not be said to a customer: the same list of sentences is read by the desk's own check."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from warmline.routing.errors import AsksForSecretError
from warmline.routing.wording import find_unfit, read_rules, refuse_secrets

CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "wording.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_what_is_found_in_a_sentence(case: dict[str, object]) -> None:
    assert [one.kind for one in find_unfit(str(case["text"]))] == case["kinds"]


JAVASCRIPT = """
const [rules, texts] = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const sentences = (text) => text.match(/[^。！？!?；;\\n]+[。！？!?；;\\n]?/g) ?? [];
const holds = (pattern, text) => new RegExp(pattern, "i").test(text);
const find = (text) => rules.flatMap((rule) => sentences(text).flatMap((one) =>
  (rule.unless && holds(rule.unless, one)) || !holds(rule.pattern, one) ? [] : [rule.kind]));
process.stdout.write(JSON.stringify(texts.map(find)));
"""


def test_the_desk_finds_the_same_by_the_same_rules() -> None:
    root = Path(__file__).parents[2]
    node = shutil.which("node", path=f"{os.environ['PATH']}:{root / '.make' / 'node' / 'bin'}")
    assert node, "the front end is built with it"
    given = json.dumps([[one.model_dump() for one in read_rules()], [case["text"] for case in CASES]])
    done = subprocess.run([node, "-e", JAVASCRIPT], input=given, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [case["kinds"] for case in CASES]


def test_where_it_stands_is_told() -> None:
    text = "您好。请把验证码告诉我。谢谢"
    (found,) = find_unfit(text)
    assert text[found.start : found.end] == "验证码告诉我"


@pytest.mark.parametrize(
    ("text", "kind"), [("把密码告诉我", "pin"), ("what is your CVV", "cvv"), ("验证码给我", "code")]
)
def test_asking_for_a_secret_is_refused(text: str, kind: str) -> None:
    with pytest.raises(AsksForSecretError) as refused:
        refuse_secrets(text)
    assert refused.value.fields["kind"] == kind


def test_what_is_only_warned_of_is_not_refused() -> None:
    refuse_secrets("这款产品保本保息，傻子才不买")
    refuse_secrets(None)
    assert {one.kind for one in read_rules() if one.blocks} == {"pin", "code", "cvv"}


def test_long_words_are_looked_through_at_once() -> None:
    assert find_unfit("验证码" * 6_000) == []
