"""Articles: what they hold, which words answer whom, and when they may be published. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from warmline.language.service import strip_hidden, to_simplified

ZH_HANS, ZH_HANT, EN = "zh-Hans", "zh-Hant", "en"
LANGS = (ZH_HANS, ZH_HANT, EN)
LOCALES = (ZH_HANS, ZH_HANT, "zh-Hant-TW", "zh-Hant-HK", EN)
CHANNELS = ("web", "app", "wechat", "sms", "mail", "api", "voice")
AUDIENCES = ("elder",)
ID_REGEX = r"^\w[\w-]{0,79}$"
ID_PATTERN = re.compile(ID_REGEX)
QUESTION_LIMIT, ANSWER_LIMIT, SIMILAR_LIMIT, NAME_LIMIT = 300, 10_000, 300, 120
"""Characters of a question, of an answer, of a category or owner; similar questions of one text."""

_FALLBACKS = {ZH_HANS: (ZH_HANS, ZH_HANT, EN), ZH_HANT: (ZH_HANT, ZH_HANS, EN), EN: (EN, ZH_HANS, ZH_HANT)}
_SPACE_RE = re.compile(r"\s+")
_BLANK_LINES_RE = re.compile(r"\n{3,}")
_SIMPLIFIED_TAGS = frozenset({"zh", "cn", "zh-cn", "zh-sg", "zh-hans", "zh-hans-cn"})
_TRADITIONAL_TAGS = frozenset({"tw", "hk", "zh-tw", "zh-hk", "zh-mo", "zh-hant", "zh-hant-tw", "zh-hant-hk"})


class Status(StrEnum):
    """`draft`: never answered a customer; `published`: answers; `retired`: answers no longer."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True)
class Text:
    """One language of an article. `reviewed` matters for zh-Hant: an unreviewed one yields to conversion."""

    lang: str
    question: str
    similar: tuple[str, ...] = ()
    answer: str = ""
    reviewed: bool = True


@dataclass(frozen=True)
class Variant:
    """Another answer in `lang` for a channel, an audience or both."""

    answer: str
    lang: str = ZH_HANS
    channel: str | None = None
    audience: str | None = None


@dataclass(frozen=True)
class Content:
    """What a version of an article says. Dates are days of the bank's calendar, both inclusive."""

    texts: tuple[Text, ...]
    variants: tuple[Variant, ...] = ()
    category: str = ""
    owner: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def text(self, lang: str) -> Text | None:
        """The text in exactly this language."""
        return next((t for t in self.texts if t.lang == lang), None)

    @property
    def main(self) -> Text | None:
        """The text an editor sees first: Simplified, then Traditional, then English."""
        return next((t for lang in LANGS if (t := self.text(lang))), None)


@dataclass(frozen=True)
class Article:
    """An article with its newest version; that is a draft where `version` is not `published_version`."""

    id: str
    status: Status
    version: int
    published_version: int | None
    revision: int
    content: Content
    created_at: datetime
    updated_at: datetime
    updated_by: str

    @property
    def has_draft(self) -> bool:
        """Whether the newest version has not been published."""
        return self.version != self.published_version


@dataclass(frozen=True)
class ArticleVersion:
    """A version as it was; `published_at` is None while it never answered a customer."""

    article_id: str
    version: int
    content: Content
    created_at: datetime
    created_by: str
    published_at: datetime | None


@dataclass(frozen=True)
class Published:
    """The version that answers customers."""

    id: str
    version: int
    content: Content


@dataclass(frozen=True)
class Answer:
    """Words for one customer. `converted`: made from Simplified; `fallback`: in another language."""

    question: str
    answer: str
    locale: str
    channel: str | None = None
    audience: str | None = None
    converted: bool = False
    reviewed: bool = True
    fallback: bool = False


@dataclass(frozen=True)
class Problem:
    """Why content is refused: a stable code, the field, the language, and the numbers of the sentence."""

    code: str
    field: str
    lang: str | None = None
    limit: int | None = None


ToTraditional = Callable[[str, str], str]
"""Simplified text and a locale (`zh-Hant`, `zh-Hant-TW`, `zh-Hant-HK`) to Traditional text."""


