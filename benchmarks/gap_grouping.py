"""How well questions without an answer are grouped by meaning: `dialogue/alike.py` on the demo's similar questions.

Run `python -m benchmarks.gap_grouping [--cache FOLDER] [--out FILE]`; a minute. The demo's articles are halved by the
SHA-256 of their ids. What wording is is learnt from one half, and lists like a bank's are dealt from the other: a few
matters asked often, most once or twice, in both languages; those of one article belong together. The threshold is the
one that makes as many groups as there are matters on lists of the first half; the figures are of lists of the second.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import pair_confusion_matrix

from warmline.dialogue.alike import ALIKE, group_alike
from warmline.knowledge.files import load_paths
from warmline.knowledge.follow import texts_of
from warmline.knowledge.search import ArticleIndex, ArticleTexts
from warmline.knowledge.shipped_vectors import read_vectors
from warmline.language.adapters.lexical import LexicalTextEmbedder
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.service import (
    FileVectorCache,
    MemoryVectorCache,
    VectorCache,
    embed_cached,
    normalise,
    open_embedder,
)

DEMO = Path(__file__).parents[1] / "demo"
LISTS, LENGTH, MOST = 5, 300, 15
THRESHOLDS = tuple(round(0.05 + 0.025 * n, 3) for n in range(13))
PLAIN = tuple(round(0.8 + 0.01 * n, 3) for n in range(18))
Dealt = tuple[list[str], list[str]]
"""Questions and the article of each."""
Turn = Callable[[Vectors], Vectors]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=None)
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    embedder = open_embedder().embedder
    shipped = MemoryVectorCache()
    shipped.put_many(read_vectors(DEMO / "vectors.npz", embedder.name))
    cache = FileVectorCache(options.cache) if options.cache else shipped
    halves: tuple[list[ArticleTexts], list[ArticleTexts]] = ([], [])
    for one in load_paths([DEMO / "articles"]).incoming:
        if told := texts_of(one.id, one.content):
            halves[hashlib.sha256(one.id.encode()).digest()[-1] % 2].append(told)
    rows = measure(halves, embedder, cache)
    for row in rows:
        sys.stdout.write(f"{row['what']:44} " + " ".join(f"{k} {v:.3f}" for k, v in row.items() if k != "what") + "\n")
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def measure(
    halves: tuple[list[ArticleTexts], list[ArticleTexts]], embedder: TextEmbedder, cache: VectorCache
) -> list[dict[str, object]]:
    """Return a row for each way to group, and for fewer articles to learn from."""
    first, second = halves
    choosing, measuring = ([deal(half, seed) for seed in range(LISTS)] for half in halves)
    lexical, none = LexicalTextEmbedder(), MemoryVectorCache()
    by_words = learn(second, lexical, none), learn(first, lexical, none)
    ways: list[tuple[str, TextEmbedder, VectorCache, tuple[Turn, Turn], Sequence[float]]] = [
        ("directions", embedder, cache, (learn(second, embedder, cache), learn(first, embedder, cache)), THRESHOLDS),
        ("vectors as they are", embedder, cache, (lambda v: v, lambda v: v), PLAIN),
        ("directions without a model, of words", lexical, none, by_words, THRESHOLDS),
    ]
    rows = []
    for name, by, kept, (turn_choosing, turn_measuring), thresholds in ways:
        tried = [(at, score(choosing, by, kept, turn_choosing, at)) for at in thresholds]
        at, _ = min(tried, key=lambda it: abs(it[1]["groups"] - 1))
        rows.append({"what": name, "at": at, **score(measuring, by, kept, turn_measuring, at)})
    for count in (100, 30, 10):
        some = random.Random(37).sample(first, count)
        found = score(measuring, embedder, cache, learn(some, embedder, cache), ALIKE)
        rows.append({"what": f"directions learnt from {count} articles", "at": ALIKE, **found})
    return rows


def deal(articles: Sequence[ArticleTexts], seed: int) -> Dealt:
    """Return a list of some `LENGTH` questions: how often a matter is asked falls as its rank (Pareto, 1)."""
    chance, texts, owners = random.Random(seed), [], []
    for told in chance.sample(list(articles), len(articles)):
        similar = list(dict.fromkeys(normalise(text) for one in (told, *told.translations) for text in one.similar))
        chosen = chance.sample(similar, min(len(similar), int(chance.paretovariate(1.0)), MOST))
        texts += chosen
        owners += [told.article_id] * len(chosen)
        if len(texts) >= LENGTH:
            break
    return texts, owners


def learn(articles: Sequence[ArticleTexts], embedder: TextEmbedder, cache: VectorCache) -> Turn:
    """Return what gives the directions of questions, learnt from these articles."""
    index = ArticleIndex(embedder, cache)
    index.upsert_many(articles)
    index.merge()
    return index.directions


def score(
    lists: Sequence[Dealt], embedder: TextEmbedder, cache: VectorCache, turn: Turn, at: float
) -> dict[str, float]:
    """Return the means over lists; `groups`: how many there are to one that should be."""
    rows = []
    for texts, owners in lists:
        labels = np.zeros(len(texts), int)
        for number, group in enumerate(group_alike(turn(embed_cached(embedder, cache, texts, is_query=True)), at)):
            labels[group] = number
        (_, wrong), (missed, right) = pair_confusion_matrix(owners, labels)
        precision, recall = right / max(right + wrong, 1), right / (right + missed)
        rows.append(
            {
                "precision": precision,
                "recall": recall,
                "ARI": adjusted_rand_score(owners, labels),
                "groups": len(set(labels)) / len(set(owners)),
            }
        )
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


if __name__ == "__main__":
    main()
