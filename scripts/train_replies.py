"""Writes the weights that short replies are read with. Run it after changing the examples; prints what it is worth."""

import argparse
import hashlib
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from benchmarks.wish_data import FOLDER, read
from warmline.language.ports import unit
from warmline.language.replies import BUCKETS, KINDS, MEANING, Reply, is_short, terms_of
from warmline.language.service import FileVectorCache, MemoryVectorCache, embed_cached, normalise, open_embedder

ROOT = Path(__file__).parent.parent
DATA = ROOT / "src/warmline/language/data/replies"
OF_A_FLOW = 60
"""So many sayings of each flow are no replies."""
OF_WISHES = 900
"""So many ways to ask for a person are learnt apart."""
_C, _FOLDS, _STEP = 10.0, 5, 1 / 12
"""`_STEP`: what a step of 8 bits is worth in a weight."""
Doubles = NDArray[np.float64]


def examples() -> list[tuple[str, str]]:
    """The authored replies, and messages that are none: what begins the flows, and ordinary questions."""
    replies: dict[str, list[str]] = yaml.safe_load((DATA / "replies.yaml").read_text(encoding="utf-8"))
    chance = random.Random(37)
    others: list[str] = []
    for path in sorted((ROOT / "demo/flows").glob("*.yaml")):
        begins = yaml.safe_load(path.read_text(encoding="utf-8"))
        said = begins.get("examples", {}).get("begins", "").splitlines() if isinstance(begins, dict) else []
        others += chance.sample(said, min(OF_A_FLOW, len(said)))
    asked = (ROOT / "benchmarks/data/ordinary_questions.tsv").read_text(encoding="utf-8").splitlines()[::2]
    others += [line.split("\t")[1] for line in asked]
    told = [(normalise(text), name) for name, texts in replies.items() for text in texts]
    wishes = [one.text for one in read(FOLDER / "wishes.txt", True)]
    told += [(normalise(text), Reply.PERSON.value) for text in chance.sample(wishes, OF_WISHES)]
    told += [(text, Reply.OTHER.value) for text in dict.fromkeys(map(normalise, others))]
    return [(text, name) for text, name in told if text and is_short(text)]


def source_hash() -> str:
    """Sha256 over the authored replies."""
    return hashlib.sha256((DATA / "replies.yaml").read_bytes()).hexdigest()


def make_learner() -> Any:
    """Return a model that has learnt nothing yet."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_C, max_iter=400, class_weight="balanced")


def matrix_of(texts: Sequence[str]) -> Any:
    """Return the terms of normalised texts [texts, `KINDS` * `BUCKETS`], sparse."""
    from scipy.sparse import csr_matrix

    rows = [terms_of(text) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([np.array(columns, np.intp) for columns, _ in rows])
    weights = np.concatenate([found for _, found in rows])
    return csr_matrix((weights, columns, ends), shape=(len(texts), KINDS * BUCKETS))


def pack(weights: Doubles) -> NDArray[np.int8]:
    """Return weights in steps of 8 bits."""
    return np.clip(np.rint(weights.T / _STEP), -127, 127).astype(np.int8)


def main() -> None:
    """Learn with the built-in embedder, and without."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="folder to keep vectors in for the next run")
    options = parser.parse_args()
    told = examples()
    texts, names = [text for text, _ in told], [name for _, name in told]
    embedder = open_embedder().embedder
    cache = FileVectorCache(options.cache) if options.cache else MemoryVectorCache()
    vectors = embed_cached(embedder, cache, texts, is_query=True)
    mean = vectors.mean(axis=0)
    terms = matrix_of(texts)
    meant = hstack([terms, csr_matrix(MEANING * np.stack([unit(one - mean) for one in vectors]))]).tocsr()
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=37)
    for kind, x in (("words", terms), ("meaning", meant)):
        found = cross_val_predict(make_learner(), x, names, cv=folds)
        sys.stdout.write(f"{kind}: {np.mean(found == np.array(names)):.4f} of {len(texts)} right, cross-validated\n")
    by_words, by_meaning = make_learner().fit(terms, names), make_learner().fit(meant, names)
    np.savez_compressed(
        DATA / "weights.npz",
        names=np.array([str(name) for name in by_words.classes_]),
        step=np.float64(_STEP),
        words_terms=pack(by_words.coef_),
        words_bias=by_words.intercept_.astype(np.float32),
        meaning_terms=pack(by_meaning.coef_[:, : KINDS * BUCKETS]),
        meaning_bias=by_meaning.intercept_.astype(np.float32),
        meaning=by_meaning.coef_[:, KINDS * BUCKETS :].T.astype(np.float16),
        mean=mean.astype(np.float32),
        model=np.array(embedder.name),
        source=np.array(source_hash()),
    )
    sys.stdout.write(f"{(DATA / 'weights.npz').stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
