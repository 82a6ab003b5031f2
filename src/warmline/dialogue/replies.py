"""What a short reply comes to where the rules are silent: learnt, and weighed by what was asked. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from warmline.dialogue.flows.engine import AskAgreement, AskSlot
from warmline.dialogue.flows.hear import Heard, Listening
from warmline.dialogue.flows.run import Filled
from warmline.language.service import Act, Reply, Shares, asks, names_any, normalise, read_yes_no

UNASKED, SELDOM = frozenset({Reply.OTHER, Reply.VALUE, Reply.MORE, Reply.CLOSING}), 0.6
"""Where a yes or a no was asked for, these are so much less likely than otherwise."""
AGREES, SPEAKS_AGAINST = 0.5, 0.15
"""So likely must a yes be, and a no less; a doubt or a question less than twice that. On 867 replies by another author
to a proposal 67 in 100 of the yes are heard so, and one other reply is taken for one."""
LIKELY, SURELY = 0.6, 0.7
"""So likely must anything else be."""
HALF, SOME = 0.4, 0.2
"""`SOME`: so likely must a yes be where the first words name what was asked."""
NO_YES = 0.02
"""What begins like a yes is none where less than this speaks for one: of 548 yes four in cross-validation, of 212
others that sound so 82."""
NO_WISH = 0.03
"""No wish for a person where less than this speaks for one."""
LEAST_REST = 3
"""Characters behind a question that say something."""
LEAST_NAME = 2
"""A shorter word for a deed is part of others."""
BARE_DEED = 8
"""Characters of a deed named alone."""
_THANKS = re.compile(r"谢|唔该|感恩|辛苦|劳驾|\b(?:thanks?|thank you|thx|tks|ty|cheers|ta|appreciate it|appreciated)\b")
_LATER = re.compile(
    r"再(?:等等|等一?等|看看|说吧|想想|考虑|商量|找找|来(?:办|麻烦|找|弄)?)|(?:先|再)(?:去|回)?.{0,6}找(?:一圈|找|一下|看)|想好了|改天|过两天|过几天|下次|"
    r"以后再|回头再|[迟晚][些啲点](?:再|先)|再等一?哈|先等等|等等(?:看|再)|那时候?再|等到.{1,8}再(?:说|看|算|讲)|到时候?再|"
    r"\b(?:think (?:it|about)|sleep on it|(?:another|some other) (?:time|day)|later on|(?:come|get) back to you|"
    r"let you know|wait and see)\b"
)
_UNDONE = re.compile(r"解[掉开除冻]|取消|撤[销回掉]|停(?!车)|冻|挂失|\b(?:unfreeze|unblock|undo|cancel)\b")
_CLAUSE = re.compile(r"[,，。.!！;；\s]+")
_UNDER_WAY = re.compile(r"(?:等着|急着|着急|正|在).{0,10}呢(?=[。！!~]*$)")
"""等着交钱呢 asks nothing."""
_REPLIES = (Reply.VALUE, Reply.CORRECT, Reply.CANNOT, Reply.THINKS)
_UNWANTED = (Reply.NO, Reply.THINKS, Reply.QUESTION)


def hear_reply(heard: Heard, shares: Shares, listening: Listening, text: str) -> Heard:
    """Return what was heard, with what the rules left unheard as it was learnt; a question answers nothing."""
    asked = listening.asked
    if shares and _only_sounds_like_yes(heard, shares, asked, text):
        return Heard(acts=heard.acts)
    if not shares or heard.values or heard.several or heard.yes is not None or _asks_still(text, shares):
        return heard
    if isinstance(asked, AskAgreement) or (isinstance(asked, AskSlot) and asked.slot.type == "yes_no"):
        if heard.acts - {Act.CORRECT, Act.DONE, Act.RESUME, Act.WAIT}:
            return heard
        yes = True if _begins_with_yes(text, asked, shares) else _read_agreement(shares)
        yes = False if yes is not False and _puts_off(text, shares, asked) else yes
        if yes is not None and (_undoes(text, asked) if yes else _names_deed(text, asked)):
            yes = None
        if yes is None:
            return replace(heard, acts=heard.acts | {Act.WAIT}) if weigh_up(shares)[Reply.THINKS] >= LIKELY else heard
        if isinstance(asked, AskAgreement):
            return replace(heard, yes=yes, acts=frozenset())
        return replace(heard, values={asked.name: Filled(value="yes" if yes else "no")}, acts=frozenset())
    if isinstance(asked, AskSlot) and not heard.acts and shares[Reply.CANNOT] >= LIKELY:
        return replace(heard, acts=frozenset({Act.DONT_KNOW}))
    return heard


def _only_sounds_like_yes(heard: Heard, shares: Shares, asked: AskAgreement | AskSlot | None, text: str) -> bool:
    """Tell whether words that begin like a yes go on to something that is none: right, that's less than I thought."""
    answer = heard.values.get(asked.name) if isinstance(asked, AskSlot) and asked.slot.type == "yes_no" else None
    agreed = heard.yes is True or (answer is not None and answer.value == "yes" and len(heard.values) == 1)
    told = shares[Reply.VALUE] + shares[Reply.CORRECT] if agreed else 0.0
    if not agreed or heard.corrects or asked is None or _names_deed(text, asked):
        return False
    return len(text) > BARE_DEED and shares[Reply.YES] < NO_YES and told < HALF


def _names_deed(text: str, asked: AskAgreement | AskSlot) -> bool:
    """Tell whether words name what was asked for, and do not deny it: no learnt no is one then (先别让它动了)."""
    words = asked.words if isinstance(asked, AskAgreement) else asked.slot.words
    return names_any(text, [word for word in words if len(word) > LEAST_NAME])


