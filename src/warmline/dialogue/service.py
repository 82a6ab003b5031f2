"""One turn of the assistant: load, understand (no transaction open), decide (pure), respond, save."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from warmline.conversation import commands as c
from warmline.conversation.events import (
    Acknowledged,
    Author,
    AuthorKind,
    Choice,
    Event,
    Owner,
    SlipWritten,
    Source,
    TurnDecided,
    Visibility,
)
from warmline.conversation.model import REPLY_WITHIN, WAITING, Conversation, Owed
from warmline.conversation.service import ConversationService, Outcome
from warmline.dialogue import model as m
from warmline.dialogue.feeling import Acknowledgement, acknowledge, find_amount
from warmline.dialogue.first_step import first_step
from warmline.dialogue.pending import (
    URGENT,
    WAITS,
    find_pending,
    is_unspoken,
    list_lately,
    list_meanwhile,
    list_records,
    was_told,
    was_told_of,
)
from warmline.dialogue.slip import write_slip
from warmline.dialogue.understand import Understander
from warmline.kit.clock import Clock
from warmline.kit.i18n import Words
from warmline.knowledge.calibration import ReleasePolicy
from warmline.knowledge.service import Hit, KnowledgeSearch
from warmline.language.service import Language, Marker, detect_language, find_markers
from warmline.routing.service import RoutingService, Via

logger = logging.getLogger(__name__)

HISTORY, READ_LIMIT = 60, 1000
"""Events read back for a turn: so many at least, and from the first that is owed an answer, if it is not too far."""
TURN_SECONDS, LEAST_SECONDS = 4.0, 0.5
"""A turn that takes longer fails open to a person; one that comes late to its due time still gets the least."""
HANDOFF_SECONDS = 0.8
"""What bringing a person takes when the machine is busy."""


@dataclass(frozen=True, slots=True)
class Brand:
    """The names the assistant uses of itself and of the bank, by language."""

    bank: dict[str, str]
    assistant: dict[str, str]


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
        policy: m.Policy | None = None,
    ) -> None:
        self._conversations, self._routing, self._search = conversations, routing, search
        self._words, self.brand, self._clock = words, brand, clock
        self._policy = policy or m.Policy()
        self._understander = Understander(search, release, self._policy)
        self.up_since = clock.now()

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
        slip = self._slip_if_possible(state, events, reason)
        return await self._routing.request_handoff(state, via=via, reason=reason, slip=slip, before=before)

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
        return () if told else await self._first_step(article_id, state, locale)

    async def write_slip(self, conversation_id: UUID, reason: str) -> SlipWritten:
        """Write the slip anew for whoever takes over, as it stands now."""
        state = await self._conversations.get(conversation_id)
        return self._slip(state, await self._read(state), reason, state.locale)

    async def _prepare(self, state: Conversation, events: Sequence[Event]) -> c.TakeTurn:
        started = time.perf_counter()
        pending = find_pending(state, events)
        if pending is None:
            return self._settle(state, events)
        comforted = frozenset(state.comforted)
        said_to = m.derive_state(
            list_records(state, events), locale=state.locale, elder=state.elder, comforted=comforted
        )
        said = await self._understander.understand(pending, said_to)
        locale = reply_locale(state.locale, said.text)
        decision = m.decide_turn(said_to, said, self._policy, self._clock.now())
        comfort = getattr(decision, "acknowledgement", None)
        say = (*await self._aid_along(decision, state, events, locale), *await self._respond(decision, state, locale))
        if comfort is not None:
            say = self._comfort(comfort, say, said.text, locale)
        decided = TurnDecided(
            reply_to=pending.reply_to,
            decision=decision.name,
            reason=decision.reason,
            confidence=round(getattr(decision, "confidence", said.confidence), 4),
            article_ids=list(said.article_ids),
            question=said.text or None,
            acknowledgement=_acknowledged(comfort),
            milliseconds=round((time.perf_counter() - started) * 1000),
        )
        handoff = None
        if isinstance(decision, m.HandOff):
            handoff = await self._handoff(decision, state, events, locale)
        return c.TakeTurn(pending.reply_to, decided, say, handoff)

    def _settle(self, state: Conversation, events: Sequence[Event]) -> c.TakeTurn:
        """Nothing is left to answer; it is not met with silence all the same (I10)."""
        settled = TurnDecided(reply_to=state.last_customer_seq, decision="continue", reason="wish_withdrawn")
        say = (c.Say(self._say("affirm", state.locale)),) if is_unspoken(state, events) else ()
        return c.TakeTurn(state.last_customer_seq, settled, say)

    async def _reassure(self, state: Conversation, events: Sequence[Event]) -> c.Reassure:
        """Say a word to who waits for a person and writes: they come out of a dated wait with the word (I4)."""
        texts = list_meanwhile(events)
        kinds = frozenset[Marker]().union(*(find_markers(text).kinds for text in texts))
        locale = reply_locale(state.locale, texts[-1]) if texts else state.locale
        danger = (c.Say(self._say("helplines", locale)),) if Marker.DANGER in kinds else ()
        say: tuple[c.Say, ...] = (*danger, *await self._aid(state, events, texts, locale))
        urgent = not kinds.isdisjoint(URGENT)
        if urgent and state.owner is Owner.CALLBACK:
            wish = m.HandOff("customer_asked", "word") if Marker.HUMAN in kinds else m.HandOff("distress", "policy")
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
            return c.Say(self._say("waits", locale), markdown=False)
        when = self._routing.say_moment(due_at, self._clock.now(), locale)
        return c.Say(self._say("nobody_yet" if asked else "waits_dated", locale, when=when), markdown=False)

    def _comfort(self, comfort: Acknowledgement, say: tuple[c.Say, ...], said: str, locale: str) -> tuple[c.Say, ...]:
        """Put the sentences of comfort before the first message, or alone where there is none."""
        money = find_amount(said) or self._say("money", locale)
        text = (" " if locale == "en" else "").join(self._say(key, locale, money=money) for key in comfort.say)
        if not say:
            return (c.Say(text),)
        return (replace(say[0], text=f"{text}\n\n{say[0].text}"), *say[1:])

    async def _respond(self, decision: m.Decision, state: Conversation, locale: str) -> tuple[c.Say, ...]:
        match decision:
            case m.Answer():
                return await self._answer(decision, state, locale)
            case m.Clarify(article_ids=article_ids):
                choices = await self._choices(article_ids, state, locale)
                key = "clarify" if len(choices) > 1 else "clarify_one"
                return (c.Say(self._say(key, locale), choices, offer_human=True),)
            case m.Several(moves=moves):
                return await self._answer_each(moves, state, locale)
            case m.OfferHuman(say=say, article_ids=article_ids):
                choices = await self._choices(article_ids, state, locale) if say == "not_known" else ()
                key = "not_known_near" if choices else say
                return (c.Say(self._say(key, locale), choices, offer_human=True),)
            case m.Continue(say=say, offer_human=offer_human):
                return (c.Say(self._say(say, locale), offer_human=offer_human),)
            case m.Refuse(say=say):
                return (c.Say(self._say(say, locale)),)
            case m.HandOff(say=say):
                return (c.Say(self._say(say, locale)),) if say else ()

    async def _answer(self, decision: m.Answer, state: Conversation, locale: str) -> tuple[c.Say, ...]:
        hits = await self._hits((decision.article_id,), state, locale)
        if decision.article_id not in hits:
            return (c.Say(self._say("not_known", locale), offer_human=True),)
        hit = hits[decision.article_id]
        source = Source(article_id=hit.article_id, question=hit.question, version=hit.version)
        parts = [self._say("again", locale)] if decision.again else []
        parts.append(hit.answer)
        if decision.senior:
            parts.append(self._say("senior_offer", locale))
        return (c.Say("\n\n".join(parts), sources=(source,), offer_human=decision.again or decision.senior),)

    async def _answer_each(
        self, moves: Sequence[m.Answer | m.Clarify], state: Conversation, locale: str
    ) -> tuple[c.Say, ...]:
        """Say to each of several questions what there is to say, the way to a person below the last."""
        said: list[c.Say] = []
        for n, move in enumerate(moves, 1):
            (say,) = await self._respond(move, state, locale)
            said.append(replace(say, text=f"{self._say(f'part_{n}', locale)}\n\n{say.text}", offer_human=False))
        offer = any(isinstance(move, m.Clarify) or move.again for move in moves)
        return (*said[:-1], replace(said[-1], offer_human=offer))

    async def _aid_along(
        self, decision: m.Decision, state: Conversation, events: Sequence[Event], locale: str
    ) -> tuple[c.Say, ...]:
        """Say the first step; with a handoff also out of what was told before it, as the button does."""
        aid = getattr(decision, "first_aid", None)
        if not isinstance(decision, m.HandOff):
            return await self._first_step(aid, state, locale, "first_step_before")
        if aid is None:
            return await self._aid(state, events, list_lately(events), locale)
        return await self._first_step(aid, state, locale)

    async def _first_step(
        self, article_id: str | None, state: Conversation, locale: str, key: str = "first_step"
    ) -> tuple[c.Say, ...]:
        """Say what to do now, in the words of the article; nothing where there is none."""
        hits = await self._hits((article_id,), state, locale) if article_id else {}
        return tuple(
            c.Say(
                f"{self._say(key, locale)}\n\n{first_step(hit.answer)}",
                sources=(Source(article_id=hit.article_id, question=hit.question, version=hit.version),),
            )
            for hit in hits.values()
        )

    async def _choices(self, article_ids: Sequence[str], state: Conversation, locale: str) -> tuple[Choice, ...]:
        hits = await self._hits(article_ids, state, locale)
        return tuple(Choice(text=hits[i].question, article_id=i) for i in article_ids if i in hits)

    async def _hits(self, article_ids: Sequence[str], state: Conversation, locale: str) -> dict[str, Hit]:
        audience = "elder" if state.elder else None
        return await self._search.answers(article_ids, locale=locale, channel=state.channel, audience=audience)

    async def _handoff(
        self, decision: m.HandOff, state: Conversation, events: Sequence[Event], locale: str
    ) -> c.RequestHandoff:
        via: Via = "word" if decision.via == "word" else "policy"
        slip = self._slip(state, events, decision.reason, locale)
        by_customer = via == "word"
        author = _customer(state) if by_customer else c.ASSISTANT
        return await self._routing.make_handoff(
            author=author,
            by="customer" if by_customer else "assistant",
            via=via,
            reason=decision.reason,
            locale=locale,
            slip=slip,
            skill=state.skill,
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
            slip=self._slip_if_possible(state, events, reason),
            skill=state.skill,
        )
        decided = TurnDecided(reply_to=state.last_customer_seq, decision="hand_off", reason=reason)
        say = (c.Say(self._say("busy" if reason == "assistant_busy" else "fault", state.locale)),)
        return c.TakeTurn(state.last_customer_seq, decided, say, handoff)

    def _slip_if_possible(self, state: Conversation, events: Sequence[Event] | None, reason: str) -> SlipWritten | None:
        """Return the slip, None where it cannot be written: the person comes all the same (I4)."""
        if events is None:
            return None
        try:
            return self._slip(state, events, reason, state.locale)
        except Exception:
            logger.exception("no slip for conversation %s", state.id)
            return None

    def _slip(self, state: Conversation, events: Sequence[Event], reason: str, locale: str) -> SlipWritten:
        return write_slip(events, reason=reason, locale=locale, elder=state.elder, words=self._words)

    def _say(self, key: str, locale: str, **values: object) -> str:
        assistant = self.brand.assistant.get(locale) or self.brand.assistant["zh-Hans"]
        bank = self.brand.bank.get(locale) or self.brand.bank["zh-Hans"]
        return self._words.say(key, locale, assistant=assistant, bank=bank, **values)


def _customer(state: Conversation) -> Author:
    return Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)


def _waited(state: Conversation, decision: str, reason: str, comfort: Acknowledgement | None = None) -> TurnDecided:
    return TurnDecided(
        reply_to=state.last_customer_seq, decision=decision, reason=reason, acknowledgement=_acknowledged(comfort)
    )


def _acknowledged(comfort: Acknowledgement | None) -> Acknowledged | None:
    return Acknowledged(say=list(comfort.say), reason=comfort.reason) if comfort else None


def reply_locale(preferred: str, text: str) -> str:
    """Answer in the language spoken; Simplified or Traditional as the customer prefers, unless clearly the other."""
    spoken = detect_language(text)
    if spoken is Language.EN:
        return "en"
    if spoken in (Language.ZH_HANS, Language.ZH_HANT) and preferred == "en":
        return spoken.value
    return preferred
