"""Writes `demo/vectors.npz`: the vectors of everything searched in `demo/articles`. Run it after changing articles."""

import sys
from pathlib import Path

from warmline.knowledge.files import load_paths
from warmline.knowledge.follow import texts_of
from warmline.knowledge.search import ArticleIndex
from warmline.knowledge.shipped_vectors import read_vectors, write_vectors
from warmline.language.ports import Vectors
from warmline.language.service import open_embedder

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
    write_vectors(DEMO / "vectors.npz", embedder.name, cache.used)


if __name__ == "__main__":
    main()
