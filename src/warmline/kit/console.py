"""What commands print: results to standard output, progress and errors to standard error."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from warmline.kit.errors import WarmlineError
from warmline.kit.i18n import Words


def say(text: str = "") -> None:
    """Print a line of the result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """Print the result as one JSON object, escaped where the terminal cannot show its signs."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        text = json.dumps(value, default=str)
    say(text)


def never_fail_to_print() -> None:
    """Signs that the terminal's encoding lacks (GBK, Latin-1) print as `?` instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def progress(text: str) -> None:
    """Print a line about what is going on."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def say_error(error: WarmlineError, words: Words | None = None) -> None:
    """Print in one line what went wrong and what to do: its reason, else the sentence that `words` has for it."""
    reason = error.fields.get("reason")
    if reason is None and words is not None and error.code in words.sentences:
        reason = words.sentences[error.code]["en"].format_map(defaultdict(str, error.fields)).strip()
    details = "; ".join(f"{name}: {value}" for name, value in error.fields.items() if name not in ("reason", "field"))
    progress(f"warmline: {reason or error.code}{f' ({details})' if details else ''}")


def count_from(least: int) -> Callable[[str], int]:
    """Return the type of an option that is a whole number, `least` or more."""

    def count(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least}")
        return int(text)

    return count
