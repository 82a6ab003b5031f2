"""What `docs/flows/` says of the policy and of the proof is true: its examples load, and it names all there is."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fakes.server import ROOT
from warmline.dialogue.feeling import NAMES
from warmline.dialogue.policy import FeelingRule, PolicyVersion, read_policies
from warmline.dialogue.proof.scripted import AnswerOf, Exchange, TestsFile
from warmline.kit.strict_yaml import read_sheet


def page(name: str) -> str:
    return (ROOT / "docs/flows" / name).read_text("utf-8")


def example(name: str) -> str:
    found = re.search(r"```yaml\n(.*?)```", page(name), re.DOTALL)
    assert found
    return found[1]


def test_examples_load() -> None:
    assert len(read_policies(Path("policy.yaml"), example("policy.md")).versions) == 2
    assert read_sheet(Path("a.tests.yaml"), TestsFile, text=example("proof.md")).content.tests


def test_every_key_is_named() -> None:
    for name in (*PolicyVersion.model_fields, *FeelingRule.model_fields, *NAMES):
        assert re.search(rf"\b{name}\b", page("policy.md")), name
    for name in (*Exchange.model_fields, *AnswerOf.model_fields):
        assert re.search(rf"\b{name}\b", page("proof.md")), name
