"""Several questions in one message, and a question that leans on the one before it. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from warmline.dialogue.readings import shows
from warmline.knowledge.calibration import Release, ReleaseKind, ReleasePolicy
from warmline.knowledge.search import Candidate
from warmline.language.service import Marker, asks, find_markers, normalise, words

PRESSING = frozenset({Marker.FRAUD, Marker.CARD_STOLEN, Marker.CARD_LOST, Marker.CARD_KEPT, Marker.MONEY_KEPT})
"""Trouble that asks for help without a question, and comes before other questions."""
MOST_QUESTIONS = 3
"""More in one message are read as one: nobody follows four answers at once."""
READ_LIMIT = 300
"""A message longer than this is a story, and is read as one."""
CARRY_LIMIT = 120
"""So much of what was asked before is carried along, in characters."""

_HAN = r"[\u3400-\u9fff]"
_CLAUSE = re.compile(
    rf"(?<=[？?！!。；;，,\n])\s*|(?<=\.)\s+|(?<={_HAN})\s+(?={_HAN})"
    r"|(?=另外|还有|還有|顺便|順便|以及)"
    r"|\s+(?=(?:and|also|plus)\s+(?:how|what|when|where|why|which|who|can|could|do|does|is|are|will)\b)",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"^(?:那|"
    r"然后|然後|换成|換成|如果|要是)|呢[?？!！。~\s]*$|"
    r"^(?:and|but|then|what about|how about|what if)\b",
    re.IGNORECASE,
)
_AROUND = re.compile(r"^(?:那么|那|然后|换成|换|如果是|要是)|[呢?!。~\s]+$")
"""What stands about a name in a question that leans, normalised."""
_NAME = re.compile(rf"(?=.*{_HAN}$)(?:{_HAN}|[a-z]){{2,8}}")
_PRONOUN = re.compile(r"\b(?:it|that|this|them|those|one)\b", re.IGNORECASE)
_WORD = re.compile(rf"{_HAN}|[a-z0-9']+", re.IGNORECASE)
_MATTERS = re.compile(
    r"[，,。.；;！!？?\s]*(?:另外|还有|還有|顺便|順便|顺手|順手|以及|同时|同時|再帮我|再幫我|还要|還要|"
    r"然后|然後|之后再|之後再|完了?再|(?<=[，,。 ])再(?=[把给給帮幫约約查改])|"
    r"\b(?:and (?=(?:also|then|could|can|please|i|where|what|how|when|did|do|does|is|has|have|are|will)\b)|"
    r"also\b|plus\b))",
    re.IGNORECASE,
)
"""What joins two matters; a comma alone goes on telling of one."""
_TWO_THINGS = re.compile(
    r"[两兩二2倆俩](?:件|个|個|桩|樁)?(?:事|事情|问题|問題)|(?:^|[ ，。：哈])1[^\d]{4,60}[ ，。；]2(?=\D)"
    r"|\b(?:two|couple of) (?:things|questions|matters)\b",
    re.IGNORECASE,
)
_NUMBERED = r"(?:^|(?<=[ ，。：；哈]))[12](?=[^\d期号日月点年天万千百块元个张])"
_ALL_MATTERS = re.compile(rf"{_MATTERS.pattern}|{_NUMBERED}|[，,。.；;！!？?：:、]+|\band\b", re.IGNORECASE)
LEAST_MATTER, MOST_MATTERS = 3, 6
"""A matter is named in so many words, characters in Chinese; in so many parts a message is looked at."""
FRAGMENT, SHORT = 4, 8
"""Characters of Chinese, an English word being two: a message this short names no subject; a question within a message
may be longer. As many words may stand about an English pronoun."""

CANDIDATES = 25
"""So many articles are found: what a question that leans turns to may be far down by itself."""
RISES_TO_ANSWER, RISES_TO_READ = 4.0, 1.5
"""So many times likelier the added words must make an article for it to be answered with, or offered."""
SHARPER = 0.95
"""Chances that two signs agree on are sharper than one sign's: so much of the threshold is enough."""
TOGETHER = 0.01
"""So likely by both together an article must be to be answered with."""
NAMED, NAMING = 0.01, {"meaning": 0.36, "wording": 0.37}
"""So likely by the added words alone, the article that answered the question before is named by them; another is by
twice that, and one of these signs: 那天气呢 and 真的吗 name nothing."""
AGAIN = 0.02
"""How likely, next to any other, the article is that answered the question before."""
UNSEEN, UNSEEN_BEFORE = 1e-3, 1e-4
"""The chance of an article that was not found by the added words, or by the question before. All these on sixty
follow-ups, seen with forty others: docs/benchmarks.md."""