def parse_locale(tag: str) -> str | None:
    """The locale meant by a language tag such as `zh_TW`, `zh-CN` or `en-GB`; None for other languages."""
    low = tag.strip().replace("_", "-").lower()
    if low in _SIMPLIFIED_TAGS:
        return ZH_HANS
    if low in _TRADITIONAL_TAGS:
        return "zh-Hant-HK" if low.endswith(("hk", "mo")) else "zh-Hant-TW" if low.endswith("tw") else ZH_HANT
    return EN if low == "en" or low.startswith("en-") else None


def language_of(locale: str) -> str:
    """The article language of a locale: `zh-Hant-HK` → `zh-Hant`; unknown ones read as zh-Hans."""
    known = parse_locale(locale) or ZH_HANS
    return ZH_HANT if known.startswith(ZH_HANT) else known


def choose_answer(
    content: Content,
    locale: str,
    *,
    channel: str | None = None,
    audience: str | None = None,
    to_traditional: ToTraditional,
) -> Answer | None:
    """The words for this customer: language first, then channel (weighs double), then audience."""
    lang = language_of(locale)
    text = _fitting_text(content, lang)
    if text is None:
        return None
    variant = _fitting_variant(content, _variant_langs(lang, text), channel, audience)
    words_lang, words = (variant.lang, variant.answer) if variant else (text.lang, text.answer)
    converted = lang == ZH_HANT and ZH_HANS in (words_lang, text.lang)
    return Answer(
        question=_in_script(text.question, text.lang, lang, locale, to_traditional),
        answer=_in_script(words, words_lang, lang, locale, to_traditional),
        locale=locale,
        channel=variant.channel if variant else None,
        audience=variant.audience if variant else None,
        converted=converted,
        reviewed=text.reviewed and not converted,
        fallback=(lang == EN) != (text.lang == EN),
    )


def _fitting_text(content: Content, lang: str) -> Text | None:
    told = {t.lang: t for t in content.texts if t.answer}
    order = _FALLBACKS[lang]
    own = told.get(ZH_HANT)
    if lang == ZH_HANT and own and not own.reviewed:
        order = (ZH_HANS, ZH_HANT, EN)
    return next((told[one] for one in order if one in told), None)


def _variant_langs(lang: str, text: Text) -> tuple[str, ...]:
    if lang == ZH_HANT and text.lang in (ZH_HANT, ZH_HANS):
        return (ZH_HANT, ZH_HANS)
    return (text.lang,)


def _fitting_variant(
    content: Content, langs: Sequence[str], channel: str | None, audience: str | None
) -> Variant | None:
    fitting = [
        v
        for v in content.variants
        if v.lang in langs and v.channel in (None, channel) and v.audience in (None, audience)
    ]
    return max(
        fitting,
        key=lambda v: (2 * (v.channel is not None) + (v.audience is not None), v.lang == langs[0]),
        default=None,
    )


def _in_script(words: str, source: str, lang: str, locale: str, to_traditional: ToTraditional) -> str:
    if lang == ZH_HANT and source == ZH_HANS:
        return to_traditional(words, locale)
    if lang == ZH_HANS and source == ZH_HANT:
        return to_simplified(words)
    return words


def is_valid_on(valid_from: date | None, valid_until: date | None, today: date) -> bool:
    """Whether an article with these dates answers on this day."""
    return (valid_from is None or valid_from <= today) and (valid_until is None or today <= valid_until)


def clean_line(text: str) -> str:
    """One line of text: NFC, hidden and control characters out, white space folded."""
    return _SPACE_RE.sub(" ", _strip(text)).strip()


