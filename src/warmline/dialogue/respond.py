"""A decision in words: articles are read, sentences chosen, templates filled. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from warmline.conversation import commands as c
from warmline.conversation.events import Choice, Source
from warmline.conversation.model import Conversation
from warmline.dialogue import decisions as d
from warmline.dialogue.feeling import Acknowledgement, name_amount
from warmline.dialogue.first_step import first_step, opening_words
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, Line
from warmline.dialogue.wording import reword
from warmline.kit.i18n import Words
from warmline.knowledge.service import Hit, KnowledgeSearch
from warmline.language.service import TurnHelp

MOST_CHOICES = 8
"""Longer lists are not shown as buttons."""


@dataclass(frozen=True, slots=True)
class Brand:
    """The names the assistant uses of itself and of the bank, by language."""

    bank: dict[str, str]
    assistant: dict[str, str]


class Responder:
    """Says what was decided."""

    def __init__(self, search: KnowledgeSearch, words: Words, brand: Brand) -> None:
        self._search, self._words, self.brand = search, words, brand

    def say(self, key: str, locale: str, **values: object) -> str:
        """Return one of the assistant's own sentences."""
        assistant = self.brand.assistant.get(locale) or self.brand.assistant["zh-Hans"]
        bank = self.brand.bank.get(locale) or self.brand.bank["zh-Hans"]
        return self._words.say(key, locale, assistant=assistant, bank=bank, **values)

    async def respond(
        self, decision: d.Decision, state: Conversation, locale: str, help: TurnHelp | None = None
    ) -> tuple[c.Say, ...]:
        """Return the messages that a decision is said with; `help` may say an answer more gently."""
        match decision:
            case d.Answer():
                said = await self._answer(decision, state, locale, help)
                return (*said, *self._back(decision.back, locale))
            case d.Clarify(article_ids=article_ids, back=back):
                choices = await self.choices(article_ids, state, locale)
                key = "clarify" if len(choices) > 1 else "clarify_one"
                return (c.Say(self.say(key, locale), choices, offer_human=True), *self._back(back, locale))
            case d.Several(moves=moves, back=back):
                return (*await self._answer_each(moves, state, locale), *self._back(back, locale))
            case d.OfferHuman(say=say, article_ids=article_ids):
                choices = await self.choices(article_ids, state, locale) if say == "not_known" else ()
                key = "not_known_near" if choices else say
                return (c.Say(self.say(key, locale), choices, offer_human=True),)
            case d.Continue(lines=lines, say=say, offer_human=offer):
                asked = self._ask(decision.asks, locale, tried=decision.tried)
                said = await self._in_turn(lines, say, asked, state, locale, offer=offer)
                return (*said, *self._offer(decision, locale))
            case d.Close(lines=lines, say=say, offer_human=offer):
                asked = self._ask(decision.asks, locale)
                said = await self._in_turn(lines, say, asked, state, locale, offer=offer)
                return (*said, *self._offer(decision, locale))
            case d.Refuse(say=say):
                return (c.Say(self.say(say, locale)),)
            case d.HandOff(lines=lines, say=say):
                return await self._in_turn(lines, say or "", None, state, locale)
            case d.Act():
                raise AssertionError("an act is carried out before anything is said")

    async def _in_turn(
        self, lines: Sequence[Line], say: str, asked: c.Say | None, state: Conversation, locale: str, *,
        offer: bool = False,
    ) -> tuple[c.Say, ...]:  # fmt: skip
        """Say lines, a sentence and a question in one message; of an article that is cited its opening words."""
        parts: list[str] = []
        sources: list[Source] = []
        for line in lines:
            parts.append(self.say(line.key, locale, said=line.said) if line.key else line.text)
            hits = await self.hits((line.article_id,), state, locale) if line.article_id else {}
            parts += [opening_words(hit.answer) for hit in hits.values()]
            sources += [source_of(hit) for hit in hits.values()]
        parts += [self.say(say, locale)] if say else []
        if asked is None and not parts:
            return ()
        whole = replace(asked, text="\n\n".join([*parts, asked.text])) if asked else c.Say("\n\n".join(parts))
        return (replace(whole, sources=tuple(sources), offer_human=offer),)

    def _ask(self, asks: AskSlot | AskAgreement | None, locale: str, *, tried: int = 0) -> c.Say | None:
        match asks:
            case None:
                return None
            case AskAgreement(text=text):
                return c.Say(text, self._yes_no(locale))
            case AskSlot(slot=slot, shown=shown):
                text = asks.again if tried else asks.text
                few = shown if len(shown) <= MOST_CHOICES else ()
                choices = tuple(Choice(text=one.label) for one in few)
                return c.Say(text, self._yes_no(locale) if slot.type == "yes_no" else choices)

    def _yes_no(self, locale: str) -> tuple[Choice, ...]:
        return tuple(Choice(text=self.say(key, locale)) for key in ("yes_label", "no_label"))

    def _back(self, back: AskSlot | AskAgreement | None, locale: str) -> tuple[c.Say, ...]:
        """Come back to a flow's question after something else was answered."""
        asked = self._ask(back, locale)
        return (replace(asked, text=f"{self.say('back_to_flow', locale)}{asked.text}"),) if asked else ()

    async def _answer(
        self, decision: d.Answer, state: Conversation, locale: str, help: TurnHelp | None
    ) -> tuple[c.Say, ...]:
        hits = await self.hits((decision.article_id,), state, locale)
        if decision.article_id not in hits:
            return (c.Say(self.say("not_known", locale), offer_human=True),)
        hit = hits[decision.article_id]
        parts = [self.say("again", locale)] if decision.again else []
        parts.append(await reword(help, hit.answer, decision, locale, elder=state.elder))
        if decision.senior:
            parts.append(self.say("senior_offer", locale))
        offer = decision.again or decision.senior
        answer = c.Say("\n\n".join(parts), sources=(source_of(hit),), offer_human=offer)
        return (answer, *self._offer(decision, locale))

    def _offer(self, decision: d.Answer | d.Close | d.Continue, locale: str) -> tuple[c.Say, ...]:
        """Ask whether a flow shall begin."""
        also = decision.also if isinstance(decision, d.Close) else ""
        question = self.say("offer_also", locale, title=also) if also else decision.offer
        question = question or self.say("offer_flow", locale)
        human = isinstance(decision, d.Continue) and decision.offer_human
        return (c.Say(question, self._yes_no(locale), offer_human=human),) if decision.offers else ()

    async def _answer_each(
        self, moves: Sequence[d.Answer | d.Clarify], state: Conversation, locale: str
    ) -> tuple[c.Say, ...]:
        """Say to each of several questions what there is to say, the way to a person below the last."""
        said: list[c.Say] = []
        for n, move in enumerate(moves, 1):
            (say,) = await self.respond(move, state, locale)
            said.append(replace(say, text=f"{self.say(f'part_{n}', locale)}\n\n{say.text}", offer_human=False))
        offer = any(isinstance(move, d.Clarify) or move.again for move in moves)
        return (*said[:-1], replace(said[-1], offer_human=offer))

    def comfort(
        self, comfort: Acknowledgement, say: tuple[c.Say, ...], said: str, locale: str, recalled: str = ""
    ) -> tuple[c.Say, ...]:
        """Put the sentences of comfort, and what is said of earlier contacts, before the first message, or alone."""
        money = name_amount(said) or self.say("money", locale)
        parts = [*(self.say(key, locale, money=money) for key in comfort.say), *([recalled] if recalled else [])]
        text = (" " if locale == "en" else "").join(parts)
        if not say:
            return (c.Say(text),)
        return (replace(say[0], text=f"{text}\n\n{say[0].text}"), *say[1:])

    async def first_step(
        self, article_id: str | None, state: Conversation, locale: str, key: str = "first_step"
    ) -> tuple[c.Say, ...]:
        """Say what to do now, in the words of the article; nothing where there is none."""
        hits = await self.hits((article_id,), state, locale) if article_id else {}
        return tuple(
            c.Say(f"{self.say(key, locale)}\n\n{first_step(hit.answer)}", sources=(source_of(hit),))
            for hit in hits.values()
        )

    async def choices(self, article_ids: Sequence[str], state: Conversation, locale: str) -> tuple[Choice, ...]:
        """Return the readings to choose from."""
        hits = await self.hits(article_ids, state, locale)
        return tuple(Choice(text=hits[i].question, article_id=i) for i in article_ids if i in hits)

    async def hits(self, article_ids: Sequence[str], state: Conversation, locale: str) -> dict[str, Hit]:
        """Return the articles as this customer reads them."""
        audience = "elder" if state.elder else None
        return await self._search.answers(article_ids, locale=locale, channel=state.channel, audience=audience)


def source_of(hit: Hit) -> Source:
    """Return what is cited of an article."""
    return Source(article_id=hit.article_id, question=hit.question, version=hit.version)
