"""The pure decision: which events a command makes of a state, or why it is refused. Guards of I1 to I6 live here."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch

from warmline.conversation import commands as c
from warmline.conversation import decide_beside as beside
from warmline.conversation.decide_offers import end_offer, make_offer, withdraw_from_others
from warmline.conversation.errors import (
    AlreadyTakenError,
    CallbackTimeError,
    ColleagueRepliedError,
    MessageEmptyError,
    NoRecapError,
    NotWaitingError,
    UnknownSeqError,
    WithAPersonError,
)
from warmline.conversation.events import (
    AgentVanished,
    AuthorKind,
    CallbackDue,
    CallbackScheduled,
    ConversationAccepted,
    ConversationClosed,
    ConversationHandedBack,
    ConversationTransferred,
    FeedbackGiven,
    HandoffRequested,
    MessagePosted,
    MessagesRead,
    NoteAdded,
    Owner,
    PreferencesChanged,
    RecapAnswered,
    RecapProposed,
    WordsErased,
)
from warmline.conversation.guards import Entries, check_kept, check_owned, note, reopen, say
from warmline.conversation.model import STAFF_KINDS, WAITING, Conversation


@singledispatch
def decide(command: c.Command, state: Conversation, now: datetime) -> Entries:
    """Return the entries `command` appends to a conversation in `state`; raise a `WarmlineError` if refused.

    No entries means that what was asked already holds.
    """
    raise NotImplementedError(type(command).__name__)


@decide.register
def _(command: c.PostMessage, state: Conversation, now: datetime) -> Entries:
    if not command.text.strip() and not command.attachments:
        raise MessageEmptyError()
    entry = c.Entry(
        command.author,
        MessagePosted(
            client_id=command.client_id,
            text=command.text,
            attachments=list(command.attachments) or None,
        ),
    )
    if command.author.kind in STAFF_KINDS:
        beside.check_speaks(state, command.author)
        replied_by_other = state.last_staff_id not in (None, command.author.id)
        if command.expect_seq is not None and replied_by_other and state.last_staff_seq > command.expect_seq:
            raise ColleagueRepliedError(seq=state.last_staff_seq)
        return (entry,)
    return (*reopen(state), entry)


@decide.register
def _(command: c.TakeTurn, state: Conversation, now: datetime) -> Entries:
    # I5: by the time the answer is ready the conversation may be a person's; and each message is answered once.
    acted = () if state.erased else tuple(c.Entry(c.ASSISTANT, one) for one in command.acted)
    if state.owner is not Owner.ASSISTANT or state.unanswered_seq is None:
        return acted
    if command.reply_to < state.unanswered_seq:
        return acted
    said = say(command.say, state, reply_to=command.reply_to)
    entries = (*acted, *said, c.Entry(c.ASSISTANT, command.decided))
    return entries if command.handoff is None else (*entries, *decide(command.handoff, state, now))


@decide.register
def _(command: c.Reassure, state: Conversation, now: datetime) -> Entries:
    # By now a person may have come, another node may have spoken, or the customer went on: that has its own turn.
    reply_to = command.decided.reply_to
    if state.owner not in WAITING or state.reply_due_at is None or reply_to != state.last_customer_seq:
        return ()
    said = say(command.say, state, author=c.SYSTEM, reply_to=reply_to)
    handoff = decide(command.handoff, state, now) if command.handoff else ()
    return (*said, c.Entry(c.ASSISTANT, command.decided), *handoff)


@decide.register
def _(command: c.RequestHandoff, state: Conversation, now: datetime) -> Entries:
    if state.owner in (Owner.QUEUE, Owner.AGENT):
        return ()
    plan = command.plan
    if state.owner is Owner.CALLBACK and plan.due_at is not None:
        return ()
    requested = HandoffRequested(
        by=command.by, via=command.via, reason=command.reason, skill=plan.skill,
        urgency=command.urgency, head_start=command.head_start,
    )  # fmt: skip
    entries = [*reopen(state), c.Entry(command.author, requested)]
    if command.slip is not None:
        entries.append(c.Entry(c.ASSISTANT, command.slip))
    if plan.due_at is not None:
        scheduled = CallbackScheduled(reason=plan.reason, due_at=plan.due_at, chosen_by="system")
        entries.append(c.Entry(c.SYSTEM, scheduled))
    return (*entries, *say(command.say, state, author=c.SYSTEM, name="handoff"))


@decide.register
def _(command: c.ScheduleCallback, state: Conversation, now: datetime) -> Entries:
    # A sweep finds who waits in vain and speaks later: meanwhile the customer may have decided otherwise (I3).
    if command.chosen_by == "system" and state.owner is not Owner.QUEUE:
        return ()
    if command.due_at <= now:
        raise CallbackTimeError(due_at=command.due_at.isoformat())
    if state.owner is Owner.AGENT or command.author.kind in STAFF_KINDS:
        check_owned(state, command.author)
    entries = [*reopen(state)]
    if not state.human_requested:
        by = "agent" if command.chosen_by == "agent" else "customer"
        requested = HandoffRequested(by=by, via="button", reason=command.reason)  # type: ignore[arg-type]
        entries.append(c.Entry(command.author, requested))
    scheduled = CallbackScheduled(reason=command.reason, due_at=command.due_at, chosen_by=command.chosen_by)
    return (*entries, c.Entry(command.author, scheduled), *say(command.say, state, author=c.SYSTEM))


@decide.register
def _(command: c.RaiseCallback, state: Conversation, now: datetime) -> Entries:
    if state.owner is not Owner.CALLBACK or state.callback_due_at is None or state.callback_due_at > now:
        return ()
    return (c.Entry(c.SYSTEM, CallbackDue()),)


@decide.register
def _(command: c.Accept, state: Conversation, now: datetime) -> Entries:
    agent = command.agent
    if state.owner is Owner.AGENT:
        if state.agent_id == agent.id:
            return ()
        raise AlreadyTakenError(agent_name=state.agent_name)
    if state.owner not in WAITING:
        raise NotWaitingError(owner=state.owner.value)
    assert agent.id is not None
    accepted = ConversationAccepted(agent_id=agent.id, agent_name=agent.name or "")
    return (*withdraw_from_others(state, agent), c.Entry(agent, accepted), *say(command.say, state, author=c.SYSTEM))


decide.register(c.MakeOffer, make_offer)
decide.register(c.EndOffer, end_offer)


@decide.register
def _(command: c.ReportVanished, state: Conversation, now: datetime) -> Entries:
    if state.owner is not Owner.AGENT or state.agent_id != command.agent_id:
        return ()
    vanished = AgentVanished(agent_id=command.agent_id, agent_name=state.agent_name or "")
    slip = (c.Entry(c.ASSISTANT, command.slip),) if command.slip is not None else ()
    return (c.Entry(c.SYSTEM, vanished), *slip, *say(command.say, state, author=c.SYSTEM))


@decide.register
def _(command: c.HandBack, state: Conversation, now: datetime) -> Entries:
    check_owned(state, command.agent)
    handed = c.Entry(command.agent, ConversationHandedBack(reason="agent_handback"))
    return (*note(command.agent, command.note, state), handed, *say(command.say, state, author=c.SYSTEM))


@decide.register
def _(command: c.ReturnToAssistant, state: Conversation, now: datetime) -> Entries:
    if state.owner is Owner.AGENT:
        raise WithAPersonError(agent_name=state.agent_name)
    if state.owner not in WAITING:
        return ()
    handed = c.Entry(command.author, ConversationHandedBack(reason="customer_yes"))
    return (handed, *say(command.say, state, author=c.SYSTEM))


@decide.register
def _(command: c.Transfer, state: Conversation, now: datetime) -> Entries:
    check_owned(state, command.agent)
    to = command.to
    payload = ConversationTransferred(
        owner=Owner.QUEUE if to is None else Owner.AGENT,
        skill=command.skill,
        agent_id=to.id if to else None,
        agent_name=to.name if to else None,
    )
    noted = note(command.agent, command.note, state)
    return (*noted, c.Entry(command.agent, payload), *say(command.say, state, author=c.SYSTEM))


@decide.register
def _(command: c.AddNote, state: Conversation, now: datetime) -> Entries:
    check_kept(state)
    if not command.text.strip():
        raise MessageEmptyError()
    return (c.Entry(command.agent, NoteAdded(client_id=command.client_id, text=command.text, whisper=command.whisper)),)


@decide.register
def _(command: c.ProposeRecap, state: Conversation, now: datetime) -> Entries:
    check_owned(state, command.agent)
    return (c.Entry(command.agent, RecapProposed(text=command.text, outcome=command.outcome)),)


@decide.register
def _(command: c.AnswerRecap, state: Conversation, now: datetime) -> Entries:
    if not state.recap_open:
        raise NoRecapError()
    return (c.Entry(command.author, RecapAnswered(agreed=command.agreed)),)


@decide.register
def _(command: c.GiveFeedback, state: Conversation, now: datetime) -> Entries:
    if not 1 <= command.seq <= state.last_seq:
        raise UnknownSeqError(seq=command.seq)
    return (c.Entry(command.author, FeedbackGiven(seq=command.seq, value=command.value)),)


@decide.register
def _(command: c.MarkRead, state: Conversation, now: datetime) -> Entries:
    # An agent whose line broke, or who only looks on, has not read for the one who serves: ignored, as it is no fault.
    if command.by == "staff" and (state.owner is not Owner.AGENT or state.agent_id != command.author.id):
        return ()
    known = state.customer_read_seq if command.by == "customer" else state.staff_read_seq
    up_to = min(command.up_to, state.last_seq)
    if up_to <= known:
        return ()
    return (c.Entry(command.author, MessagesRead(by=command.by, up_to=up_to)),)


@decide.register
def _(command: c.SetPreferences, state: Conversation, now: datetime) -> Entries:
    refused = state.feeling_refused if command.feeling_refused is None else command.feeling_refused
    if (command.elder, command.locale, refused) == (state.elder, state.locale, state.feeling_refused):
        return ()
    changed = PreferencesChanged(elder=command.elder, locale=command.locale, feeling_refused=refused)
    return (c.Entry(command.author, changed),)


@decide.register
def _(command: c.Close, state: Conversation, now: datetime) -> Entries:
    if state.owner is Owner.CLOSED:
        return ()
    # I3: a wait for a person is ended by the customer or by the agent who came, by nobody else.
    ends_own = command.author.kind in (AuthorKind.CUSTOMER, AuthorKind.HELPER)
    if not ends_own and (state.owner is not Owner.ASSISTANT or command.author.kind in STAFF_KINDS):
        check_owned(state, command.author)
    closed = ConversationClosed(reason=command.reason, outcome=command.outcome)
    return (*say(command.say, state, author=c.SYSTEM), c.Entry(command.author, closed))


@decide.register
def _(command: c.NoteErasure, state: Conversation, now: datetime) -> Entries:
    if state.erased:
        return ()
    erased = c.Entry(c.SYSTEM, WordsErased())
    if state.owner is Owner.CLOSED:
        return (erased,)
    return (c.Entry(c.SYSTEM, ConversationClosed(reason="erased")), erased)


for decision in beside.DECISIONS:
    decide.register(decision)
