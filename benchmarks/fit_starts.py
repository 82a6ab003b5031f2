"""Learns the weights of `dialogue/flows/starts.py` from the demo bank's flows, five ways crosswise, and prints them.

Run `python -m benchmarks.fit_starts [--cache FOLDER]`; embedding what is not in `demo/vectors.npz` takes minutes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from warmline.dialogue.flows import starts
from warmline.dialogue.flows.loader import load_flow
from warmline.dialogue.flows.schema import Flow
from warmline.dialogue.flows.school import gather
from warmline.dialogue.flows.starts import FlowStarts, Sayings
from warmline.dialogue.flows.turn import Flows
from warmline.knowledge.files import load_paths
from warmline.knowledge.follow import texts_of
from warmline.knowledge.search import ArticleIndex, ArticleTexts
from warmline.knowledge.shipped_vectors import read_vectors
from warmline.language.cache import FileVectorCache, MemoryVectorCache
from warmline.language.ports import Vectors
from warmline.language.service import embed_cached, normalise, open_embedder

DEMO = Path(__file__).parents[1] / "demo"
FOLDS = 5
THRESHOLDS = (0.25, 0.5, 0.8)


def main() -> None:
    """Print the weights, and how often a flow is found and wrongly begun at each threshold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=None)
    options = parser.parse_args()
    embedder = open_embedder().embedder
    shipped = MemoryVectorCache()
    shipped.put_many(read_vectors(DEMO / "vectors.npz", embedder.name))
    cache = FileVectorCache(options.cache) if options.cache else shipped

    def embed(texts: Sequence[str]) -> Vectors:
        return embed_cached(embedder, cache, texts, is_query=True)

    articles = [told for one in load_paths([DEMO / "articles"]).incoming if (told := texts_of(one.id, one.content))]
    index = ArticleIndex(embedder, shipped)
    index.upsert_many(articles)
    flows = read_flows()
    sayings = read_sayings(flows, articles)
    rows, right, table = crosswise(sayings, flows, index, embed)
    spread = rows.std(axis=0)
    model = LogisticRegression(C=1.0, max_iter=1_000)
    odds = cross_val_predict(model, rows / spread, right, cv=FOLDS, method="predict_proba")[:, 1]
    model.fit(rows / spread, right)
    weights = (float(model.intercept_[0]), *(model.coef_[0] / spread).tolist())
    sys.stdout.write(f"_WEIGHTS = ({', '.join(f'{one:.3f}' for one in weights)})\n\n")
    tell(table, odds, right)


def read_flows() -> Flows:
    """Return the demo's flows as they would be live."""
    found: dict[tuple[str, int], Flow] = {}
    for path in sorted((DEMO / "flows").glob("*.yaml")):
        if not path.name.endswith(".tests.yaml"):
            found[path.stem, 1] = load_flow(path.read_text("utf-8"), path.name)[0]
    starters = {article: flow.flow for flow in found.values() for article in flow.starts.articles}
    return Flows(None, found, dict.fromkeys((flow for flow, _ in found), 1), {}, starters)  # type: ignore[arg-type]


def read_sayings(flows: Flows, articles: Sequence[ArticleTexts]) -> Sayings:
    """Return what a node would learn from."""
    own, elsewhere = {}, []
    for told in articles:
        each = (told, *told.translations)
        if told.article_id in flows.starters:
            own[told.article_id] = [text for one in each for text in (one.question, *one.similar)]
        else:
            elsewhere += [one.question for one in each]
    return gather(flows, own, elsewhere)


def crosswise(
    sayings: Sayings, flows: Flows, index: ArticleIndex, embed: object
) -> tuple[np.ndarray, np.ndarray, list[tuple[str, str]]]:
    """Return for each saying left out in turn its signs [n, 5], whether the flow found is right, and what it is."""
    rows, right, table = [], [], []
    known: dict[str, Mapping[str, float]] = {}
    for fold in range(FOLDS):
        learnt = FlowStarts.learn(_part(sayings, fold, kept=True), embed)  # type: ignore[arg-type]
        assert learnt is not None
        held = _part(sayings, fold, kept=False)
        groups = [(flow, texts) for flow, texts in held.begins.items()]
        groups += [("", held.others), (" ", held.elsewhere)]
        for flow, texts in groups:
            vectors = embed([normalise(text) for text in texts])  # type: ignore[operator]
            for text, vector in zip(texts, vectors, strict=True):
                shares = known.setdefault(text, _shares(index, flows, text, vector))
                flow_id, signs = learnt.signs(text, vector, shares)
                rows.append(signs)
                right.append(flow_id == flow)
                table.append((flow, flow_id))
    return np.array(rows), np.array(right), table


def _part(sayings: Sayings, fold: int, *, kept: bool) -> Sayings:
    def part(texts: Sequence[str]) -> list[str]:
        mixed = random.Random(37).sample(list(texts), len(texts))
        return [text for n, text in enumerate(mixed) if (n % FOLDS != fold) == kept]

    begins = {flow: part(texts) for flow, texts in sayings.begins.items()}
    return replace(sayings, begins=begins, others=part(sayings.others), elsewhere=part(sayings.elsewhere))


def _shares(index: ArticleIndex, flows: Flows, text: str, vector: Vectors) -> Mapping[str, float]:
    shares: dict[str, float] = {}
    for one in index.search(text, vector=vector):
        if flow := flows.starters.get(one.article_id):
            shares[flow] = shares.get(flow, 0.0) + one.score
    return shares


def tell(table: Sequence[tuple[str, str]], odds: np.ndarray, right: np.ndarray) -> None:
    """Print what happens at each threshold."""
    kind = np.array(["other" if flow == "" else "elsewhere" if flow == " " else "begins" for flow, _ in table])
    sys.stdout.write(f"{'at':>6} {'found':>8} {'wrong':>8} {'others':>8} {'elsewhere':>10}\n")
    for at in THRESHOLDS:
        over = odds >= at
        begins = kind == "begins"
        figures = (
            (over & right)[begins].mean(), (over & ~right)[begins].mean(), over[kind == "other"].mean(),
            over[kind == "elsewhere"].mean(),
        )  # fmt: skip
        sys.stdout.write(f"{at:6.2f} " + " ".join(f"{one:8.4f}" for one in figures) + "\n")
    for flow in sorted({flow for flow, _ in table if flow.strip()}):
        mine = np.array([one == flow for one, _ in table])
        sys.stdout.write(
            f"{flow:20} found at {starts.BEGINS}: {((odds >= starts.BEGINS) & right)[mine].mean():.3f},"
            f" offered or begun: {((odds >= starts.OFFERS) & right)[mine].mean():.3f}\n"
        )


if __name__ == "__main__":
    main()
