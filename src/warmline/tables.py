"""Every table of the house on one metadata, for migrations and for the check that they agree."""

from __future__ import annotations

import importlib
import importlib.util

from sqlalchemy import MetaData

from warmline.kit import audit
from warmline.kit.uow import metadata

PACKAGES = ("conversation", "customer", "knowledge", "staff", "casework", "routing", "dialogue", "assist")


def all_tables() -> MetaData:
    """Import every package's tables and return the metadata they hang on."""
    assert audit.audit_entry.metadata is metadata
    for package in PACKAGES:
        name = f"warmline.{package}.tables"
        if importlib.util.find_spec(f"warmline.{package}") and importlib.util.find_spec(name):
            importlib.import_module(name)
    return metadata
