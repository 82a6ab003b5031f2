"""Article ids as plain arrays: they map from disk and cost nothing a node has to hold for each article."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Ids:
    """Distinct ids by place: their UTF-8 one after the other in ``blob``, and ``order``, the places sorted by id."""

    blob: NDArray[np.uint8]
    starts: NDArray[np.int64]
    order: NDArray[np.int32]

    @classmethod
    def of(cls, ids: Sequence[str]) -> Ids:
        """Ids in their order."""
        encoded = [one.encode() for one in ids]
        starts = np.cumsum([0, *map(len, encoded)]).astype(np.int64)
        order = np.array(sorted(range(len(encoded)), key=encoded.__getitem__), np.int32)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), starts, order)

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: int) -> str:
        return self._bytes(place).decode()

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def find(self, article_id: str) -> int | None:
        """The place of an id, None where it is not among them. Takes the logarithm of how many there are."""
        wanted = article_id.encode()
        at = bisect_left(self.order, wanted, key=self._bytes)
        found = at < len(self) and self._bytes(self.order[at]) == wanted
        return int(self.order[at]) if found else None

    def _bytes(self, place: int) -> bytes:
        return self.blob[self.starts[place] : self.starts[place + 1]].tobytes()
