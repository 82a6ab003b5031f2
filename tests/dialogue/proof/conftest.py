"""The certificate of the demo, printed at the end of the run in which it was made."""

from __future__ import annotations

import pytest

CERTIFICATE = pytest.StashKey[str]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    told = config.stash.get(CERTIFICATE, "")
    if told:
        terminalreporter.section("warmline prove")
        terminalreporter.write_line(told)
