"""The quick features are those of the plain definitions, and terms weigh the same however they are counted."""

import numpy as np
import pytest

from tests.fakes.embedder import FakeTextEmbedder
from tests.knowledge.test_search import ARTICLES
from warmline.knowledge.features import NAMES, Corpus, Floats, Query, article_features, gather
from warmline.knowledge.postings import hashed_tokens
from warmline.knowledge.search import ArticleIndex, ArticleTexts
from warmline.knowledge.segment import TextKind
from warmline.knowledge.space import unit

QUESTION = "房贷的利率有几个点"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    index = ArticleIndex.build(ARTICLES, FakeTextEmbedder())
    index.upsert(ArticleTexts("gold", "积存金怎么买", ("买黄金", "房贷能买黄金吗"), "在手机银行买。"))
    return index.searched()[0]


def _column(features: Floats, name: str) -> Floats:
    return features[:, NAMES.index(name)]


@pytest.mark.parametrize("number", [0, 1])
def test_a_term_weighs_what_its_token_does_over_all_segments(corpus: Corpus, number: int) -> None:
    keys = corpus.segments[number].postings.keys
    assert len(keys) > 10
    np.testing.assert_allclose(corpus.weights[number], corpus.idf(keys))


@pytest.mark.parametrize("number", [0, 1])
def test_features_are_those_of_the_plain_definitions(corpus: Corpus, number: int) -> None:
    segment, space = corpus.segments[number], corpus.space
    tokens, vector = hashed_tokens(QUESTION), FakeTextEmbedder().embed_queries([QUESTION])[0]
    query = Query(tokens, corpus.idf(tokens), vector)
    articles = np.arange(len(segment))
    features, nearest = article_features(corpus, number, gather(segment, articles), query)
    for article in articles:
        rows = np.arange(segment.starts[article], segment.starts[article + 1])
        asked = rows[np.asarray(segment.kinds)[rows] != TextKind.ANSWER]
        directions = unit(segment.vectors.floats(asked) - space.centre)
        cosines = directions @ space.asked(vector)
        assert _column(features, "meaning")[article] == pytest.approx(cosines.max(), abs=1e-5)
        assert nearest[article] == asked[cosines.argmax()]
        whole = unit(directions.sum(axis=0)) @ space.telling(vector)
        assert _column(features, "meaning_whole")[article] == pytest.approx(whole, abs=1e-5)
        found = {int(t) for row in rows for t in segment.postings.tokens_of(int(row))}
        characters = [(t in found, w) for t, w in zip(tokens, query.idf, strict=True) if t & 3 == 3]
        share = sum(w for inside, w in characters if inside) / sum(w for _, w in characters)
        assert _column(features, "chars_in_article")[article] == pytest.approx(share, abs=1e-5)
