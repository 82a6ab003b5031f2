"""Use cases beside the agent: what is suggested for the customer's last words, and the draft of a wrap-up."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import numpy as np

from warmline.assist import model as m
from warmline.assist import records
from warmline.assist.checklist import Checklists, tick
from warmline.assist.passages import Passage, choose_passage, join, score_sentences, split_sentences
from warmline.assist.past import OWN, Told, keep_to
from warmline.assist.remembering import PastReplies
from warmline.assist.steps import NextStep, find_step, is_identified, list_shares
from warmline.assist.using import UseOutcome, weigh
from warmline.assist.wrapup import FeltAt, draft_wrap_up, list_customer_texts
from warmline.conversation.errors import UnknownSeqError
from warmline.conversation.events import Event, Visibility, WrapUpWritten
from warmline.conversation.model import Conversation
from warmline.conversation.service import ConversationService
from warmline.dialogue.feeling import acknowledge, find_felt
from warmline.dialogue.flows.starts import OFFERS, Wished
from warmline.dialogue.flows.turn import Flows
from warmline.dialogue.pending import find_memory
from warmline.kit.clock import Clock
from warmline.kit.i18n import Words
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.service import Hit, KnowledgeSearch
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.service import FeelingSense, Language, Trajectory, detect_language, find_markers, normalise
from warmline.routing.service import RoutingService
from warmline.staff.scripts import ScriptService

HITS = 3
NEAR = 0.05
"""Below this score an article says nothing to what was asked: thanks, "are you still there"."""
SCRIPT_NEAR = 0.3
"""Likeness from which a script is offered, on centred directions; by hand on the demo's scripts."""
FELT_CHARS, FELT_MESSAGES = 2_000, 30
"""Of a message, and of a conversation, so much is read for feelings."""
LEARNT_FROM = timedelta(days=180)
"""So far back counts what agents did with a suggestion."""
WISHES = 2
"""So many of the customer's earlier messages are read for what they want done."""
PATIENCE_SECONDS = 0.06
"""So long the meaning of an article's sentences is waited for; a sentence takes some 15 ms the first time."""
KEPT = 8_000
"""Texts whose vectors are kept in memory: 12 MB, the sentences of a thousand articles."""


