"""Writes an intent data set as questions to articles, so that `warmline eval faq` can be measured on it.

`python -m benchmarks.intent_as_faq --train F --test F [F …] --questions N --out FOLDER`: each label becomes an article
without an answer, its standard question and N − 1 similar questions drawn (seeded) from its training texts.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SEED = 7


def main() -> None:
    """Read, convert, write ``articles.jsonl`` and ``queries.jsonl``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=int, default=15)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    _write(options.out / "articles.jsonl", _articles(_rows(options.train), options.questions))
    asked = (row for path in options.test for row in _rows(path))
    _write(options.out / "queries.jsonl", ({"text": r["text"], "article_id": r["label"]} for r in asked))


def _articles(rows: Iterable[dict[str, Any]], questions: int) -> Iterator[dict[str, Any]]:
    texts = defaultdict(list)
    for row in rows:
        if row["label"] is not None:
            texts[row["label"]].append(row["text"])
    for label in sorted(texts):
        chosen = sorted(texts[label])
        random.Random(SEED).shuffle(chosen)
        yield {"id": label, "question": chosen[0], "similar": chosen[1:questions], "answer": ""}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
