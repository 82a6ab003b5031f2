"""What is written down of a turn: why the assistant did what it did. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from warmline.conversation.events import ActionTaken, ModelUse, TurnDecided
from warmline.conversation.noted import Acknowledged, Sensed
from warmline.dialogue import decisions as d
from warmline.dialogue import model as m
from warmline.dialogue.feeling import Acknowledgement
from warmline.dialogue.flows.engine import AskAgreement
from warmline.dialogue.flows.run import Memory
from warmline.dialogue.flows.turn import Flows
from warmline.dialogue.known import Known
from warmline.dialogue.look_back import find_matter
from warmline.language.service import Trajectory, TurnHelp


@dataclass(frozen=True, slots=True)
class Turn:
    """What was understood and decided, by what is known of the customer; `taken`: what was done on the way."""

    reply_to: int
    said: m.Understanding
    said_to: m.DialogueState
    decision: d.Decision
    taken: tuple[ActionTaken, ...]
    known: Known
    flows: Flows | None
    help: TurnHelp | None
    started: float


def note_turn(turn: Turn, memory: Memory, *, model_uses: list[ModelUse], ended: float) -> TurnDecided:
    """Return the entry of a turn; `memory`: as the turn leaves it."""
    decision, said, said_to = turn.decision, turn.said, turn.said_to
    kept = said_to.memory.run is not None or memory != Memory() or said_to.memory != Memory()
    return TurnDecided(
        reply_to=turn.reply_to,
        decision=decision.name,
        reason=decision.reason,
        confidence=round(getattr(decision, "confidence", said.confidence), 4),
        article_ids=list(said.article_ids),
        question=None if said.heard.values or said.heard.yes is not None else said.text or None,
        acknowledgement=acknowledged(getattr(decision, "acknowledgement", None)),
        flow=_flow_of(decision, memory, said_to),
        matter=find_matter(decision, said_to, said, turn.flows) or None,
        asks=memory.run.asking or None if memory.run else None,
        confirms=isinstance(getattr(decision, "asks", None) or getattr(decision, "back", None), AskAgreement),
        outcome=getattr(decision, "outcome", None) or None,
        memory=memory.model_dump(mode="json", exclude_defaults=True) if kept else None,
        feeling=_sensed(said, memory.mood),
        model_uses=model_uses,
        identified_as=turn.known.identified_as,
        milliseconds=round((ended - turn.started) * 1000),
    )


def acknowledged(comfort: Acknowledgement | None) -> Acknowledged | None:
    """Return what is written down of a word on the feeling and on earlier contacts."""
    if comfort is None:
        return None
    recalls = comfort.recalls
    said = [*comfort.say, *([recalls.name] if recalls else [])]
    return Acknowledged(say=said, reason=comfort.reason, earlier=recalls.count if recalls else 0)


def _sensed(said: m.Understanding, mood: Trajectory) -> Sensed | None:
    """Return what is written down of a feeling; nothing where none was read."""
    if said.feeling is None:
        return None
    return Sensed(
        emotion=said.feeling.emotion,
        intensity=said.feeling.intensity,
        felt=sorted(said.felt),
        urgency=said.feeling.urgency,
        vulnerability=sorted(said.feeling.vulnerability),
        signs=list(said.feeling.signs),
        direction=mood.direction,
    )


def _flow_of(decision: d.Decision, memory: Memory, said_to: m.DialogueState) -> str | None:
    """Return the flow a turn was in: the one it ended, the one under way, or the one it left."""
    run = memory.ended if isinstance(decision, d.Close) else None
    run = run or memory.run or said_to.memory.run
    return run.flow_id if run else None
