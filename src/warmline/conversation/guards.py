"""What decisions share: who may act in a conversation, and entries for what is said along the way. Pure."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

from warmline.conversation import commands as c
from warmline.conversation.errors import ConversationClosedError, NotYoursError
from warmline.conversation.events import Author, ConversationReopened, MessagePosted, NoteAdded, Owner
from warmline.conversation.model import Conversation

Entries = tuple[c.Entry, ...]


def check_kept(state: Conversation) -> None:
    """What would be said to someone erased has no key to be kept under (I1)."""
    if state.erased:
        raise ConversationClosedError()


def check_owned(state: Conversation, author: Author) -> None:
    """Only the agent who has the conversation acts in it."""
    if state.owner is Owner.CLOSED:
        raise ConversationClosedError()
    if state.owner is not Owner.AGENT or state.agent_id != author.id:
        raise NotYoursError(owner=state.owner.value, agent_name=state.agent_name)


def reopen(state: Conversation) -> Entries:
    """A conversation that has ended begins again with whatever its customer does."""
    check_kept(state)
    return (c.Entry(c.SYSTEM, ConversationReopened()),) if state.owner is Owner.CLOSED else ()


def note(agent: Author, text: str | None, state: Conversation, *, whisper: bool = False) -> Entries:
    """A note of an agent's along with what they do; none where they wrote none."""
    if not text or not text.strip():
        return ()
    return (c.Entry(agent, NoteAdded(client_id=derived_id(state, "note"), text=text, whisper=whisper)),)


def say(
    messages: tuple[c.Say, ...],
    state: Conversation,
    *,
    author: Author = c.ASSISTANT,
    reply_to: int | None = None,
    name: str = "say",
) -> Entries:
    """What is said to the customer along with a decision, one entry each."""
    return tuple(
        c.Entry(
            author,
            MessagePosted(
                client_id=derived_id(state, f"{name}-{index}"),
                text=say.text,
                format="markdown" if say.markdown else "plain",
                choices=list(say.choices) or None,
                sources=list(say.sources) or None,
                reply_to=reply_to,
                offer_human=say.offer_human,
            ),
        )
        for index, say in enumerate(messages)
    )


def derived_id(state: Conversation, name: str) -> str:
    """A client id that only this state of this conversation can produce; clients may not send one with a `~`."""
    return "~" + uuid5(NAMESPACE_OID, f"{state.id}:{state.last_seq}:{name}").hex
