"""Learning what begins the flows: sayings from their files, questions from the articles. Kept for the next start."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import partial
from pathlib import Path

from warmline.dialogue.flows.starts import FlowStarts, Sayings
from warmline.dialogue.flows.turn import Flows
from warmline.kit.apart import run_apart
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.service import KnowledgeSearch
from warmline.knowledge.vector_cache import PgVectorCache
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.service import (
    ErrandClassifier,
    Reply,
    embed_cached,
    keep_learnt,
    learnt_key,
    list_remarks,
    list_replies,
    read_learnt,
)

logger = logging.getLogger(__name__)

REPLIES = (Reply.CLOSING, Reply.THINKS, Reply.CANNOT, Reply.QUESTION)
"""Kinds of replies that begin nothing, whatever was said before."""
MOST_ELSEWHERE = 2_000
"""Questions on other matters that are learnt from; more make no difference and take longer."""


class StartsSchool:
    """Learns anew when another version of a flow goes live, or anything else it learns from is not what was kept."""

    def __init__(self, search: KnowledgeSearch, uow: UnitOfWork, embedder: TextEmbedder, *, folder: Path) -> None:
        self._search, self._uow, self._embedder = search, uow, embedder
        self._kept = folder / "starts"
        self._learnt: frozenset[tuple[str, int]] | None = None

    def has_new(self, flows: Flows) -> bool:
        """Tell whether these flows differ from those learnt last."""
        return frozenset(flows.live.items()) != self._learnt

    async def learn(self, flows: Flows) -> FlowStarts | None:
        """Learn from the flows and the articles as they are now; seconds, in a thread of its own."""
        sayings = await self._gather(flows)
        cache = PgVectorCache.bound(self._uow, model=self._embedder.name[:120])

        def embed(texts: Sequence[str]) -> Vectors:
            return embed_cached(self._embedder, cache, texts, is_query=True)

        work = partial(learn_or_read, self._kept, self._embedder.name, sayings, embed)
        starts = await run_apart(work, "learns what begins flows")
        self._learnt = frozenset(flows.live.items())
        return starts

    async def _gather(self, flows: Flows) -> Sayings:
        own = await self._search.questions(list(flows.starters), similar=True)
        other = sorted(one for one in self._search.article_ids if one not in flows.starters)[:MOST_ELSEWHERE]
        elsewhere = await self._search.questions(other)
        return gather(flows, own, [text for texts in elsewhere.values() for text in texts][:MOST_ELSEWHERE])


def learn_or_read(
    path: Path, model: str, sayings: Sayings, embed: Callable[[Sequence[str]], Vectors]
) -> FlowStarts | None:
    """Return what these sayings teach: as it was kept at `path`, else learnt and kept. `model`: what `embed` runs."""
    key = starts_key(model, sayings)
    kept = read_learnt(path, key)
    if kept is not None:
        with contextlib.suppress(KeyError, TypeError, ValueError):  # not what is written here: learnt, and written over
            return FlowStarts(ErrandClassifier(kept))
    starts = FlowStarts.learn(sayings, embed)
    if starts is not None:
        try:
            keep_learnt(path, key, starts.errands.arrays)
        except OSError:
            logger.exception("what begins the flows could not be kept; the next start learns it again")
    return starts


def starts_key(model: str, sayings: Sayings) -> str:
    """Return the mark of what these sayings teach, in whatever order they come."""
    return learnt_key(model, *sorted(repr(astuple(one)) for one in sayings.each()))


def gather(flows: Flows, own: dict[str, list[str]], elsewhere: Sequence[str]) -> Sayings:
    """Put together what there is to learn from; `own`: the questions of the articles that start flows."""
    live = {flow_id: flow for flow_id in flows.live if (flow := flows.find(flow_id))}
    asks: dict[str, list[str]] = {}
    for article_id, texts in own.items():
        asks.setdefault(flows.starters[article_id], []).extend(texts)
    return Sayings(
        begins={flow_id: flow.examples.list_begins() for flow_id, flow in live.items()},
        asks=asks,
        others=[text for flow in live.values() for text in flow.examples.list_others()],
        elsewhere=[*elsewhere, *list_remarks(), *list_replies(*REPLIES)],
    )
