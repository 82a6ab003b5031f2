"""The `eval` commands: flags, files in, figures out."""

import argparse
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warmline.evaluation.call_rows import parse_columns
from warmline.evaluation.calls import evaluate_calls
from warmline.evaluation.documents import evaluate_documents
from warmline.evaluation.emotion import evaluate_emotion
from warmline.evaluation.faq import evaluate_faq, evaluate_held_out
from warmline.evaluation.handoff import evaluate_handoff
from warmline.evaluation.intent import evaluate_intent
from warmline.evaluation.match import evaluate_match
from warmline.evaluation.replies import evaluate_replies
from warmline.evaluation.rows import BadInput, Console
from warmline.evaluation.satisfaction import evaluate_satisfaction
from warmline.evaluation.wish import evaluate_wish
from warmline.kit.console import count_from
from warmline.language.ports import TextEmbedder
from warmline.language.service import (
    CachedTextEmbedder,
    FileVectorCache,
    Marker,
    WishReader,
    find_markers,
    open_embedder,
    open_english_embedder,
)

OK, USAGE = 0, 2
_HIDDEN = ("curve",)


def register(subparsers: Any) -> None:
    """Add every task to the subparsers of ``warmline eval``."""
    intent = _parser(subparsers, "intent", "labels of texts, and which texts have none", run_intent)
    _files(intent, "--train", "--test")
    intent.add_argument("--shots", type=count_from(1), metavar="N", help="train on N rows a label (a seeded sample)")
    faq = _parser(subparsers, "faq", "the right article for a question, and when not to answer", run_faq)
    _files(faq, "--articles")
    asked = faq.add_mutually_exclusive_group(required=True)
    asked.add_argument("--queries", action="extend", nargs="+", metavar="FILE", help="JSON Lines")
    asked.add_argument(
        "--held-out",
        type=count_from(1),
        metavar="N",
        help="ask N of the articles' own similar questions, hidden meanwhile",
    )
    faq.add_argument("--target-error", type=_rate, default=0.02, metavar="RATE", help="tolerated wrong answers")
    faq.add_argument(
        "--log", action="extend", nargs="+", default=[], metavar="FILE", help="labelled questions to calibrate on"
    )
    match = _parser(subparsers, "match", "how like two sentences are", run_match)
    _files(match, "--test")
    wish = _parser(subparsers, "wish", "whether a wish for a person is heard", run_wish)
    _files(wish, "--test")
    wish.add_argument(
        "--mentions", action="extend", nargs="+", default=[], metavar="FILE", help="texts that wish for none"
    )
    wish.add_argument("--half", choices=("open", "blind"), help="only the rows whose `half` says so")
    wish.add_argument("--words-only", action="store_true", help="without the second opinion by meaning")
    documents = _parser(subparsers, "documents", "the documents a task needs", run_documents)
    _files(documents, "--documents", "--queries")
    calls = _parser(subparsers, "calls", "the waits told to callers, and a log played anew", run_calls)
    _files(calls, "--calls")
    calls.add_argument(
        "--map", action="extend", nargs="+", default=[], metavar="OURS=THEIRS", help="columns with other names"
    )
    replies = _parser(subparsers, "replies", "whether colleagues' earlier replies fit, beside BM25", run_replies)
    _files(replies, "--train", "--test")
    for name, about, run in (
        ("handoff", "at which turns a person should take over", run_handoff),
        ("satisfaction", "how satisfied with the last exchange of a dialogue", run_satisfaction),
        ("emotion", "what is felt in single utterances", run_emotion),
    ):
        _train_or_test(_parser(subparsers, name, about, run))


def run_intent(args: argparse.Namespace) -> int:
    """``warmline eval intent``."""
    return _run(args, lambda c: evaluate_intent(args.train, args.test, _embedders(args, c), c, args.shots))


def run_faq(args: argparse.Namespace) -> int:
    """``warmline eval faq``."""
    return _run(args, lambda console: _evaluate_faq(args, console))


def _evaluate_faq(args: argparse.Namespace, console: Console) -> dict[str, Any]:
    if args.held_out and args.log:
        raise BadInput("--log calibrates for --queries; with --held-out the similar questions are all there is")
    embedder = _embedder(args, console)
    if args.held_out:
        return evaluate_held_out(args.articles, args.held_out, embedder, console, args.target_error)
    return evaluate_faq(args.articles, args.queries, embedder, console, args.target_error, args.log)


def run_match(args: argparse.Namespace) -> int:
    """``warmline eval match``."""
    return _run(args, lambda c: evaluate_match(args.test, _embedder(args, c), c))


