"""What begins the flows is learnt once and kept: a start reads it, and learns where it is not there or not right."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.embedder import FakeTextEmbedder
from warmline.dialogue.flows.school import learn_or_read, starts_key
from warmline.dialogue.flows.starts import FlowStarts, Sayings
from warmline.language.ports import Vectors
from warmline.language.service import keep_learnt, normalise, read_learnt

TEXT = "帮我查余额"
SAYINGS = Sayings(
    begins={"balance": [f"查余额{n}" for n in range(9)], "lost": [f"我要挂失{n}" for n in range(9)]},
    elsewhere=[f"几点开门{n}" for n in range(9)],
)


class Embedder:
    """Counts how often it is asked, which is how often something is learnt."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.asked += 1
        return FakeTextEmbedder().embed_queries(texts)


@pytest.fixture
def embed() -> Embedder:
    return Embedder()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "starts"


def guess(starts: FlowStarts | None) -> tuple[str, float]:
    assert starts is not None
    found = starts.guess(TEXT, FakeTextEmbedder().embed_queries([normalise(TEXT)])[0], {})
    return found.flow_id, found.sure


def test_the_next_start_reads_what_this_one_learnt(path: Path, embed: Embedder) -> None:
    first = learn_or_read(path, "model", SAYINGS, embed)
    second = learn_or_read(path, "model", SAYINGS, embed)
    assert embed.asked == 1
    assert guess(first) == guess(second)
    assert guess(first)[0] == "balance"


def test_the_order_in_which_articles_are_found_is_no_news(path: Path, embed: Embedder) -> None:
    learn_or_read(path, "model", SAYINGS, embed)
    learn_or_read(path, "model", replace(SAYINGS, elsewhere=SAYINGS.elsewhere[::-1]), embed)
    assert embed.asked == 1


@pytest.mark.parametrize(
    ("model", "sayings"),
    [
        ("another", SAYINGS),
        ("model", replace(SAYINGS, others=["余额查到了"])),
        ("model", replace(SAYINGS, begins={**SAYINGS.begins, "lost": [f"卡丢了{n}" for n in range(9)]})),
        ("model", replace(SAYINGS, asks={"lost": ["怎么挂失"]})),
    ],
)
def test_whatever_it_was_learnt_from_changes_it_is_learnt_anew(
    path: Path, embed: Embedder, model: str, sayings: Sayings
) -> None:
    learn_or_read(path, "model", SAYINGS, embed)
    learn_or_read(path, model, sayings, embed)
    learn_or_read(path, model, sayings, embed)
    assert embed.asked == 2


def test_a_file_that_is_broken_or_holds_something_else_is_learnt_anew_and_mended(path: Path, embed: Embedder) -> None:
    first = learn_or_read(path, "model", SAYINGS, embed)
    key = starts_key("model", SAYINGS)
    parts = read_learnt(path, key)
    assert parts is not None
    for times, other in enumerate(({**parts, "weights": parts["weights"][1:]}, {"letter": np.array("x")}), 2):
        keep_learnt(path, key, other)
        assert guess(learn_or_read(path, "model", SAYINGS, embed)) == guess(first)
        assert embed.asked == times
    path.write_bytes(path.read_bytes()[:-100])
    for _ in range(2):
        assert guess(learn_or_read(path, "model", SAYINGS, embed)) == guess(first)
    assert embed.asked == 4


def test_where_nothing_can_be_kept_it_is_learnt_and_said(
    tmp_path: Path, embed: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "index").touch()
    with caplog.at_level(logging.ERROR):
        assert guess(learn_or_read(tmp_path / "index" / "starts", "model", SAYINGS, embed))[0] == "balance"
    assert "could not be kept" in caplog.text


def test_where_there_is_too_little_to_learn_from_nothing_is_kept(path: Path, embed: Embedder) -> None:
    assert learn_or_read(path, "model", Sayings(), embed) is None
    assert not path.exists()
