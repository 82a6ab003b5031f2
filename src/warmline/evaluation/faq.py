"""`warmline eval faq`: the live article search and its calibrated release, on articles and questions from files."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from warmline.evaluation.rows import BadInput, Console, id_of, label_of, read_rows, text_of, texts_of
from warmline.knowledge.calibration import (
    FROM_LOGS,
    Calibration,
    ReleaseKind,
    calibrate,
    measure_outcomes,
    upper_bound,
)
from warmline.knowledge.search import ArticleIndex, ArticleTexts, Candidate
from warmline.language.ports import TextEmbedder

_RANKS = 20


def evaluate_faq(
    articles: Sequence[str],
    queries: Sequence[str],
    embedder: TextEmbedder,
    console: Console,
    target_error: float = 0.02,
    log: Sequence[str] = (),
) -> dict[str, Any]:
    """Index the articles, calibrate on a log of labelled questions or on their own similar ones, ask the queries."""
    asked = read_rows(queries, parse_question, console)
    logged = read_rows(log, parse_question, console) if log else []
    index = _indexed(articles, embedder, console)
    if logged:
        console.say(f"calibrating on {len(logged)} logged questions …")
        calibration = calibrate(measure_outcomes(index, logged), target_error, source=FROM_LOGS)
    else:
        console.say("calibrating on similar questions …")
        calibration = calibrate(index.held_out_outcomes(), target_error)
    started = time.perf_counter()
    found = []
    for number, (text, _) in enumerate(asked):
        found.append(index.search(text, limit=_RANKS))
        if number % 200 == 0:
            console.say(f"asked {number}/{len(asked)}")
    each = (time.perf_counter() - started) / len(asked)
    released = [calibration.policy.release(c) for c in found]
    answered = [r.kind == ReleaseKind.ANSWER for r in released]
    wrong = sum(a and r.article_ids[0] != g for a, r, (_, g) in zip(answered, released, asked, strict=True))
    figures = {
        **_ranking([(c, g) for c, (_, g) in zip(found, asked, strict=True) if g is not None]),
        "target_error": target_error,
        "coverage": round(sum(answered) / len(asked), 5),
        "measured_error": round(wrong / sum(answered), 5) if any(answered) else 0.0,
        "error_upper_95": round(upper_bound(wrong, sum(answered)), 5),
    }
    return {"task": "faq", "n": len(asked), "ms_per_query": round(each * 1000, 3), **figures, **_about(calibration)}


def evaluate_held_out(
    articles: Sequence[str], asked: int, embedder: TextEmbedder, console: Console, target_error: float = 0.02
) -> dict[str, Any]:
    """Ask the articles' own similar questions, hidden a tenth at a time: at most ``asked`` of them, and every ninth
    once more with its article taken away. The hits count the former, coverage and error all; ranking and threshold
    are cross-fitted and read from these very questions, as in a bank that has no log yet."""
    index = _indexed(articles, embedder, console)
    console.say("asking similar questions that are hidden …")
    started = time.perf_counter()
    outcomes = index.held_out_outcomes(asked)
    each = (time.perf_counter() - started) / max(1, len(outcomes))
    known = [o for o in outcomes if o.known]
    if not known:
        raise BadInput("no article has a similar question")
    calibration = calibrate(outcomes, target_error)
    answered = [o for o in outcomes if o.confidence >= calibration.policy.answer_at]
    wrong = sum(not o.correct for o in answered)
    figures = {
        "hit_at_1": round(float(np.mean([o.correct for o in known])), 5),
        "hit_at_3": round(float(np.mean([o.offered for o in known])), 5),
        "target_error": target_error,
        "coverage": round(len(answered) / len(outcomes), 5),
        "measured_error": round(wrong / len(answered), 5) if answered else 0.0,
        "error_upper_95": round(upper_bound(wrong, len(answered)), 5),
    }
    return {"task": "faq", "n": len(known), "ms_per_query": round(each * 1000, 3), **figures, **_about(calibration)}


def _indexed(articles: Sequence[str], embedder: TextEmbedder, console: Console) -> ArticleIndex:
    known = _joined(read_rows(articles, parse_article, console))
    console.say(f"indexing {len(known)} articles …")
    return ArticleIndex.build(known, embedder)


def _about(calibration: Calibration) -> dict[str, Any]:
    return {
        "calibration": calibration.policy.source,
        "answer_at": calibration.policy.answer_at,
        "clarify_at": calibration.policy.clarify_at,
        "curve": [vars(p) for p in calibration.curve],
    }


def parse_article(row: dict[str, Any]) -> ArticleTexts:
    """An article row: id and question are needed, similar questions and answer are not."""
    answer = row.get("answer") or ""
    if not isinstance(answer, str):
        raise ValueError("'answer' is not a text")
    return ArticleTexts(id_of(row, "id"), text_of(row, "question"), texts_of(row, "similar"), answer)


def _joined(rows: Sequence[ArticleTexts]) -> list[ArticleTexts]:
    """Rows of one id are one article in several languages, as `warmline kb export` writes them."""
    found: dict[str, ArticleTexts] = {}
    for row in rows:
        first = found.get(row.article_id)
        found[row.article_id] = replace(first, translations=(*first.translations, row)) if first else row
    return list(found.values())


def parse_question(row: dict[str, Any]) -> tuple[str, str | None]:
    """A question with the article that answers it; None where none does."""
    return text_of(row, "text"), label_of(row, "article_id")


def _ranking(pairs: Sequence[tuple[Sequence[Candidate], str]]) -> dict[str, float | None]:
    ranks = [next((i for i, c in enumerate(found, 1) if c.article_id == gold), None) for found, gold in pairs]
    if not ranks:
        return {"hit_at_1": None, "hit_at_3": None, "hit_at_5": None, "mrr": None}
    hits = {f"hit_at_{k}": round(float(np.mean([r is not None and r <= k for r in ranks])), 5) for k in (1, 3, 5)}
    return {**hits, "mrr": round(float(np.mean([1 / r if r else 0.0 for r in ranks])), 5)}
