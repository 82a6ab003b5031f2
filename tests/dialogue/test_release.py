"""The release keeper: thresholds in force are those found with the ranking in use."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.embedder import FakeTextEmbedder
from tests.knowledge.test_search import ARTICLES
from warmline.dialogue.release import LEAST_LABELLED, ReleaseKeeper
from warmline.knowledge.calibration import DEFAULT_POLICY, FROM_LOGS
from warmline.knowledge.rerank import CONFIDENCE_NAMES, Reranker
from warmline.knowledge.search import ArticleIndex


class _Follower:
    def __init__(self) -> None:
        self.index = ArticleIndex.build(ARTICLES, FakeTextEmbedder())

        self.learnt = asyncio.Event()
        self.learnt.set()

    def on_rebuilt(self, callback: Callable[[], None]) -> None:
        """Nothing is rebuilt here."""

    async def settle(self) -> None:
        """Return once `learnt` is set."""
        await self.learnt.wait()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    asked = [(s, a.article_id) for a in ARTICLES for s in (a.question, *a.similar)]
    rows = [{"text": text, "article_id": right} for text, right in asked * (LEAST_LABELLED // len(asked) + 1)]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _keeper(folder: Path, log: Path | None = None) -> ReleaseKeeper:
    return ReleaseKeeper(_Follower(), target_error=0.1, folder=folder, labelled=log)  # type: ignore[arg-type]


def _append(log: Path, row: dict[str, str | None]) -> None:
    with log.open("a") as more:
        more.write(json.dumps(row) + "\n")


async def test_a_log_calibrates_and_a_new_ranking_waits_for_its_own(tmp_path: Path, log: Path) -> None:
    keeper = _keeper(tmp_path, log)
    assert keeper.current() is DEFAULT_POLICY
    found = await keeper.calibrate_now()
    assert found.policy.source == FROM_LOGS
    assert keeper.current() is found.policy
    keeper._follower.index.use_reranker(Reranker(confidence_weights=(0.1,) * len(Reranker().confidence_weights)))
    assert keeper.current() is DEFAULT_POLICY
    assert keeper.in_force() is None
    again = await keeper.calibrate_now()
    assert keeper.current() is again.policy
    assert keeper.in_force() is again


async def test_logged_questions_about_articles_the_bank_lacks_say_nothing(tmp_path: Path, log: Path) -> None:
    known = (await _keeper(tmp_path, log).calibrate_now()).n
    _append(log, {"text": "卡丢了", "article_id": "another bank's"})
    assert (await _keeper(tmp_path, log).calibrate_now()).n == known
    _append(log, {"text": "天气好吗", "article_id": None})
    assert (await _keeper(tmp_path, log).calibrate_now()).n == known + 1


async def test_too_few_similar_questions_keep_the_cautious_default(tmp_path: Path) -> None:
    keeper = _keeper(tmp_path)
    await keeper.calibrate_now()
    assert keeper.current().answer_at == DEFAULT_POLICY.answer_at


async def test_a_calibration_is_taken_up_again_only_for_the_same_ranking(tmp_path: Path, log: Path) -> None:
    found = await _keeper(tmp_path, log).calibrate_now()
    second = _keeper(tmp_path, log)
    await second.start()
    assert second.current() == found.policy
    assert second.calibration == found
    assert found.choices
    await second.stop()


async def test_nothing_is_calibrated_while_the_ranking_is_being_learnt(tmp_path: Path, log: Path) -> None:
    keeper = _keeper(tmp_path, log)
    follower: Any = keeper._follower
    follower.learnt.clear()
    await keeper.start()
    await asyncio.sleep(0.05)
    assert keeper.in_force() is None
    follower.index.use_reranker(Reranker(confidence_weights=(0.1,) * len(CONFIDENCE_NAMES)))
    follower.learnt.set()
    await keeper.settle()
    assert keeper.in_force() is not None
    await keeper.stop()