def split_questions(text: str) -> tuple[str, ...]:
    """Return the questions of a message, each with what was said before it; one where there are not two or three.

    What follows the last question belongs to none of them, unless it tells of trouble: that asks for help.
    """
    if len(text) > READ_LIMIT:
        return (text,)
    questions, before = [], ""
    for clause in _clauses(text):
        before = f"{before} {clause}" if before else clause
        if asks(clause):
            questions.append(before.strip("，,。；; "))
            before = ""
    if before and tells(before, PRESSING):
        questions.append(before.strip("，,。；; "))
    return tuple(questions) if 1 < len(questions) <= MOST_QUESTIONS else (text,)


def split_matters(text: str) -> tuple[str, ...]:
    """Return the parts of a message that may be about two matters; none where it has one part, or is a story."""
    cut = _ALL_MATTERS if _TWO_THINGS.search(text) else _MATTERS
    parts = [one for one in cut.split(text) if len(_WORD.findall(one)) >= LEAST_MATTER]
    return tuple(parts) if 1 < len(parts) <= MOST_MATTERS and len(text) <= READ_LIMIT else ()


def _clauses(text: str) -> list[str]:
    return [one.strip() for one in _CLAUSE.split(text) if one and one.strip()]


def tells(text: str, of: Collection[Marker]) -> bool:
    """Tell whether words tell of one of these."""
    return not find_markers(text).kinds.isdisjoint(of)


def words_telling(text: str, of: Collection[Marker]) -> str:
    """Return the clauses of a message that tell of one of these, all of it where none does by itself."""
    return " ".join(clause for clause in _clauses(text) if tells(clause, of)) or text


def leans(text: str, *, within: bool = False) -> bool:
    """Tell whether a question leans on the one before it; `within` the same message a longer one does, too."""
    words = _WORD.findall(text)
    if len(words) > 1 and 2 * len(set(words)) <= len(words):
        return False  # 啦啦啦 asks nothing
    size = sum(2 if word.isascii() else 1 for word in words)
    if _CUE.search(text.strip()) or size <= (SHORT if within else FRAGMENT):
        return True
    return len(words) <= SHORT and bool(_PRONOUN.search(text))


def points_back(text: str) -> bool:
    """Tell whether words take up what was said before, as 那…, …呢 do; a short text alone does not."""
    return bool(_CUE.search(text.strip()))


def carry(before: str | None, text: str) -> str:
    """Put what was asked before in front of a question that leans on it."""
    joined = f"{before}，{text}" if before else text
    return joined if len(joined) <= CARRY_LIMIT else text


def swap(before: str, text: str) -> str | None:
    """Ask the question before of what a question that leans names; None where it named nothing of the same kind.

    Of one kind are words that end alike: after 储蓄卡丢了补卡多少钱, 信用卡呢 asks 信用卡丢了补卡多少钱.
    """
    asked, named = normalise(before), _AROUND.sub("", normalise(text))
    if not _NAME.fullmatch(named) or named in asked or asks(named):
        return None
    alike = [word for word in words(asked) if len(word) > 1 and word[-1] == named[-1]]
    if not alike:
        return None
    return asked.replace(min(alike, key=lambda word: abs(len(word) - len(named))), named, 1)


