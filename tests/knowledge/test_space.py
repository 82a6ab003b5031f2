"""The space of a bank's questions tells its articles apart where raw cosines see wordings."""

from pathlib import Path

import numpy as np
import pytest

from warmline.knowledge.segment import PreparedArticle, Segment, TextKind, build_segment
from warmline.knowledge.space import Floats, Space, learn_space, open_space, save_space, unit
from warmline.knowledge.vectors import to_bytes

D = 32
WORDINGS = 4
STYLE = 1.5
"""How much more a wording moves a vector than its article does."""


def _vector(article: int, wording: int, rng: np.random.Generator) -> Floats:
    axes = np.eye(D)
    style = STYLE if (article + wording) % 2 else -STYLE
    found = 5 * axes[0] + axes[1 + article] + style * axes[D - 1] + rng.normal(0, 0.05, D)
    unit: Floats = (found / np.linalg.norm(found)).astype(np.float32)
    return unit


@pytest.fixture
def bank() -> Segment:
    rng = np.random.default_rng(3)
    articles = []
    for number in range(20):
        rows, scales = to_bytes(np.stack([_vector(number, w, rng) for w in range(WORDINGS)]))
        kinds = (TextKind.QUESTION, *(TextKind.SIMILAR,) * (WORDINGS - 1))
        texts, tokens = ("q",) * WORDINGS, (np.zeros(0, np.uint32),) * WORDINGS
        articles.append(PreparedArticle(f"a{number}", texts, kinds, tokens, rows, scales))
    return build_segment(articles, D)


def _centres(segment: Segment, space: Space) -> Floats:
    rows = np.arange(len(segment.kinds))
    return unit(segment.vectors.floats(rows) - space.centre)[::WORDINGS]


def test_a_question_in_another_wording_still_finds_its_article(bank: Segment) -> None:
    rng = np.random.default_rng(9)
    space = learn_space([bank], [np.ones(len(bank), bool)])
    standard = _centres(bank, space)
    asked = [_vector(number, 1, rng) for number in range(20)]
    by_wording = [int(np.argmax(standard @ space.asked(v))) for v in asked]
    by_article = [int(np.argmax(standard @ space.telling(v))) for v in asked]
    assert np.mean(np.equal(by_article, range(20))) == 1.0
    assert np.mean(np.equal(by_wording, range(20))) < 1.0


def test_the_centre_is_what_all_questions_share_and_the_floor_their_likeness(bank: Segment) -> None:
    space = learn_space([bank], [np.ones(len(bank), bool)])
    assert int(np.argmax(np.abs(space.centre))) == 0
    assert 0.4 < space.floor < 0.8


def test_hidden_rows_and_dead_articles_are_not_looked_at(bank: Segment) -> None:
    only_first = np.arange(len(bank)) == 0
    rows = np.repeat(only_first, np.diff(bank.starts))
    by_articles = learn_space([bank], [only_first])
    by_rows = learn_space([bank], [np.ones(len(bank), bool)], [~rows])
    assert np.allclose(by_articles.centre, by_rows.centre)
    assert not np.allclose(by_articles.centre, learn_space([bank], [np.ones(len(bank), bool)]).centre)


def test_nothing_to_learn_from_leaves_vectors_as_they_are() -> None:
    empty = build_segment([], D)
    space = learn_space([empty], [np.zeros(0, bool)])
    query = np.eye(D, dtype=np.float32)[4]
    assert np.array_equal(space.asked(query), query)
    assert np.array_equal(space.telling(query), query)
    assert space.floor == 0.0


def test_saved_and_opened_it_is_the_same(bank: Segment, tmp_path: Path) -> None:
    space = learn_space([bank], [np.ones(len(bank), bool)])
    save_space(space, tmp_path)
    opened = open_space(tmp_path)
    assert np.array_equal(opened.metric, space.metric)
    assert np.array_equal(opened.centre, space.centre)
    with pytest.raises(OSError, match="space"):
        open_space(tmp_path / "elsewhere")
