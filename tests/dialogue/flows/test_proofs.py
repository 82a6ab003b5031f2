"""Of the proofs of a flow the newest are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import text

from tests.fakes.clock import FakeClock
from warmline.dialogue import repository
from warmline.dialogue.flows.proofs import KEPT_OF_EACH, LOST_AFTER, Ground, ProofService
from warmline.kit.uow import UnitOfWork


async def begin(uow: UnitOfWork, clock: FakeClock, flow_id: str, numbers: Iterable[int]) -> None:
    """Put proofs there, a second apart."""
    for number in numbers:
        clock.move(seconds=1)
        values = {
            "digest": f"{flow_id} {number}", "flow_id": flow_id, "state": "running", "result": {},
            "started_at": clock.now(), "started_by": "system", "finished_at": None,
        }  # fmt: skip
        async with uow.begin() as tx:
            assert await repository.claim_proof(tx.connection, values, clock.now() - LOST_AFTER)


async def left(uow: UnitOfWork) -> set[str]:
    async with uow.begin() as tx:
        return set((await tx.connection.execute(text("select digest from flow_proof"))).scalars())


async def test_the_newest_of_each_flow_stay_and_what_may_be_under_way(uow: UnitOfWork) -> None:
    clock = FakeClock()
    proofs = ProofService(uow, clock, Ground())
    await begin(uow, clock, "a", range(KEPT_OF_EACH + 3))
    await begin(uow, clock, "b", range(2))
    everything = await left(uow)
    assert await proofs.sweep() == 0
    assert await left(uow) == everything
    clock.move(seconds=LOST_AFTER / timedelta(seconds=1))
    assert await proofs.sweep() == 3
    assert await left(uow) == everything - {"a 0", "a 1", "a 2"}
    assert await proofs.sweep() == 0
