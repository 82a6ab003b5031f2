"""The format of a flow file and of the identity file. What these classes accept is what `docs/flows/` teaches."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

LOCALES = ("zh-Hans", "zh-Hant", "en")
NAME = r"^[a-z][a-z0-9_]*$"
FLOW_ID = r"^[a-z][a-z0-9-]*$"

SlotType = Literal["option", "yes_no", "amount", "date", "time", "digits", "phone", "mobile", "months", "place", "text"]
Level = Literal["basic", "strong"]


def _mistake(key: str, **fields: str) -> PydanticCustomError:
    """Return the error whose sentence is in `mistakes.yaml`."""
    return PydanticCustomError(key, key, dict(fields))


class Strict(BaseModel):
    """A part of a file: unknown keys are refused, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Strict):
    """What is said, in each language; `{card.last4}` and the like are filled in."""

    zh_Hans: str = Field(alias="zh-Hans", min_length=1)
    zh_Hant: str = Field(alias="zh-Hant", min_length=1)
    en: str = Field(min_length=1)

    def say(self, locale: str) -> str:
        """Return the wording for a language; Simplified Chinese where it is none of ours."""
        return str(getattr(self, locale.replace("-", "_"), self.zh_Hans))

    def each(self) -> tuple[str, ...]:
        """Return all wordings."""
        return (self.zh_Hans, self.zh_Hant, self.en)


class Option(Strict):
    """One of a few values of a slot, with its label and further words that mean it."""

    label: Text
    words: tuple[str, ...] = ()


class Slot(Strict):
    """Something the flow needs to know; `name` is what a colleague reads it as.

    `options`: the values of a closed choice; of another type, values that may be meant instead of one of it (all of it,
    beside a sum). `items`: the list in a result to choose from (`cards.cards`), each item known by its field `value`,
    shown as `label`, told apart by the field `digits`, left out where `where` does not hold for it; a plain text is an
    item with the one field `value`. `words`: of a yes or no, what is agreed to (冻结, freeze), so that 那就冻结吧 is a
    yes; of figures, what they are called, without which they are not read in passing; of items, templates of what else
    one is called; of a text, words behind which it is told in passing (about, 办). `keep`: known for the rest of the
    conversation. `secret`: used in the turn it comes in and never kept. `passing`: also read out of what is said before
    it is asked. `unknown`: the value for who does not know it, or for whom nothing on the list fits.
    """

    type: SlotType
    name: Text | None = None
    ask: Text
    again: Text | None = None
    options: dict[str, Option] = Field(default_factory=dict)
    items: str = ""
    where: str = ""
    value: str = "value"
    label: Text | None = None
    digits: str = ""
    length: int | None = Field(default=None, ge=1, le=20)
    past: bool | None = None
    keep: bool = False
    secret: bool = False
    passing: bool = True
    unknown: str = ""
    words: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check_options(self) -> Slot:
        if self.type == "option" and bool(self.options) == bool(self.items):
            raise _mistake("option_or_items")
        if self.items and not self.label:
            raise _mistake("items_need_label")
        if self.type != "option" and self.items:
            raise _mistake("items_of_option")
        if self.where and not self.items:
            raise _mistake("where_with_items")
        return self


class _Step(Strict):
    id: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    when: str = ""


class Ask(_Step):
    """Ask for a slot unless it is known. `none`: the step to go on with where there is nothing to choose from."""

    ask: str
    none: str = ""


class Identify(_Step):
    """Make sure who this is, at a level; `otherwise` is the step for who cannot be identified, else a person."""

    identify: Level
    otherwise: str = ""


class Retry(Strict):
    """What was said does not do: say why, forget the slot and ask for it again."""

    say: Text
    ask: str


class Call(_Step):
    """Carry out an action. `on` says how to go on where its answer has another `code` than none: a step, or a retry.

    Besides the codes of refusals: `failed` (surely nothing happened) and `empty` (the list `none` names is empty).
    What `on` does not name is told honestly and a person is brought. `tells`: fields that come with a refusal.
    """

    call: str
    args: dict[str, str | int | bool] = Field(default_factory=dict, alias="with")
    on: dict[str, str | Retry] = Field(default_factory=dict)
    tells: tuple[str, ...] = ()
    empty: str = ""


class Confirm(_Step):
    """Ask for agreement to what the text says; `no` is the step to go on with when it is refused.

    `words`: what is agreed to (解冻, unfreeze), so that 那就解冻吧 is a yes.
    """

    confirm: Text
    no: str
    words: tuple[str, ...] = ()


