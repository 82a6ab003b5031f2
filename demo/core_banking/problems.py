"""Refusals: what the bank says no to, and why, as RFC 9457 problems with a stable `code`."""

from __future__ import annotations


class Refusal(Exception):
    """The bank does not do it; `code` says why, `fields` what the customer can be told about it."""

    def __init__(self, code: str, status: int = 409, **fields: str | int) -> None:
        super().__init__(code)
        self.code, self.status, self.fields = code, status, fields


def not_found(what: str) -> Refusal:
    """Return the refusal for something that is not there, or not for this customer: the two look the same."""
    return Refusal(f"unknown_{what}", 404)
