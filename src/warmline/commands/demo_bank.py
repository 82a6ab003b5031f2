"""What the demo's bank does on its own site: signs its customers in for the widget, as a real bank would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from fastapi import APIRouter
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import BaseModel

from warmline.kit.errors import NotFoundError

IDENTITY_FOR = timedelta(hours=1)


class DemoCustomer(BaseModel):
    """One of the fictional bank's customers."""

    ref: str
    name: str
    elder: bool
    birth_year: int


class DemoIdentity(BaseModel):
    """A signed identity for the widget's `identity` attribute."""

    identity: str


def build_router(customers_file: Path, identity_secret: str) -> APIRouter:
    """Return the fictional bank's sign-in; only the demo mounts it."""
    known = {one["external_ref"]: one for one in yaml.safe_load(customers_file.read_text("utf-8"))["customers"]}
    router = APIRouter(prefix="/demo", include_in_schema=False)

    @router.get("/customers")
    async def list_customers() -> list[DemoCustomer]:
        shown = ("name", "elder", "birth_year")
        return [DemoCustomer(ref=ref, **{field: one[field] for field in shown}) for ref, one in known.items()]

    @router.get("/identity/{ref}")
    async def sign_in(ref: str) -> DemoIdentity:
        if ref not in known:
            raise NotFoundError(what="customer", id=ref)
        one = known[ref]
        expires = datetime.now(UTC) + IDENTITY_FOR
        claims = {"sub": ref, "exp": int(expires.timestamp())}
        claims |= {name: one[name] for name in ("name", "elder", "birth_year")}
        return DemoIdentity(identity=jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(identity_secret)))

    return router
