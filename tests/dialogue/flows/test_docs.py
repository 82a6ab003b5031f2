"""`docs/flows/` is true: its examples load, its first flow works, and it names all there is."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from tests.dialogue.flows.talk import DEMO, Talk, gather, read_policy
from tests.fakes.core_banking import CoreBanking
from tests.fakes.server import ROOT
from warmline.connectors.service import ActionService
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.checks import check_flow
from warmline.dialogue.flows.expressions import STYLES
from warmline.dialogue.flows.loader import FlowFileError, load_flow, load_identity

DOCS = ROOT / "docs" / "flows"
SKELETON = "flow: example\ntitle: {zh-Hans: 例, zh-Hant: 例, en: Example}\nstarts: {}\n"
PAGES = ["README.md", "identity.md", "reference.md", "words.md"]


def examples(page: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_examples_load(page: str) -> None:
    found = examples(page)
    assert found
    for text in found:
        if text.startswith("tries:"):
            assert load_identity(text, page)[0].ways
        else:
            assert load_flow(text if text.startswith("flow:") else SKELETON + text, page)[0].steps


@pytest.mark.parametrize(
    ("words", "outcome", "said"),
    [
        (("帮我找找网点", "我在徐家汇附近"), "told", "徐家汇支行"),
        (("帮我找找网点", "月球基地那边"), "none_near", "没找到"),
    ],
)
async def test_first_flow_works(
    core_banking: CoreBanking, actions: ActionService, words: tuple[str, ...], outcome: str, said: str
) -> None:
    flow, source = load_flow(examples("README.md")[0], "find-branch.yaml")
    articles = {path.stem for path in (DEMO / "articles").rglob("*.md")}
    assert check_flow(flow, source, read_policy(), actions.known(), articles) == []
    talk = Talk(gather({flow.flow: flow}, actions), actions, core_banking, flow.flow)
    for line in words:
        turn = await talk.say(line)
    assert turn.outcome == outcome
    assert said in turn.text


async def test_mistake_shown_is_the_one_that_is_told(actions: ActionService) -> None:
    text = examples("README.md")[0].replace("- ask: area", "- ask: aera")
    flow, source = load_flow(text, "find-branch.yaml")
    told = [f"{source.name}:{one}" for one in check_flow(flow, source, read_policy(), actions.known())]
    shown = re.findall(r"```\n(find-branch.*?)\n```", (DOCS / "README.md").read_text(encoding="utf-8"))
    assert shown[0] in told


def test_reference_names_every_key() -> None:
    text = (DOCS / "reference.md").read_text(encoding="utf-8")
    models = (
        f.Flow,
        f.Starts,
        f.Slot,
        f.Option,
        f.Ask,
        f.Identify,
        f.Call,
        f.Retry,
        f.Confirm,
        f.Say,
        f.Go,
        f.End,
        f.HandOff,
    )
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    named = set(re.findall(r"`([a-z_0-9]+)", text)) | set(re.findall(r"\b([a-z_0-9]+):", text))
    assert keys - named == set()
    assert {one for one in get_args(f.SlotType) if f"`{one}`" not in text} == set()
    assert {style for style in STYLES if f"`{style}`" not in text} == set()


def test_identity_page_names_every_key() -> None:
    text = (DOCS / "identity.md").read_text(encoding="utf-8")
    keys = {name for model in (f.Way, f.Ways, f.IdentityPolicy) for name in model.model_fields}
    assert {key for key in keys if f"{key}:" not in text and f"`{key}`" not in text} == set()


def test_a_wrong_example_would_be_found() -> None:
    with pytest.raises(FlowFileError):
        load_flow(SKELETON + examples("words.md")[0].replace("ask:", "aks:"), "words.md")
