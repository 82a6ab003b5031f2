"""A payload in two parts: what stays readable, and the words that are sealed under the customer's key. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from warmline.conversation.events import PAYLOADS, Owner, Payload, UnknownEvent


def split_words(payload: Payload) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split a payload into what stays readable and the words to seal."""
    full = payload.model_dump(mode="json", exclude={"type", "erased"}, exclude_none=True)
    words = {name: full.pop(name) for name in payload.WORDS if name in full}
    return full, words


def join_words(kind: str, plain: dict[str, Any], words: dict[str, Any] | None) -> Payload:
    """Rebuild a payload; `words` None means they were erased. What cannot be read is an `UnknownEvent`.

    A value that this version does not know, of a field that has a default, reads as the default: while versions
    change, older nodes read what newer ones write.
    """
    cls = PAYLOADS.get(kind)
    if cls is None:
        return _unknown(kind, plain)
    missing = dict.fromkeys(cls.WORDS) if words is None else {}
    found = {**missing, **plain, **(words or {}), "erased": words is None and bool(cls.WORDS)}
    try:
        return cls.model_validate(found)
    except ValidationError as error:
        strange = {one["loc"][0] for one in error.errors(include_input=False)}
    try:
        return cls.model_validate({name: value for name, value in found.items() if name not in strange})
    except ValidationError:
        return _unknown(kind, plain)


def _unknown(kind: str, plain: dict[str, Any]) -> UnknownEvent:
    """Who has the conversation is kept, since clients fold it."""
    owner = next((one for one in Owner if one == plain.get("owner")), None)
    return UnknownEvent(kind=kind, owner=owner, reason=str(plain.get("reason", "")))