def _undoes(text: str, asked: AskAgreement | AskSlot) -> bool:
    """Tell whether words want undone what was asked whether to do: 把挂失解掉 is no yes to 挂失."""
    words = asked.words if isinstance(asked, AskAgreement) else asked.slot.words
    return any(one not in "".join(words).lower() for one in _UNDONE.findall(normalise(text)))


def _puts_off(text: str, shares: Shares, asked: AskAgreement | AskSlot) -> bool:
    """Tell whether words leave it for another day, which is a no for now; a moment to think is none: 稍等一下."""
    if not _LATER.search(normalise(text)) or _names_deed(text, asked):
        return False
    against = shares[Reply.NO] + shares[Reply.THINKS] + shares[Reply.CLOSING]
    return against >= SOME and shares[Reply.YES] < LIKELY if against < HALF else shares[Reply.YES] < HALF


def _asks_still(text: str, shares: Shares) -> bool:
    """Tell whether words ask something; a question that is left behind for a plain no is none: 要等一天？那算了."""
    text = _UNDER_WAY.sub("", text)
    *_, rest = re.split(r"[?？]", text)
    refused = shares[Reply.NO] >= SURELY and len(rest.strip()) > LEAST_REST and not asks(rest)
    return asks(text) and not refused


def _begins_with_yes(text: str, asked: AskAgreement | AskSlot, shares: Shares) -> bool:
    """Tell whether words name what was asked before they say why, and are no less like a yes: 追！人家等着交钱."""
    words = asked.words if isinstance(asked, AskAgreement) else asked.slot.words
    lead, *rest = _CLAUSE.split(text.strip(), maxsplit=1)
    against = sum(shares[one] for one in _UNWANTED)
    return (
        bool(rest) and shares[Reply.YES] >= SOME and against < 2 * SPEAKS_AGAINST and read_yes_no(lead, words) is True
    )


def _read_agreement(shares: Shares) -> bool | None:
    shares = weigh_up(shares)
    yes, no = shares[Reply.YES], shares[Reply.NO]
    doubt = shares[Reply.THINKS] + shares[Reply.QUESTION]
    if yes >= AGREES and no < SPEAKS_AGAINST and doubt < 2 * SPEAKS_AGAINST:
        return True
    return False if no >= LIKELY and yes < SPEAKS_AGAINST else None


def weigh_up(shares: Shares) -> Shares:
    """Return the shares as they are where a yes or a no was asked for."""
    weighed = {one: share * (SELDOM if one in UNASKED else 1.0) for one, share in shares.items()}
    total = sum(weighed.values())
    return {one: share / total for one, share in weighed.items()}


def agrees(shares: Shares, text: str) -> bool:
    """Tell whether words take up what was offered."""
    return bool(shares) and not asks(text) and _read_agreement(shares) is True


def takes_person(shares: Shares, text: str) -> bool:
    """Tell whether words take up the offer of a person: agreement, or how they want to be reached (下午打给我)."""
    return agrees(shares, text) or (bool(shares) and shares[Reply.PERSON] >= HALF)


def means_no_person(shares: Shares) -> bool:
    """Tell whether words that sound a little like a wish for a person are surely a reply to something."""
    return (
        bool(shares) and shares[Reply.PERSON] < NO_WISH and shares[Reply.OTHER] + shares[Reply.PERSON] < SPEAKS_AGAINST
    )


def is_unread_answer(shares: Shares, text: str) -> bool:
    """Tell whether words answer what was asked, though not so that it could be read: no article is looked up for it."""
    return bool(shares) and not asks(text) and shares[Reply.VALUE] + shares[Reply.YES] + shares[Reply.NO] >= SURELY


def closes(shares: Shares, text: str, *, done: bool = False) -> bool:
    """Tell whether words close what was talked about: thanks, that is all, I will wait then. They ask for nothing.

    `done`: something has just been done, so that a word of assent or of thinking it over closes as well.
    """
    if not shares or asks(text):
        return False
    acks = shares[Reply.CLOSING] + shares[Reply.YES] + shares[Reply.NO] + shares[Reply.THINKS]
    return (done or shares[Reply.CLOSING] >= 0.5) and acks >= LIKELY


def says_goodbye(shares: Shares) -> bool:
    """Tell whether words are most likely a goodbye, whatever else they sound like."""
    return bool(shares) and shares[Reply.CLOSING] >= HALF


def gives_thanks(text: str) -> bool:
    """Tell whether a word of thanks is said, alone or among others."""
    return bool(_THANKS.search(normalise(text)))


def refuses(shares: Shares, text: str) -> bool:
    """Tell whether words decline what was offered, alone or with a goodbye: no, that's all."""
    if not shares or asks(text):
        return False
    return shares[Reply.NO] >= LIKELY or (
        shares[Reply.NO] >= SOME and shares[Reply.NO] + shares[Reply.CLOSING] >= SURELY
    )


def only_remarks(shares: Shares, text: str) -> bool:
    """Tell whether words ask for nothing new: no question, and hardly a matter of its own."""
    return bool(shares) and not asks(text) and shares[Reply.OTHER] + shares[Reply.MORE] < 2 * HALF


def wants_more(shares: Shares) -> bool:
    """Tell whether the same is wanted for another one, or the other thing that was mentioned."""
    return bool(shares) and shares[Reply.MORE] >= SURELY


def only_replies(shares: Shares, text: str) -> bool:
    """Tell whether words answer or correct something, or remark on it, and begin nothing; a bare deed may (冻结)."""
    if not shares or (shares[Reply.YES] >= HALF and len(text) <= BARE_DEED):
        return False
    return shares[Reply.OTHER] + shares[Reply.MORE] < HALF or sum(shares[one] for one in _REPLIES) >= LIKELY
