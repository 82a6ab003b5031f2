"""Pure rules of customers. Time is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from warmline.kit.masking import mask_name, mask_phone, mask_pii

ALSO_LIMIT = 8
"""How many earlier anonymous selves a visitor token carries; older ones stay linked in the database."""

OLD_FROM = 65
"""Whoever is known to be so old is brought to a person before others, and offered one first."""


class Verified(StrEnum):
    """How well it is known who this is."""

    NONE = "none"
    IDENTITY = "identity"


class Standing(StrEnum):
    """What a visitor token is worth: nothing, an anonymous visitor, or only with an identity behind it."""

    GONE = "gone"
    ANONYMOUS = "anonymous"
    CLAIMED = "claimed"


@dataclass(frozen=True)
class Person:
    """The personal fields, stored sealed under the customer's own key and gone with it."""

    external_ref: str = ""
    name: str = ""
    phone: str = ""
    birth_year: int | None = None
    notes: str = ""

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Person:
        """Rebuild from what `to_json` gave; what a newer version added is left out."""
        return cls(**{one.name: fields[one.name] for one in dataclass_fields(cls) if one.name in fields})

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Customer:
    """A customer, known or not; `merged_into` is the known self of one who was anonymous."""

    id: UUID
    person: Person
    elder: bool
    locale: str
    verified: Verified
    merged_into: UUID | None
    created_at: datetime
    erased_at: datetime | None

    @property
    def name(self) -> str:
        """The display name; empty when unknown or erased."""
        return self.person.name

    @property
    def is_unclaimed(self) -> bool:
        """Whether no identity stands behind this customer, who is not erased either."""
        return self.verified is Verified.NONE and self.merged_into is None and self.erased_at is None

    def is_old(self, year: int) -> bool:
        """Tell whether this customer is known to reach `OLD_FROM` in `year`."""
        return self.person.birth_year is not None and year - self.person.birth_year >= OLD_FROM

    def age_band(self, year: int) -> str | None:
        """Return the band of age reached in `year`; None when the year of birth is unknown."""
        return age_band(self.person.birth_year, year)


def age_band(birth_year: int | None, year: int) -> str | None:
    """Return the band of age reached in `year`: no more precise than service needs."""
    if birth_year is None:
        return None
    age = year - birth_year
    for limit, band in ((18, "under 18"), (30, "18-29"), (45, "30-44"), (60, "45-59"), (70, "60-69")):
        if age < limit:
            return band
    return "70+"


@dataclass(frozen=True)
class CustomerCard:
    """What an agent sees of a customer."""

    id: UUID
    name: str
    elder: bool
    age_band: str | None
    language: str
    verified: Verified
    phone_masked: str
    notes: str


def make_card(customer: Customer, year: int, *, masked: bool) -> CustomerCard:
    """Build the card; `masked` for whoever has no right to names and notes."""
    person = customer.person
    return CustomerCard(
        id=customer.id,
        name=mask_name(person.name) if masked else person.name,
        elder=customer.elder,
        age_band=customer.age_band(year),
        language=customer.locale,
        verified=customer.verified,
        phone_masked=mask_phone(person.phone),
        notes=mask_pii(person.notes) if masked else person.notes,
    )


@dataclass(frozen=True)
class Identity:
    """Who the bank's own site says this is, until `lapses_at`; what it does not say is None."""

    external_ref: str
    name: str | None
    elder: bool | None
    birth_year: int | None
    lapses_at: datetime


def apply_identity(customer: Customer, identity: Identity) -> Customer:
    """Take over what the bank says; what it does not say stays."""
    person = replace(
        customer.person,
        external_ref=identity.external_ref,
        name=customer.person.name if identity.name is None else identity.name,
        birth_year=customer.person.birth_year if identity.birth_year is None else identity.birth_year,
    )
    elder = customer.elder if identity.elder is None else identity.elder
    return replace(customer, person=person, elder=elder, verified=Verified.IDENTITY)


@dataclass(frozen=True)
class Visitor:
    """Who holds a visitor token. `also`: anonymous selves merged into it; `lapses_at`: of the identity."""

    customer_id: UUID
    also: frozenset[UUID]
    lapses_at: datetime | None
    expires_at: datetime

    @property
    def customer_ids(self) -> frozenset[UUID]:
        """Whose conversations this visitor may see."""
        return self.also | {self.customer_id}


@dataclass(frozen=True)
class Linked:
    """A verified customer; `merged`: the anonymous selves whose conversations are theirs too."""

    customer: Customer
    merged: tuple[UUID, ...]
