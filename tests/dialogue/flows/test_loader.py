"""A flow file with something wrong: line, column, and what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.dialogue.flows.small import ACTIONS, FLOW, IDENTITY, policy
from warmline.dialogue.flows import mistakes
from warmline.dialogue.flows.checks import check_flow
from warmline.dialogue.flows.loader import FlowFileError, load_flow, load_identity, read_yaml
from warmline.dialogue.flows.mistakes import Problem


def load_problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(FlowFileError) as raised:
        load_flow(text, "flow.yaml")
    return raised.value.problems


def check(text: str) -> list[Problem]:
    flow, source = load_flow(text, "flow.yaml")
    return check_flow(flow, source, policy(), ACTIONS, {"parcel"})


def place_of(text: str, words: str) -> tuple[int, int]:
    """Return line and column of words that are there once."""
    assert text.count(words) == 1
    before = text[: text.index(words)].split("\n")
    return len(before), len(before[-1]) + 1


def test_flow_without_mistakes() -> None:
    assert check(FLOW) == []


FORM = [
    (
        'label: {zh-Hans: "{name}"',
        'lable: {zh-Hans: "{name}"',
        "the key `lable` is unknown",
        "did you mean `label`?",
        "lable:",
    ),
    ("type: amount", "type: amuont", "`amuont` cannot stand here", "write one of", "type: amuont"),
    (", en: No shop.}", "}", "the translation `en` is missing", "add `en: …` beside the others", "say: {zh-Hans: 没有"),
    ("  - ask: weight\n", "  - aks: weight\n", "a step has one of the keys", "", "aks"),
    ("title: {", "titel: {", "`title` is missing", "add `title: …`", None),
    ('en: "How much?"', "en: How much?", "this is no YAML", "put the text in quotes", "?}\n    again"),
    (
        "flow: parcel\n",
        "flow: parcel\nflow: other\n",
        "the key `flow` is here twice",
        "keep one of them",
        "flow: other",
    ),
    ("{id: heavy, end", "{id: rows, end", "two steps have the id `rows`", "", None),
]


@pytest.mark.parametrize(("right", "wrong", "what", "instead", "at"), FORM)
def test_mistake_of_form(right: str, wrong: str, what: str, instead: str, at: str | None) -> None:
    assert FLOW.count(right) == 1
    text = FLOW.replace(right, wrong)
    problems = load_problems(text)
    found = next(one for one in problems if what in one.what)
    assert instead in found.instead
    if at is not None:
        assert (found.line, found.column) == place_of(text, at)


NAMES = [
    ("call: post", "call: posst", "there is no action `posst`", "did you mean `post`?", "call: posst"),
    ("  - ask: weight\n", "  - ask: wieght\n", "there is no slot `wieght`", "did you mean `weight`?", "ask: wieght"),
    ("no: kept", "no: kpet", "there is no step `kpet`", "did you mean `kept`?", "no: kpet"),
    ("{go: no_shop,", "{go: no_shopp,", "there is no step `no_shopp`", "did you mean `no_shop`?", "go: no_shopp"),
    ("none: no_shop}", "none: no_shp}", "there is no step `no_shp`", "did you mean `no_shop`?", "none: no_shp"),
    ("{sent.reference}", "{sent.refrence}", "gives no `refrence`", "did you mean `reference`?", None),
    ("{sent.most}", "{sent.least}", "gives no `least`", "", None),
    ('{shop.id}"', '{shop.key}"', "nothing is known as `shop.key`", "", None),
    ("when: shop ==", "when: shp ==", "nothing is known as `shp`", "did you mean `shop`?", "when: shp"),
    ("where: open ==", "where: opne ==", "nothing is known as `opne`", "", "where: opne"),
    ("shop == 'none'", "shop = 'none'", "is no condition", "", None),
    (",small=the little one}", "}", "may be `small`", "add `small=…`", None),
    ("{weight} at", "{weight|mony} at", "there is no style `mony`", "one of text", None),
    ("{weight} at", "{Weight} at", "`{Weight}` is no place for a value", "write {name}", None),
    ("items: shops.shops", "items: shops.shop", "gives no `shop`", "did you mean `shops`?", "items: shops.shop\n"),
    ("[parcel]}", "[letter]}", "there is no article `letter`", "name a published article", None),
    ("most: 3}", "mots: 3}", "takes no `mots`", "did you mean `most`?", "mots: 3"),
    ('with: {shop: "{shop.id}", most: 3}', "with: {most: 3}", "`hours` needs `shop`", "add `shop` to `with`", None),
    ("  - ask: hour\n", "", "nobody ever asks for `hour`", "", None),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "what", "instead", "at"), NAMES)
def test_mistake_of_names(right: str, wrong: str, what: str, instead: str, at: str | None) -> None:
    assert FLOW.count(right) == 1
    text = FLOW.replace(right, wrong)
    found = next(one for one in check(text) if what in one.what)
    assert instead in found.instead
    if at is not None:
        assert (found.line, found.column) == place_of(text, at)


WAYS = [
    (
        "  - ask: hour\n",
        "  - ask: hour\n  - go: shops\n",
        "goes back to `shops`: a circle with no exit",
        "to ask again",
    ),
    ("  - {end: done", "  - go: kept\n  - {end: done", "no way leads to the step `step_", ""),
    ("  - {id: kept, end: kept,", "  - {id: kept,", "after `kept` the flow just stops", "end with `end` or `hand_off`"),
    ("    confirm: {", "    say: {", "changes something that the customer has not agreed to", "put a `confirm`"),
]


@pytest.mark.parametrize(("right", "wrong", "what", "instead"), WAYS)
def test_mistake_of_the_way(right: str, wrong: str, what: str, instead: str) -> None:
    text = FLOW.replace(right, wrong)
    if "confirm" in right:
        text = text.replace("    no: kept\n", "")
    found = next(one for one in check(text) if what in one.what)
    assert instead in found.instead


def test_all_mistakes_are_told_at_once() -> None:
    problems = load_problems(
        FLOW.replace('label: {zh-Hans: "{name}"', 'lable: {zh-Hans: "{name}"').replace("type: amount", "type: amuont")
    )
    assert len(problems) >= 2
    assert list(problems) == sorted(problems, key=lambda one: (one.line, one.column))


@pytest.mark.parametrize(
    "text", ["", "a: [", "- a", "1", "{", "&a [*a]", "\t", "x: !!python/object:os.system {}", "? [a]\n: b"]
)
def test_anything_else_is_refused_kindly(text: str) -> None:
    with pytest.raises(FlowFileError):
        load_flow(text, "flow.yaml")


def test_bare_yes_and_no_are_names() -> None:
    data = read_yaml("on: {no: kept}\n", "x").data
    assert data == {"on": {"no": "kept"}}


def test_identity_file_is_checked_alike() -> None:
    with pytest.raises(FlowFileError) as raised:
        load_identity(IDENTITY.replace("proven:", "provne:"), "identity.yaml")
    assert "did you mean `proven`?" in str(raised.value.problems[0])


HOSTILE = [
    ("flow: [" * 3_000, "nested too deeply"),
    ("a: &a [1]\nb: *a\n", "anchors and aliases"),
    ("title: a\x00b", "an invisible character"),
    ("title: 2026-13-45", "`2026-13-45` cannot be read here"),
    ("title: " + "9" * 5_000, "cannot be read here"),
    ("title: !!int abc", "`abc` cannot be read here"),
    ("x: 1\n--- \ny: 2", "this is no YAML"),
    ("a:\n\t- b", "this is no YAML"),
    ("x" * 200_001, "longer than"),
]


@pytest.mark.parametrize(("text", "what"), HOSTILE, ids=[what for _, what in HOSTILE])
def test_a_hostile_file_is_a_mistake_like_any_other(text: str, what: str) -> None:
    problems = load_problems(text)
    assert what in problems[0].what
    assert len(str(problems[0])) < 200


FORMS = [
    ("title: {zh-Hans: 寄件, zh-Hant: 寄件, en: Send a parcel}", "title: 寄件", "keys with their values", "zh-Hans: …"),
    ("most: 3}", "most: [3]}", "a text is needed here", ""),
    ("shop.id}\"", "shop.id}\", 5: no", "", ""),
    ("tells: [most]", "tells: most", "a list is needed here", "- "),
    ("en: Everything}", "en: 12}", "a text is needed here", "in quotes"),
    ("en: Everything}", 'en: ""}', "must not be empty", ""),
    ("id: rows,", "id: Rows!,", "`Rows!` is no name", "small letters"),
    ("{say: {zh-Hans: 关门了。", "{sya: {zh-Hans: 关门了。", "the key `sya` is unknown", "did you mean `say`?"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "what", "instead"), FORMS)
def test_what_has_the_wrong_form_is_told_once(right: str, wrong: str, what: str, instead: str) -> None:
    text = FLOW.replace(right, wrong)
    assert text != FLOW
    try:
        problems = list(load_problems(text))
    except pytest.fail.Exception:
        problems = check(text)
    assert len({(one.line, one.column, one.what) for one in problems}) == len(problems)
    assert any(what in one.what and instead in one.instead for one in problems)


def test_every_mistake_has_words_in_all_languages_and_every_word_is_used() -> None:
    folder = Path(mistakes.__file__).parent
    known = set(yaml.safe_load((folder / "mistakes.yaml").read_text(encoding="utf-8")))
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    asked = set(re.findall(r'(?:note|_mistake)\(\s*"(\w+)"', code))
    assert asked <= known
    assert {key for key in known if f'"{key}"' not in code} == set()


def test_a_mistake_is_told_in_the_reader_s_language() -> None:
    (problem,) = check(FLOW.replace("no: kept", "no: kpet"))[:1]
    assert problem.say("zh-Hans") == "没有叫“kpet”的步骤"
    assert problem.advise("zh-Hans") == "您要写的是不是“kept”？"
    assert problem.say("zh-Hant") == "沒有叫「kpet」的步驟"
