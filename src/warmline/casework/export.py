"""Everything that casework holds about a person, for their export."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from warmline.casework import promise_repository as promises_sql
from warmline.casework import repository
from warmline.casework.ports import Ciphers
from warmline.casework.tables import case_file
from warmline.casework.tables import promise as promise_table
from warmline.kit.uow import Transaction

LIMIT = 10_000


async def export_casework(
    tx: Transaction, ciphers: Ciphers, customer_ids: Collection[UUID]
) -> dict[str, list[dict[str, Any]]]:
    """Return the `cases`, each with its `log`, and the `promises` of these customers, words opened."""
    keys = await ciphers.load(tx, set(customer_ids))
    of_cases, of_promises = case_file.c.customer_id.in_(customer_ids), promise_table.c.customer_id.in_(customer_ids)
    rows = await repository.select_cases(tx.connection, [of_cases], running_first=False, limit=LIMIT)
    cases = []
    for row in rows:
        log = await repository.read_log(tx.connection, [row.id], keys.get(row.customer_id))
        cases.append({**asdict(repository.read_case(row, keys)), "log": [asdict(one) for one in log]})
    promised = await promises_sql.select_promises(tx.connection, (of_promises,), limit=LIMIT)
    return {"cases": cases, "promises": [asdict(promises_sql.read_promise(row, keys)) for row in promised]}
