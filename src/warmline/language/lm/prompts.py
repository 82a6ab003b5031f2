"""Prompts, versioned in files: `prompts/<name>@<version>.yaml`, each in the three languages of the house."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from warmline.kit.i18n import LOCALES, pick_locale
from warmline.kit.strict_yaml import FileMistakeError, Mistake, read_sheet

FOLDER = Path(__file__).parent / "prompts"
_NAME = re.compile(r"([a-z]+)@([1-9]\d{0,3})")
_HOLE = re.compile(r"\{([a-z_]+)\}")
_FENCES = re.compile(r"<<<|>>>")


class PromptFile(BaseModel):
    """One file. `values` are what is filled in, each of them in every language's `user` part."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    values: Annotated[tuple[str, ...], Field(min_length=1)]
    most_tokens: Annotated[int, Field(ge=1, le=2_000)]
    system: dict[str, str]
    user: dict[str, str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in one language, ready to be filled."""

    name: str
    version: int
    locale: str
    most_tokens: int
    system: str
    user: str

    @property
    def label(self) -> str:
        """What it is called in the log: `rephrase@1`."""
        return f"{self.name}@{self.version}"

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the user's part with the values in it; marks that end a value are taken out of it."""
        return _HOLE.sub(lambda hole: _FENCES.sub("", values[hole[1]]), self.user)


class Prompts:
    """The newest version of each prompt."""

    def __init__(self, prompts: Iterable[Prompt]) -> None:
        newest: dict[tuple[str, str], Prompt] = {}
        for prompt in sorted(prompts, key=lambda one: one.version):
            newest[prompt.name, prompt.locale] = prompt
        self._newest = newest

    def get(self, name: str, locale: str) -> Prompt:
        """Return a prompt as it is put to the model in this language."""
        return self._newest[name, pick_locale(locale)]

    def names(self) -> frozenset[str]:
        """Return what there is."""
        return frozenset(name for name, _ in self._newest)


@lru_cache(maxsize=4)
def load_prompts(folder: Path = FOLDER) -> Prompts:
    """Read all prompts; raise `FileMistakeError` for one that cannot be used."""
    return Prompts(prompt for path in sorted(folder.glob("*.yaml")) for prompt in _read(path))


def _read(path: Path) -> list[Prompt]:
    named = _NAME.fullmatch(path.stem)
    if named is None:
        raise FileMistakeError(path, [Mistake(1, 1, "a prompt's file is called name@version.yaml, as rephrase@1.yaml")])
    sheet = read_sheet(path, PromptFile)
    content, mistakes = sheet.content, []
    for part, texts in (("system", content.system), ("user", content.user)):
        missing = sorted({*LOCALES} - texts.keys())
        mistakes += [sheet.mistake((part,), f"{locale} is missing") for locale in missing]
        mistakes += [
            sheet.mistake((part, one), f"{one} is none of {', '.join(LOCALES)}") for one in {*texts} - {*LOCALES}
        ]
    for locale, text in content.user.items():
        holes, wanted = set(_HOLE.findall(text)), set(content.values)
        mistakes += [sheet.mistake(("user", locale), f"{{{one}}} is not filled in") for one in sorted(wanted - holes)]
        mistakes += [sheet.mistake(("user", locale), f"{{{one}}} is none of values") for one in sorted(holes - wanted)]
    if mistakes:
        raise FileMistakeError(path, mistakes)
    return [
        Prompt(named[1], int(named[2]), locale, content.most_tokens, content.system[locale], content.user[locale])
        for locale in LOCALES
    ]
