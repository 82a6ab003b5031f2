"""An index on disk with the marks of the articles it holds, so that a start reads only what changed since."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from warmline.knowledge.search import ArticleIndex
from warmline.language.ports import TextEmbedder, VectorCache


def save(folder: Path, index: ArticleIndex, marks: dict[str, str]) -> None:
    """Write index and marks; the index names its marks by hash, so a half-made save is never believed."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(marks, sort_keys=True).encode()
    stamp = hashlib.sha256(data).hexdigest()[:32]
    path = folder / f"marks-{stamp}.json"
    path.write_bytes(data)
    index.save(folder, stamp)
    for old in folder.glob("marks-*.json"):
        if old != path:
            old.unlink(missing_ok=True)


def open_saved(folder: Path, embedder: TextEmbedder, cache: VectorCache) -> tuple[ArticleIndex, dict[str, str]] | None:
    """The saved index and its marks; None when there is none that fits this embedder."""
    index = ArticleIndex.open(folder, embedder, cache=cache)
    if index is None:
        return None
    try:
        marks = json.loads((folder / f"marks-{index.stamp}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return index, marks
