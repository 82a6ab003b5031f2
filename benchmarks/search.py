"""How quick and how large the article search is at 300 and at 100,000 articles, without the embedding model's own time.

`python -m benchmarks.search [--articles N ...] [--json]`. Texts and vectors are synthetic: templates for the words,
and clustered unit vectors for the meaning, so that nothing has to be embedded.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil

from warmline.knowledge.search import ArticleIndex, ArticleTexts
from warmline.language.ports import Vectors

_WHO = ("我", "我妈", "公司", "孩子", "老人", "我们店", "租客", "外籍员工")
_WHAT = ("储蓄卡", "信用卡", "房贷", "定期存款", "手机银行", "短信通知", "外币账户", "理财", "社保卡", "数字证书")
_DOES = ("丢了", "到期了", "被锁了", "打不开", "扣错钱", "要注销", "想提额", "收不到", "办不下来", "要改名")
_ASK = ("怎么办", "去哪办", "要多久", "收费吗", "能网上弄吗", "带什么材料")
_QUERIES = 200


class SyntheticEmbedder:
    """Vectors by hash around 500 centres: as clustered as real ones, and free."""

    name = "synthetic"
    dimensions = 384

    def __init__(self) -> None:
        self._centres = np.random.default_rng(1).standard_normal((500, 384)).astype(np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors [n, 384]."""
        found = np.stack([self._one(t) for t in texts])
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors [n, 384]."""
        return self.embed_queries(texts)

    def _one(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
        noise = np.random.default_rng(seed).standard_normal(384).astype(np.float32)
        noise *= np.float32(0.8)
        noise += self._centres[seed % 500]
        return noise


class _NoCache:
    def get_many(self, keys: Sequence[str]) -> dict[str, Vectors]:
        return {}

    def put_many(self, vectors: dict[str, Vectors]) -> None:
        return None


def articles(count: int) -> list[ArticleTexts]:
    """``count`` articles of two texts each."""
    rng = np.random.default_rng(2)

    def pick(words: Sequence[str]) -> str:
        return words[int(rng.integers(len(words)))]

    return [
        ArticleTexts(
            f"a{i}",
            f"{pick(_WHO)}的{pick(_WHAT)}{pick(_DOES)}{pick(_ASK)} 编号{i}",
            (f"{pick(_WHAT)}{pick(_DOES)}{pick(_ASK)}呢 {i % 977}号网点",),
        )
        for i in range(count)
    ]


def measure(count: int) -> list[dict[str, Any]]:
    """Rows of figures for an index of ``count`` articles, opened from disk as a serving node does."""
    embedder = SyntheticEmbedder()
    with TemporaryDirectory() as folder:
        built = _in_child(count, Path(folder))
        started = time.perf_counter()
        index = ArticleIndex.open(Path(folder), embedder, cache=_NoCache())
        if index is None:
            raise RuntimeError("the index just saved cannot be opened")
        opened = time.perf_counter() - started
        texts = [a.question for a in articles(min(count, _QUERIES))]
        vectors = embedder.embed_queries(texts)
        search = _times(lambda i: index.search(texts[i], vector=vectors[i]), len(texts))
        upsert = _times(lambda i: index.upsert(ArticleTexts(f"new{i}", f"新问题{i}", ("新的问法",))), 20)
        found = index.search("新问题7", vector=embedder.embed_queries(["新问题7"])[0])[0].article_id == "new7"
        merge = _times(lambda _: index.merge(), 1)
        rss = psutil.Process().memory_info().rss / 1e6
    figures = [
        ("search_p50", float(np.percentile(search, 50)), "ms"),
        ("search_p99", float(np.percentile(search, 99)), "ms"),
        ("upsert_p50", float(np.percentile(upsert, 50)), "ms"),
        ("change_seen_by_next_search", float(found), "bool"),
        ("merge", merge[0], "ms"),
        ("open", opened * 1000, "ms"),
        ("build", built, "s"),
        ("process_rss", rss, "MB"),
    ]
    return [
        {"name": f"{name}_{count}", "value": round(value, 2), "unit": unit, "baseline": None, "ratio": None}
        for name, value, unit in figures
    ]


def _in_child(count: int, folder: Path) -> float:
    """Build and save in a process of its own, so that building does not count as serving memory."""
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            ArticleIndex.build(articles(count), SyntheticEmbedder(), cache=_NoCache()).save(folder)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("building the index failed")
    return time.perf_counter() - started


def _times(run: Any, count: int) -> list[float]:
    found = []
    for i in range(count):
        started = time.perf_counter()
        run(i)
        found.append((time.perf_counter() - started) * 1000)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[300, 100_000])
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    rows = [row for count in args.articles for row in measure(count)]
    machine = {"cpus": os.cpu_count(), "load": os.getloadavg()[0]}
    if args.json:
        sys.stdout.write(json.dumps({"bench": "search", "machine": machine, "rows": rows}) + "\n")
    else:
        sys.stdout.writelines(f"{r['name']:<40}{r['value']:>12} {r['unit']}\n" for r in rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
