"""Homophones and dialect spellings share sounds; words keep their parts."""

from hypothesis import given
from hypothesis import strategies as st

from warmline.language.service import char_ngrams, characters, normalise, sounds, words


def test_homophones_sound_alike() -> None:
    assert sounds("转账") == sounds("转帐") == sounds("专章")


def test_dialect_folds_n_l_and_final_ng() -> None:
    assert sounds("你能") == sounds("里冷") == sounds("李冷")


def test_words_keep_parts_of_long_words() -> None:
    assert {"信用", "信用卡"} <= set(words("我的信用卡丢了"))


def test_latin_ngrams_know_the_edges_of_a_word() -> None:
    assert "_at" in char_ngrams("atm")
    assert "tm_" in char_ngrams("atm")


def test_single_characters_are_chinese_only() -> None:
    assert characters("卡atm丢") == ["卡", "丢"]


@given(st.text(max_size=200))
def test_any_text_can_be_cut(text: str) -> None:
    folded = normalise(text)
    assert all(token for token in words(folded) + char_ngrams(folded) + sounds(folded))
