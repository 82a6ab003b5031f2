"""Customers: linked, seen, exported, erased. Every method runs in the caller's transaction."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from warmline.customer import repository
from warmline.customer.keys import CLAIMED, ERASED, CustomerKeys
from warmline.customer.model import (
    Customer,
    CustomerCard,
    Identity,
    Linked,
    Person,
    Verified,
    Visitor,
    apply_identity,
    make_card,
)
from warmline.kit import audit
from warmline.kit.clock import Clock
from warmline.kit.crypto import Cipher
from warmline.kit.errors import NotFoundError
from warmline.kit.ids import new_id
from warmline.kit.uow import Transaction

logger = logging.getLogger(__name__)


class CustomerService:
    """Use cases on customers. `actor` is who does it: `staff:<id>`, `customer:<id>` or `system`."""

    def __init__(self, *, clock: Clock, keys: CustomerKeys) -> None:
        self._clock, self._keys = clock, keys

    @property
    def year(self) -> int:
        """The year by which ages are counted."""
        return self._clock.now().year

    async def create_anonymous(self, tx: Transaction, *, locale: str, elder: bool = False) -> Customer:
        """Create a customer nobody knows yet."""
        now = self._clock.now()
        fresh = Customer(new_id(), Person(), elder, locale, Verified.NONE, None, now, None)
        values = {"elder": elder, "locale": locale, "verified": fresh.verified, "created_at": now}
        await repository.insert_customer(tx, {"id": fresh.id, "updated_at": now, **values})
        await self._keys.create(tx, fresh.id)
        await self._save(tx, fresh)
        return fresh

    async def link_identity(
        self, tx: Transaction, identity: Identity, *, visitor: Visitor | None, locale: str
    ) -> Linked:
        """Return the customer whom the bank vouches for, with what it says taken over.

        Whoever was anonymous until now becomes this customer, or is merged into the one known already; a
        visitor known as somebody else is left alone.
        """
        known_id = await repository.find_by_ref(tx, self._keys.hash_reference(identity.external_ref))
        visitor_id = visitor.customer_id if visitor else None
        found = await self._load(tx, [one for one in (known_id, visitor_id) if one], lock=True)
        known = found.get(known_id) if known_id else None
        current = found.get(visitor_id) if visitor_id else None
        free = current if current and current.is_unclaimed else None
        linked = apply_identity(known or free or await self.create_anonymous(tx, locale=locale), identity)
        await self._save(tx, linked)
        self._forget_after(tx, linked.id, CLAIMED)
        if free and free.id != linked.id:
            await self._merge(tx, free, linked)
        return Linked(linked, _merged_selves(visitor, current, free, linked.id))

    async def _merge(self, tx: Transaction, anonymous: Customer, into: Customer) -> None:
        now = self._clock.now()
        await repository.update_customer(tx, anonymous.id, merged_into=into.id, updated_at=now)
        await self._record(tx, "system", "customer.merged", into.id, merged=str(anonymous.id))
        self._forget_after(tx, anonymous.id, CLAIMED)

    def _forget_after(self, tx: Transaction, customer_id: UUID, topic: str) -> None:
        tx.after_commit(lambda: self._keys.forget(customer_id, topic))

    async def get(self, tx: Transaction, customer_id: UUID) -> Customer:
        """Return a customer, erased or not; `NotFoundError` for nobody."""
        found = (await self._load(tx, [customer_id])).get(customer_id)
        if found is None:
            raise NotFoundError(kind="customer", id=str(customer_id))
        return found

    async def list_known(self, tx: Transaction, external_ref: str) -> list[UUID]:
        """Return whom the bank calls so, then the anonymous selves merged into them; none for who was never here."""
        known_id = await repository.find_known(tx, self._keys.hash_reference(external_ref))
        selves = await repository.list_selves(tx, known_id) if known_id else []
        return sorted(selves, key=lambda one: one != known_id)

    async def list_selves(self, tx: Transaction, customer_id: UUID) -> list[UUID]:
        """Return everyone this person is known as here, merged anonymous selves among them."""
        found = (await self._load(tx, [customer_id])).get(customer_id)
        return await repository.list_selves(tx, (found and found.merged_into) or customer_id)

    async def get_known(self, tx: Transaction, external_ref: str, *, elder: bool, locale: str) -> UUID:
        """Return the customer whom the bank calls so, made now where they were never here."""
        known_id = await repository.find_by_ref(tx, self._keys.hash_reference(external_ref))
        if known_id is None:
            known_id = (await self.seed(tx, Person(external_ref=external_ref), elder=elder, locale=locale)).id
        return known_id

    async def get_many(self, tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, Customer]:
        """Return those customers that exist, in one query."""
        return await self._load(tx, list(ids))

    async def get_card(self, tx: Transaction, customer_id: UUID, *, actor: str, masked: bool = False) -> CustomerCard:
        """Return what an agent may see; the read is in the audit trail."""
        customer = await self.get(tx, customer_id)
        await self._record(tx, actor, "customer.viewed", customer_id)
        return make_card(customer, self._clock.now().year, masked=masked)

    async def seed(self, tx: Transaction, person: Person, *, elder: bool, locale: str) -> Customer:
        """Create a known customer, or bring the one with this `external_ref` up to date; for imports."""
        known_id = await repository.find_by_ref(tx, self._keys.hash_reference(person.external_ref))
        if known_id is None:
            customer = await self.create_anonymous(tx, locale=locale)
        else:
            customer = await self.get(tx, known_id)
        seeded = replace(customer, person=person, elder=elder, locale=locale, verified=Verified.IDENTITY)
        await self._save(tx, seeded)
        return seeded

    async def export(self, tx: Transaction, customer_id: UUID, *, actor: str) -> dict[str, Any]:
        """Return all that is held of a person here, as plain JSON; the export is in the audit trail."""
        customer = await self.get(tx, customer_id)
        root = customer.merged_into or customer_id
        await self._record(tx, actor, "customer.exported", root)
        found = await self._load(tx, await repository.list_selves(tx, root))
        return {"customer_id": str(root), "profiles": [_plain(found[one]) for one in sorted(found)]}

    async def erase(self, tx: Transaction, customer_id: UUID, *, actor: str) -> tuple[UUID, ...]:
        """Destroy the keys and blank the fields of a person and of their merged selves; return the ids."""
        seen = await self.get(tx, customer_id)
        locked = await self._load(tx, list({customer_id, seen.merged_into or customer_id}), lock=True)
        root = locked[customer_id].merged_into or customer_id  # as of now: a merge may have been under way
        if root not in locked:
            await self._load(tx, [root], lock=True)
        selves = await repository.list_selves(tx, root)
        await repository.blank_customers(tx, selves, self._clock.now())
        for one in selves:
            await self._record(tx, actor, "customer.erased", one)
            self._forget_after(tx, one, ERASED)
        return tuple(selves)

    async def _load(self, tx: Transaction, ids: list[UUID], *, lock: bool = False) -> dict[UUID, Customer]:
        rows = await repository.load_customers(tx, ids, lock=lock)
        return {row.id: self._from_row(row) for row in rows}

    def _from_row(self, row: Row[Any]) -> Customer:
        return Customer(
            id=row.id,
            person=self._open_person(row),
            elder=row.elder,
            locale=row.locale,
            verified=Verified(row.verified),
            merged_into=row.merged_into,
            created_at=row.created_at,
            erased_at=row.erased_at,
        )

    def _open_person(self, row: Row[Any]) -> Person:
        """Read the personal fields: empty once erased or, which is logged, where they do not open.

        Many are read together, and one that is damaged must not keep the others from being read.
        """
        if row.sealed is None or row.wrapped is None:
            return Person()
        try:
            cipher = self._keys.unwrap(row.id, row.wrapped)
            return Person.from_json(json.loads(cipher.open(row.sealed, _context(row.id))))
        except ValueError:
            logger.error("the profile of customer %s does not open and reads as empty", row.id)
            return Person()

    async def _save(self, tx: Transaction, customer: Customer) -> None:
        cipher: Cipher | None = await self._keys.load(tx, customer.id)
        if cipher is None:
            raise NotFoundError(kind="customer", id=str(customer.id))
        ref, plain = customer.person.external_ref, json.dumps(customer.person.to_json(), ensure_ascii=False)
        await repository.update_customer(
            tx,
            customer.id,
            external_ref_hash=self._keys.hash_reference(ref) if ref else None,
            sealed=cipher.seal(plain.encode(), _context(customer.id)),
            elder=customer.elder,
            locale=customer.locale,
            verified=customer.verified,
            updated_at=self._clock.now(),
        )

    async def _record(self, tx: Transaction, actor: str, action: str, customer_id: UUID, **more: Any) -> None:
        subject = f"customer:{customer_id}"
        await audit.record(tx, at=self._clock.now(), actor=actor, action=action, subject=subject, **more)


def _merged_selves(
    visitor: Visitor | None, current: Customer | None, free: Customer | None, into: UUID
) -> tuple[UUID, ...]:
    """Return whose conversations come along: the visitor's, unless the visitor is known as somebody else."""
    if visitor is None or current is None or not (free or into in (current.id, current.merged_into)):
        return ()
    return (*sorted(visitor.also), *([current.id] if current.id != into else ()))


def _context(customer_id: UUID) -> bytes:
    return b"customer profile " + customer_id.bytes


def _plain(customer: Customer) -> dict[str, Any]:
    return {
        "id": str(customer.id),
        **customer.person.to_json(),
        "elder": customer.elder,
        "locale": customer.locale,
        "verified": customer.verified.value,
        "merged_into": str(customer.merged_into) if customer.merged_into else None,
        "created_at": customer.created_at.isoformat(),
        "erased_at": customer.erased_at.isoformat() if customer.erased_at else None,
    }
