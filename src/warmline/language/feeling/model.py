"""A feeling read from one turn, and how feelings move over the turns of a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from types import MappingProxyType


class Emotion(StrEnum):
    """What is felt above all."""

    CALM = "calm"
    CONFUSION = "confusion"
    ANXIETY = "anxiety"
    WORRY = "worry"
    DISAPPOINTMENT = "disappointment"
    ANGER = "anger"
    JOY = "joy"


class Urgency(StrEnum):
    """What cannot wait; the most pressing one that was found."""

    NONE = "none"
    FRAUD_IN_PROGRESS = "fraud_in_progress"
    CARD_STOLEN = "card_stolen"
    ELDER_SCAMMED = "elder_scammed"
    SELF_HARM = "self_harm"


class Hint(StrEnum):
    """What the customer says of themselves that calls for regard; a hint, never a finding."""

    ELDER = "elder"
    DISABILITY = "disability"
    BEREAVEMENT = "bereavement"
    ILLNESS = "illness"
    HARDSHIP = "hardship"
    MINOR = "minor"
    DIGITAL = "digital"
    COERCION = "coercion"


_BURDEN: Mapping[Emotion, float] = {
    Emotion.CALM: 0.0,
    Emotion.JOY: 0.0,
    Emotion.CONFUSION: 0.4,
    Emotion.WORRY: 0.6,
    Emotion.DISAPPOINTMENT: 0.8,
    Emotion.ANXIETY: 1.0,
    Emotion.ANGER: 1.0,
}
"""How heavily a feeling weighs on whoever has it, at its strongest."""


@dataclass(frozen=True, slots=True)
class Feeling:
    """One turn's feeling; the default is what is known where nothing was computed.

    `intensity` and `scores` (which add up to 1) are 0..1. `signs` names the rules that told, none of the customer's
    words: `anger.furious`, `negated.worry.concerned`, `punctuation.exclaim`, `again.words`.
    """

    emotion: Emotion = Emotion.CALM
    intensity: float = 0.0
    scores: Mapping[Emotion, float] = field(default_factory=lambda: MappingProxyType({Emotion.CALM: 1.0}))
    complaint: bool = False
    urgency: Urgency = Urgency.NONE
    vulnerability: frozenset[Hint] = frozenset()
    signs: tuple[str, ...] = ()

    @property
    def distress(self) -> float:
        """How hard it is on the customer, 0..1; joy and calm weigh nothing."""
        return _BURDEN[self.emotion] * self.intensity


class Direction(StrEnum):
    """Where the distress is going."""

    LEVEL = "level"
    RISING = "rising"
    FALLING = "falling"


DISTRESSED = 0.45
"""Distress from which a turn counts as one in distress."""
_MEMORY = 0.5
_STEP = 0.15


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The feelings of a conversation so far, folded: kept with its state, never recomputed from words."""

    turns: int = 0
    distress: float = 0.0
    level: float = 0.0
    peak: float = 0.0
    peak_emotion: Emotion = Emotion.CALM
    direction: Direction = Direction.LEVEL
    turns_in_distress: int = 0
    in_a_row: int = 0

    def then(self, feeling: Feeling) -> Trajectory:
        """Return the trajectory after one more turn."""
        now = feeling.distress
        hard = now >= DISTRESSED
        higher = now > self.peak
        return Trajectory(
            turns=self.turns + 1,
            distress=now,
            level=_MEMORY * self.level + (1 - _MEMORY) * now if self.turns else now,
            peak=max(self.peak, now),
            peak_emotion=feeling.emotion if higher else self.peak_emotion,
            direction=_direction(now - self.level) if self.turns else Direction.LEVEL,
            turns_in_distress=self.turns_in_distress + hard,
            in_a_row=self.in_a_row + 1 if hard else 0,
        )


def follow(feelings: Iterable[Feeling]) -> Trajectory:
    """Fold the feelings of the turns, oldest first."""
    return reduce(Trajectory.then, feelings, Trajectory())


def _direction(step: float) -> Direction:
    if abs(step) < _STEP:
        return Direction.LEVEL
    return Direction.RISING if step > 0 else Direction.FALLING
