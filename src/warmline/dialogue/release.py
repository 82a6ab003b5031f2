"""Keeps the release policy in step with the knowledge: recalibrated off the request path when articles change."""

from __future__ import annotations

from pathlib import Path

from warmline.knowledge.calibration import DEFAULT_POLICY, Calibration, ReleasePolicy
from warmline.knowledge.service import ArticleFollower


class ReleaseKeeper:
    """Holds the newest calibration; until the first one is there, a cautious default."""

    def __init__(self, follower: ArticleFollower, *, target_error: float, folder: Path) -> None:
        self._follower, self._target, self._folder = follower, target_error, folder
        self.calibration: Calibration | None = None

    def current(self) -> ReleasePolicy:
        """Return the policy in force."""
        return self.calibration.policy if self.calibration else DEFAULT_POLICY

    async def start(self) -> None:
        """Begin to follow the knowledge."""

    async def stop(self) -> None:
        """End following."""
