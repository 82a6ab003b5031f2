"""Envelope encryption: words under a key per customer, customer keys under the deployment's master key.

AES-256-GCM with random 96-bit nonces (NIST SP 800-38D); destroying a customer's key erases the words.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


def new_key() -> bytes:
    """Return a fresh 256-bit key."""
    return os.urandom(KEY_BYTES)


class Cipher:
    """Seals and opens bytes under one key; `context` is authenticated but not stored."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """Return nonce followed by ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Return the plain bytes; raise `ValueError` if they were altered or sealed in another context."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except InvalidTag as error:
            raise ValueError("sealed bytes do not open under this key and context") from error


class LostCipher(Cipher):
    """In place of a key that does not open: it opens nothing, and seals nothing that could never be read."""

    def __init__(self) -> None:
        pass

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """Raise `ValueError`."""
        raise ValueError("the key to seal this under is lost")

    def open(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Raise `ValueError`."""
        raise ValueError("the key that opens this is lost")
