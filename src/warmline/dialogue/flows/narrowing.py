"""Of several values that fit an answer, the one that is meant. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from warmline.dialogue.flows.engine import AskSlot, Shown
from warmline.dialogue.flows.values import read_slot
from warmline.language import service as lang

_ANY = re.compile(
    r"随便(?:哪)?(?:一)?[个张笔家天次]?|任意一?[个张笔家]?|无所谓|哪[一个张笔家天次]{1,2}都(?:行|可以|一样|成)|(?:^|[,。])都(?:行|可以)$|边个都得|"
    r"\b(?:whichever|any(?: one)?(?: of (?:them|those))?|either(?: one)?|doesn'?t matter|don'?t mind)\b"
)
_WHICH = re.compile(
    r"有(?:哪|几)(?:些|几|种|个|样|款)?.{0,6}(?:选|挑|拣|可以|能)|(?:怎么|点)[选拣]|"
    r"\bwhat (?:are|'re) (?:my|the) (?:choices|options)|\bwhich (?:ones?|options?) (?:are|do)\b"
)
"""Asks what there is to choose from."""
_INSTEAD = re.compile(r"还是|還是|不如|要不|那就|改|\b(?:rather|make it|no,)")
_TURNED_DOWN = re.compile(
    r"[不没唔]开|关门|休息|约满|太|嫌|有点[多少高贵长短]|[多少高低贵长短](?:了|咗)|不够|唔够|算了|不行|不好|"
    r"\btoo (?:much|many|long|short|little)\b"
)
_TO_BEGIN = re.compile(r"先(?:来|弄|冻|办|查|看|要|搞|处理|说|登记|停)?(?P<which>[^先]{2,20})$")
_PLACE = re.compile(r"(?P<which>第[一二三四五六1-6][个笔张条])")
CLAUSE = re.compile(r"[,，。…;；!！]+|(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")


def asks_which(text: str) -> bool:
    """Tell whether words ask what there is to choose from."""
    return bool(_WHICH.search(lang.normalise(text)))


def narrow(text: str, found: tuple[Shown, ...], asked: AskSlot, now: datetime) -> tuple[Shown, ...]:
    """Return the one of those found that is meant; all of them where that stays open."""
    if asked.slot.type == "option" and _ANY.search(lang.normalise(text)):
        found = _read_any(text, asked, now) or found
    if len(found) > 1 and not asked.slot.items:
        found = _read_rather(text, asked, now) or found
    return (_read_first_of(text, found, asked, now) or found) if len(found) > 1 else found


def _read_first_of(text: str, found: tuple[Shown, ...], asked: AskSlot, now: datetime) -> tuple[Shown, ...]:
    """Of several that fit, return the one to begin with (都冻，先冻6615那张) or by its place (第二个1288)."""
    said = lang.normalise(text)
    named = [part["which"] for part in (_TO_BEGIN.search(said), _PLACE.search(said)) if part]
    clauses = CLAUSE.split(said) if asked.slot.items else []
    for part in (*named, *(clauses if len(clauses) > 1 else ())):
        picked = read_slot(part, asked.slot, found, now, asked=True)
        if len(picked) == 1:
            return picked
    return ()


def _read_rather(text: str, asked: AskSlot, now: datetime) -> tuple[Shown, ...]:
    """Return the value of the last clause where the words before it turn one down: 三期太辣，六期好喇."""
    *before, last = [one for one in CLAUSE.split(text) if one.strip()] or [""]
    turned_down = any(_TURNED_DOWN.search(lang.normalise(one)) for one in before) or _INSTEAD.match(last.strip())
    return read_slot(last, asked.slot, asked.shown, now, asked=True) if turned_down else ()


def _read_any(text: str, asked: AskSlot, now: datetime) -> tuple[Shown, ...]:
    """Return the first of what the rest of the words fits, for who does not mind which; of all where there is none."""
    rest = _ANY.sub(" ", lang.normalise(text)).strip(" ,。.")
    fits = read_slot(rest, asked.slot, asked.shown, now, asked=True) if len(rest) > 1 else asked.shown
    return fits[:1]
