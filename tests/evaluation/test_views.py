"""Embedders that read English only are left out where the texts are not English."""

from tests.fakes.embedder import FakeTextEmbedder
from warmline.evaluation.views import suited


def test_english_is_seen_by_all_and_chinese_by_the_first() -> None:
    both = [FakeTextEmbedder(), FakeTextEmbedder()]
    assert suited(both, ["my card is lost", "what is the rate", "卡丢了"]) == both
    assert suited(both, ["卡丢了怎么办", "利率多少", "my card is lost"]) == both[:1]
