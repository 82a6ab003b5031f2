"""One turn of the assistant: load, understand (no transaction open), decide (pure), respond, save."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from warmline.connectors.bank import BankActions
from warmline.connectors.ports import Actions
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, Event, Owner, SlipWritten, TurnDecided, Visibility
from warmline.conversation.model import REPLY_WITHIN, WAITING, Conversation, Owed
from warmline.conversation.service import ConversationService, Outcome
from warmline.dialogue import decisions as d
from warmline.dialogue import model as m
from warmline.dialogue.act import Carried, carry_out
from warmline.dialogue.beginning import tells_what_to_do
from warmline.dialogue.decided import Turn, acknowledged, note_turn
from warmline.dialogue.earlier import list_on
from warmline.dialogue.feeling import Acknowledgement, acknowledge
from warmline.dialogue.flows.keeping import remember
from warmline.dialogue.flows.run import Memory, feel_on
from warmline.dialogue.flows.turn import Flows
from warmline.dialogue.known import Acquaintance, Known
from warmline.dialogue.look_back import last_matter, look_back
from warmline.dialogue.needs import Needs
from warmline.dialogue.opening import Opening
from warmline.dialogue.owed import ListOwed, add_owed, owes_nothing
from warmline.dialogue.pending import (
    URGENT,
    WAITS,
    find_memory,
    find_pending,
    is_unspoken,
    list_lately,
    list_meanwhile,
    list_records,
    was_told,
    was_told_of,
)
from warmline.dialogue.recalled import say_recall
from warmline.dialogue.records import derive_state
from warmline.dialogue.reply_locale import reply_locale
from warmline.dialogue.respond import Brand, Responder
from warmline.dialogue.slip import write_slip
from warmline.dialogue.understand import Understander
from warmline.dialogue.wording import summarise, uses_of
from warmline.kit.clock import Clock
from warmline.kit.i18n import Words
from warmline.knowledge.calibration import ReleasePolicy
from warmline.knowledge.service import KnowledgeSearch
from warmline.language.service import (
    FeelingSense,
    LanguageHelp,
    Marker,
    ReplyReader,
    TurnHelp,
    WishReader,
    find_markers,
)
from warmline.routing.service import RoutingService, Via

logger = logging.getLogger(__name__)

HISTORY, READ_LIMIT = 60, 1000
"""Events read back for a turn: so many at least, and from the first that is owed an answer, if it is not too far."""
TURN_SECONDS, LEAST_SECONDS = 4.0, 0.5
"""A turn that takes longer fails open to a person; one that comes late to its due time still gets the least."""
HANDOFF_SECONDS = 0.8
"""What bringing a person takes when the machine is busy."""
SAY_SECONDS = 0.3
"""What saying it takes, after the bank's systems have answered."""