class Say(_Step):
    """Say something and go on. `article`: its answer is added and cited; `each`: a list, said line by line."""

    say: Text
    article: str = ""
    each: str = ""


class Go(_Step):
    """Go on with another step."""

    go: str


class End(_Step):
    """The flow is over, with this outcome; the text is the recap. `then`: the flow offered next."""

    end: str = Field(pattern=NAME)
    say: Text
    article: str = ""
    offer_person: bool = False
    then: str = ""


class HandOff(_Step):
    """A person goes on from here."""

    hand_off: str = Field(pattern=NAME)
    say: Text | None = None


KINDS = ("ask", "identify", "call", "confirm", "end", "hand_off", "go", "say")
"""The keys that tell a step's kind; `say` comes last, as an end and a handoff say something, too."""


def _kind_of(value: Any) -> str | None:
    if isinstance(value, _Step):
        return next(kind for kind in KINDS if hasattr(value, kind))
    return next((kind for kind in KINDS if isinstance(value, dict) and kind in value), None)


Step = Annotated[
    Annotated[Ask, Tag("ask")]
    | Annotated[Identify, Tag("identify")]
    | Annotated[Call, Tag("call")]
    | Annotated[Confirm, Tag("confirm")]
    | Annotated[End, Tag("end")]
    | Annotated[HandOff, Tag("hand_off")]
    | Annotated[Go, Tag("go")]
    | Annotated[Say, Tag("say")],
    Discriminator(
        _kind_of,
        custom_error_type="step_kind",
        custom_error_message="step_kind",
    ),
]


class _Steps(Strict):
    """Slots and the steps that ask for them, in order. A step without an id is known by its place."""

    slots: dict[str, Slot] = Field(default_factory=dict)
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _name_steps(self) -> Self:
        named = tuple(s if s.id else s.model_copy(update={"id": f"step_{n}"}) for n, s in enumerate(self.steps, 1))
        object.__setattr__(self, "steps", named)
        ids = [step.id for step in named]
        if len(set(ids)) < len(ids):
            raise _mistake("two_steps", name=next(one for one in ids if ids.count(one) > 1))
        return self

    def index_of(self, step_id: str) -> int:
        """Return where a step stands; `KeyError`."""
        for number, step in enumerate(self.steps):
            if step.id == step_id:
                return number
        raise KeyError(step_id)


class Starts(Strict):
    """What begins the flow: articles whose answer it carries out. `at_once`: without asking whether it should."""

    articles: tuple[str, ...] = ()
    at_once: bool = False


class Examples(Strict):
    """What customers say, a line each. `begins`: who wants this done; `others`: who only asks or talks about it."""

    begins: str = ""
    others: str = ""

    def list_begins(self) -> list[str]:
        """Return the sayings that begin the flow."""
        return _lines(self.begins)

    def list_others(self) -> list[str]:
        """Return those that do not, though they are about the same."""
        return _lines(self.others)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class Flow(_Steps):
    """A flow as its file has it.

    `offer`: how the assistant asks whether to begin, below the article's answer; `words`: what it would do (查, look
    up), so that 那就查吧 is a yes.
    """

    flow: str = Field(pattern=FLOW_ID)
    title: Text
    starts: Starts
    offer: Text | None = None
    words: tuple[str, ...] = ()
    skill: str = ""
    examples: Examples = Examples()


class Way(_Steps):
    """One way to make sure who somebody is. `proven`: the condition that shows it; `ref`: who it is then.

    `cannot`: the condition under which this customer cannot go it (their phone takes no messages): the next one is.

    `wrong` is said when it was not shown; every slot of the way that is not kept is asked for again. Being signed in
    on the bank's page needs no steps.
    """

    kind: Literal["signed_in", "knowledge", "possession", "biometric"]
    steps: tuple[Step, ...] = ()
    proven: str = ""
    cannot: str = ""
    ref: str = ""
    wrong: Text | None = None


class Ways(Strict):
    """The ways to a level, in the order they are tried, and for how many minutes it holds."""

    ways: tuple[str, ...] = Field(min_length=1)
    minutes: int = Field(ge=1, le=24 * 60)


class IdentityPolicy(Strict):
    """The identity file: levels, the ways to them, and after how many wrong tries a way is closed."""

    levels: dict[Level, Ways]
    ways: dict[str, Way]
    tries: int = Field(default=3, ge=1, le=5)
