"""Age bands, cards and identities, without IO."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from warmline.customer.model import (
    Customer,
    Identity,
    Person,
    Verified,
    age_band,
    apply_identity,
    make_card,
)

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
WANG = Customer(
    id=UUID(int=1),
    person=Person("C-1", "王秀英", "13812345678", 1954, "儿子电话 13900001111"),
    elder=True,
    locale="zh-Hans",
    verified=Verified.IDENTITY,
    merged_into=None,
    created_at=NOW,
    erased_at=None,
)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (2010, "under 18"),
        (2008, "18-29"),
        (1996, "30-44"),
        (1981, "45-59"),
        (1966, "60-69"),
        (1956, "70+"),
        (None, None),
    ],
)
def test_age_band(born: int | None, band: str | None) -> None:
    assert age_band(born, 2026) == band


def test_the_card_never_shows_a_whole_phone_number() -> None:
    card = make_card(WANG, 2026, masked=False)
    assert (card.name, card.phone_masked, card.age_band) == ("王秀英", "138****5678", "70+")
    assert card.notes == "儿子电话 13900001111"


def test_the_masked_card_shows_no_name_and_no_number() -> None:
    card = make_card(WANG, 2026, masked=True)
    assert (card.name, card.notes) == ("王**", "儿子电话 139****1111")


def test_an_identity_changes_what_it_says_and_nothing_else() -> None:
    silent = Identity("C-1", None, None, None, NOW)
    assert apply_identity(WANG, silent) == WANG
    spoken = apply_identity(WANG, Identity("C-1", "王秀兰", False, 1955, NOW))
    assert (spoken.name, spoken.elder, spoken.person.birth_year) == ("王秀兰", False, 1955)
    assert spoken.person.phone == WANG.person.phone


def test_person_is_rebuilt_from_its_json() -> None:
    assert Person.from_json(WANG.person.to_json()) == WANG.person


def test_who_is_unclaimed() -> None:
    free = replace(WANG, verified=Verified.NONE)
    assert free.is_unclaimed
    assert not WANG.is_unclaimed
    assert not replace(free, merged_into=UUID(int=2)).is_unclaimed
    assert not replace(free, erased_at=NOW).is_unclaimed
