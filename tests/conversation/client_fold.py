"""A stranger's client: the fold of docs/protocol.md on JSON, written from that page alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support import blank
from warmline.conversation.schemas import show_state

Json = dict[str, Any]


def start() -> Json:
    """Return what a client knows before the first event."""
    return show_state(blank()).model_dump(mode="json")


def fold(state: Json, event: Json) -> Json:
    """Return the state after an event; one at or below `last_seq` changes nothing."""
    if event["seq"] <= state["last_seq"]:
        return state
    said = event["payload"]
    before = state
    state = {**state, "last_seq": event["seq"]}
    _details(state, said)
    if "owner" in said:
        _owner(state, said, event["at"])
        _rank(state, said)
    if state["beside"] is not None:
        _beside(state, before, said)
    return state


def _details(state: Json, said: Json) -> None:
    match said["type"]:
        case "conversation.accepted" | "conversation.transferred" | "conversation.taken_over":
            state |= {"agent_id": said["agent_id"], "agent_name": said["agent_name"]}
            state["skill"] = said.get("skill") or state["skill"]
        case "handoff.requested":
            group = state["skill"] if said["skill"] is None else said["skill"] or None
            state |= {"human_requested": True, "skill": group}
        case "callback.scheduled":
            state |= {"human_requested": True, "callback_due_at": said["due_at"]}
        case "offer.ended":
            state["front"] = state["front"] or said["reason"] == "expired"
        case "messages.read":
            state[f"{said['by']}_read_seq"] = said["up_to"]
        case "preferences.changed":
            state |= {"elder": said["elder"], "locale": said["locale"]}


def _beside(state: Json, before: Json, said: Json) -> None:
    def put(agent: str, name: str, mode: str) -> None:
        drop(agent)
        state["beside"] = [*state["beside"], {"id": agent, "name": name, "mode": mode}]

    def drop(agent: str | None) -> None:
        state["beside"] = [one for one in state["beside"] if one["id"] != agent]

    match said["type"]:
        case "colleague.called":
            put(said["agent_id"], said["agent_name"], "called")
        case "colleague.joined":
            put(said["agent_id"], said["agent_name"], said["mode"])
        case "colleague.left":
            drop(said["agent_id"])
        case "conversation.taken_over" if before["agent_id"]:
            put(before["agent_id"], before["agent_name"], "watch")
    if state["owner"] != "agent":
        state["beside"] = []
    drop(state["agent_id"])


def _rank(state: Json, said: Json) -> None:
    if state["queued_at"] is None:
        state |= {"urgency": "normal", "rank_at": None}
        return
    if said["type"] == "handoff.requested":
        start = datetime.fromisoformat(state["queued_at"]) - timedelta(seconds=said["head_start"])
        if state["rank_at"] is None or start < datetime.fromisoformat(state["rank_at"]):
            state |= {"urgency": said["urgency"], "rank_at": start.isoformat().replace("+00:00", "Z")}
    state["rank_at"] = state["rank_at"] or state["queued_at"]


PROMISED = ("agent.vanished", "callback.due", "conversation.transferred")


def _owner(state: Json, said: Json, at: str) -> None:
    waited_in_front = state["front"] and state["owner"] == "queue"
    owner = state["owner"] = said["owner"]
    state["front"] = owner == "queue" and (said["type"] in PROMISED or waited_in_front)
    ended = owner in ("assistant", "closed")
    state["queued_at"] = None if ended else state["queued_at"] or at
    state["closed_at"] = at if owner == "closed" else None
    if ended:
        state["human_requested"] = False
    if owner != "callback":
        state["callback_due_at"] = None
    if owner != "agent":
        state |= {"agent_id": None, "agent_name": None}
