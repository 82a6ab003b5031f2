"""Writes the classifier of feelings from its sentences and lexicon. Run it after changing either."""

import hashlib
import sys
from pathlib import Path

import numpy as np

from warmline.language.feeling.classifier import EmotionClassifier
from warmline.language.service import normalise, open_embedder

DATA = Path(__file__).parent.parent / "src/warmline/language/feeling/data"


def sentences() -> tuple[list[str], list[str]]:
    """The authored sentences and their labels."""
    texts, labels, label = [], [], ""
    for line in (DATA / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line and not line.startswith("#"):
            texts.append(line)
            labels.append(label)
    return texts, labels


def source_hash() -> str:
    """Sha256 over what the classifier is learnt from."""
    parts = [(DATA / name).read_bytes() for name in ("sentences.txt", "lexicon.yaml")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def main() -> None:
    """Learn with the built-in embedder."""
    path = DATA / "classifier.npz"
    texts, labels = sentences()
    embedder = open_embedder().embedder
    vectors = embedder.embed_queries([normalise(text) for text in texts])
    parts = {
        **EmotionClassifier.fit(texts, labels).arrays("words"),
        **EmotionClassifier.fit(texts, labels, vectors).arrays("meaning"),
    }
    np.savez(path, model=np.array(embedder.name), source=np.array(source_hash()), **parts)
    sys.stderr.write(f"{len(texts)} sentences, {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
