"""Vectors in PostgreSQL by text hash: each text is embedded once in the life of a deployment."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import ARRAY, LargeBinary, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from warmline.kit.uow import UnitOfWork
from warmline.knowledge.tables import vector_cache
from warmline.language.ports import Vectors

READ_BATCH, WRITE_BATCH = 5_000, 1_000
Result = TypeVar("Result")


class PgVectorCache:
    """A `VectorCache` over the table; its calls block a worker thread while `loop` does the work."""

    def __init__(self, uow: UnitOfWork, loop: asyncio.AbstractEventLoop, *, model: str = "") -> None:
        self._uow, self._loop, self._model = uow, loop, model

    @classmethod
    def bound(cls, uow: UnitOfWork, *, model: str = "") -> PgVectorCache:
        """A cache that works on the running loop."""
        return cls(uow, asyncio.get_running_loop(), model=model)

    def get_many(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that are known, each float32."""
        return self._wait(self._get(keys))

    def put_many(self, vectors: dict[str, Vectors]) -> None:
        """Keep vectors, as float16: search keeps 8 bits of each number."""
        self._wait(self._put(vectors))

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is self._loop:
            work.close()
            raise RuntimeError("the vector cache blocks: call it from a worker thread")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _get(self, keys: Sequence[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        for start in range(0, len(keys), READ_BATCH):
            part = cast([bytes.fromhex(k) for k in keys[start : start + READ_BATCH]], ARRAY(LargeBinary))
            query = select(vector_cache.c.text_hash, vector_cache.c.vector).where(
                vector_cache.c.text_hash == func.any(part)
            )
            async with self._uow.begin() as tx:
                rows = (await tx.connection.execute(query)).all()
            found |= {r.text_hash.hex(): np.frombuffer(r.vector, "<f2").astype(np.float32) for r in rows}
        return found

    async def _put(self, vectors: dict[str, Vectors]) -> None:
        rows = [
            {"text_hash": bytes.fromhex(k), "model": self._model, "vector": v.astype("<f2").tobytes()}
            for k, v in vectors.items()
        ]
        for start in range(0, len(rows), WRITE_BATCH):
            async with self._uow.begin() as tx:
                await tx.connection.execute(
                    insert(vector_cache).on_conflict_do_nothing(), rows[start : start + WRITE_BATCH]
                )
