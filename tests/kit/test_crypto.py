"""Sealing: opens under its key and context only, and never looks the same twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.kit.crypto import KEY_BYTES, NONCE_BYTES, Cipher, new_key

KEY = bytes(range(KEY_BYTES))


@given(st.binary(max_size=200), st.binary(max_size=30))
def test_what_was_sealed_opens(plain: bytes, context: bytes) -> None:
    assert Cipher(KEY).open(Cipher(KEY).seal(plain, context), context) == plain


def test_the_same_words_never_look_the_same() -> None:
    cipher = Cipher(KEY)
    assert len({cipher.seal(b"hello") for _ in range(200)}) == 200
    assert len({new_key() for _ in range(50)}) == 50


def test_the_words_do_not_show() -> None:
    sealed = Cipher(KEY).seal(b"six two two two")
    assert b"two" not in sealed
    assert len(sealed) == NONCE_BYTES + len(b"six two two two") + 16


@given(st.integers(0, 8 * (NONCE_BYTES + 5 + 16) - 1))
def test_a_single_altered_bit_is_noticed(bit: int) -> None:
    sealed = bytearray(Cipher(KEY).seal(b"words", b"place"))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ValueError, match="do not open"):
        Cipher(KEY).open(bytes(sealed), b"place")


@pytest.mark.parametrize("sealed", [b"", b"x", bytes(NONCE_BYTES), bytes(NONCE_BYTES + 16)])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Cipher(KEY).open(sealed)


def test_another_key_or_place_does_not_open_it() -> None:
    sealed = Cipher(KEY).seal(b"words", b"place")
    for cipher, context in ((Cipher(new_key()), b"place"), (Cipher(KEY), b"elsewhere"), (Cipher(KEY), b"")):
        with pytest.raises(ValueError, match="do not open"):
            cipher.open(sealed, context)


@pytest.mark.parametrize("size", [0, 15, 33])
def test_a_key_has_its_size(size: int) -> None:
    with pytest.raises(ValueError, match="key"):
        Cipher(bytes(size))