def run_wish(args: argparse.Namespace) -> int:
    """``warmline eval wish``."""
    return _run(args, lambda c: evaluate_wish(args.test, args.mentions, args.half, _hears(args, c), c))


def _hears(args: argparse.Namespace, console: Console) -> Callable[[str], bool]:
    """What the live assistant hears: `find_markers` everywhere, and the second opinion where it takes a turn."""
    reader = None if args.words_only else WishReader(_embedder(args, console))
    return lambda text: find_markers(text).has(Marker.HUMAN) or bool(reader and reader.wishes(text))


def run_documents(args: argparse.Namespace) -> int:
    """``warmline eval documents``."""
    return _run(args, lambda c: evaluate_documents(args.documents, args.queries, _embedders(args, c), c))


def run_calls(args: argparse.Namespace) -> int:
    """``warmline eval calls``."""
    return _run(args, lambda c: evaluate_calls(args.calls, parse_columns(args.map), c))


def run_replies(args: argparse.Namespace) -> int:
    """``warmline eval replies``."""
    return _run(args, lambda c: evaluate_replies(args.train, args.test, _embedder(args, c), c))


def run_handoff(args: argparse.Namespace) -> int:
    """``warmline eval handoff``."""
    return _run(args, lambda c: evaluate_handoff(*_train_and_test(args), c))


def run_satisfaction(args: argparse.Namespace) -> int:
    """``warmline eval satisfaction``."""
    return _run(args, lambda c: evaluate_satisfaction(*_train_and_test(args), _embedder(args, c), c))


def run_emotion(args: argparse.Namespace) -> int:
    """``warmline eval emotion``."""
    return _run(args, lambda c: evaluate_emotion(*_train_and_test(args), _embedder(args, c), c))


def _train_and_test(args: argparse.Namespace) -> tuple[list[str], list[str]]:
    """The files given; where one side is missing, the other is both and cross-validated."""
    if not args.train and not args.test:
        raise BadInput("give --train and --test, or one of them to be cross-validated")
    return args.train or args.test, args.test or args.train


def _run(args: argparse.Namespace, evaluate: Callable[[Console], dict[str, Any]]) -> int:
    console = Console()
    try:
        result = evaluate(console)
    except BadInput as error:
        console.say(str(error))
        return USAGE
    result["bad_rows"] = console.bad_rows
    sys.stdout.write((json.dumps(_plain(result), ensure_ascii=False) if args.json else _table(result)) + "\n")
    return OK


def _embedder(args: argparse.Namespace, console: Console) -> TextEmbedder:
    choice = open_embedder()
    if choice.notice:
        console.say(choice.notice)
    return _cached(choice.embedder, args)


def _embedders(args: argparse.Namespace, console: Console) -> list[TextEmbedder]:
    english = open_english_embedder()
    if english is None:
        console.say("The English embedding wheel is not installed: one view fewer.")
    return [_embedder(args, console), *([_cached(english, args)] if english else [])]


def _cached(embedder: TextEmbedder, args: argparse.Namespace) -> TextEmbedder:
    return CachedTextEmbedder(embedder, FileVectorCache(args.cache)) if args.cache else embedder


def _parser(
    subparsers: Any, name: str, about: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=about, description=about)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--cache", type=Path, metavar="FOLDER", help="keep vectors there; a text known already then takes no time"
    )
    parser.set_defaults(func=run)
    return parser


def _files(parser: argparse.ArgumentParser, *flags: str) -> None:
    for flag in flags:
        parser.add_argument(flag, action="extend", nargs="+", required=True, metavar="FILE", help="JSON Lines")


def _train_or_test(parser: argparse.ArgumentParser) -> None:
    for flag in ("--train", "--test"):
        parser.add_argument(
            flag,
            action="extend",
            nargs="+",
            default=[],
            metavar="FILE",
            help="JSON Lines; one alone is cross-validated",
        )


def _rate(text: str) -> float:
    rate = float(text)
    if not 0 < rate < 1:
        raise argparse.ArgumentTypeError("between 0 and 1")
    return rate


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _table(result: dict[str, Any]) -> str:
    shown = {k: v for k, v in result.items() if k not in _HIDDEN and v is not None}
    width = max(len(k) for k in shown)
    return "\n".join(_grid(k, v) if _is_grid(v) else f"{k:<{width}}  {v}" for k, v in shown.items())


def _is_grid(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(row, dict) for row in value.values())


def _grid(name: str, rows: dict[str, dict[str, Any]]) -> str:
    """Rows of the same figures, under their names."""
    heads = [name, *next(iter(rows.values()))]
    lines = [heads, *([key, *map(str, row.values())] for key, row in rows.items())]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(f"{cell:>{w}}" for cell, w in zip(line, widths, strict=True)) for line in lines)
