"""Who of the staff sees which conversations in their list. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from warmline.conversation.events import Owner
from warmline.conversation.schemas import State

CAN_BE_TAKEN = (Owner.QUEUE, Owner.CALLBACK)


@dataclass(frozen=True, slots=True)
class Place:
    """What decides who sees a conversation in the list."""

    owner: Owner
    agent_id: UUID | None
    skill: str | None
    beside: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, state: State) -> Place:
        """Return what decides who sees this state."""
        return cls(state.owner, state.agent_id, state.skill, frozenset(one.id for one in state.beside or ()))

    @classmethod
    def read(cls, row: Any) -> Place:
        """Return it from a row of `conversation`."""
        return cls(Owner(row.owner), row.agent_id, row.skill, frozenset(UUID(one["id"]) for one in row.beside))


@dataclass(frozen=True, slots=True)
class Takes:
    """Whom someone can take of those who wait; `skills` None: everyone."""

    skills: frozenset[str] | None

    def has(self, skill: str | None) -> bool:
        """Tell whether those who wait for this group are among them."""
        return self.skills is None or skill is None or skill in self.skills


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of staff looking at the desk; supervisors see every agent's conversations."""

    staff_id: UUID
    skills: frozenset[str]
    sees_all: bool

    @property
    def takes(self) -> Takes:
        """Whom they can take."""
        return Takes(None if self.sees_all else self.skills)

    def sees(self, place: Place) -> bool:
        """Tell whether a conversation that stands like this belongs in this viewer's list."""
        if place.owner is Owner.AGENT:
            return self.sees_all or place.agent_id == self.staff_id or self.staff_id in place.beside
        return place.owner in CAN_BE_TAKEN and self.takes.has(place.skill)
