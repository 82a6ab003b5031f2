"""Any sequence of commands keeps the invariants: Hypothesis plays customer, assistant, agents, time and retries."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.conversation import client_fold
from tests.support import (
    CHENXI,
    CUSTOMER,
    LINYAO,
    NOW,
    Talk,
    ask_for_person,
    blank,
    in_serving_order,
    post,
    take_turn,
)
from warmline.conversation import commands as c
from warmline.conversation.beside import Mode
from warmline.conversation.decide import decide
from warmline.conversation.events import (
    NO_GROUP,
    Author,
    AuthorKind,
    CallbackScheduled,
    ConversationClosed,
    ConversationHandedBack,
    Event,
    HandoffRequested,
    MessagePosted,
    OfferEnded,
    OfferMade,
    Owner,
    TurnDecided,
    Urgency,
    WordsErased,
)
from warmline.conversation.model import REPLY_WITHIN, Conversation, evolve, fold
from warmline.conversation.repository import MessageKey
from warmline.conversation.schemas import show_state
from warmline.conversation.service import Outcome, append, decide_group
from warmline.kit.errors import WarmlineError

ID = UUID(int=7)
WAITING = (Owner.QUEUE, Owner.CALLBACK)
HELD = (*WAITING, Owner.AGENT)
agents = st.sampled_from([CHENXI, LINYAO])
seconds = st.sampled_from([0, 1, 4, 6, 61, 1900])
words = st.sampled_from(["卡丢了", "人工", "还在吗", "好的"])


class Conversations(RuleBasedStateMachine):
    """One conversation, decided in groups as the service decides them."""

    @initialize()
    def start(self) -> None:
        talk = Talk()
        self.now = NOW
        self.log: list[Event] = list(talk.events)
        self.before: list[Conversation] = [blank()]
        self.states = {ID: talk.state}
        self.known: dict[MessageKey, tuple[int, datetime]] = {}
        self.acknowledged: list[tuple[c.PostMessage, int]] = []
        self.posted: Counter[Author] = Counter()

    @property
    def state(self) -> Conversation:
        return self.states[ID]

    def submit(self, *commands: c.Command) -> list[Outcome | Exception]:
        """Decide a group; keep its events, and the state before each of them."""
        state = self.state
        outcomes, changed = decide_group([(ID, one) for one in commands], self.states, self.known, self.now)
        for event in changed.get(ID, []):
            self.before.append(state)
            state = evolve(state, event)
            self.log.append(event)
        assert state == self.state
        assert all(isinstance(one, (Outcome, WarmlineError)) for one in outcomes)
        return outcomes

    def post(self, *messages: c.PostMessage) -> None:
        for message, outcome in zip(messages, self.submit(*messages), strict=True):
            if isinstance(outcome, Outcome):
                self.acknowledged.append((message, outcome.seq))

    def fresh(self, text: str, *, by_agent: bool = False) -> c.PostMessage:
        """A new message; everyone counts their own, so the same client id comes from several speakers."""
        holder = next((one for one in (CHENXI, LINYAO) if one.id == self.state.agent_id), CHENXI)
        author = holder if by_agent else CUSTOMER
        self.posted[author] += 1
        return post(f"{text} {self.posted[author]}", f"m{self.posted[author]}", author)

    @rule(by=seconds)
    def wait(self, by: int) -> None:
        self.now += timedelta(seconds=by)

    @rule(text=words, count=st.integers(1, 3), by=seconds)
    def customer_writes(self, text: str, count: int, by: int) -> None:
        self.post(*(self.fresh(text) for _ in range(count)))
        self.now += timedelta(seconds=by)

    @rule(text=words)
    def an_agent_writes(self, text: str) -> None:
        self.post(self.fresh(text, by_agent=True))

    @rule(text=words, agent=agents)
    def anyone_of_the_bank_writes(self, text: str, agent: Author) -> None:
        self.posted[agent] += 1
        self.post(post(f"{text} {self.posted[agent]}", f"m{self.posted[agent]}", agent))

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data())
    def a_client_retries(self, data: st.DataObject) -> None:
        message, seq = data.draw(st.sampled_from(self.acknowledged))
        (outcome,) = self.submit(message)
        assert isinstance(outcome, Outcome)
        assert (outcome.duplicate, outcome.seq, outcome.events) == (True, seq, ())

    @rule(text=words)
    def one_group_carries_the_same_message_twice(self, text: str) -> None:
        message = self.fresh(text)
        self.post(message, message)

    @rule(behind=st.integers(0, 2), bring=st.booleans())
    def the_assistant_answers(self, behind: int, bring: bool) -> None:
        handoff = ask_for_person(say="叫同事") if bring else None
        self.submit(take_turn(max(1, self.state.last_customer_seq - behind), handoff=handoff))

    @rule(behind=st.integers(0, 1), bring=st.booleans())
    def the_waiting_are_spoken_to(self, behind: int, bring: bool) -> None:
        reply_to = max(1, self.state.last_customer_seq - behind)
        decided = TurnDecided(reply_to=reply_to, decision="wait", reason="waits_for_a_person")
        word = c.Reassure(decided, (c.Say("同事 11:00 会来"),), ask_for_person(say="叫同事") if bring else None)
        self.submit(word, word)

    @rule(
        dated=st.booleans(),
        skill=st.sampled_from([None, "cards", NO_GROUP]),
        start=st.sampled_from([(Urgency.NORMAL, 0), (Urgency.ELDER, 1200), (Urgency.URGENT, 7200)]),
    )
    def ask(self, dated: bool, skill: str | None, start: tuple[Urgency, int]) -> None:
        due = self.now + timedelta(minutes=30) if dated else None
        wish = ask_for_person(c.HandoffPlan(skill, due), say="好的")
        self.submit(replace(wish, urgency=start[0], head_start=start[1]))

    @rule(agent=agents)
    def accept(self, agent: Author) -> None:
        self.submit(c.Accept(agent, (c.Say("来了"),)))

    @rule()
    def two_agents_accept_at_once(self) -> None:
        waiting = self.state.owner in WAITING
        outcomes = self.submit(c.Accept(CHENXI), c.Accept(LINYAO))
        assert not waiting or [isinstance(one, Outcome) for one in outcomes] == [True, False]

    @rule(agent=agents, seconds=st.sampled_from([0, 5, 60]))
    def offer(self, agent: Author, seconds: int) -> None:
        before = self.state
        made = c.MakeOffer(agent, self.now + timedelta(seconds=seconds))
        self.submit(made, made)
        fits = before.owner is Owner.QUEUE and before.offered_to is None and seconds > 0
        assert self.state.last_seq == before.last_seq + fits

    @rule(agent=agents, reason=st.sampled_from(["declined", "expired", "withdrawn"]))
    def an_offer_ends(self, agent: Author, reason: Literal["declined", "expired", "withdrawn"]) -> None:
        assert agent.id is not None
        self.submit(c.EndOffer(c.SYSTEM, agent.id, reason))

    @rule(agent=agents)
    def vanish(self, agent: Author) -> None:
        assert agent.id is not None
        self.submit(c.ReportVanished(agent.id, (c.Say("断线了"),)))

    @rule(agent=agents, to=st.sampled_from([None, CHENXI, LINYAO]))
    def transfer(self, agent: Author, to: Author | None) -> None:
        self.submit(c.Transfer(agent, None if to else "loans", to, "很急", (c.Say("转过去了"),)))

    @rule(agent=agents, to=agents, mode=st.sampled_from(Mode))
    def colleagues_come_and_go(self, agent: Author, to: Author, mode: Mode) -> None:
        match mode:
            case Mode.CALLED:
                self.submit(c.CallColleague(agent, to, "帮我看看"))
            case _:
                self.submit(c.JoinBeside(to, mode, (c.Say("也来了"),)))
        self.submit(c.LeaveBeside(agent, say=(c.Say("先走了"),)))

    @rule(agent=agents)
    def take_over(self, agent: Author) -> None:
        self.submit(c.TakeOver(agent, (c.Say("我来"),)))

    @rule(agent=agents)
    def hand_back(self, agent: Author) -> None:
        self.submit(c.HandBack(agent, None, (c.Say("我继续"),)))

    @rule()
    def customer_returns(self) -> None:
        self.submit(c.ReturnToAssistant(CUSTOMER))

    @rule(chosen_by=st.sampled_from(["customer", "system", "agent"]), ahead=st.sampled_from([-1, 60, 1800]))
    def schedule(self, chosen_by: Literal["customer", "system", "agent"], ahead: int) -> None:
        author = {"customer": CUSTOMER, "system": c.SYSTEM, "agent": CHENXI}[chosen_by]
        self.submit(c.ScheduleCallback(author, self.now + timedelta(seconds=ahead), chosen_by))

    @rule()
    def callbacks_are_swept(self) -> None:
        self.submit(c.RaiseCallback())

    @rule(author=st.sampled_from([CUSTOMER, CHENXI, LINYAO, c.SYSTEM]))
    def close(self, author: Author) -> None:
        self.submit(c.Close(author, "closed", None, (c.Say("再见"),)))

    @rule(agent=agents, up_to=st.integers(0, 30))
    def lesser_things(self, agent: Author, up_to: int) -> None:
        self.posted[agent] += 1
        note = c.AddNote(agent, f"n{self.posted[agent]}", "已核实")
        self.submit(c.MarkRead(CUSTOMER, "customer", up_to), note, c.MarkRead(agent, "staff", up_to))
        self.submit(c.SetPreferences(CUSTOMER, up_to % 2 == 0, "zh-Hant"))

    @rule(chance=st.integers(0, 9))
    def erase(self, chance: int) -> None:
        if chance == 9:
            self.submit(c.NoteErasure(), c.NoteErasure())

    @invariant()
    def i1_messages_are_stored_once_and_in_order(self) -> None:
        assert [event.seq for event in self.log] == list(range(1, self.state.last_seq + 1))
        ids = [(event.author.id, event.payload.client_id) for event in self.log if hasattr(event.payload, "client_id")]
        assert len(set(ids)) == len(ids)
        at = {seq: event.payload for seq, event in enumerate(self.log, 1)}
        for message, seq in self.acknowledged:
            said = at[seq]
            assert isinstance(said, MessagePosted)
            assert (self.log[seq - 1].author, said.client_id, said.text) == (
                message.author,
                message.client_id,
                message.text,
            )
        order = [seq for _, seq in self.acknowledged]
        assert order == sorted(order)

    @invariant()
    def i1_nothing_is_said_to_who_was_erased(self) -> None:
        erased = [event.seq for event in self.log if isinstance(event.payload, WordsErased)]
        assert len(erased) <= 1
        assert self.state.erased is bool(erased)
        assert not erased or self.state.owner is Owner.CLOSED
        assert not any(event.payload.WORDS for event in self.log if erased and event.seq > erased[0])

    @invariant()
    def i2_one_owner_and_every_change_is_an_event_with_a_reason(self) -> None:
        for before, after, event in self.steps():
            if before.owner is not after.owner or before.agent_id != after.agent_id:
                assert event.payload.owner is after.owner  # type: ignore[union-attr]
                assert event.payload.reason  # type: ignore[union-attr]
            assert (after.agent_id is not None) is (after.owner is Owner.AGENT)
            assert (after.closed_at is not None) is (after.owner is Owner.CLOSED)

    @invariant()
    def i3_only_the_customers_yes_a_handback_or_an_end_leads_back_to_the_assistant(self) -> None:
        asked = False
        for before, after, event in self.steps():
            if isinstance(event.payload, CallbackScheduled) and event.payload.chosen_by == "system":
                assert asked
                assert before.owner is Owner.QUEUE
            asked = asked or isinstance(event.payload, (HandoffRequested, CallbackScheduled))
            left = asked and before.owner is not after.owner
            if left and after.owner is Owner.ASSISTANT and before.owner is not Owner.CLOSED:
                assert isinstance(event.payload, ConversationHandedBack)
                by = AuthorKind.AGENT if event.payload.reason == "agent_handback" else AuthorKind.CUSTOMER
                assert event.author.kind is by
                assert by is AuthorKind.CUSTOMER or event.author.id == before.agent_id
            if left and after.owner is Owner.CLOSED and before.owner in HELD:
                erased = isinstance(event.payload, ConversationClosed) and event.payload.reason == "erased"
                assert erased or event.author == CUSTOMER or event.author.id == before.agent_id
            asked = asked and after.owner in HELD
            assert after.human_requested is asked

    @invariant()
    def i4_a_person_or_a_date_is_one_command_away(self) -> None:
        if self.state.erased:
            return
        for due in (None, self.now + timedelta(hours=1)):
            state, _ = append(self.state, decide(ask_for_person(c.HandoffPlan(due_at=due)), self.state, self.now), NOW)
            assert state.owner in HELD

    @invariant()
    def i5_the_assistant_is_silent_while_a_person_has_it(self) -> None:
        for before, _, event in self.steps():
            if event.author.kind is AuthorKind.ASSISTANT and isinstance(event.payload, MessagePosted):
                assert before.owner is Owner.ASSISTANT

    @invariant()
    def who_is_beside_it_is_there_once_and_only_while_another_has_it(self) -> None:
        ids = [one.id for one in self.state.beside]
        assert len(set(ids)) == len(ids)
        assert self.state.agent_id not in ids
        assert not ids or self.state.owner is Owner.AGENT

    @invariant()
    def only_who_has_it_or_came_to_speak_speaks_for_the_bank(self) -> None:
        for before, _, event in self.steps():
            if event.author.kind is AuthorKind.AGENT and isinstance(event.payload, MessagePosted):
                speaking = [one.id for one in before.beside if one.mode is Mode.SPEAK]
                assert event.author.id in (before.agent_id, *speaking)

    @invariant()
    def i6_who_lost_an_agent_is_first_and_has_waited_since_the_start(self) -> None:
        for before, after, event in self.steps():
            if event.type in ("agent.vanished", "callback.due"):
                assert after.owner is Owner.QUEUE
                assert after.queued_at == before.queued_at
                urgent = replace(after, id=UUID(int=0), front=False, rank_at=NOW - timedelta(days=1))
                assert in_serving_order([urgent, after]) == [after, urgent]

    @invariant()
    def i6_one_offer_at_a_time_to_who_waits_and_one_that_runs_out_leads_to_the_front(self) -> None:
        for before, after, event in self.steps():
            assert after.offered_to is None or after.owner is Owner.QUEUE
            assert (after.offered_to is None) is (after.offered_until is None)
            if isinstance(event.payload, OfferMade):
                assert (before.owner, before.offered_to) == (Owner.QUEUE, None)
            if isinstance(event.payload, OfferEnded):
                assert before.offered_to == event.payload.agent_id
                assert (after.owner, after.rank_at, after.queued_at) == (Owner.QUEUE, before.rank_at, before.queued_at)
                assert after.front is (before.front or event.payload.reason == "expired")
                passed = event.payload.agent_id in after.passed_by
                assert passed or event.payload.reason == "withdrawn"
                ran_out = before.offered_until is not None and before.offered_until <= event.at
                assert event.payload.reason != "expired" or ran_out
            assert not after.passed_by or after.owner is Owner.QUEUE

    @invariant()
    def i7_who_waits_has_a_place_that_is_kept_and_a_date_if_it_was_promised(self) -> None:
        for before, after, _ in self.steps():
            assert (after.queued_at is not None) is (after.rank_at is not None) is (after.owner in HELD)
            assert after.rank_at is None or after.rank_at <= after.queued_at  # type: ignore[operator]
            assert None in (before.rank_at, after.rank_at) or after.rank_at <= before.rank_at  # type: ignore[operator]
            assert (after.callback_due_at is not None) is (after.owner is Owner.CALLBACK)
            assert after.owner not in HELD or before.owner not in HELD or after.queued_at == before.queued_at

    @invariant()
    def i10_whatever_nobody_has_answered_is_due_in_time_and_who_waits_is_spoken_to(self) -> None:
        owed: list[int] = []
        since: datetime | None = None
        for before, after, event in self.steps():
            kind = event.author.kind if isinstance(event.payload, MessagePosted) else None
            if kind is AuthorKind.CUSTOMER:
                owed.append(event.seq)
                since = (since or event.at) if after.owner is not Owner.AGENT else None
            if kind is AuthorKind.AGENT or after.owner is Owner.CLOSED:
                owed, since = [], None
            if isinstance(event.payload, TurnDecided) and before.owner is Owner.ASSISTANT:
                owed = [seq for seq in owed if seq > event.payload.reply_to]
                since = since if owed else None
            elif isinstance(event.payload, TurnDecided):
                assert event.payload.reply_to == before.last_customer_seq
                since = None
            if getattr(event.payload, "owner", None) is not None:
                since = (since or event.at) if owed and after.owner is Owner.ASSISTANT else None
            assert (after.unanswered_seq is not None) is bool(owed)
            assert after.unanswered_seq is None or after.unanswered_seq <= owed[0]
            assert (after.reply_due_at is not None) is (since is not None)
            assert since is None or after.reply_due_at is None or after.reply_due_at <= since + REPLY_WITHIN

    @invariant()
    def a_snapshot_and_the_events_after_any_cursor_give_the_state(self) -> None:
        for snapshot in self.before:
            assert fold(snapshot, self.log[snapshot.last_seq :]) == self.state

    @invariant()
    def a_strangers_client_knows_the_same(self) -> None:
        known = client_fold.start()
        for event in self.log:
            known = client_fold.fold(known, event.model_dump(mode="json"))
        assert known == show_state(replace(self.state)).model_dump(mode="json")

    def steps(self) -> list[tuple[Conversation, Conversation, Event]]:
        """Each event of the log with the state before and after it."""
        return list(zip(self.before, [*self.before[1:], self.state], self.log, strict=True))


TestConversations = Conversations.TestCase
TestConversations.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