def resolve(
    policy: ReleasePolicy, alone: Sequence[Candidate], before: Sequence[Candidate], joined: Sequence[Candidate]
) -> tuple[Release, Sequence[Candidate]]:
    """Decide on a question that leans: by itself, or together with what it leans on; return the articles weighed, too.

    Together it is known where the two are as one question, and where the one before is known and the added words made
    one article many times likelier. What they only made somewhat likelier is offered as a reading, and so is the
    article that answers the question before where they name it, for they may want another line of it. Where neither is
    released both readings count alike.
    """
    found, whole = policy.release(alone), policy.release(joined)
    if found.kind is ReleaseKind.ANSWER:
        return found, alone
    own, earlier = ({one.article_id: one for one in these} for these in (alone, before))
    answered = before[0].article_id if before else ""
    if whole.kind is ReleaseKind.ANSWER and joined[0].article_id != answered:
        return replace(whole, reason="carried"), joined
    weighed = _turn_to(own, answered, joined)
    first = weighed[0].article_id if weighed else answered
    if first == answered and _score(own, first) >= NAMED:
        return _read_both(policy, alone, weighed, likely=math.inf)
    if first != answered:
        was, now = _score(earlier, first), next(one.score for one in joined if one.article_id == first)
        rests = policy.release(before).kind is ReleaseKind.ANSWER
        sure = rests and now >= max(TOGETHER, RISES_TO_ANSWER * was) and first in own and _names(own[first])
        turned = replace(policy, answer_at=policy.answer_at * SHARPER if sure else math.inf).release(weighed)
        if now >= RISES_TO_READ * max(was, UNSEEN_BEFORE) and turned.kind is not ReleaseKind.NOTHING:
            return replace(turned, reason="carried"), weighed
    if found.kind is ReleaseKind.CLARIFY:
        return found, alone
    likelier = [one for one in joined if one.score > _score(earlier, one.article_id)]
    return _read_both(policy, alone, likelier, likely=sum(one.score for one in (*alone[:1], *likelier[:1])) / 2)


def _turn_to(own: Mapping[str, Candidate], answered: str, joined: Sequence[Candidate]) -> list[Candidate]:
    """Return what a question that leans turns to, likeliest first.

    Likely is what both say: the two questions together, and the added words alone (`own`). The article that answers
    the question before is hardly asked for again.
    """
    weights = {
        one: one.score * max(_score(own, one.article_id), UNSEEN) * (AGAIN if one.article_id == answered else 1.0)
        for one in joined
    }
    total = sum(weights.values()) or 1.0
    return [replace(one, score=weights[one] / total) for one in sorted(weights, key=lambda one: -weights[one])]


def _score(known: Mapping[str, Candidate], article_id: str) -> float:
    return known[article_id].score if article_id in known else 0.0


def _names(named: Candidate) -> bool:
    """Tell whether the added words alone name this article; what no article is about names none."""
    return named.score >= 2 * NAMED and shows(named, NAMING)


def _read_both(
    policy: ReleasePolicy, one: Sequence[Candidate], two: Sequence[Candidate], *, likely: float
) -> tuple[Release, Sequence[Candidate]]:
    """Offer what either finds where that is `likely` enough to hold what was asked."""
    halves: dict[str, Candidate] = {}
    for candidate in (*one, *two):
        known = halves.get(candidate.article_id)
        halves[candidate.article_id] = replace(candidate, score=candidate.score / 2 + (known.score if known else 0.0))
    mixed = sorted(halves.values(), key=lambda candidate: -candidate.score)
    clarify_at = -math.inf if likely >= policy.clarify_at else math.inf
    return replace(policy, answer_at=math.inf, clarify_at=clarify_at).release(mixed), mixed


def tell_apart(whole: Release, questions: Sequence[str], parts: Sequence[Release]) -> tuple[Release, ...]:
    """Return what is said to each question of a message; nothing where the message is better taken as one.

    It is several when at least two questions lead to different articles; what presses comes first. Where the message
    is answered as a whole, readings count only of a question with a subject of its own that the answer does not meet.
    """
    answered = whole.article_ids if whole.kind is ReleaseKind.ANSWER else ()
    found: dict[str, Release] = {}
    by_need = sorted(zip(questions, parts, strict=True), key=lambda asked: not tells(asked[0], PRESSING))
    for question, part in by_need:
        vague = answered and (leans(question, within=True) or not set(answered).isdisjoint(part.article_ids))
        if part.kind is ReleaseKind.ANSWER or (part.kind is ReleaseKind.CLARIFY and not vague):
            found.setdefault(part.article_ids[0], part)
    if len(found) == 1 and answered and answered[0] not in found:
        return (whole, *found.values())
    return tuple(found.values()) if len(found) > 1 else ()
