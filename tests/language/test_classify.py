"""Topics are learnt from a few examples; what is far from all of them is least in scope."""

from tests.fakes.embedder import FakeTextEmbedder
from warmline.language.service import IntentClassifier

EXAMPLES = {
    "lost": ["my card is lost", "i lost my card", "card was stolen", "cannot find my card"],
    "rate": ["what is the mortgage rate", "interest rate of a mortgage", "mortgage interest now", "loan rate today"],
}


def _classifier() -> IntentClassifier:
    rows = [(t, label) for label, texts in EXAMPLES.items() for t in texts]
    return IntentClassifier([FakeTextEmbedder()]).fit([t for t, _ in rows], [label for _, label in rows])


def test_learns_and_knows_what_is_foreign() -> None:
    classifier = _classifier()
    found = classifier.predict(["lost my card", "mortgage rate please", "weather in paris"])
    assert found.labels[:2].tolist() == ["lost", "rate"]
    assert (found.signs[2, :3] < found.signs[:2, :3].min(axis=0)).all()
    assert not found.signs[:, 3].any()
    assert found.confidence[2] < found.confidence[:2].min()


def test_examples_out_of_scope_are_a_class_of_their_own() -> None:
    rows = [(t, label) for label, texts in EXAMPLES.items() for t in texts]
    outside = [(t, None) for t in ("weather in paris", "will it rain", "tell me a joke", "weather tomorrow")]
    texts, labels = [t for t, _ in rows + outside], [label for _, label in [*rows, *outside]]
    found = IntentClassifier([FakeTextEmbedder()]).fit(texts, labels).predict(["rain and weather", "my card is lost"])
    assert (found.signs[0] < found.signs[1]).all()
    assert set(found.labels.tolist()) <= {"lost", "rate"}
