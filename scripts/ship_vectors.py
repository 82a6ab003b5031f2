"""Writes `demo/vectors.npz`: the vectors of all that is searched and learnt from in `demo`. Run it after changes."""

import sys
from pathlib import Path

from benchmarks.fit_starts import read_flows, read_sayings
from warmline.knowledge.files import load_paths
from warmline.knowledge.follow import texts_of
from warmline.knowledge.search import ArticleIndex
from warmline.knowledge.shipped_vectors import read_vectors, write_vectors
from warmline.language.ports import Vectors
from warmline.language.service import embed_cached, normalise, open_embedder

DEMO = Path(__file__).parent.parent / "demo"


class _Used:
    """A cache that remembers what was asked of it."""

    def __init__(self, known: dict[str, Vectors]) -> None:
        self._known = known
        self.used: dict[str, Vectors] = {}

    def get_many(self, keys: list[str]) -> dict[str, Vectors]:
        found = {k: self._known[k] for k in keys if k in self._known}
        self.used |= found
        return found

    def put_many(self, vectors: dict[str, Vectors]) -> None:
        self.used |= vectors
        sys.stderr.write(f"{len(self.used)} vectors\n")


def main() -> None:
    """Embed what the file lacks, drop what is no longer needed."""
    embedder = open_embedder().embedder
    cache = _Used(read_vectors(DEMO / "vectors.npz", embedder.name))
    articles = [texts for one in load_paths([DEMO / "articles"]).incoming if (texts := texts_of(one.id, one.content))]
    ArticleIndex(embedder, cache).upsert_many(articles)
    taught = [normalise(one.text) for one in read_sayings(read_flows(), articles).each()]
    embed_cached(embedder, cache, taught, is_query=True)
    write_vectors(DEMO / "vectors.npz", embedder.name, cache.used)


if __name__ == "__main__":
    main()
