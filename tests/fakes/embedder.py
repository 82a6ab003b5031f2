"""A text embedder for tests: same text, same vector; shared words, near vectors; no model."""

from collections.abc import Sequence

from warmline.language.adapters.lexical import LexicalTextEmbedder
from warmline.language.ports import Vectors


class FakeTextEmbedder:
    """Counts what it was asked, so that a test can see that a cache works."""

    name = "fake"
    dimensions = 384

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self._inner = LexicalTextEmbedder()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions [n, 384]."""
        self.embedded += texts
        return self._inner.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of articles' texts [n, 384]."""
        return self.embed_queries(texts)
