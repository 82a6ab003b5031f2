"""The SQL of flows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.dialogue.tables import flow, flow_version


async def list_flows(connection: AsyncConnection) -> list[Any]:
    """Return all flows by id, each with the source that is live.

    Columns: id, live_version, draft, updated_at, updated_by, source.
    """
    is_live = (flow_version.c.flow_id == flow.c.id) & (flow_version.c.version == flow.c.live_version)
    query = select(flow, flow_version.c.source).outerjoin(flow_version, is_live).order_by(flow.c.id)
    return list((await connection.execute(query)).all())


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


async def insert_version(
    connection: AsyncConnection, flow_id: str, version: int, source: str, at: datetime, actor: str
) -> None:
    """Add a version."""
    values = {"flow_id": flow_id, "version": version, "source": source, "published_at": at, "published_by": actor}
    await connection.execute(insert(flow_version).values(**values))


async def update_flow(connection: AsyncConnection, flow_id: str, values: dict[str, Any]) -> bool:
    """Change columns of a flow; tell whether there is one."""
    return bool((await connection.execute(update(flow).where(flow.c.id == flow_id).values(**values))).rowcount)
