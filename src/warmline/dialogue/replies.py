"""What a short reply comes to where the rules are silent: learnt, and weighed by what was asked. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from warmline.dialogue.flows.engine import AskAgreement, AskSlot
from warmline.dialogue.flows.hear import Heard, Listening
from warmline.dialogue.flows.run import Filled
from warmline.dialogue.questions import asks
from warmline.language.service import Act, Reply, Shares, read_yes_no

AGREES, REFUSES = 0.65, 0.7
"""So likely must a yes or a no be; a yes has effects, a no none."""
SPEAKS_AGAINST = 0.1
"""No yes where this much speaks for a no, or twice as much for a doubt or a question."""
LIKELY = 0.6
"""So likely must anything else be."""
HALF, SOME = 0.4, 0.2
"""`SOME`: so likely must a yes be where the first words name what was asked."""
NO_WISH = 0.03
"""No wish for a person where less than this speaks for one."""
BARE_DEED = 8
"""Characters of a deed named alone."""
_CLAUSE = re.compile(r"[,，。.!！;；\s]+")
_UNDER_WAY = re.compile(r"(?:等着|急着|着急|正|在).{0,10}呢(?=[。！!~]*$)")
"""等着交钱呢 asks nothing."""
_REPLIES = (Reply.VALUE, Reply.CORRECT, Reply.CANNOT, Reply.THINKS)
_UNWANTED = (Reply.NO, Reply.THINKS, Reply.QUESTION)


def hear_reply(heard: Heard, shares: Shares, listening: Listening, text: str) -> Heard:
    """Return what was heard, with what the rules left unheard as it was learnt; a question answers nothing."""
    asked = listening.asked
    if not shares or heard.values or heard.several or heard.yes is not None or asks(_UNDER_WAY.sub("", text)):
        return heard
    if isinstance(asked, AskAgreement) or (isinstance(asked, AskSlot) and asked.slot.type == "yes_no"):
        if heard.acts - {Act.CORRECT, Act.DONE, Act.RESUME}:
            return heard
        yes = True if _begins_with_yes(text, asked, shares) else _read_agreement(shares)
        if yes is None:
            return replace(heard, acts=heard.acts | {Act.WAIT}) if shares[Reply.THINKS] >= LIKELY else heard
        if isinstance(asked, AskAgreement):
            return replace(heard, yes=yes, acts=frozenset())
        return replace(heard, values={asked.name: Filled(value="yes" if yes else "no")}, acts=frozenset())
    if isinstance(asked, AskSlot) and not heard.acts and shares[Reply.CANNOT] >= AGREES:
        return replace(heard, acts=frozenset({Act.DONT_KNOW}))
    return heard


def _begins_with_yes(text: str, asked: AskAgreement | AskSlot, shares: Shares) -> bool:
    """Tell whether words name what was asked before they say why, and are no less like a yes: 追！人家等着交钱."""
    words = asked.words if isinstance(asked, AskAgreement) else asked.slot.words
    lead, *rest = _CLAUSE.split(text.strip(), maxsplit=1)
    against = sum(shares[one] for one in _UNWANTED)
    return (
        bool(rest) and shares[Reply.YES] >= SOME and against < 3 * SPEAKS_AGAINST and read_yes_no(lead, words) is True
    )


def _read_agreement(shares: Shares) -> bool | None:
    yes, no = shares[Reply.YES] + shares[Reply.CLOSING], shares[Reply.NO]
    doubt = shares[Reply.THINKS] + shares[Reply.QUESTION]
    if shares[Reply.YES] >= LIKELY and yes >= AGREES and no < SPEAKS_AGAINST and doubt < 2 * SPEAKS_AGAINST:
        return True
    return False if shares[Reply.NO] >= REFUSES else None


def agrees(shares: Shares, text: str) -> bool:
    """Tell whether words take up what was offered."""
    return bool(shares) and not asks(text) and _read_agreement(shares) is True


def means_no_person(shares: Shares) -> bool:
    """Tell whether words that sound a little like a wish for a person are surely a reply to something."""
    return (
        bool(shares) and shares[Reply.PERSON] < NO_WISH and shares[Reply.OTHER] + shares[Reply.PERSON] < SPEAKS_AGAINST
    )


def is_unread_answer(shares: Shares, text: str) -> bool:
    """Tell whether words answer what was asked, though not so that it could be read: no article is looked up for it."""
    return bool(shares) and not asks(text) and shares[Reply.VALUE] + shares[Reply.YES] + shares[Reply.NO] >= REFUSES


def closes(shares: Shares, text: str) -> bool:
    """Tell whether words close what was talked about: thanks, that is all, I will wait then. It asks for nothing."""
    if not shares or asks(text):
        return False
    acks = shares[Reply.CLOSING] + shares[Reply.YES] + shares[Reply.NO] + shares[Reply.THINKS]
    return shares[Reply.CLOSING] >= 0.5 and acks >= AGREES


def wants_more(shares: Shares) -> bool:
    """Tell whether the same is wanted for another one, or the other thing that was mentioned."""
    return bool(shares) and shares[Reply.MORE] >= REFUSES


def only_replies(shares: Shares, text: str) -> bool:
    """Tell whether words answer or correct something, or remark on it, and begin nothing; a bare deed may (冻结)."""
    if not shares or (shares[Reply.YES] >= HALF and len(text) <= BARE_DEED):
        return False
    return shares[Reply.OTHER] + shares[Reply.MORE] < HALF or sum(shares[one] for one in _REPLIES) >= AGREES
