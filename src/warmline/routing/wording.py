"""What an agent's words to a customer must not hold: a PIN asked for, a promise of gain, a rude word.

The same rules are handed to the desk, which looks through the words before they are sent; here what may never go out
is refused whatever the desk does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from warmline.routing.errors import AsksForSecretError

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]?")
_PART = re.compile(r"\{([a-z]+)\}")


class Rule(BaseModel):
    """Something not to be said. `pattern`, `unless`: regular expressions for one sentence, without regard to case."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    blocks: bool
    pattern: str
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found and where in the text it stands."""

    kind: str
    blocks: bool
    start: int
    end: int


@lru_cache(maxsize=1)
def read_rules() -> tuple[Rule, ...]:
    """Return the rules with their parts put in."""
    source = yaml.safe_load(files("warmline.routing").joinpath("wording.yaml").read_text(encoding="utf-8"))
    parts: dict[str, str] = source["parts"]

    def put_in(pattern: str) -> str:
        return _PART.sub(lambda found: parts[found.group(1)], pattern)

    rules = [Rule.model_validate(one) for one in source["rules"]]
    return tuple(one.model_copy(update={"pattern": put_in(one.pattern), "unless": put_in(one.unless)}) for one in rules)


def find_unfit(text: str) -> list[Finding]:
    """Return what should not be said, in the order of the rules."""
    return [finding for rule, pattern, unless in _compiled() for finding in _find(text, rule, pattern, unless)]


def refuse_secrets(text: str | None) -> None:
    """Raise `AsksForSecretError` where the words ask for a PIN, a code or a CVV."""
    if found := next((one for one in find_unfit(text or "") if one.blocks), None):
        raise AsksForSecretError(kind=found.kind, start=found.start, end=found.end)


def _find(text: str, rule: Rule, pattern: re.Pattern[str], unless: re.Pattern[str] | None) -> Iterator[Finding]:
    for sentence in _SENTENCE.finditer(text):
        found = pattern.search(sentence.group())
        if found and not (unless and unless.search(sentence.group())):
            yield Finding(rule.kind, rule.blocks, sentence.start() + found.start(), sentence.start() + found.end())


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Rule, re.Pattern[str], re.Pattern[str] | None], ...]:
    flags = re.IGNORECASE
    return tuple(
        (one, re.compile(one.pattern, flags), re.compile(one.unless, flags) if one.unless else None)
        for one in read_rules()
    )
