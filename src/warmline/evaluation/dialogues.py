"""Dialogue rows from files, and which of them are the same dialogue at another moment."""

from collections.abc import Sequence
from typing import Any

from warmline.evaluation.rows import text_of
from warmline.language.turns import AGENT, CUSTOMER, Turn, turn_of

_WINDOW = 3
_SHORT = 8


def turns_of(row: dict[str, Any]) -> tuple[Turn, ...]:
    """The turns of a row: `{"author", "text" | "tokens"}`."""
    turns = row["turns"]
    if not isinstance(turns, list) or not turns:
        raise ValueError("'turns' is not a list of turns")
    return tuple(_turn(turn) for turn in turns)


def _turn(turn: Any) -> Turn:
    if not isinstance(turn, dict) or turn.get("author") not in (CUSTOMER, AGENT):
        raise ValueError("a turn's 'author' is neither customer nor agent")
    if "tokens" not in turn:
        return turn_of(turn["author"], text_of(turn, "text"))
    tokens = turn["tokens"]
    if not isinstance(tokens, list) or not all(isinstance(t, int | str) and not isinstance(t, bool) for t in tokens):
        raise ValueError("'tokens' is not a list of numbers")
    return Turn(turn["author"], tuple(str(token) for token in tokens))


def same_dialogue(dialogues: Sequence[Sequence[Turn]]) -> list[int]:
    """A number for each row, the same for rows that share three turns in a row: moments of one dialogue.

    Rows are often the same dialogue cut off later and later, or a window that slides over it.
    """
    parent = list(range(len(dialogues)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    seen: dict[tuple[tuple[str, tuple[str, ...]], ...], int] = {}
    for i, dialogue in enumerate(dialogues):
        said = [(turn.author, turn.tokens) for turn in dialogue]
        size = min(_WINDOW, len(said))
        for start in range(len(said) - size + 1):
            part = tuple(said[start : start + size])
            if sum(len(tokens) for _, tokens in part) >= _SHORT:
                parent[root(i)] = root(seen.setdefault(part, i))
    return [root(i) for i in range(len(dialogues))]
