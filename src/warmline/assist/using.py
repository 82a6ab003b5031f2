"""What is learnt from what agents do with suggestions: a belief about each, from counts alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from warmline.assist.model import Reply

PRIOR = 2.0
"""Beta(2, 2): a suggestion nobody has used yet is as good as even, and one use moves it little."""
UNWANTED = 0.5
"""Under so much of an untried one's worth a reply no longer stands for its source: four dismissals, none sent."""


class UseOutcome(StrEnum):
    """What became of a suggested reply."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Used:
    """How often a reply was sent unchanged, sent with changes, and dismissed, where it was suggested."""

    accepted: int = 0
    edited: int = 0
    dismissed: int = 0

    @property
    def worth(self) -> float:
        """The mean of the Beta posterior of its being wanted, in units of an untried one's: 0..2, 1 where unknown.

        What was edited counts half: it was near enough to start from.
        """
        wanted = self.accepted + self.edited / 2
        tried = self.accepted + self.edited + self.dismissed
        return 2 * (wanted + PRIOR) / (tried + 2 * PRIOR)


def weigh(replies: list[Reply], used: Mapping[str, Used]) -> list[Reply]:
    """Return the replies with what is known of each in its score."""
    weighed = []
    for one in replies:
        worth = used.get(one.ref, Used()).worth
        weighed.append(replace(one, score=one.score * worth, wanted=worth >= UNWANTED))
    return weighed
