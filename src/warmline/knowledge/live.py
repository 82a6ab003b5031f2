"""What a follower remembers of each published article, in little: a node may hold a hundred thousand."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from warmline.knowledge.changes import Live
from warmline.knowledge.model import is_valid_on


class LiveArticles:
    """Marks by article id, and the dates of the few that have any."""

    def __init__(self, live: Iterable[Live] = ()) -> None:
        self._marks: dict[str, str] = {}
        self._dates: dict[str, tuple[date | None, date | None]] = {}
        self.put(live)

    @property
    def marks(self) -> Mapping[str, str]:
        """The mark of each."""
        return MappingProxyType(self._marks)

    def put(self, live: Iterable[Live]) -> None:
        """Remember articles as they are now."""
        for one in live:
            self._marks[one.id] = sys.intern(one.mark)  # what was published together has one mark
            self._dates.pop(one.id, None)
            if one.valid_from or one.valid_until:
                self._dates[one.id] = one.valid_from, one.valid_until

    def drop(self, article_id: str) -> None:
        """Forget an article."""
        self._marks.pop(article_id, None)
        self._dates.pop(article_id, None)

    def answers(self, article_id: str, today: date) -> bool:
        """Whether an article is live and valid on this day."""
        return article_id in self._marks and is_valid_on(*self._dates.get(article_id, (None, None)), today)
