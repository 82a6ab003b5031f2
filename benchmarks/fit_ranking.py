"""Fits the weights that the article search has before it learns from a bank's own questions.

`python -m benchmarks.fit_ranking`. Asks the questions of `demo/labelled_questions.jsonl` of Chunhe's articles with
all, some and none of their similar questions, so that the weights hold for rich and poor knowledge alike, and prints
what belongs into `knowledge/rerank.py`. Nothing else is looked at.
"""

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from warmline.knowledge.features import NAMES, Floats, Query
from warmline.knowledge.files import load_paths
from warmline.knowledge.postings import hashed_tokens
from warmline.knowledge.ranking import rank
from warmline.knowledge.rerank import CONFIDENCE_NAMES, Example, Reranker, train_reranker
from warmline.knowledge.search import ArticleIndex, ArticleTexts
from warmline.language.service import Language, MemoryVectorCache, detect_language, normalise, open_embedder

DEMO = Path(__file__).parent.parent / "demo"
_KEPT = ((99, True), (6, True), (6, False), (3, True), (1, True), (0, True))
"""How many similar questions each article keeps, and whether its answer is searched."""
_NEUTRAL = Reranker((0.5,) * len(NAMES), (0.0,) * len(CONFIDENCE_NAMES))
_PRIOR_SHARE = 0.02


def main() -> None:
    """Fit and print."""
    embedder, cache = open_embedder().embedder, MemoryVectorCache()
    articles = list(_articles())
    asked = list(_asked())
    examples: list[Example] = []
    for similar, answers in _KEPT:
        index = ArticleIndex.build([_thinned(a, similar, answers) for a in articles], embedder, cache=cache)
        found = [_example(index, embedder.embed_queries([normalise(text)])[0], text, right) for text, right in asked]
        examples += found
        sys.stderr.write(f"asked {len(found)} questions with at most {similar} similar questions an article\n")
    fitted = train_reranker(examples, _NEUTRAL, _PRIOR_SHARE)
    weights = dict(zip(NAMES, (round(w, 2) for w in fitted.weights), strict=True))
    confidence = dict(zip(CONFIDENCE_NAMES, (round(w, 2) for w in fitted.confidence_weights), strict=True))
    sys.stdout.write(json.dumps({"weights": weights, "confidence": confidence}, indent=1) + "\n")


def _articles() -> Iterator[ArticleTexts]:
    for incoming in load_paths([DEMO / "articles"]).incoming:
        if text := incoming.content.text("zh-Hans"):
            yield ArticleTexts(incoming.id, text.question, text.similar, text.answer)


def _asked() -> Iterator[tuple[str, str | None]]:
    for line in (DEMO / "labelled_questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if detect_language(row["text"]) != Language.EN:
            yield row["text"], row["article_id"]


def _thinned(article: ArticleTexts, similar: int, answers: bool) -> ArticleTexts:
    kept = random.Random(article.article_id).sample(article.similar, min(similar, len(article.similar)))
    return replace(article, similar=tuple(kept), answer=article.answer if answers else "")


def _example(index: ArticleIndex, vector: Floats, text: str, right: str | None) -> Example:
    folded = normalise(text)
    corpus, alive = index.searched()
    tokens = hashed_tokens(folded)
    found = rank(corpus, alive, Query(tokens, corpus.idf(tokens), vector), Reranker())
    at = found.article_ids.index(right) if right in found.article_ids else -1
    return Example(found.features, at, len(folded))


if __name__ == "__main__":
    main()
