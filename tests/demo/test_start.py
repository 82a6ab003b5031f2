"""How the core-banking service begins, in this process."""

from __future__ import annotations

import socket

import pytest

from demo.core_banking import __main__ as service
from tests.fakes.core_banking import TOKEN
from tests.fakes.server import free_port


class Reached(Exception):
    """Its port can be connected to."""


def test_its_port_is_its_own_before_it_makes_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bound and not listened on, a second one may be given the same free port."""
    port = free_port()

    def make(_: str) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            raise Reached

    monkeypatch.setenv(service.TOKEN, TOKEN)
    monkeypatch.setattr(service, "create_service", make)
    monkeypatch.setattr("sys.argv", ["core_banking", "--port", str(port)])
    with pytest.raises(Reached):
        service.main()
