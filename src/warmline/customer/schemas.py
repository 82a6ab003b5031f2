"""What visitor calls take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LocaleText = Annotated[str, StringConstraints(pattern=r"^(zh-Hans|zh-Hant|en)$")]


class VisitorBody(BaseModel):
    """Who arrives. `identity`: a JWT signed by the bank's site."""

    model_config = ConfigDict(extra="forbid")
    locale: LocaleText = "zh-Hans"
    identity: Annotated[str, StringConstraints(min_length=1, max_length=8192)] | None = None


class VisitorOut(BaseModel):
    """A visitor token; send it as `Authorization: Bearer`."""

    token: str
    customer_id: UUID
    also: list[UUID] = Field(description="Who this customer was before: their conversations are this one's too.")
    name: str | None = Field(description="Only of a customer whose identity the bank signed.")
    elder: bool
    expires_at: datetime