class DialogueService:
    """Answers what the assistant owes; every fault fails open to a person."""

    def __init__(
        self,
        conversations: ConversationService,
        routing: RoutingService,
        search: KnowledgeSearch,
        release: Callable[[], ReleasePolicy],
        words: Words,
        brand: Brand,
        clock: Clock,
        policy: Callable[[datetime], m.Policy] = lambda _: m.Policy(),
        actions: Actions | None = None,
        known: Acquaintance | None = None,
        flows: Callable[[], Flows | None] = lambda: None,
        wishes: WishReader | None = None,
        feelings: FeelingSense | None = None,
        help: LanguageHelp | None = None,
        replies: ReplyReader | None = None,
    ) -> None:
        """`policy` holds at a moment, `flows` are those live; `known` knows customers again.

        `wishes` and `replies` are second opinions; without `feelings` none is read; `help`: a language model, if any.
        """
        self._conversations, self._routing = conversations, routing
        self._words, self.brand, self._clock = words, brand, clock
        self._policy: Callable[[datetime], m.Policy] = lambda now: replace(policy(now), flows=flows())
        self._actions, self._known, self._flows = actions or BankActions(None), known, flows
        self._help, self._needs = help, Needs(known)
        self.list_owed: ListOwed = owes_nothing
        self._responder = Responder(search, words, brand)
        self._understander = Understander(search, release, lambda: self._policy(clock.now()), wishes, feelings, replies)
        self.opening = Opening(routing, known, self._responder, lambda: self._policy(clock.now()))
        self.up_since = clock.now()

    def _now(self) -> datetime:
        """Return the present moment where the bank is: its today is the customer's."""
        return self._clock.now().astimezone(self._routing.zone)

    async def take_turn(self, conversation_id: UUID) -> None:
        """Answer everything the customer has said and not been answered; do nothing if nothing is owed."""
        state, events = await self._view(conversation_id)
        if state.reply_due_at is None:
            return
        command: c.Command
        try:
            async with asyncio.timeout(self._seconds_left(state)):
                if events is None or (state.unanswered_seq or state.last_seq) <= state.last_seq - HISTORY:
                    events = await self._read(state)
                prepare = self._reassure if state.owner in WAITING else self._prepare
                command = await prepare(state, events)
        except Exception:
            logger.exception("turn of conversation %s failed; a person is brought", conversation_id)
            command = await self._fail_open(state, events)
        await self._conversations.execute(conversation_id, command)

    async def hand_over(self, conversation_id: UUID) -> None:
        """There is no time left to answer what is owed: bring a person before it is due (I10)."""
        state, events = await self._view(conversation_id)
        if state.reply_due_at is None:
            return
        await self._conversations.execute(conversation_id, await self._fail_open(state, events, "assistant_busy"))

    async def _view(self, conversation_id: UUID) -> tuple[Conversation, Sequence[Event] | None]:
        """Return the state with its newest events, None where they cannot be read."""
        try:
            return await self._conversations.view(conversation_id, Visibility.STAFF, limit=HISTORY)
        except Exception:
            logger.exception("the log of conversation %s cannot be read; a person is brought", conversation_id)
        return await self._conversations.get(conversation_id), None

    def due_at(self, owed: Owed) -> datetime:
        """Return by when something must be said: what was due while the service was away is due 5 s later (I10)."""
        return max(owed.due_at, self.up_since + REPLY_WITHIN)

    async def _read(self, state: Conversation) -> list[Event]:
        """Return the newest events of `state`, and those before them that are owed an answer."""
        first = min(state.unanswered_seq or state.last_seq, state.last_seq - HISTORY + 1)
        after = max(first - 1, state.last_seq - READ_LIMIT, 0)
        events = await self._conversations.events_after(state.id, after, Visibility.STAFF, limit=READ_LIMIT)
        return [event for event in events if event.seq <= state.last_seq]

    def _seconds_left(self, state: Conversation) -> float:
        """Return how long a turn may take so that a person can still be brought in time if it fails (I10).

        Time spent waiting for a free place counts.
        """
        due = max(state.reply_due_at or self.up_since, self.up_since + REPLY_WITHIN)
        left = (due - self._clock.now()).total_seconds() - HANDOFF_SECONDS
        return min(max(left, LEAST_SECONDS), TURN_SECONDS)

    async def bring_person(self, conversation_id: UUID, *, via: Via, reason: str = "customer_asked") -> Outcome:
        """The customer wants a person, by button or key: queue or dated callback, with the slip."""
        state, events = await self._view(conversation_id)
        before = await self._aid_if_possible(state, events)
        slip = await self._slip_if_possible(state, events, reason)
        need = await self._needs.find(state, events)
        return await self._routing.request_handoff(state, via=via, reason=reason, slip=slip, need=need, before=before)

    async def _aid_if_possible(self, state: Conversation, events: Sequence[Event] | None) -> tuple[c.Say, ...]:
        """Say what to do now to who told of what cannot wait and pressed the button; they are never held up (I4)."""
        try:
            async with asyncio.timeout(HANDOFF_SECONDS):
                return await self._aid(state, events or (), list_lately(events or ()), state.locale)
        except Exception:
            logger.exception("no first step for conversation %s", state.id)
            return ()

    async def _aid(
        self, state: Conversation, events: Sequence[Event], texts: Sequence[str], locale: str
    ) -> tuple[c.Say, ...]:
        """Say the first step out of what these words tell of, unless it was said before."""
        kinds = frozenset[Marker]().union(*(find_markers(text).kinds for text in texts))
        article_id = await self._understander.find_first_aid("，".join(texts), kinds)
        told = article_id is None or was_told_of(events, article_id)
        return () if told else await self._responder.first_step(article_id, state, locale)

    async def write_slip(self, conversation_id: UUID, reason: str) -> SlipWritten:
        """Write the slip anew for whoever takes over, as it stands now."""
        state = await self._conversations.get(conversation_id)
        return await self._slip(state, await self._read(state), reason, state.locale)

    async def _prepare(self, state: Conversation, events: Sequence[Event]) -> c.TakeTurn:
        started = time.perf_counter()
        pending = find_pending(state, events)
        if pending is None:
            return self._settle(state, events)
        now, memory = self._now(), find_memory(events)
        policy = self._policy(now)
        known = await self._recognise(state, memory, policy)
        locale = reply_locale(state.locale, pending.text, memory.locale if memory.run else None)
        said_to = replace(
            derive_state(
                list_records(state, events),
                locale=locale,
                elder=state.elder,
                comforted=frozenset(state.comforted),
                feeling_refused=state.feeling_refused,
            ),
            memory=memory,
            signed_in_ref=known.signed_in_ref,
            contacts=known.told,
            key=f"{state.id}:{pending.reply_to}",
        )
        help = self._help.turn(self._seconds_left(state) - SAY_SECONDS) if self._help else None
        said = await self._understander.understand(pending, said_to, now, policy.flows, help)
        decision = m.decide_turn(said_to, said, policy, now)
        done = Carried(decision)
        if isinstance(decision, d.Act) and policy.flows:
            within = self._seconds_left(state) - SAY_SECONDS
            done = await carry_out(decision, self._actions, policy.flows, said_to.world(now), within=within)
            known, said_to, done = await self._look_again(state, known, said_to, said, done, policy)
        turn = Turn(pending.reply_to, said, said_to, done.decision, done.taken, known, policy.flows, help, started)
        return await self._say_turn(turn, state, events)

    async def _recognise(self, state: Conversation, memory: Memory, policy: m.Policy) -> Known:
        if self._known is None or not policy.flows:
            return Known()
        return await self._known.recognise(state, memory, policy.flows, policy.contact_days, self._now())

    async def _look_again(
        self, state: Conversation, known: Known, said_to: m.DialogueState, said: m.Understanding, done: Carried,
        policy: m.Policy,
    ) -> tuple[Known, m.DialogueState, Carried]:  # fmt: skip
        """Look back once more after what was done: it may have shown who this is."""
        before, memory = said_to.memory, getattr(done.decision, "memory", None) or said_to.memory
        upset = False
        if memory.identity != before.identity:
            known = await self._recognise(state, memory, policy)
            said_to, upset = replace(said_to, contacts=known.told), before.mood.turns_in_distress > 0
        then = look_back(done.decision, said_to, said, policy, acted=bool(done.taken), upset=upset)
        return known, said_to, replace(done, decision=then)

    async def _say_turn(self, turn: Turn, state: Conversation, events: Sequence[Event]) -> c.TakeTurn:
        decision, said, said_to, help = turn.decision, turn.said, turn.said_to, turn.help
        locale, comfort = said_to.locale, getattr(decision, "acknowledgement", None)
        aid = await self._aid_along(decision, state, events, locale)
        say = (*aid, *await self._responder.respond(decision, state, locale, help))
        if comfort is not None:
            say = self._comfort(comfort, say, said.text, locale)
        handoff = None
        if not isinstance(decision, d.HandOff):
            say = await self.opening.offer(say, state, events, locale)
        else:
            felt = feel_on(decision.memory or said_to.memory, said.feeling)
            brought = replace(decision, memory=felt)
            handoff = await self._handoff(brought, state, events, locale, help, turn.known, aid, said)
        memory = feel_on(remember(turn.flows, getattr(decision, "memory", None), said_to.memory, locale), said.feeling)
        decided = note_turn(turn, memory, model_uses=uses_of(help), ended=time.perf_counter())
        return c.TakeTurn(turn.reply_to, decided, say, handoff, turn.taken)

    def _comfort(self, comfort: Acknowledgement, say: tuple[c.Say, ...], said: str, locale: str) -> tuple[c.Say, ...]:
        recalled = ""
        if comfort.recalls:
            recalled = say_recall(self._responder.say, comfort.recalls, self._now(), self._routing.zone, locale)
        return self._responder.comfort(comfort, say, said, locale, recalled)

    def _settle(self, state: Conversation, events: Sequence[Event]) -> c.TakeTurn:
        """Nothing is left to answer; it is not met with silence all the same (I10)."""
        settled = TurnDecided(reply_to=state.last_customer_seq, decision="continue", reason="wish_withdrawn")
        say = (c.Say(self._responder.say("affirm", state.locale)),) if is_unspoken(state, events) else ()
        return c.TakeTurn(state.last_customer_seq, settled, say)

    async def _reassure(self, state: Conversation, events: Sequence[Event]) -> c.Reassure:
        """Say a word to who waits for a person and writes: they come out of a dated wait with the word (I4)."""
        texts = list_meanwhile(events)
        kinds = frozenset[Marker]().union(*(find_markers(text).kinds for text in texts))
        locale = reply_locale(state.locale, texts[-1]) if texts else state.locale
        danger = (c.Say(self._responder.say("helplines", locale)),) if Marker.DANGER in kinds else ()
        say: tuple[c.Say, ...] = (*danger, *await self._aid(state, events, texts, locale))
        urgent = not kinds.isdisjoint(URGENT)
        if urgent and state.owner is Owner.CALLBACK:
            wish = d.HandOff("customer_asked", "word") if Marker.HUMAN in kinds else d.HandOff("distress", "policy")
            handoff = await self._handoff(wish, state, events, locale)
            if handoff.plan.due_at is None:
                return c.Reassure(_waited(state, "hand_off", wish.reason), say, handoff)
        told = not urgent and was_told(events, self._clock.now())
        if not told:
            say = (*say, self._where_they_stand(state, locale, asked=Marker.HUMAN in kinds))
        comfort = acknowledge(kinds, state.comforted)
        if comfort is not None:
            say = self._comfort(comfort, say, "，".join(texts), locale)
        return c.Reassure(_waited(state, "continue", "told_lately" if told else WAITS, comfort), say)

    def _where_they_stand(self, state: Conversation, locale: str, *, asked: bool = False) -> c.Say:
        """Say when a person comes; who `asked` for one just now is not told how to ask."""
        due_at = state.callback_due_at
        if due_at is None:
            return c.Say(self._responder.say("waits", locale), markdown=False)
        when = self._routing.say_moment(due_at, self._clock.now(), locale)
        return c.Say(self._responder.say("nobody_yet" if asked else "waits_dated", locale, when=when), markdown=False)

    async def _aid_along(
        self, decision: d.Decision, state: Conversation, events: Sequence[Event], locale: str
    ) -> tuple[c.Say, ...]:
        """Say the first step; with a handoff also out of what was told before it, as the button does."""
        aid = getattr(decision, "first_aid", None)
        if not isinstance(decision, d.HandOff):
            return await self._responder.first_step(aid, state, locale, "first_step_before")
        if aid is None:
            told = tells_what_to_do(decision, self._flows())
            return () if told else await self._aid(state, events, list_lately(events), locale)
        return await self._responder.first_step(aid, state, locale)

    async def _handoff(
        self, decision: d.HandOff, state: Conversation, events: Sequence[Event], locale: str,
        help: TurnHelp | None = None, known: Known | None = None, aid: Sequence[c.Say] = (),
        said: m.Understanding | None = None,
    ) -> c.RequestHandoff:  # fmt: skip
        """Ask for a person, with the slip; `aid`: the first step that is told along, which is tried then as well."""
        via: Via = "word" if decision.via == "word" else "policy"
        slip = await self._slip(state, events, decision.reason, locale, decision.memory, known)
        told = [source for one in aid for source in one.sources or () if source not in (slip.tried or ())]
        slip = slip.model_copy(update={"tried": [*(slip.tried or ()), *told] or None})
        slip = await summarise(help, slip, events, locale)
        author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id) if via == "word" else c.ASSISTANT
        return await self._routing.make_handoff(
            author=author,
            by="customer" if via == "word" else "assistant",
            via=via,
            reason=decision.reason,
            locale=locale,
            slip=slip,
            skill=decision.skill or state.skill,
            need=await self._needs.find(state, events, said),
        )

    async def _fail_open(
        self, state: Conversation, events: Sequence[Event] | None, reason: str = "assistant_fault"
    ) -> c.TakeTurn | c.Reassure:
        """Bring a person, whatever went wrong; `events` is None where the log could not be read."""
        if state.owner in WAITING:
            return c.Reassure(_waited(state, "continue", WAITS), (self._where_they_stand(state, state.locale),))
        handoff = await self._routing.make_handoff(
            author=c.SYSTEM,
            by="system",
            via="fault",
            reason=reason,
            locale=state.locale,
            slip=await self._slip_if_possible(state, events, reason),
            skill=state.skill,
            need=await self._needs.find(state, events),
        )
        decided = TurnDecided(reply_to=state.last_customer_seq, decision="hand_off", reason=reason)
        say = (c.Say(self._responder.say("busy" if reason == "assistant_busy" else "fault", state.locale)),)
        return c.TakeTurn(state.last_customer_seq, decided, say, handoff)

    async def _slip_if_possible(
        self, state: Conversation, events: Sequence[Event] | None, reason: str
    ) -> SlipWritten | None:
        """Return the slip, None where it cannot be written: the person comes all the same (I4)."""
        if events is None:
            return None
        try:
            return await self._slip(state, events, reason, state.locale)
        except Exception:
            logger.exception("no slip for conversation %s", state.id)
            return None

    async def _slip(
        self, state: Conversation, events: Sequence[Event], reason: str, locale: str, memory: Memory | None = None,
        known: Known | None = None,
    ) -> SlipWritten:  # fmt: skip
        """Write the slip; `memory`: as this turn leaves it, where it is not in the log yet; `known` where that is."""
        memory, now, flows = memory or find_memory(events), self._now(), self._flows()
        known = known or await self._recognise(state, memory, self._policy(now))
        contacts = list_on(known.contacts, last_matter(events, memory))
        slip = write_slip(
            events, reason=reason, locale=locale, elder=state.elder, words=self._words, flows=flows, memory=memory,
            contacts=contacts, now=now, zone=self._routing.zone,
        )  # fmt: skip
        return await add_owed(slip, self.list_owed, state, words=self._words, locale=locale, now=now)


def _waited(state: Conversation, decision: str, reason: str, comfort: Acknowledgement | None = None) -> TurnDecided:
    return TurnDecided(
        reply_to=state.last_customer_seq, decision=decision, reason=reason, acknowledgement=acknowledged(comfort)
    )
