"""The SQL of flows and their proofs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.dialogue.tables import flow, flow_proof, flow_version


async def list_flows(connection: AsyncConnection, flow_id: str | None = None) -> list[Any]:
    """Return all flows by id, or one, each with the version that is live.

    Columns: id, live_version, draft, updated_at, updated_by, source, published_at, published_by.
    """
    is_live = (flow_version.c.flow_id == flow.c.id) & (flow_version.c.version == flow.c.live_version)
    live = flow_version.c.source, flow_version.c.published_at, flow_version.c.published_by
    query = select(flow, *live).outerjoin(flow_version, is_live).order_by(flow.c.id)
    return list((await connection.execute(query if flow_id is None else query.where(flow.c.id == flow_id))).all())


async def list_versions(connection: AsyncConnection, flow_id: str | None = None) -> list[Any]:
    """Return every version of one flow, or of all."""
    query = select(flow_version).order_by(flow_version.c.flow_id, flow_version.c.version)
    return list(
        (await connection.execute(query if flow_id is None else query.where(flow_version.c.flow_id == flow_id))).all()
    )


async def list_live(connection: AsyncConnection) -> dict[str, int | None]:
    """Return which version of each flow is live."""
    return {row.id: row.live_version for row in await connection.execute(select(flow.c.id, flow.c.live_version))}


async def upsert_flow(connection: AsyncConnection, flow_id: str, values: dict[str, Any]) -> None:
    """Create a flow, or change these columns of it."""
    query = insert(flow).values(id=flow_id, **values)
    await connection.execute(query.on_conflict_do_update(index_elements=["id"], set_=values))


async def lock_live_version(connection: AsyncConnection, flow_id: str) -> int | None:
    """Lock a flow's row and return its live version."""
    query = select(flow.c.live_version).where(flow.c.id == flow_id).with_for_update()
    found: int | None = (await connection.execute(query)).scalar_one()
    return found


async def insert_flow(connection: AsyncConnection, flow_id: str, values: dict[str, Any]) -> bool:
    """Create a flow; tell whether there was none."""
    query = insert(flow).values(id=flow_id, **values).on_conflict_do_nothing(index_elements=["id"])
    return (await connection.execute(query.returning(flow.c.id))).first() is not None


async def lock_flow(connection: AsyncConnection, flow_id: str) -> bool:
    """Lock a flow's row; tell whether there is one."""
    query = select(flow.c.id).where(flow.c.id == flow_id).with_for_update()
    return (await connection.execute(query)).first() is not None


async def delete_flow(connection: AsyncConnection, flow_id: str) -> None:
    """Delete a flow that never had a version."""
    await connection.execute(delete(flow).where(flow.c.id == flow_id))


async def insert_version(
    connection: AsyncConnection, flow_id: str, version: int, source: str, at: datetime, actor: str
) -> None:
    """Add a version."""
    values = {"flow_id": flow_id, "version": version, "source": source, "published_at": at, "published_by": actor}
    await connection.execute(insert(flow_version).values(**values))


async def update_flow(connection: AsyncConnection, flow_id: str, values: dict[str, Any]) -> bool:
    """Change columns of a flow; tell whether there is one."""
    return bool((await connection.execute(update(flow).where(flow.c.id == flow_id).values(**values))).rowcount)


async def find_proof(connection: AsyncConnection, digest: str) -> Any | None:
    """Return what was proved under a digest."""
    return (await connection.execute(select(flow_proof).where(flow_proof.c.digest == digest))).first()


async def claim_proof(connection: AsyncConnection, values: dict[str, Any], stale: datetime) -> bool:
    """Begin a proof unless one is under way or done; tell whether it was begun. One begun before `stale` is lost."""
    lost = (flow_proof.c.state == "broke") | ((flow_proof.c.state == "running") & (flow_proof.c.started_at < stale))
    query = insert(flow_proof).values(**values)
    query = query.on_conflict_do_update(index_elements=["digest"], set_=values, where=lost)
    return (await connection.execute(query.returning(flow_proof.c.digest))).first() is not None


async def update_proof(connection: AsyncConnection, digest: str, values: dict[str, Any]) -> None:
    """Change a proof that is under way."""
    is_running = (flow_proof.c.digest == digest) & (flow_proof.c.state == "running")
    await connection.execute(update(flow_proof).where(is_running).values(**values))


async def delete_proofs(connection: AsyncConnection, *, kept: int, before: datetime) -> int:
    """Delete what was begun before a moment and is not among a flow's newest; return how many."""
    rank = func.row_number().over(partition_by=flow_proof.c.flow_id, order_by=flow_proof.c.started_at.desc())
    ranked = select(flow_proof.c.digest, rank.label("rank")).subquery()
    old = flow_proof.c.digest.in_(select(ranked.c.digest).where(ranked.c.rank > kept))
    return (await connection.execute(delete(flow_proof).where(old, flow_proof.c.started_at < before))).rowcount
