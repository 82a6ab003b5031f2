"""What a node keeps secret: from settings, else made once in the data folder."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

from warmline.customer.errors import KeysLostError
from warmline.kit.ids import new_secret
from warmline.kit.kept import keep
from warmline.settings import Settings, read_master_key


@dataclass
class Secrets:
    """The key of tokens and cookies, and the one that all customers' keys are wrapped under."""

    signing: bytes
    master_key: bytes


def load_secrets(settings: Settings) -> Secrets:
    """Read or make the secrets; a made one lies in `<data>/secrets`, readable by its owner only."""
    folder = settings.data / "secrets"
    signing = settings.secret or keep(folder / "signing", new_secret)
    master = settings.master_key or keep(folder / "master_key", lambda: base64.b64encode(os.urandom(32)).decode())
    try:
        return Secrets(signing.encode(), read_master_key(master))
    except ValueError as error:
        raise KeysLostError(reason=f"{folder / 'master_key'} is damaged: restore it from your backup") from error