def clean_block(text: str) -> str:
    """Markdown: NFC, hidden and control characters out, `\\n` line ends, no trailing space, no long gaps."""
    plain = _strip(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = "\n".join(line.rstrip() for line in plain.split("\n"))
    return _BLANK_LINES_RE.sub("\n\n", lines).strip()


def _strip(text: str) -> str:
    return strip_hidden(unicodedata.normalize("NFC", text), keep_emoji=True)


def tidy(content: Content) -> Content:
    """The one spelling of equal content, so that saving the same words again changes nothing."""
    order = {lang: i for i, lang in enumerate(LANGS)}
    variants = (replace(v, answer=clean_block(v.answer)) for v in content.variants)
    return replace(
        content,
        category=clean_line(content.category),
        owner=clean_line(content.owner),
        texts=tuple(sorted(map(_tidy_text, content.texts), key=lambda t: order.get(t.lang, 9))),
        variants=tuple(sorted(variants, key=lambda v: (order.get(v.lang, 9), v.channel or "", v.audience or ""))),
    )


def _tidy_text(text: Text) -> Text:
    question = clean_line(text.question)
    similar = dict.fromkeys(line for s in text.similar if (line := clean_line(s)) and line != question)
    return Text(
        lang=text.lang,
        question=question,
        similar=tuple(similar),
        answer=clean_block(text.answer),
        reviewed=text.reviewed or text.lang != ZH_HANT,
    )


def settle_reviews(old: Content, new: Content) -> Content:
    """A Traditional text left as it was while the Simplified one changed needs its review anew."""
    was, now = old.text(ZH_HANT), new.text(ZH_HANT)
    if now is None or now != was or old.text(ZH_HANS) == new.text(ZH_HANS):
        return new
    texts = tuple(replace(t, reviewed=False) if t.lang == ZH_HANT else t for t in new.texts)
    return replace(new, texts=texts)


def draft_problems(content: Content) -> tuple[Problem, ...]:
    """What even a draft may not have; empty when it may be saved. Expects tidy content."""
    found = [p for t in content.texts for p in _text_problems(t)]
    found += [p for v in content.variants for p in _variant_problems(v)]
    langs = [t.lang for t in content.texts]
    found += [Problem("language_twice", "lang", lang) for lang in sorted({x for x in langs if langs.count(x) > 1})]
    scopes = [(v.lang, v.channel, v.audience) for v in content.variants]
    found += [Problem("variant_twice", "variants", s[0]) for s in dict.fromkeys(scopes) if scopes.count(s) > 1]
    for name in ("category", "owner"):
        if len(getattr(content, name)) > NAME_LIMIT:
            found.append(Problem("too_long", name, limit=NAME_LIMIT))
    if content.valid_from and content.valid_until and content.valid_until < content.valid_from:
        found.append(Problem("dates_reversed", "valid_until"))
    return tuple(found)


def publish_problems(content: Content, today: date) -> tuple[Problem, ...]:
    """Why this content may not go live on this day; empty when it may."""
    found = list(draft_problems(content))
    if not content.texts:
        found.append(Problem("no_text", "texts"))
    for text in content.texts:
        if not text.question:
            found.append(Problem("no_question", "question", text.lang))
        if not text.answer:
            found.append(Problem("no_answer", "answer", text.lang))
    if content.valid_until and content.valid_until < today:
        found.append(Problem("already_expired", "valid_until"))
    return tuple(found)


def _text_problems(text: Text) -> list[Problem]:
    found = [] if text.lang in LANGS else [Problem("unknown_language", "lang", text.lang)]
    if len(text.question) > QUESTION_LIMIT:
        found.append(Problem("too_long", "question", text.lang, QUESTION_LIMIT))
    if any(len(s) > QUESTION_LIMIT for s in text.similar):
        found.append(Problem("too_long", "similar", text.lang, QUESTION_LIMIT))
    if len(text.similar) > SIMILAR_LIMIT:
        found.append(Problem("too_many", "similar", text.lang, SIMILAR_LIMIT))
    if len(text.answer) > ANSWER_LIMIT:
        found.append(Problem("too_long", "answer", text.lang, ANSWER_LIMIT))
    return found


def _variant_problems(variant: Variant) -> list[Problem]:
    found = [] if variant.lang in LANGS else [Problem("unknown_language", "variants", variant.lang)]
    if not variant.answer:
        found.append(Problem("no_answer", "variants", variant.lang))
    if len(variant.answer) > ANSWER_LIMIT:
        found.append(Problem("too_long", "variants", variant.lang, ANSWER_LIMIT))
    if variant.channel is None and variant.audience is None:
        found.append(Problem("variant_for_nobody", "variants", variant.lang))
    if len(variant.channel or "") > NAME_LIMIT or len(variant.audience or "") > NAME_LIMIT:
        found.append(Problem("too_long", "variants", variant.lang, NAME_LIMIT))
    return found


def next_version(article: Article) -> int:
    """The number an edit is saved under: the draft's own, or one more than what was published."""
    return article.version if article.has_draft else article.version + 1
