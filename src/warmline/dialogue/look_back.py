"""What earlier contacts change in a decision: they are spoken of once, and one too many brings a person. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from warmline.conversation.events import Event, TurnDecided
from warmline.dialogue.beginning import flow_meant, half_filled
from warmline.dialogue.bringing import skill_for
from warmline.dialogue.decisions import Act, Answer, Close, Continue, Decision, HandOff, Refuse
from warmline.dialogue.earlier import recall
from warmline.dialogue.feeling import Acknowledgement, without_again
from warmline.dialogue.flows.run import Memory
from warmline.dialogue.flows.turn import Flows
from warmline.dialogue.state import DialogueState, Policy, Understanding
from warmline.knowledge.calibration import ReleaseKind

CAME_AGAIN = "came_again"
"""The reason of a handoff after too many contacts on one matter."""


def look_back(
    decision: Decision, state: DialogueState, said: Understanding, policy: Policy, *, acted: bool = False,
    upset: bool = False,
) -> Decision:  # fmt: skip
    """Return the decision as it is with what this customer came for before.

    `acted`: something was done on the way, which is told in any case; `upset`: they were before it was known who they
    are.
    """
    if not state.contacts or isinstance(decision, Refuse):
        return decision
    matter = find_matter(decision, state, said, policy.flows)
    contacts = state.contacts.get(matter, ())
    upset = upset or not said.felt.isdisjoint(policy.contacts_felt)
    too_many = len(contacts) + 1 >= policy.contacts_before_person
    if contacts and upset and too_many and not isinstance(decision, Act | Close | HandOff):
        decision = _bring(decision, matter, state, said, policy, acted=acted)
    found = recall(state.contacts, matter, upset=upset)
    comfort: Acknowledgement | None = decision.acknowledgement
    if found is None or found.name in state.comforted or (comfort and comfort.recalls):
        return decision
    return replace(decision, acknowledgement=without_again(comfort, found))


def find_matter(decision: Decision, state: DialogueState, said: Understanding, flows: Flows | None) -> str:
    """Return what this turn is about: the flow under way or meant, or the article that answers; empty where unknown."""
    memory = getattr(decision, "memory", None) or state.memory
    run = memory.run or (memory.ended if isinstance(decision, Close) else None)
    if run is not None:
        return run.flow_id
    if isinstance(decision, Continue | Refuse):
        return ""
    starters = flows.starters if flows else {}
    if isinstance(decision, Answer):
        return starters.get(decision.article_id, decision.article_id)
    if said.release is ReleaseKind.NOTHING and not said.wished.flow_id:
        return ""
    first = said.article_ids[0] if said.article_ids and said.release is ReleaseKind.ANSWER else ""
    return flow_meant(said, flows) or starters.get(first, first)


def _bring(
    decision: Decision, matter: str, state: DialogueState, said: Understanding, policy: Policy, *, acted: bool
) -> HandOff:
    flow = policy.flows.find(matter) if policy.flows else None
    comfort = decision.acknowledgement if not isinstance(decision, Refuse) else None
    return HandOff(
        CAME_AGAIN,
        "policy",
        say="senior",
        first_aid=getattr(decision, "first_aid", None),
        acknowledgement=comfort,
        lines=decision.lines if acted and isinstance(decision, Continue) else (),
        skill=skill_for(said.felt, policy.skills) or (flow.skill if flow else ""),
        memory=getattr(decision, "memory", None) or half_filled(state, said, policy),
    )


def last_matter(events: Sequence[Event], memory: Memory) -> str:
    """Return what the conversation is about now, by its log; empty where nobody knows."""
    if memory.run is not None:
        return memory.run.flow_id
    turns = (event.payload for event in reversed(events) if isinstance(event.payload, TurnDecided))
    return next((turn.matter for turn in turns if turn.matter), "")
