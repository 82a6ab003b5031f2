"""Writes the weights that short replies are read with. Run it after changing the examples; prints what it is worth."""

import hashlib
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from benchmarks.wish_data import FOLDER, read
from warmline.language.ports import unit
from warmline.language.replies import BUCKETS, LONGEST, Reply, runs_of
from warmline.language.service import normalise, open_embedder

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
    return [(text, name) for text, name in told if text and len(text) <= LONGEST]


def source_hash() -> str:
    """Sha256 over the authored replies."""
    return hashlib.sha256((DATA / "replies.yaml").read_bytes()).hexdigest()


def make_learner() -> Any:
    """Return a model that has learnt nothing yet."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_C, max_iter=400)


def pack(weights: Doubles) -> NDArray[np.int8]:
    """Return weights in steps of 8 bits."""
    return np.clip(np.rint(weights.T / _STEP), -127, 127).astype(np.int8)


def main() -> None:
    """Learn with the built-in embedder, and without."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    told = examples()
    texts, names = [text for text, _ in told], [name for _, name in told]
    embedder = open_embedder().embedder
    vectors = embedder.embed_queries(texts)
    mean = vectors.mean(axis=0)
    runs = csr_matrix(np.stack([runs_of(text) for text in texts]))
    meant = hstack([runs, csr_matrix(np.stack([unit(one - mean) for one in vectors]))]).tocsr()
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=37)
    for kind, x in (("words", runs), ("meaning", meant)):
        found = cross_val_predict(make_learner(), x, names, cv=folds)
        sys.stdout.write(f"{kind}: {np.mean(found == np.array(names)):.4f} of {len(texts)} right, cross-validated\n")
    by_words, by_meaning = make_learner().fit(runs, names), make_learner().fit(meant, names)
    np.savez_compressed(
        DATA / "weights.npz",
        names=np.array([str(name) for name in by_words.classes_]),
        step=np.float64(_STEP),
        words_runs=pack(by_words.coef_),
        words_bias=by_words.intercept_.astype(np.float32),
        meaning_runs=pack(by_meaning.coef_[:, :BUCKETS]),
        meaning_bias=by_meaning.intercept_.astype(np.float32),
        meaning=by_meaning.coef_[:, BUCKETS:].T.astype(np.float16),
        mean=mean.astype(np.float32),
        model=np.array(embedder.name),
        source=np.array(source_hash()),
    )
    sys.stdout.write(f"{(DATA / 'weights.npz').stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
