"""Settings, from the environment (`WARMLINE_*`). Secrets have no defaults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from warmline.kit.calendar import BusinessCalendar, parse_hours
from warmline.kit.uow import libpq_url
from warmline.language.allowed import check_allowed, check_sealed
from warmline.language.errors import EndpointNotAllowed
from warmline.secret_files import read_master_key


class Settings(BaseSettings):
    """Everything that can be set. Lists are comma-separated."""

    model_config = SettingsConfigDict(env_prefix="WARMLINE_", extra="ignore")

    data: Path = Field(default=Path("data"), description="Folder of the embedded database, keys and the index.")
    database_url: str = Field(default="", description="Empty: the embedded PostgreSQL.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8037, ge=0, le=65535, description="TCP port to listen on.")
    public_url: str = Field(default="", description="Where people reach this, such as https://chat.bank.example.")
    allowed_origins: str = Field(default="", description="Origins of the bank's pages that carry the widget.")
    forwarded_allow_ips: str = Field(default="127.0.0.1", description="Proxies whose X-Forwarded-* are believed.")

    secret: str = Field(default="", description="Signs tokens; empty: made once and kept in the data folder.")
    master_key: str = Field(default="", description="Base64, 32 bytes; seals customer keys; empty: as secret.")
    identity_secret: str = Field(default="", description="HS256 secret shared with the bank's site.")
    identity_public_key: Path | None = Field(default=None, description="RS256 public key, PEM.")
    identity_audience: str = Field(default="", description="What `aud` of an identity must be; empty: not looked at.")

    bank_name: str = Field(default="Warmline", description="In zh-Hans|zh-Hant|en, or one name for all.")
    assistant_name: str = Field(default="", description="As bank_name; empty: a plain word for it.")
    zone: str = Field(default="Asia/Shanghai", description="The bank's time zone.")
    hours_weekdays: str = Field(default="08:30-21:00", description="Spans of opening; empty: closed.")
    hours_weekends: str = Field(default="09:00-18:00", description="Saturday and Sunday.")
    hours_holidays: str = Field(default="09:00-18:00", description="Public holidays of mainland China.")
    target_error: float = Field(default=0.02, gt=0, lt=0.5, description="Tolerated rate of wrong answers.")

    labelled_questions: Path | None = Field(
        default=None, description="JSON Lines of logged questions with their article, to calibrate the release on."
    )

    identity_levels: Path | None = Field(
        default=None, description="File of the ways to make sure who somebody is (flows/identity.md); empty: no flows."
    )
    actions: Path | None = Field(
        default=None, description="File of the bank's systems and what may be done there (actions.md); empty: nothing."
    )
    policy: Path | None = Field(
        default=None, description="File of what the assistant owes whom (flows/policy.md); empty: the built-in rules."
    )
    routing: Path | None = Field(
        default=None, description="File of who is taken by whom, and when (routing.md); empty: the built-in rules."
    )

    checklists: Path | None = Field(
        default=None, description="File of what agents heed in which matter (checklists.md); empty: nothing."
    )

    embeddings_url: str = Field(default="", description="An OpenAI-compatible /v1/embeddings; empty: built in.")
    embeddings_model: str = Field(default="", description="The endpoint's name for the model (384 numbers a text).")
    embeddings_key: str = Field(default="", description="Bearer key of the endpoint.")
    embeddings_allowed_origins: str = Field(default="", description="Origins that texts may be sent to.")

    lm_url: str = Field(default="", description="An OpenAI-compatible language model (language-model.md); empty: none.")
    lm_model: str = Field(default="", validate_default=True, description="The endpoint's name for the model.")
    lm_key: str = Field(default="", description="Bearer key of the endpoint.")
    lm_key_file: Path | None = Field(default=None, description="File that holds it instead; may be replaced any time.")
    lm_allowed_origins: str = Field(
        default="", validate_default=True, description="Origins that masked texts may be sent to."
    )
    lm_uses: str = Field(default="rephrase,quote,summarise,draft", description="What it may be used for.")
    lm_seconds: float = Field(default=1.5, gt=0, le=3, description="What it may take of a turn, all uses together.")
    lm_tokens: int = Field(default=600, ge=16, le=2000, description="The longest answer it may give.")
    lm_tokens_per_day: int = Field(default=2_000_000, ge=0, description="Of each node, in and out together.")
    lm_money_per_day: float = Field(default=0, ge=0, description="The same in money, by lm_price; 0: not limited.")
    lm_price: float = Field(
        default=0, ge=0, validate_default=True, description="Money for a million tokens, the dearer of in and out."
    )

    oidc_issuer: str = Field(default="", description="The bank's identity provider; empty: local accounts alone.")
    oidc_client_id: str = Field(default="", description="This service's id at the provider.")
    oidc_client_secret: str = Field(default="", description="Its secret there.")
    oidc_name: str = Field(default="", description="What the sign-in button says, as bank_name; empty: a plain word.")
    oidc_role_claim: str = Field(default="roles", description="Claim with the roles; dots descend.")
    oidc_roles: str = Field(default="", description="claim value=role pairs: staff=agent,leads=supervisor.")

    vanish_seconds: float = Field(
        default=15, ge=3, description="An agent unseen for so long is gone; a silent network is noticed in twice that."
    )
    accept_seconds: float = Field(
        default=30, ge=0, description="An agent has so long to take up an offer; 0: nobody is offered any, agents pick."
    )
    callback_warning_minutes: float = Field(
        default=30, ge=1, description="So long before its time the desk warns of a callback that nobody is free for."
    )
    requests_per_second: float = Field(default=20, ge=1, description="Per caller, over REST.")
    address_requests_per_second: float = Field(default=1000, ge=1, description="Per address, all callers together.")
    frames_per_second: float = Field(default=20, ge=1, description="Per socket.")
    sockets_per_address: int = Field(default=5000, ge=1, description="Open at once per address, on each node.")
    pool_size: int = Field(default=16, ge=2, description="Database connections of a node; the bus takes two more.")
    turns_at_once: int = Field(default=16, ge=1, description="Assistant turns that run at the same time on a node.")

    @property
    def calendar(self) -> BusinessCalendar:
        """When the bank's people are there, as long as no group has hours of its own."""
        return BusinessCalendar.from_hours(self.hours_weekdays, self.hours_weekends, self.hours_holidays, self.zone)

    @field_validator("hours_weekdays", "hours_weekends", "hours_holidays")
    @classmethod
    def _check_hours(cls, value: str) -> str:
        parse_hours(value)
        return value

    @field_validator("zone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError("time zones look like Asia/Shanghai") from error
        return value

    @field_validator("master_key")
    @classmethod
    def _check_master_key(cls, value: str) -> str:
        if value:
            read_master_key(value)
        return value

    @field_validator("identity_secret")
    @classmethod
    def _check_identity_secret(cls, value: str) -> str:
        if 0 < len(value.encode()) < 32:
            raise ValueError("it has at least 32 bytes (openssl rand -hex 32)")
        return value

    @field_validator(
        "identity_public_key",
        "labelled_questions",
        "actions",
        "identity_levels",
        "policy",
        "routing",
        "checklists",
        "lm_key_file",
    )
    @classmethod
    def _check_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"there is no file {value}")
        return value

    @field_validator("lm_uses")
    @classmethod
    def _check_uses(cls, value: str) -> str:
        known = ("rephrase", "quote", "summarise", "draft")
        if wrong := [one for one in split_list(value) if one not in known]:
            raise ValueError(f"{wrong[0]} is none of {', '.join(known)}")
        return value

    @field_validator("lm_url")
    @classmethod
    def _check_lm_url(cls, value: str) -> str:
        return _sent_to(check_sealed, value, "WARMLINE_LM") if value else value

    @field_validator("lm_model")
    @classmethod
    def _check_lm_model(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("lm_url") and not value:
            raise ValueError("it is needed with WARMLINE_LM_URL: the endpoint's name for the model")
        return value

    @field_validator("lm_key_file")
    @classmethod
    def _check_lm_key(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value and info.data.get("lm_key"):
            raise ValueError("the key is either in it or in WARMLINE_LM_KEY")
        return value

    @field_validator("lm_allowed_origins")
    @classmethod
    def _check_lm_origins(cls, value: str, info: ValidationInfo) -> str:
        if url := info.data.get("lm_url"):
            _sent_to(check_allowed, url, split_list(value), "WARMLINE_LM")
        return value

    @field_validator("lm_price")
    @classmethod
    def _check_lm_price(cls, value: float, info: ValidationInfo) -> float:
        if info.data.get("lm_money_per_day") and not value:
            raise ValueError("it is needed with WARMLINE_LM_MONEY_PER_DAY: the money for a million tokens")
        return value

    @field_validator("database_url")
    @classmethod
    def _spell_as_libpq(cls, value: str) -> str:
        """One spelling for every part: drivers differ in which they take."""
        return value and libpq_url(value)


def _sent_to(check: Callable[..., None], url: str, *more: object) -> str:
    """Return the URL if the check lets texts be sent there."""
    try:
        check(url, *more)
    except EndpointNotAllowed as error:
        raise ValueError(str(error.fields["reason"])) from error
    return url


def by_locale(text: str) -> dict[str, str]:
    """Return names by language: `春和银行|春和銀行|Chunhe Bank`, or one for all three."""
    parts = [part.strip() for part in text.split("|")]
    return {locale: parts[min(i, len(parts) - 1)] for i, locale in enumerate(("zh-Hans", "zh-Hant", "en"))}


def split_list(text: str) -> tuple[str, ...]:
    """Return the non-empty parts of a comma-separated setting."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
