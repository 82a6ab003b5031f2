"""Seeding the demo."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from warmline.commands import demo


class Stopped(Exception):
    """Seeding was interrupted here."""


async def test_an_interrupted_seeding_never_leaves_articles_without_their_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start would compute them before it serves: minutes."""
    done: list[str] = []

    class Follower:
        async def know_vectors(self, path: Path) -> None:
            done.append(path.name)

    async def stop(*_: Any, **__: Any) -> None:
        raise Stopped

    monkeypatch.setattr(demo, "import_loaded", stop)
    node = SimpleNamespace(settings=SimpleNamespace(data=tmp_path), follower=Follower(), uow=None, knowledge=None)
    with pytest.raises(Stopped):
        await demo.seed_if_needed(cast(Any, node))
    assert done == ["vectors.npz"]
    assert not (tmp_path / "seeded").exists()
