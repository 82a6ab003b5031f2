"""What a language model may cost in a day. Pure but for the file the count is kept in."""

from __future__ import annotations

import json
import math
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path


def count_tokens(text: str) -> int:
    """Return about how many tokens a text is, rather too many: a Chinese character or three letters are one."""
    return math.ceil(len(text.encode()) / 3)


def tokens_for(money: float, price: float) -> int | None:
    """Return how many tokens `money` buys at `price` a million; None where nothing is charged or no sum is set."""
    return int(money / price * 1_000_000) if money > 0 and price > 0 else None


@dataclass(slots=True)
class Spent:
    """Tokens of a day (UTC); `held` is set aside for calls under way."""

    day: date
    tokens: int = 0
    held: int = 0


class Budget:
    """At most `limit` tokens a day, calls under way included. The count outlives the process in `path`."""

    def __init__(self, limit: int, path: Path | None = None) -> None:
        self._limit, self._path = limit, path
        self._spent = Spent(date.min)

    def hold(self, tokens: int, today: date) -> bool:
        """Set tokens aside for a call; False when the day's budget does not reach for it."""
        self._turn_to(today)
        if self._spent.tokens + self._spent.held + tokens > self._limit:
            return False
        self._spent.held += tokens
        return True

    def settle(self, held: int, used: int, today: date) -> None:
        """Count what a call used, which may be more than was held for it when the other side breaks its word."""
        self._turn_to(today)
        self._spent.held = max(0, self._spent.held - held)
        self._spent.tokens += used
        self._write()

    def spent(self, today: date) -> int:
        """Return the tokens counted today."""
        self._turn_to(today)
        return self._spent.tokens

    def _turn_to(self, today: date) -> None:
        if self._spent.day != today:
            held = self._spent.held
            self._spent = Spent(today, self._read(today), held)

    def _read(self, today: date) -> int:
        if self._path is None:
            return 0
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            if kept["day"] == today.isoformat():
                return max(0, int(kept["tokens"]))
        return 0

    def _write(self) -> None:
        """Keep the count; what cannot be written is counted in memory all the same."""
        if self._path is None:
            return
        half = self._path.with_suffix(".half")
        with suppress(OSError):
            half.write_text(json.dumps({"day": self._spent.day.isoformat(), "tokens": self._spent.tokens}))
            os.replace(half, self._path)
