"""Any OpenAI-compatible ``/v1/embeddings`` endpoint (vLLM, TEI, Ollama), called only when allow-listed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from warmline.language.allowed import check_allowed
from warmline.language.errors import EmbedderUnavailable
from warmline.language.ports import Vectors

if TYPE_CHECKING:
    import httpx  # loaded only where there is an endpoint

_BATCH = 64


class OpenAICompatibleTextEmbedder:
    """``dimensions`` must be what the model gives; a wrong size or an error is ``EmbedderUnavailable``."""

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        dimensions: int,
        allowed_origins: Collection[str],
        api_key: str = "",
        query_prefix: str = "",
        passage_prefix: str = "",
        timeout_s: float = 5.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        import httpx

        check_allowed(base_url, allowed_origins)
        self.name = model
        self.dimensions = dimensions
        self._prefixes = (query_prefix, passage_prefix)
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(
            base_url=base_url, headers=headers, timeout=timeout_s, transport=transport, follow_redirects=False
        )

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions [n, dimensions]."""
        return self._embed([self._prefixes[0] + t for t in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of articles' texts [n, dimensions]."""
        return self._embed([self._prefixes[1] + t for t in texts])

    def close(self) -> None:
        """Close the connection pool."""
        self._client.close()

    def _embed(self, texts: Sequence[str]) -> Vectors:
        parts = [self._call(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    def _call(self, texts: Sequence[str]) -> Vectors:
        import httpx

        body = {"model": self.name, "input": list(texts), "encoding_format": "float"}
        try:
            reply = self._client.post("v1/embeddings", json=body)
            reply.raise_for_status()
            rows = sorted(reply.json()["data"], key=lambda row: row["index"])
            found = np.asarray([row["embedding"] for row in rows], np.float32)
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            raise EmbedderUnavailable(f"the embeddings endpoint failed: {type(error).__name__}") from error
        if found.shape != (len(texts), self.dimensions) or not np.isfinite(found).all():
            raise EmbedderUnavailable(f"the embeddings endpoint gave {found.shape}, not {self.dimensions} dimensions")
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return found
