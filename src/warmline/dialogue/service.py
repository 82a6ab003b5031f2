"""One turn of the assistant: load, understand (no transaction open), decide (pure), respond, save."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from warmline.conversation import commands as c
from warmline.conversation.events import (
    Author,
    AuthorKind,
    Choice,
    ConversationHandedBack,
    Event,
    MessagePosted,
    Owner,
    SlipWritten,
    Source,
    TurnDecided,
    Visibility,
)
from warmline.conversation.model import REPLY_WITHIN, Conversation
from warmline.conversation.service import ConversationService, Outcome
from warmline.dialogue import model as m
from warmline.dialogue.slip import write_slip
from warmline.kit.clock import Clock
from warmline.kit.i18n import Words
from warmline.knowledge.calibration import ReleaseKind, ReleasePolicy
from warmline.knowledge.service import Hit, KnowledgeSearch
from warmline.language.service import Language, Marker, detect_language, find_markers, normalise
from warmline.routing.service import RoutingService, Via

logger = logging.getLogger(__name__)

HISTORY = 60
"""Events read back for a turn."""
JOIN_BELOW = 120
"""Several short messages in a row, together below this many characters, are read as one question."""
URGENT = frozenset({Marker.HUMAN, Marker.DISTRESS})
"""Said in any one of several messages, these leave nothing to look up."""
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
        self._release, self._words, self.brand, self._clock = release, words, brand, clock
        self._policy = policy or m.Policy()
        self.up_since = clock.now()

    async def take_turn(self, conversation_id: UUID) -> None:
        """Answer everything the customer has said and not been answered; do nothing if nothing is owed."""
        state, events = await self._conversations.view(conversation_id, Visibility.STAFF, limit=HISTORY)
        if state.owner is not Owner.ASSISTANT or state.unanswered_seq is None:
            return
        try:
            async with asyncio.timeout(self._seconds_left(state)):
                command = await self._prepare(state, events)
        except Exception:
            logger.exception("turn of conversation %s failed; a person is brought", conversation_id)
            command = await self._fail_open(state, events)
        await self._conversations.execute(conversation_id, command)

    def _seconds_left(self, state: Conversation) -> float:
        """Return how long a turn may take so that a person can still be brought in time if it fails (I10).

        Time spent waiting for a free place counts; what was due while the service was away is due 5 s later.
        """
        due = max(state.reply_due_at or self.up_since, self.up_since + REPLY_WITHIN)
        left = (due - self._clock.now()).total_seconds() - HANDOFF_SECONDS
        return min(max(left, LEAST_SECONDS), TURN_SECONDS)

    async def bring_person(self, conversation_id: UUID, *, via: Via, reason: str = "customer_asked") -> Outcome:
        """The customer wants a person, by button or key: queue or dated callback, with the slip."""
        state, events = await self._conversations.view(conversation_id, Visibility.STAFF, limit=HISTORY)
        return await self._routing.request_handoff(
            state, via=via, reason=reason, slip=self._slip(state, events, reason, state.locale)
        )

    async def _prepare(self, state: Conversation, events: Sequence[Event]) -> c.TakeTurn:
        started = time.perf_counter()
        pending = _pending(state, events)
        if not pending:
            settled = TurnDecided(reply_to=state.last_customer_seq, decision="continue", reason="wish_withdrawn")
            return c.TakeTurn(state.last_customer_seq, settled, ())
        said_to = m.derive_state(_records(events, state), locale=state.locale, elder=state.elder)
        said = await self.understand(pending, said_to)
        locale = reply_locale(state.locale, said.text)
        decision = m.decide_turn(said_to, said, self._policy, self._clock.now())
        say = await self._respond(decision, state, locale)
        decided = TurnDecided(
            reply_to=state.last_customer_seq,
            decision=decision.name,
            reason=decision.reason,
            confidence=round(getattr(decision, "confidence", said.confidence), 4),
            article_ids=list(said.article_ids),
            question=said.text or None,
            milliseconds=round((time.perf_counter() - started) * 1000),
        )
        handoff = None
        if isinstance(decision, m.HandOff):
            handoff = await self._handoff(decision, state, events, locale)
        return c.TakeTurn(state.last_customer_seq, decided, say, handoff)

    async def understand(self, messages: Sequence[MessagePosted], state: m.DialogueState) -> m.Understanding:
        """Find out what was said: markers, an offered reading picked, the articles that may answer."""
        texts = [message.text or "" for message in messages]
        text = texts[-1] if sum(map(len, texts)) > JOIN_BELOW else "，".join(t for t in texts if t.strip())
        markers = find_markers(text)
        kinds = markers.kinds.union(*(find_markers(one).kinds for one in texts))
        if not kinds.isdisjoint(URGENT):
            return m.Understanding(text, kinds=kinds & URGENT)
        picked = pick_reading(text, state.offered)
        skip = picked or markers.only or markers.has(Marker.TOO_LONG) or markers.has(Marker.INJECTION)
        candidates = () if skip else await self._search.candidates(text)
        release = self._release().release(candidates)
        return m.Understanding(
            text,
            kinds=markers.kinds,
            only=markers.only,
            understood_language=detect_language(text) is not Language.OTHER or release.kind is ReleaseKind.ANSWER,
            has_attachment=any(message.attachments for message in messages),
            release=release.kind,
            article_ids=release.article_ids or tuple(x.article_id for x in candidates[:2]),
            confidence=release.confidence,
            picked=picked,
        )

    async def _respond(self, decision: m.Decision, state: Conversation, locale: str) -> tuple[c.Say, ...]:
        match decision:
            case m.Answer(article_id=article_id, again=again):
                return await self._answer(article_id, state, locale, again=again)
            case m.Clarify(article_ids=article_ids):
                choices = await self._choices(article_ids, state, locale)
                key = "clarify" if len(choices) > 1 else "clarify_one"
                return (c.Say(self._say(key, locale), choices, offer_human=True),)
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

    async def _answer(self, article_id: str, state: Conversation, locale: str, *, again: bool) -> tuple[c.Say, ...]:
        hits = await self._hits((article_id,), state, locale)
        if article_id not in hits:
            return (c.Say(self._say("not_known", locale), offer_human=True),)
        hit = hits[article_id]
        source = Source(article_id=hit.article_id, question=hit.question, version=hit.version)
        text = f"{self._say('again', locale)}\n\n{hit.answer}" if again else hit.answer
        return (c.Say(text, sources=(source,), offer_human=again),)

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
        )

    async def _fail_open(self, state: Conversation, events: Sequence[Event]) -> c.TakeTurn:
        slip = self._slip(state, events, "assistant_fault", state.locale)
        handoff = await self._routing.make_handoff(
            author=c.SYSTEM,
            by="system",
            via="fault",
            reason="assistant_fault",
            locale=state.locale,
            slip=slip,
        )
        decided = TurnDecided(reply_to=state.last_customer_seq, decision="hand_off", reason="assistant_fault")
        say = (c.Say(self._say("fault", state.locale)),)
        return c.TakeTurn(state.last_customer_seq, decided, say, handoff)

    def _slip(self, state: Conversation, events: Sequence[Event], reason: str, locale: str) -> SlipWritten:
        return write_slip(events, reason=reason, locale=locale, elder=state.elder, words=self._words)

    def _say(self, key: str, locale: str) -> str:
        assistant = self.brand.assistant.get(locale) or self.brand.assistant["zh-Hans"]
        bank = self.brand.bank.get(locale) or self.brand.bank["zh-Hans"]
        return self._words.say(key, locale, assistant=assistant, bank=bank)


def _customer(state: Conversation) -> Author:
    return Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)


def _pending(state: Conversation, events: Sequence[Event]) -> list[MessagePosted]:
    """Return the customer's messages that are owed an answer.

    A wish for a person from before the return to the assistant is none of them: it was fulfilled or withdrawn (I3).
    """
    returned = _returned_at(events)
    return [
        event.payload
        for event in events
        if isinstance(event.payload, MessagePosted)
        and event.author.kind in (AuthorKind.CUSTOMER, AuthorKind.HELPER)
        and event.seq >= (state.unanswered_seq or 0)
        and (event.seq > returned or not find_markers(event.payload.text or "").has(Marker.HUMAN))
    ]


def _returned_at(events: Sequence[Event]) -> int:
    """Return the seq at which a person last gave the customer back, 0 if none did."""
    return max((event.seq for event in events if isinstance(event.payload, ConversationHandedBack)), default=0)


def _records(events: Sequence[Event], state: Conversation) -> list[m.TurnRecord]:
    """Turn the log before the pending messages into what `derive_state` reads; a return starts it anew."""
    records: list[m.TurnRecord] = []
    returned = _returned_at(events)
    if state.unanswered_seq is not None and state.unanswered_seq < returned:
        return records
    for event in events:
        if state.unanswered_seq is not None and event.seq >= state.unanswered_seq:
            break
        payload = event.payload
        if isinstance(payload, MessagePosted):
            choices = tuple((x.text, x.article_id or "") for x in payload.choices or ())
            articles = tuple(x.article_id for x in payload.sources or ())
            records.append(
                m.TurnRecord(event.author.kind.value, payload.text or "", choices, articles, payload.offer_human)
            )
        elif isinstance(payload, TurnDecided):
            records.append(m.TurnRecord("assistant", "", decision=payload.decision))
    return records


ORDINALS = (
    ("1", "一", "第一个", "第一條", "第一条", "the first one", "first"),
    ("2", "二", "第二个", "第二條", "第二条", "the second one", "second"),
    ("3", "三", "第三个", "第三條", "第三条", "the third one", "third"),
)


def pick_reading(text: str, offered: Sequence[tuple[str, str]]) -> str | None:
    """Return the article of the offered reading that `text` names, by its words or its number."""
    said = _bare(text)
    for index, (label, article_id) in enumerate(offered[:3]):
        if article_id and (said == _bare(label) or said in {_bare(o) for o in ORDINALS[index]}):
            return article_id
    return None


def _bare(text: str) -> str:
    return normalise(text).strip(" ?!.,。、;:~()")


def reply_locale(preferred: str, text: str) -> str:
    """Answer in the language spoken; Simplified or Traditional as the customer prefers, unless clearly the other."""
    spoken = detect_language(text)
    if spoken is Language.EN:
        return "en"
    if spoken in (Language.ZH_HANS, Language.ZH_HANT) and preferred == "en":
        return spoken.value
    return preferred
