"""What a node keeps secret: from settings, else made once in the data folder."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from warmline.customer.errors import KeysLostError
from warmline.kit.ids import new_secret
from warmline.kit.kept import keep


@dataclass
class Secrets:
    """The key of tokens and cookies, and the one that all customers' keys are wrapped under."""

    signing: bytes
    master_key: bytes


def load_secrets(folder: Path, secret: str, master_key: str) -> Secrets:
    """Take the secrets that are set, else read or make them in `folder`, readable by its owner only."""
    signing = secret or keep(folder / "signing", new_secret)
    master = master_key or keep(folder / "master_key", lambda: base64.b64encode(os.urandom(32)).decode())
    try:
        return Secrets(signing.encode(), read_master_key(master))
    except ValueError as error:
        raise KeysLostError(reason=f"{folder / 'master_key'} is damaged: restore it from your backup") from error


def read_master_key(text: str) -> bytes:
    """Return the 32 bytes that a master key spells in Base64; raise `ValueError` on anything else."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError("a master key is 32 bytes in Base64 (openssl rand -base64 32)")
    return key
