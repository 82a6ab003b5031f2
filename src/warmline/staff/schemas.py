"""What staff calls take and give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from warmline.staff.model import LEVEL, Presence, Role, Script, ScriptDraft, SkillGroup, Staff

Line = StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")
ADDRESS = r"^[^\s\x00-\x1f\x7f@]+@[^\s\x00-\x1f\x7f@]+$"
LocaleText = Annotated[str, StringConstraints(pattern=r"^(zh-Hans|zh-Hant|en)$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignInBody(_Body):
    """A local account's address and password."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=r"^[^\x00]*$")]
    password: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class LinkBody(_Body):
    """The token of a one-time sign-in link."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class PasswordBody(_Body):
    """A new password; `old` may be empty while the account has none."""

    old: Annotated[str, StringConstraints(max_length=256)] = ""
    new: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class PreferencesBody(_Body):
    """The language of someone's desk."""

    locale: LocaleText


class PresenceBody(_Body):
    """Whether new conversations may come; `reason` is one of the kinds of break that `Me` lists."""

    status: Presence
    reason: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]*$")] = ""


class _StaffView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    email: str
    roles: Annotated[list[Role], BeforeValidator(sorted)]
    skills: list[str]
    levels: dict[str, int]
    languages: list[str]
    chats: int | None
    presence: Presence
    presence_reason: str
    oidc: bool
    has_password: bool

    @classmethod
    def of(cls, staff: Staff) -> Self:
        """Show an account."""
        return cls.model_validate(staff)


class Me(_StaffView):
    """Who is signed in. `locale_chosen`: by themselves; `oidc`: bound to the bank's identity provider."""

    locale: str
    locale_chosen: bool


class SignInOptions(BaseModel):
    """How one may sign in here; public. Names by locale; `oidc_name` may be empty."""

    password: bool = True
    oidc: bool
    oidc_name: dict[str, str]
    bank_name: dict[str, str]


class Colleague(BaseModel):
    """Someone to transfer to, while `presence` is available; `load` is how many conversations they have."""

    id: UUID
    name: str
    skills: list[str]
    presence: Presence
    load: int


class Skill(BaseModel):
    """A skill group: `name` in the caller's language, `names` by locale."""

    id: str
    name: str
    names: dict[str, str]

    @classmethod
    def of(cls, group: SkillGroup, locale: str) -> Skill:
        """Show a skill group."""
        return cls(id=group.id, name=group.name(locale), names=dict(group.names))


class SkillBody(_Body):
    """What the desk calls a skill group, by locale; at least one."""

    names: Annotated[dict[LocaleText, Annotated[str, Line, StringConstraints(max_length=60)]], Field(min_length=1)]


class AccountEdit(_Body):
    """What an administrator sets of an account."""

    name: Annotated[str, Line, StringConstraints(max_length=80)]
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    skills: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=200)] = []
    levels: dict[Annotated[str, StringConstraints(max_length=40)], Annotated[int, Field(ge=1, le=3)]] = Field(
        default={}, description="Of skills; one that is not named keeps its level, a new one gets 2."
    )
    languages: list[LocaleText] | None = Field(default=None, description="None named: any; null: as before.")
    chats: int | None = Field(default=None, ge=1, le=6, description="At once; null: as everybody.")

    def leveled(self, known: Mapping[str, int]) -> dict[str, int]:
        """Return the level of each skill, where some are known already."""
        return {skill: self.levels.get(skill, known.get(skill, LEVEL)) for skill in self.skills}


class AccountNew(AccountEdit):
    """A new account; its owner comes in by a link or by the identity provider."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=ADDRESS)]
    locale: LocaleText = "zh-Hans"


class Account(_StaffView):
    """An account as administrators see it; closed where `disabled_at` is set."""

    disabled_at: datetime | None


class AccountList(BaseModel):
    """All accounts by name."""

    items: list[Account]


class AccountLink(BaseModel):
    """A one-time sign-in link's token, shown this once; the desk opens it at `link#<token>`."""

    token: str
    minutes: int


class ScriptBody(_Body):
    """A script's content; an empty `shortcut` is none."""

    title: Annotated[str, Line, StringConstraints(max_length=120)]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]
    shortcut: Annotated[str, StringConstraints(max_length=24, pattern=r"^[^\s\x00/]*$")] = ""
    category: Annotated[str, Line, StringConstraints(max_length=60)]
    locale: LocaleText

    def draft(self) -> ScriptDraft:
        """Return the content to store."""
        return ScriptDraft(self.title, self.text, self.shortcut, self.category, self.locale)


class ScriptOut(BaseModel):
    """A stored script. Variables: `{customer_name} {agent_name} {bank_name} {time_of_day}`."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    text: str
    shortcut: str
    category: str
    locale: str

    @classmethod
    def of(cls, script: Script) -> ScriptOut:
        """Show a script."""
        return cls.model_validate(script)


class ScriptList(BaseModel):
    """All scripts asked for."""

    items: list[ScriptOut]
