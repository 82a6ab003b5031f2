"""`warmline eval documents`: the documents a long task description needs."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from warmline.evaluation.rows import Console, id_of, read_rows, text_of
from warmline.evaluation.views import suited
from warmline.knowledge.documents import Document, DocumentSearch
from warmline.language.ports import TextEmbedder

DEPTHS = (5, 10, 20)


def evaluate_documents(
    documents: Sequence[str], queries: Sequence[str], embedders: Sequence[TextEmbedder], console: Console
) -> dict[str, Any]:
    """Mean share of the needed documents among the first 5, 10 and 20, by the quickest embedder that reads them."""
    known = read_rows(documents, _parse_document, console)
    asked = read_rows(queries, _parse_query, console)
    reader = suited(embedders, [d.title for d in known])[-1]
    search = DocumentSearch(known, reader, console.say)
    started = time.perf_counter()
    found = [search.search(text, max(DEPTHS)) for text, _ in asked]
    each = (time.perf_counter() - started) / len(asked)
    needed = [ids for _, ids in asked]
    recall = {f"recall_at_{k}": round(_recall(found, needed, k), 5) for k in DEPTHS}
    return {"task": "documents", "n": len(asked), "ms_per_query": round(each * 1000, 3), **recall}


def _recall(found: Sequence[tuple[str, ...]], needed: Sequence[frozenset[str]], depth: int) -> float:
    shares = [len(ids & set(f[:depth])) / len(ids) for f, ids in zip(found, needed, strict=True)]
    return float(np.mean(shares))


def _parse_document(row: dict[str, Any]) -> Document:
    title, content = row.get("title") or "", row.get("content") or ""
    if not isinstance(title, str) or not isinstance(content, str) or not (title + content).strip():
        raise ValueError("neither title nor content is a text")
    return Document(id_of(row, "id"), title or content[:80], content)


def _parse_query(row: dict[str, Any]) -> tuple[str, frozenset[str]]:
    """``{"text", "ids"}``; the tau-bench names ``scenario`` and ``required_documents`` are understood too."""
    ids = row.get("ids", row.get("required_documents"))
    if not isinstance(ids, list) or not ids:
        raise ValueError("'ids' is not a list of ids")
    return text_of({"text": row.get("text", row.get("scenario"))}, "text"), frozenset(
        id_of({"id": i}, "id") for i in ids
    )
