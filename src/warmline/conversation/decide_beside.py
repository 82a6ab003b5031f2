"""The pure decisions around colleagues beside a conversation, and what is left behind at its end."""

from __future__ import annotations

from datetime import datetime

from warmline.conversation import commands as c
from warmline.conversation.beside import (
    Beside,
    ColleagueCalled,
    ColleagueJoined,
    ColleagueLeft,
    ConversationTakenOver,
    Mode,
)
from warmline.conversation.errors import ConversationClosedError, NotBesideError, NotYoursError
from warmline.conversation.events import Author, Owner
from warmline.conversation.guards import Entries, check_kept, check_owned, note, say
from warmline.conversation.model import Conversation


def call_colleague(command: c.CallColleague, state: Conversation, now: datetime) -> Entries:
    """Ask a colleague in; asking again whom one asked, or who is there, changes nothing."""
    check_owned(state, command.agent)
    to = command.to
    if to.id == command.agent.id or find(state, to) is not None:
        return ()
    assert to.id is not None
    called = ColleagueCalled(agent_id=to.id, agent_name=to.name or "")
    return (*note(command.agent, command.note, state, whisper=True), c.Entry(command.agent, called))


def join_beside(command: c.JoinBeside, state: Conversation, now: datetime) -> Entries:
    """Come in to look on or to speak along. Only beside a person: with the assistant nobody else speaks (I5)."""
    agent = command.agent
    if state.owner is not Owner.AGENT:
        raise NotBesideError(owner=state.owner.value)
    there = find(state, agent)
    if state.agent_id == agent.id or (there is not None and there.mode is command.mode):
        return ()
    assert agent.id is not None
    joined = ColleagueJoined(agent_id=agent.id, agent_name=agent.name or "", mode=command.mode.value)  # type: ignore[arg-type]
    tells = command.mode is Mode.SPEAK or not state.watch_told
    return (c.Entry(agent, joined), *(say(command.say, state, author=c.SYSTEM) if tells else ()))


def leave_beside(command: c.LeaveBeside, state: Conversation, now: datetime) -> Entries:
    """Go; who is not there any more has gone already. Who spoke takes leave of the customer."""
    there = find(state, command.agent)
    if there is None:
        return ()
    reason = "declined" if there.mode is Mode.CALLED and command.reason == "left" else command.reason
    left = ColleagueLeft(agent_id=there.id, agent_name=there.name, reason=reason)
    says = say(command.say, state, author=c.SYSTEM) if there.mode is Mode.SPEAK else ()
    return (c.Entry(command.agent, left), *says)


def take_over(command: c.TakeOver, state: Conversation, now: datetime) -> Entries:
    """Take it from the agent who has it; what that one is writing stays with them, unsent."""
    if state.owner is not Owner.AGENT:
        raise NotBesideError(owner=state.owner.value)
    agent = command.agent
    if state.agent_id == agent.id:
        return ()
    assert agent.id is not None
    taken = ConversationTakenOver(agent_id=agent.id, agent_name=agent.name or "")
    return (c.Entry(agent, taken), *say(command.say, state, author=c.SYSTEM))


def write_wrap_up(command: c.WriteWrapUp, state: Conversation, now: datetime) -> Entries:
    """Whoever has it, or spoke last for the bank, writes down what is left of it, also after its end."""
    check_kept(state)
    if state.agent_id != command.agent.id and state.last_staff_id != command.agent.id:
        raise NotYoursError(owner=state.owner.value, agent_name=state.agent_name)
    return (c.Entry(command.agent, command.wrap_up),)


def check_speaks(state: Conversation, author: Author) -> None:
    """Only the agent who has the conversation, or a colleague who came in to speak, says anything to the customer."""
    if state.owner is Owner.CLOSED:
        raise ConversationClosedError()
    there = find(state, author)
    if there is None or there.mode is not Mode.SPEAK:
        check_owned(state, author)


def find(state: Conversation, agent: Author) -> Beside | None:
    """Return how this colleague is beside the conversation, if so."""
    return next((one for one in state.beside if one.id == agent.id), None)


DECISIONS = (call_colleague, join_beside, leave_beside, take_over, write_wrap_up)
