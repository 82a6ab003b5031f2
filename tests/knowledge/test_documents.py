"""A long description finds the documents its sentences ask for, and those of the same family."""

import numpy as np
import pytest

from tests.fakes.embedder import FakeTextEmbedder
from warmline.knowledge import documents
from warmline.knowledge.documents import Document, DocumentSearch, pieces, sentences

DOCUMENTS = [
    Document("mortgage-rate", "Mortgage rates", "The mortgage interest rate follows the base.\n\nIt changes yearly."),
    Document("mortgage-early", "Mortgage early repayment", "A mortgage may be repaid early for a fee."),
    Document("card-lost", "Lost card", "A lost card is frozen at once. Order a new card in the app."),
    Document("card-fee", "Card fee", "The yearly card fee is waived for students."),
    Document("branch", "Opening hours", "Branches open at nine."),
    Document("travel", "Travel insurance", "Flights that are cancelled are paid back."),
]


def test_each_sentence_asks() -> None:
    search = DocumentSearch(DOCUMENTS, FakeTextEmbedder())
    found = search.search("You are Ann, a teacher. My card is lost. Which mortgage interest rate do I pay?", 3)
    assert {"card-lost", "mortgage-rate"} <= set(found)


def test_a_document_like_those_found_comes_before_a_foreign_one() -> None:
    found = DocumentSearch(DOCUMENTS, FakeTextEmbedder()).search("Which mortgage rate do I pay?", 6)
    assert found[0] == "mortgage-rate"
    assert found.index("mortgage-early") < found.index("travel")


def test_one_document_and_a_text_without_words_still_answer() -> None:
    search = DocumentSearch(DOCUMENTS[:1], FakeTextEmbedder())
    assert search.search("…", 5) == ("mortgage-rate",)
    assert search.search("card lost") == ("mortgage-rate",)


def test_pieces_stay_short_and_carry_the_title() -> None:
    long = Document("x", "Fees", "\n\n".join(["word " * 40] * 20) + "\n\n" + "y" * 4_000)
    cut = pieces(long)
    assert all(p.startswith("Fees\n") and len(p) <= 920 for p in cut)
    assert sum(p.count("y") for p in cut) == 4_000
    assert pieces(Document("x", "Fees", " ")) == ["Fees"]


def test_sentences_of_both_languages() -> None:
    assert sentences("I lost my card. Ok. What now?\n卡丢了怎么办啊？先挂失。") == [
        "I lost my card.",
        "What now?",
        "卡丢了怎么办啊？",
    ]


def test_stage_directions_that_no_document_is_near_to_hardly_count() -> None:
    near = np.array([[0.9, 0.1], [0.8, 0.1], [0.7, 0.2], [0.21, 0.2]], np.float32)
    weights = documents._weights(near)
    assert weights[3] < 0.2 < weights[2] < weights[1] < weights[0]
    assert weights.mean() == pytest.approx(1)
