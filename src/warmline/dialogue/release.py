"""Keeps the release policy in step with the knowledge: calibrated off the request path when articles change."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from dataclasses import asdict
from pathlib import Path

from warmline.knowledge.calibration import (
    DEFAULT_POLICY,
    ESTIMATED,
    FROM_LOGS,
    Calibration,
    Choice,
    CurvePoint,
    ReleasePolicy,
    calibrate,
    measure_outcomes,
)
from warmline.knowledge.rerank import Reranker
from warmline.knowledge.service import ArticleFollower

logger = logging.getLogger(__name__)

LEAST_LABELLED = 100
"""Fewer logged questions than this say less than the similar questions do."""


class ReleaseKeeper:
    """Holds the newest calibration, kept on disk beside the index; until the first, a cautious default."""

    def __init__(
        self, follower: ArticleFollower, *, target_error: float, folder: Path, labelled: Path | None = None
    ) -> None:
        """`labelled`: the bank's log, JSON Lines of `{"text", "article_id" or null}`, disjoint from the articles."""
        self._follower, self._target, self._path = follower, target_error, folder / "release.json"
        self._labelled = labelled
        self._changed = asyncio.Event()
        self._settled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.calibration: Calibration | None = None
        self._ranking: Reranker | None = None

    def current(self) -> ReleasePolicy:
        """Return the policy in force; thresholds hold only for the ranking they were found with."""
        found = self.in_force()
        return found.policy if found else DEFAULT_POLICY

    def in_force(self) -> Calibration | None:
        """Return the calibration that holds for the present ranking; None while another is being made."""
        return self.calibration if self._ranking == self._follower.index.reranker else None

    async def start(self) -> None:
        """Take up the calibration on disk if it fits the index, and follow the knowledge."""
        ranking = self._follower.index.reranker
        self.calibration, self._ranking = await asyncio.to_thread(self._load), ranking
        self._settled.set()
        if self.calibration is None:
            self._heard_change()
        self._follower.on_rebuilt(self._heard_change)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End following."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def settle(self) -> None:
        """Return when nothing that was learnt waits for its calibration."""
        await self._settled.wait()

    async def calibrate_now(self) -> Calibration:
        """Calibrate on the present index and keep the result; takes a second for each few hundred questions."""
        ranking = self._follower.index.reranker
        self.calibration, self._ranking = await asyncio.to_thread(self._calibrate), ranking
        return self.calibration

    def _heard_change(self) -> None:
        self._settled.clear()
        self._changed.set()

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            # What is being learnt would make a calibration of what is there now worthless.
            await self._follower.settle()
            self._changed.clear()
            try:
                if len(self._follower.index):
                    await self.calibrate_now()
            except Exception:
                logger.exception("calibrating the release failed; the policy in force stays")
            if not self._changed.is_set():
                self._settled.set()

    def _calibrate(self) -> Calibration:
        key = self._key()
        index = self._follower.index
        logs = [(text, right) for text, right in self._read_labelled() if right is None or right in index]
        if len(logs) >= LEAST_LABELLED:
            found = calibrate(measure_outcomes(index, logs), self._target, source=FROM_LOGS)
        else:
            found = calibrate(index.held_out_outcomes(), self._target, source=ESTIMATED)
        stored = {"key": key, **asdict(found)}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_suffix(".half")
        half.write_text(json.dumps(stored))
        half.replace(self._path)
        return found

    def _load(self) -> Calibration | None:
        try:
            stored = json.loads(self._path.read_text())
            if stored["key"] != self._key():
                return None
            curve = tuple(CurvePoint(**point) for point in stored["curve"])
            choices = tuple(
                Choice(one["target_error"], CurvePoint(**one["point"]) if one["point"] else None)
                for one in stored["choices"]
            )
            return Calibration(ReleasePolicy(**stored["policy"]), curve, stored["n"], choices)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _read_labelled(self) -> list[tuple[str, str | None]]:
        if self._labelled is None:
            return []
        rows = [json.loads(line) for line in self._labelled.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [(str(row["text"]), row["article_id"]) for row in rows]

    def _key(self) -> str:
        """What a calibration holds for: this reranker over this many articles, this target, these logs."""
        index = self._follower.index
        return hashlib.sha256(
            f"{index.reranker!r} {len(index)} {self._target} {self._read_labelled()}".encode()
        ).hexdigest()
