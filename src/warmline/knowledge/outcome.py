"""What one question showed about the search."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One measured question: how sure the search was of its best article, and whether that was right."""

    confidence: float
    correct: bool
    offered: bool = True
    """Whether the right article was among the first three."""
    known: bool = True
    """Whether any article answers it."""
