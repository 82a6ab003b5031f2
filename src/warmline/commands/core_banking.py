"""The demo's core-banking service, started beside the server in a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from warmline.commands.running import PortTakenError, check_port, repository_root
from warmline.kit.errors import UnavailableError
from warmline.kit.ids import new_secret

URL, TOKEN = "WARMLINE_CORE_URL", "WARMLINE_CORE_TOKEN"
"""What the demo's actions file is filled from; set already, they name a service that somebody else runs."""
HOST, PORT = "127.0.0.1", 8038
STOP_SECONDS = 5


class CoreBankingError(UnavailableError):
    """The service did not start; it has said why on standard error."""

    code = "core_banking_unusable"


@contextlib.contextmanager
def core_banking() -> Iterator[str]:
    """Yield the address of the service; it and its token are in the environment meanwhile.

    The service ends when its standard input does: with this context, and with this process however it ends.
    """
    if os.environ.get(URL):
        yield os.environ[URL]
        return
    token = os.environ.get(TOKEN) or new_secret()
    process, url = _start(token, PORT)
    if not url:  # the port was taken since it was looked at
        _end(process)
        process, url = _start(token, 0)
    try:
        if not url:
            raise CoreBankingError(reason="the demo's core banking did not start; see above")
        os.environ |= {URL: url, TOKEN: token}
        yield url
    finally:
        _end(process)


def _start(token: str, port: int) -> tuple[subprocess.Popen[str], str]:
    """Start it out of the reach of Ctrl-C, which is this process's to heed; return its address, empty if it ended."""
    root = str(repository_root())
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-m", "demo.core_banking", "--port", str(_free(port)), "--while-stdin"],
        cwd=root,
        env=os.environ | {"CORE_BANKING_TOKEN": token, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def _end(process: subprocess.Popen[str]) -> None:
    """Close its standard input, with which it ends."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def _free(port: int) -> int:
    """Return the port, or 0 for any where it is taken."""
    try:
        check_port(HOST, port)
    except PortTakenError:
        return 0
    return port
