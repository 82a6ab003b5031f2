"""Vectors kept by text hash, so that a text is embedded once in its life."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from warmline.language.ports import TextEmbedder, VectorCache, Vectors


def vector_key(embedder: TextEmbedder, text: str, *, is_query: bool) -> str:
    """Hex sha256 over model name, role and text."""
    role = "query" if is_query else "passage"
    return hashlib.sha256(f"{embedder.name}\0{role}\0{text}".encode()).hexdigest()


class MemoryVectorCache:
    """Keeps everything while the process lives."""

    def __init__(self) -> None:
        self._known: dict[str, Vectors] = {}

    def get_many(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """Known vectors among ``keys``."""
        return {k: self._known[k] for k in keys if k in self._known}

    def put_many(self, vectors: dict[str, Vectors]) -> None:
        """Keep vectors."""
        self._known.update(vectors)


class FileVectorCache:
    """One .npy per first byte of the key is rewritten whole: for evaluation runs, one process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_many(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """Known vectors among ``keys``."""
        found: dict[str, Vectors] = {}
        for prefix in {k[:2] for k in keys}:
            shard = self._read(prefix)
            found |= {k: shard[k] for k in keys if k[:2] == prefix and k in shard}
        return found

    def put_many(self, vectors: dict[str, Vectors]) -> None:
        """Keep vectors on disk; each shard is replaced in one step."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for prefix in {k[:2] for k in vectors}:
            shard = self._read(prefix) | {k: v for k, v in vectors.items() if k[:2] == prefix}
            half = self._folder / f"{prefix}.tmp.npz"
            np.savez(half, keys=np.array(list(shard)), rows=np.stack(list(shard.values())))
            half.replace(self._folder / f"{prefix}.npz")

    def _read(self, prefix: str) -> dict[str, Vectors]:
        path = self._folder / f"{prefix}.npz"
        if not path.is_file():
            return {}
        with np.load(path) as stored:
            return dict(zip(stored["keys"].tolist(), stored["rows"], strict=True))


def embed_cached(
    embedder: TextEmbedder, cache: VectorCache, texts: Sequence[str], *, is_query: bool = False, batch: int = 256
) -> Vectors:
    """Vectors [n, dimensions] of ``texts``, asking the embedder only for those the cache lacks."""
    keys = [vector_key(embedder, t, is_query=is_query) for t in texts]
    found = cache.get_many(keys)
    missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in found}
    todo = list(missing.items())
    for start in range(0, len(todo), batch):
        part = todo[start : start + batch]
        embed = embedder.embed_queries if is_query else embedder.embed_passages
        fresh = dict(zip([k for k, _ in part], embed([t for _, t in part]), strict=True))
        cache.put_many(fresh)
        found |= fresh
    return np.stack([found[k] for k in keys]) if keys else np.zeros((0, embedder.dimensions), np.float32)


class CachedTextEmbedder:
    """An embedder that asks another only for texts that the cache lacks."""

    def __init__(self, embedder: TextEmbedder, cache: VectorCache) -> None:
        self._embedder, self._cache = embedder, cache
        self.name, self.dimensions = embedder.name, embedder.dimensions

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions [n, dimensions]."""
        return embed_cached(self._embedder, self._cache, texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of articles' texts [n, dimensions]."""
        return embed_cached(self._embedder, self._cache, texts)
