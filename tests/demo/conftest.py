"""The bank's own service."""

from __future__ import annotations

from tests.fakes.core_banking import core_banking, core_banking_process  # noqa: F401 - fixtures
