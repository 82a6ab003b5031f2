"""stub"""
from dataclasses import dataclass
from enum import StrEnum
class Marker(StrEnum):
    HUMAN="human"; GREETING="greeting"; THANKS="thanks"; GOODBYE="goodbye"; ROBOT="robot"; EMPTY="empty"; EMOJI="emoji"; INJECTION="injection"; ABUSE="abuse"; TOO_LONG="too_long"; AFFIRM="affirm"; DENY="deny"; DISTRESS="distress"
@dataclass(frozen=True)
class Markers:
    kinds: frozenset
    only: Marker|None=None
    def has(self,m): return m in self.kinds
def find_markers(text):
    k=set(); o=None
    if "人工" in text or "human" in text: k.add(Marker.HUMAN)
    if not text.strip(): k.add(Marker.EMPTY); o=Marker.EMPTY
    if text.strip() in ("你好","您好","hello"): o=Marker.GREETING
    return Markers(frozenset(k),o)
