"""Settings: from the environment (`WARMLINE_*`) or a file named by `WARMLINE_ENV_FILE`. Secrets have no defaults."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that can be set. Lists are comma-separated."""

    model_config = SettingsConfigDict(env_prefix="WARMLINE_", extra="ignore")

    data: Path = Field(default=Path("data"), description="Folder of the embedded database, keys and the index.")
    database_url: str = Field(default="", description="Empty: the embedded PostgreSQL.")
    host: str = "127.0.0.1"
    port: int = 8037
    public_url: str = Field(default="", description="Where people reach this, such as https://chat.bank.example.")
    allowed_origins: str = Field(default="", description="Origins of the bank's pages that carry the widget.")
    forwarded_allow_ips: str = Field(default="127.0.0.1", description="Proxies whose X-Forwarded-* are believed.")

    secret: str = Field(default="", description="Signs tokens; empty: made once and kept in the data folder.")
    master_key: str = Field(default="", description="Base64, 32 bytes; seals customer keys; empty: as secret.")
    identity_secret: str = Field(default="", description="HS256 secret shared with the bank's site.")
    identity_public_key: Path | None = Field(default=None, description="RS256 public key, PEM.")
    identity_audience: str = ""

    bank_name: str = "Warmline"
    assistant_name: str = ""
    zone: str = "Asia/Shanghai"
    hours_weekdays: str = "08:30-21:00"
    hours_weekends: str = "09:00-18:00"
    hours_holidays: str = "09:00-18:00"
    target_error: float = Field(default=0.02, gt=0, lt=0.5, description="Tolerated rate of wrong answers.")

    embeddings_url: str = Field(default="", description="An OpenAI-compatible /v1/embeddings; empty: built in.")
    embeddings_model: str = ""
    embeddings_key: str = ""
    embeddings_allowed_origins: str = ""

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    oidc_role_claim: str = "roles"
    oidc_roles: str = Field(default="", description="claim value=role pairs: staff=agent,leads=supervisor.")

    vanish_seconds: float = Field(default=15, ge=3, description="An agent unseen for so long has lost the connection.")
    requests_per_second: float = Field(default=20, description="Per caller, over REST.")
    frames_per_second: float = Field(default=20, description="Per socket.")
    pool_size: int = 16
    turns_at_once: int = 32


def split_list(text: str) -> tuple[str, ...]:
    """Return the non-empty parts of a comma-separated setting."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