class Assist:
    """Reads along. It says nothing: what is used of it, an agent sends; that it was used is all it writes."""

    def __init__(
        self,
        uow: UnitOfWork,
        conversations: ConversationService,
        routing: RoutingService,
        search: KnowledgeSearch,
        embedder: TextEmbedder,
        scripts: ScriptService,
        past: PastReplies,
        flows: Callable[[], Flows | None],
        checklists: Checklists,
        feelings: FeelingSense,
        words: Words,
        comfort: Words,
        clock: Clock,
    ) -> None:
        """`words`: assist's own; `comfort`: the sentences that the assistant says to a feeling."""
        self._uow, self._conversations, self._routing, self._search = uow, conversations, routing, search
        self._embedder = embedder
        self._scripts, self._feelings, self._words, self._comfort = scripts, feelings, words, comfort
        self._clock, self.past, self._flows, self._checklists = clock, past, flows, checklists
        self._reading: set[asyncio.Task[Vectors]] = set()
        self._vectors: OrderedDict[tuple[str, bool], Vectors] = OrderedDict()

    async def suggest(
        self, conversation_id: UUID, agent_id: UUID | None = None, reader: str = "zh-Hans"
    ) -> m.Suggestions:
        """Return what helps this agent to answer the customer's last words; nothing for who wrote none.

        `reader`: the language the agent reads.
        """
        state, events = await self._conversations.view(conversation_id, Visibility.STAFF)
        seq, asked = m.find_asked(events)
        if not asked:
            return m.Suggestions(0, "")
        vector = await self._search.vector(asked)
        hits = await self._search.find(asked, limit=HITS, locale=state.locale, vector=vector)
        hits = [one for one in hits if one.score >= NEAR]
        step = await self._step(asked, vector, hits, events, locale=state.locale, reader=reader)
        felt = None if state.feeling_refused else self._feel(asked, vector, state, events)
        passages = [await self._passage(asked, one, vector, first=place == 0) for place, one in enumerate(hits)]
        before = keep_to([one.answer for one in hits], await self.past.find(asked, vector, but=conversation_id))
        offered = await self._weigh(
            [
                *self._from_articles(hits, passages),
                *await self._from_scripts(asked, state.locale),
                *_from_colleagues(before, state.locale, agent_id),
            ]
        )
        return m.Suggestions(
            seq=seq,
            asked=asked,
            article=hits[0] if hits else None,
            passage=passages[0] if passages else None,
            replies=m.choose_replies(offered),
            felt=felt,
            solved=_list_solved(before),
            step=step,
            heed=self._heed(step, hits, events, locale=state.locale, reader=reader),
        )

    async def draft_wrap_up(self, conversation_id: UUID, locale: str) -> WrapUpWritten:
        """Return what would be left behind if the conversation ended now, in the agent's language."""
        state, events = await self._conversations.view(conversation_id, Visibility.STAFF)
        drafted = draft_wrap_up(
            events,
            felt=[] if state.feeling_refused else await asyncio.to_thread(self._feel_all, events),
            words=self._words,
            locale=locale,
            say_moment=lambda due: self._routing.say_moment(due, self._clock.now(), locale),
        )
        asked = next((one.text for one in drafted.lines or () if one.section == "request"), "")
        hits = await self._search.find(asked, limit=1, locale=state.locale) if asked else []
        near = hits[0].category if hits and hits[0].score >= NEAR else None
        return drafted.model_copy(update={"category": near})

    async def note_use(self, conversation_id: UUID, seq: int, ref: str, origin: m.From, outcome: UseOutcome) -> None:
        """Learn from what an agent did with a reply suggested for the message `seq`; `UnknownSeqError`."""
        state = await self._conversations.get(conversation_id)
        if not 1 <= seq <= state.last_seq:
            raise UnknownSeqError(seq=seq)
        async with self._uow.begin() as tx:
            await records.note_use(tx, conversation_id, seq, ref, origin, outcome, self._clock.now())

    async def _step(
        self,
        asked: str,
        vector: Vectors | None,
        hits: Sequence[Hit],
        events: Sequence[Event],
        *,
        locale: str,
        reader: str,
    ) -> NextStep | None:
        """Return what can be done: the flow under way, or what the customer's last words with a wish ask for."""
        flows = self._flows()
        if flows is None:
            return None
        said, wished = [asked, *reversed(m.list_said_before(events, WISHES))], Wished()
        if flows.starts is not None:
            if vector is not None:
                self._vectors[asked, False] = vector
            vectors = await self._embed(said)
            for text, vector in zip(said, vectors, strict=True):
                shares = list_shares(flows, hits) if text == asked else {}
                wished = await asyncio.to_thread(flows.starts.guess, text, vector, shares)
                if wished.sure >= OFFERS:
                    break
        words, memory = "，".join(reversed(said)), find_memory(events)
        return find_step(flows, memory, wished, words, now=self._clock.now(), locale=locale, reader=reader)

    def _heed(
        self, step: NextStep | None, hits: Sequence[Hit], events: Sequence[Event], *, locale: str, reader: str
    ) -> m.Heed | None:
        category = hits[0].category if hits else ""
        found = self._checklists.find(step.flow_id if step else "", category)
        if found is None:
            return None
        checks = tick(found, events, locale=locale, reader=reader)
        shown = is_identified(find_memory(events), found.identity, self._clock.now())
        return m.Heed(found.id, checks, found.never, found.identity or "", shown)

    async def _weigh(self, offered: list[m.Reply]) -> list[m.Reply]:
        if not offered:
            return []
        since = self._clock.now() - LEARNT_FROM
        async with self._uow.begin() as tx:
            used = await records.read_used(tx, {one.ref for one in offered}, since)
        return weigh(offered, used)

    def _feel_all(self, events: Sequence[Event]) -> list[FeltAt]:
        """Read the feelings of the customer's last messages, by their words alone."""
        said = list_customer_texts(events)
        felt = []
        for place, (event, text) in enumerate(said):
            if place >= len(said) - FELT_MESSAGES:
                feeling = self._feelings.feel(text[:FELT_CHARS], None, [words for _, words in said[:place]])
                felt.append(FeltAt(event.seq, feeling.emotion, feeling.intensity))
        return felt

    def _feel(self, asked: str, vector: Vectors | None, state: Conversation, events: Sequence[Event]) -> m.Felt | None:
        before = m.list_said_before(events)
        feeling = self._feelings.feel(asked[:FELT_CHARS], vector, before)
        names = find_felt(feeling, Trajectory().then(feeling), elder=state.elder) | find_markers(asked).kinds
        comfort = acknowledge(names, state.comforted)
        money = self._comfort.say("money", state.locale)
        said = [self._comfort.say(key, state.locale, money=money) for key in (comfort.say if comfort else ())]
        return m.Felt(feeling.emotion, feeling.intensity, feeling.signs, join(said) or None)

    async def _passage(self, asked: str, hit: Hit, vector: Vectors | None, *, first: bool) -> Passage | None:
        """Return the passage of an article. By letters alone in the others than the first: it is what is read."""
        sentences = split_sentences(hit.answer)
        texts = [one.text for one in sentences]
        meant = await self._meaning(texts) if first and vector is not None and texts else None
        scores = score_sentences(asked, sentences, asked=vector, meant=meant)
        return choose_passage(sentences, scores)

    def _from_articles(self, hits: Sequence[Hit], passages: Sequence[Passage | None]) -> list[m.Reply]:
        return [
            m.Reply(passage.text, m.From.ARTICLE, hit.article_id, hit.score, hit.question)
            for hit, passage in zip(hits, passages, strict=True)
            if passage is not None
        ]

    async def _from_scripts(self, asked: str, locale: str) -> list[m.Reply]:
        async with self._uow.begin() as tx:
            scripts = await self._scripts.list_scripts(tx, locale)
        if not scripts or not self._search.knows_wording:
            return []
        vectors = await self._embed([asked, *(f"{one.title} {one.text}" for one in scripts)])
        directions = self._search.directions(vectors)
        near = directions[1:] @ directions[0]
        return [
            m.Reply(one.text, m.From.SCRIPT, str(one.id), float(score), one.title)
            for one, score in zip(scripts, near, strict=True)
            if score >= SCRIPT_NEAR
        ]

    async def _meaning(self, texts: Sequence[str]) -> Vectors | None:
        """Return what sentences mean; None where that takes longer than an agent should wait: it is known next time."""
        task = asyncio.create_task(self._embed(texts, told=True))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        return task.result() if done else None

    async def _embed(self, texts: Sequence[str], *, told: bool = False) -> Vectors:
        """Return the vectors [n, d] of questions, or of what is `told`; each is embedded once while it is kept."""
        keys = [(text, told) for text in texts]
        missing = [text for text in dict.fromkeys(texts) if (text, told) not in self._vectors]
        if missing:
            embed = self._embedder.embed_passages if told else self._embedder.embed_queries
            made = await asyncio.to_thread(embed, [normalise(text) for text in missing])
            self._vectors |= zip(((text, told) for text in missing), made, strict=True)
        found = [self._vectors[key] for key in keys]
        for key in keys:
            self._vectors.move_to_end(key)
        while len(self._vectors) > KEPT:
            self._vectors.popitem(last=False)
        return np.stack(found)


def _from_colleagues(before: Sequence[Told], locale: str, agent_id: UUID | None) -> list[m.Reply]:
    """Return what was said before in the customer's language; an agent's own wording is in their own tone."""
    english = locale == Language.EN
    return [
        m.Reply(
            one.reply,
            m.From.COLLEAGUE,
            one.answered.ref,
            one.near + (OWN if agent_id is not None and one.answered.by_id == agent_id else 0.0),
            one.question,
            one.answered.by,
            one.answered.at,
        )
        for one in before
        if (detect_language(one.reply) == Language.EN) == english
    ]


def _list_solved(before: Sequence[Told]) -> tuple[m.Solved, ...]:
    """Return the nearest earlier conversations, each once."""
    found: dict[UUID, m.Solved] = {}
    for one in before:
        pair = one.answered
        solved = m.Solved(pair.conversation_id, one.question, one.reply, pair.by, pair.at, one.near)
        found.setdefault(pair.conversation_id, solved)
    return tuple(found.values())[: m.SOLVED]
