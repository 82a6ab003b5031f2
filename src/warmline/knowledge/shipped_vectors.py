"""Vectors that travel with articles in one file, so that a first start need not embed what never changes."""

from pathlib import Path

import numpy as np

from warmline.knowledge.vectors import to_bytes
from warmline.language.ports import Vectors


def write_vectors(path: Path, model: str, vectors: dict[str, Vectors]) -> None:
    """Write vectors by their cache key (hex sha256) in 8 bits a number; the same vectors give the same bytes."""
    keys = sorted(vectors)
    rows, scales = to_bytes(np.stack([vectors[k] for k in keys]))
    hashes = np.frombuffer(bytes.fromhex("".join(keys)), np.uint8).reshape(len(keys), -1)
    np.savez(path, model=np.array(model), keys=hashes, rows=rows, scales=scales)


def read_vectors(path: Path, model: str) -> dict[str, Vectors]:
    """Vectors by cache key; none where the file is missing or was made by another model."""
    if not path.is_file():
        return {}
    with np.load(path) as stored:
        if stored["model"].item() != model:
            return {}
        floats = stored["rows"].astype(np.float32) * stored["scales"][:, None]
        return {key.tobytes().hex(): row for key, row in zip(stored["keys"], floats, strict=True)}
