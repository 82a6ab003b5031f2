"""What the settings choose: the parts that a node is put together from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from warmline.customer.tokens import IdentityVerifier
from warmline.dialogue.flows.loader import load_identity
from warmline.dialogue.flows.schema import IdentityPolicy
from warmline.dialogue.model import Policy
from warmline.dialogue.policy import Policies, read_policies
from warmline.dialogue.release import ReleaseKeeper
from warmline.dialogue.respond import Brand
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import Clock
from warmline.knowledge.service import ArticleFollower
from warmline.language.service import EmbedderChoice, open_embedder
from warmline.people import Patience
from warmline.settings import Settings, by_locale, split_list
from warmline.staff.model import Role

if TYPE_CHECKING:
    from warmline.staff.adapters.oidc import OidcProvider


def open_identity_policy(path: Path | None) -> IdentityPolicy | None:
    """Return how people show who they are, where the bank says so."""
    return load_identity(path.read_text(encoding="utf-8"), str(path))[0] if path else None


def open_policies(settings: Settings, calendar: BusinessCalendar) -> Callable[[datetime], Policy]:
    """Return what is owed at a moment, by the day it is at the bank; `FileMistakeError`."""
    policies = read_policies(settings.policy) if settings.policy else Policies()
    return lambda now: policies.at(calendar.local_date(now))


def choose_embedder(settings: Settings) -> EmbedderChoice:
    """Return what turns texts into vectors by these settings."""
    return open_embedder(
        endpoint=settings.embeddings_url,
        model=settings.embeddings_model,
        api_key=settings.embeddings_key,
        allowed_origins=split_list(settings.embeddings_allowed_origins),
    )


def open_patience(settings: Settings) -> Patience:
    """Return how long the human side waits for what."""
    return Patience(
        warn_before=timedelta(minutes=settings.callback_warning_minutes),
        accept_within=timedelta(seconds=settings.accept_seconds),
        vanish_after=timedelta(seconds=settings.vanish_seconds),
    )


def open_release(settings: Settings, follower: ArticleFollower) -> ReleaseKeeper:
    """Return what keeps the release calibrated."""
    return ReleaseKeeper(
        follower,
        target_error=settings.target_error,
        folder=settings.data / "index",
        labelled=settings.labelled_questions,
    )


def open_identities(settings: Settings, clock: Clock) -> IdentityVerifier | None:
    """Return what checks identities signed by the bank's site, where it signs any."""
    pem = settings.identity_public_key.read_text() if settings.identity_public_key else None
    if not settings.identity_secret and pem is None:
        return None
    return IdentityVerifier(
        hs256_secret=settings.identity_secret.encode() or None,
        rs256_public_pem=pem,
        audience=settings.identity_audience,
        clock=clock,
    )


def open_oidc(settings: Settings, signing: bytes, clock: Clock) -> OidcProvider | None:
    """Return the bank's identity provider, where there is one."""
    if not settings.oidc_issuer:
        return None
    from warmline.staff.adapters.oidc import OidcProvider, OidcSettings  # only where there is one: it loads Authlib

    roles = dict(pair.split("=", 1) for pair in split_list(settings.oidc_roles))
    chosen = OidcSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        names=by_locale(settings.oidc_name) if settings.oidc_name else {},
        role_claim=settings.oidc_role_claim,
        roles={value: Role(role) for value, role in roles.items()},
    )
    flow_key = hashlib.sha256(b"oidc flow" + signing).digest()
    return OidcProvider(chosen, flow_key=flow_key, clock=clock)


def open_brand(settings: Settings) -> Brand:
    """Names by language; `春和银行|春和銀行|Chunhe Bank` gives one for each of zh-Hans, zh-Hant and en."""
    return Brand(
        bank=by_locale(settings.bank_name),
        assistant=by_locale(settings.assistant_name or "智能助手|智慧助手|the assistant"),
    )
