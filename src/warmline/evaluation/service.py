"""The `eval` commands: flags, files in, figures out."""

import argparse
import json
import math
import sys
from collections.abc import Callable
from typing import Any

from warmline.evaluation.documents import evaluate_documents
from warmline.evaluation.faq import evaluate_faq
from warmline.evaluation.intent import evaluate_intent
from warmline.evaluation.match import evaluate_match
from warmline.evaluation.rows import BadInput, Console
from warmline.kit.console import count_from
from warmline.language.ports import TextEmbedder
from warmline.language.service import open_embedder, open_english_embedder

OK, USAGE = 0, 2
_HIDDEN = ("curve",)


def register(subparsers: Any) -> None:
    """Add intent, faq, match and documents to the subparsers of ``warmline eval``."""
    intent = _parser(subparsers, "intent", "labels of texts, and which texts have none", run_intent)
    _files(intent, "--train", "--test")
    intent.add_argument("--shots", type=count_from(1), metavar="N", help="train on N rows a label (a seeded sample)")
    faq = _parser(subparsers, "faq", "the right article for a question, and when not to answer", run_faq)
    _files(faq, "--articles", "--queries")
    faq.add_argument("--target-error", type=_rate, default=0.02, metavar="RATE", help="tolerated wrong answers")
    faq.add_argument(
        "--log", action="extend", nargs="+", default=[], metavar="FILE", help="labelled questions to calibrate on"
    )
    match = _parser(subparsers, "match", "how like two sentences are", run_match)
    _files(match, "--test")
    documents = _parser(subparsers, "documents", "the documents a task needs", run_documents)
    _files(documents, "--documents", "--queries")


def run_intent(args: argparse.Namespace) -> int:
    """``warmline eval intent``."""
    return _run(args, lambda c: evaluate_intent(args.train, args.test, _embedders(c), c, args.shots))


def run_faq(args: argparse.Namespace) -> int:
    """``warmline eval faq``."""
    return _run(
        args,
        lambda c: evaluate_faq(args.articles, args.queries, _embedder(c), c, args.target_error, log=args.log),
    )


def run_match(args: argparse.Namespace) -> int:
    """``warmline eval match``."""
    return _run(args, lambda c: evaluate_match(args.test, _embedder(c), c))


def run_documents(args: argparse.Namespace) -> int:
    """``warmline eval documents``."""
    return _run(args, lambda c: evaluate_documents(args.documents, args.queries, _embedders(c), c))


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


def _embedder(console: Console) -> TextEmbedder:
    choice = open_embedder()
    if choice.notice:
        console.say(choice.notice)
    return choice.embedder


def _embedders(console: Console) -> list[TextEmbedder]:
    english = open_english_embedder()
    if english is None:
        console.say("The English embedding wheel is not installed: one view fewer.")
    return [_embedder(console), *([english] if english else [])]


def _parser(
    subparsers: Any, name: str, about: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=about, description=about)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(func=run)
    return parser


def _files(parser: argparse.ArgumentParser, *flags: str) -> None:
    for flag in flags:
        parser.add_argument(flag, action="extend", nargs="+", required=True, metavar="FILE", help="JSON Lines")


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
    return "\n".join(f"{k:<{width}}  {v}" for k, v in shown.items())
