"""The policy file: what the operator sets of the assistant's decisions, versioned, each from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from warmline.dialogue.bringing import Bring
from warmline.dialogue.feeling import NAMES
from warmline.dialogue.model import Policy
from warmline.kit.strict_yaml import read_sheet
from warmline.language.service import Marker


class Strict(BaseModel):
    """Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FeelingRule(Strict):
    """What is owed to a feeling; what a rule leaves out stays as it is without one.

    `acknowledge`: a word on it comes first; `offer`: a flow may be offered all the same; `senior`: an experienced
    colleague is offered along; `person`: when a person is brought for it; `skill`: the group that goes on then.
    """

    acknowledge: bool | None = None
    offer: bool | None = None
    senior: bool | None = None
    person: Bring | None = None
    skill: str = ""


class ContactsRule(Strict):
    """From which contact on one matter within `days` a person is brought at once to who shows one of `feelings`."""

    days: Annotated[int, Field(ge=1, le=30)] = 7
    person_at: Annotated[int, Field(ge=2, le=9)] = 3
    feelings: tuple[str, ...] | None = None


class PolicyVersion(Strict):
    """One version; it holds from the start of `valid_from` at the bank until the next one's."""

    version: Annotated[int, Field(ge=1)]
    valid_from: date
    misses_before_human: Annotated[int, Field(ge=1, le=9)] = 2
    answers_before_human: Annotated[int, Field(ge=1, le=9)] = 2
    feelings: dict[str, FeelingRule] = Field(default_factory=dict)
    first_aid: dict[str, tuple[str, ...]] | None = None
    contacts: ContactsRule = ContactsRule()
    elders_first: bool = True

    @model_validator(mode="after")
    def _check_feelings(self) -> PolicyVersion:
        felt = (*self.feelings, *(self.contacts.feelings or ()))
        for names, known in ((felt, NAMES), (self.first_aid or {}, NAMES & set(Marker))):
            for name in names:
                if name not in known:
                    raise ValueError(f"there is no feeling `{name}`; there are: {', '.join(sorted(known))}")
        return self

    def make(self) -> Policy:
        """Return what the decision reads."""
        plain, contacts = Policy(), self.contacts
        rules = self.feelings
        aid = {Marker(name): frozenset(groups) for name, groups in (self.first_aid or {}).items()}
        return Policy(
            misses_before_human=self.misses_before_human,
            answers_before_human=self.answers_before_human,
            first_aid=plain.first_aid if self.first_aid is None else aid,
            unspoken=_with(plain.unspoken, {kind: _not(rule.acknowledge) for kind, rule in rules.items()}),
            unoffered=_with(plain.unoffered, {kind: _not(rule.offer) for kind, rule in rules.items()}),
            senior=_with(plain.senior, {kind: rule.senior for kind, rule in rules.items()}),
            persons={**plain.persons, **{kind: rule.person for kind, rule in rules.items() if rule.person}},
            skills={kind: rule.skill for kind, rule in rules.items() if rule.skill},
            elders_first=self.elders_first,
            contact_days=contacts.days,
            contacts_before_person=contacts.person_at,
            contacts_felt=plain.contacts_felt if contacts.feelings is None else frozenset(contacts.feelings),
        )


class PolicyFile(Strict):
    """The whole file, oldest version first."""

    versions: tuple[PolicyVersion, ...]

    @model_validator(mode="after")
    def _check_order(self) -> PolicyFile:
        if not self.versions:
            raise ValueError("there is no version; write `- {version: 1, valid_from: 2026-01-01}` below `versions`")
        for one, two in zip(self.versions, self.versions[1:], strict=False):
            if two.version <= one.version or two.valid_from <= one.valid_from:
                raise ValueError(f"version {two.version} does not come after version {one.version}")
        return self


@dataclass(frozen=True, slots=True)
class Policies:
    """All versions, oldest first."""

    versions: Sequence[PolicyVersion] = ()

    def at(self, day: date) -> Policy:
        """Return the policy that holds on a day; before the first version what holds without a file."""
        held = [one for one in self.versions if one.valid_from <= day]
        return held[-1].make() if held else Policy()


def read_policies(path: Path, text: str | None = None) -> Policies:
    """Read a policy file; `FileMistakeError`."""
    return Policies(read_sheet(path, PolicyFile, text=text).content.versions)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _with(kinds: frozenset[str], rules: Mapping[str, bool | None]) -> frozenset[str]:
    """Put in the kinds with a rule of true, take out those with one of false."""
    out = {kind for kind, rule in rules.items() if rule is False}
    return (kinds | {kind for kind, rule in rules.items() if rule}) - out
