"""When a person is brought for how a customer feels. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from warmline.dialogue.decisions import HandOff
from warmline.dialogue.feeling import Sign
from warmline.language.service import Emotion, Marker


class Bring(StrEnum):
    """`unanswered`: only where no article answers and no flow goes on, which would help sooner than who has to come."""

    NEVER = "never"
    UNANSWERED = "unanswered"
    AT_ONCE = "at_once"


PERSONS: Mapping[str, Bring] = MappingProxyType(
    {
        Sign.URGENT: Bring.AT_ONCE,
        Sign.COMPLAINT: Bring.AT_ONCE,
        Sign.HESITATES: Bring.AT_ONCE,
        Marker.DISTRESS: Bring.UNANSWERED,
        Emotion.ANGER: Bring.UNANSWERED,
        Sign.LASTING: Bring.UNANSWERED,
    }
)
"""The most pressing first."""
_SAID: Mapping[str, tuple[str, str]] = {
    Sign.URGENT: ("urgent", "urgent_taken"),
    Sign.COMPLAINT: ("complaint", "complaint_taken"),
    Sign.HESITATES: ("elder_hesitates", "hesitates_taken"),
    Sign.LASTING: ("likely_dissatisfied", "senior"),
}
_DISTRESS = ("distress", "senior")


def bring_for(
    felt: Collection[str], persons: Mapping[str, Bring], skills: Mapping[str, str], *, answered: bool
) -> HandOff | None:
    """Return the handoff that a feeling calls for; what happens to someone time and again is handed over at once."""
    again = Marker.AGAIN in felt and not {Marker.DISTRESS, Marker.LOUD, Emotion.ANGER}.isdisjoint(felt)
    for name, when in persons.items():
        if name in felt and (when is Bring.AT_ONCE or (when is Bring.UNANSWERED and not answered)):
            reason, say = _SAID.get(name, _DISTRESS)
            return HandOff(reason, "policy", say=say, skill=skill_for(felt, skills))
    return HandOff("distress", "policy", say="senior", skill=skill_for(felt, skills)) if again else None


def skill_for(felt: Collection[str], skills: Mapping[str, str]) -> str:
    """Return the group that goes on with one of these feelings; empty where none is named."""
    return next((skill for name, skill in skills.items() if name in felt), "")
