"""An immutable part of the article index: texts, sparse lists and 8-bit vectors, plain arrays that map from disk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.ids import Ids
from warmline.knowledge.postings import Hashes, Postings
from warmline.knowledge.vectors import VectorStore

Flags = NDArray[np.bool_]


class TextKind(IntEnum):
    """What a text is to its article."""

    QUESTION = 0
    SIMILAR = 1
    ANSWER = 2


@dataclass(frozen=True)
class PreparedArticle:
    """An article ready to index: normalised texts, their kinds, token hashes and vectors, side by side."""

    article_id: str
    texts: tuple[str, ...]
    kinds: tuple[TextKind, ...]
    tokens: tuple[Hashes, ...]
    vectors: NDArray[np.int8]
    scales: NDArray[np.float32]


@dataclass(frozen=True)
class Segment:
    """Rows of one article are neighbours: article ``a`` owns rows ``starts[a]`` to ``starts[a + 1]``."""

    article_ids: Ids
    starts: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    blob: NDArray[np.uint8]
    text_starts: NDArray[np.int64]
    postings: Postings
    vectors: VectorStore
    extra: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def owners(self) -> NDArray[np.int32]:
        """Row → position of its article."""
        return np.repeat(np.arange(len(self.article_ids), dtype=np.int32), np.diff(self.starts))

    def __len__(self) -> int:
        return len(self.article_ids)

    def text(self, row: int) -> str:
        """The normalised text of a row."""
        return bytes(self.blob[self.text_starts[row] : self.text_starts[row + 1]]).decode()


def build_segment(articles: Sequence[PreparedArticle], dimensions: int, centres: Any = None) -> Segment:
    """Index prepared articles, in the order given."""
    texts = [t.encode() for a in articles for t in a.texts]
    rows = [a.vectors for a in articles] or [np.zeros((0, dimensions), np.int8)]
    scales = [a.scales for a in articles] or [np.zeros(0, np.float32)]
    return Segment(
        article_ids=Ids.of([a.article_id for a in articles]),
        starts=_cumulated((len(a.texts) for a in articles), np.int32),
        kinds=np.array([k for a in articles for k in a.kinds], np.uint8),
        blob=np.frombuffer(b"".join(texts), np.uint8),
        text_starts=_cumulated((len(t) for t in texts), np.int64),
        postings=Postings.build([t for a in articles for t in a.tokens]),
        vectors=VectorStore.build(np.concatenate(rows), np.concatenate(scales), centres),
    )


def merge_segments(parts: Sequence[tuple[Segment, Flags]]) -> Segment:
    """One segment of the articles flagged alive in each part; nothing is cut or embedded again."""
    kept = [(segment, alive, np.repeat(alive, np.diff(segment.starts))) for segment, alive in parts]
    forward = [segment.postings.select(rows) for segment, _, rows in kept]
    stored = [segment.vectors.stored(np.flatnonzero(rows)) for segment, _, rows in kept]
    centres = max((segment.vectors.centres for segment, _ in parts), key=len)
    return Segment(
        article_ids=Ids.of([a for s, alive, _ in kept for a, on in zip(s.article_ids, alive, strict=True) if on]),
        starts=_joined((np.diff(s.starts)[alive] for s, alive, _ in kept), np.int32),
        kinds=np.concatenate([s.kinds[rows] for s, _, rows in kept]),
        blob=np.concatenate([np.asarray(s.blob)[np.repeat(rows, np.diff(s.text_starts))] for s, _, rows in kept]),
        text_starts=_joined((np.diff(s.text_starts)[rows] for s, _, rows in kept), np.int64),
        postings=Postings.invert(
            _joined((np.diff(starts) for starts, _ in forward), np.int32),
            np.concatenate([tokens for _, tokens in forward]),
        ),
        vectors=VectorStore.build(
            np.concatenate([rows for rows, _ in stored]),
            np.concatenate([scales for _, scales in stored]),
            centres if len(centres) else None,
        ),
    )


def save_segment(segment: Segment, folder: Path) -> None:
    """Write the arrays, a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in _arrays(segment).items():
        np.save(folder / f"{name}.npy", array)


def open_segment(folder: Path) -> Segment:
    """Map a saved segment; its pages are read as they are used."""

    def load(name: str) -> Any:
        return np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)

    return Segment(
        Ids(*(load(f"ids_{n}") for n in _IDS)),
        load("starts"),
        load("kinds"),
        load("blob"),
        load("text_starts"),
        Postings(*(load(f"postings_{n}") for n in _POSTINGS)),
        VectorStore(*(load(f"vectors_{n}") for n in _VECTORS)),
    )


_IDS = ("blob", "starts", "order")
_POSTINGS = ("starts", "terms", "keys", "key_starts", "rows")
_VECTORS = ("bytes", "scales", "centres", "list_starts", "lists", "places")


def _arrays(segment: Segment) -> dict[str, NDArray[Any]]:
    plain = {n: getattr(segment, n) for n in ("starts", "kinds", "blob", "text_starts")}
    ids = {f"ids_{n}": getattr(segment.article_ids, n) for n in _IDS}
    sparse = {f"postings_{n}": getattr(segment.postings, n) for n in _POSTINGS}
    return plain | ids | sparse | {f"vectors_{n}": getattr(segment.vectors, n) for n in _VECTORS}


def _cumulated(lengths: Iterable[int], dtype: Any) -> Any:
    return np.cumsum([0, *lengths]).astype(dtype)


def _joined(lengths: Iterable[NDArray[Any]], dtype: Any) -> Any:
    return np.concatenate([[0], np.cumsum(np.concatenate(list(lengths)))]).astype(dtype)
