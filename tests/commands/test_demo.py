"""Seeding the demo."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.fakes.server import ARTICLE_COUNT, Server, environment, warmline
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


def on(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = warmline(*arguments, "--data", str(server.data))
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=110)


def test_the_demo_never_mixes_with_a_bank_of_its_own(lone_server: Server, tmp_path: Path) -> None:
    refused = on(lone_server, "demo", "--port", "0")
    assert refused.returncode == 2
    assert "holds a bank's own data" in refused.stderr
    asked = on(lone_server, "ask", "储蓄卡丢了怎么办", "--json")
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["text"]
    exported = on(lone_server, "kb", "export", str(tmp_path / "all.jsonl"), "--json")
    assert json.loads(exported.stdout)["articles"] == ARTICLE_COUNT
