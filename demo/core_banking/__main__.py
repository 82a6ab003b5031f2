"""`python -m demo.core_banking`: serve Chunhe Bank's core banking on this machine, with the token given.

Prints its address in one line once it listens. With `--while-stdin`, whoever started it holds its standard input: when
that closes, for whatever reason, the service ends too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
import threading
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from demo.core_banking.service import create_service

TOKEN = "CORE_BANKING_TOKEN"
PORT = 8038


class TellingProtocol(HttpToolsProtocol):
    """Hands the application its connection, which the fault switch cuts."""

    def connection_made(self, transport: Any) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="core_banking", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"TCP port on 127.0.0.1 (default {PORT}; 0: a free one)")
    parser.add_argument("--while-stdin", action="store_true", help="end when standard input ends")
    options = parser.parse_args()
    token = os.environ.get(TOKEN, "")
    if len(token) < 16:
        sys.stderr.write(f"core_banking: {TOKEN} must hold the token callers show, at least 16 characters\n")
        return 2
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, it does not wait to send
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", options.port))
        listener.listen(128)  # at once: until then a second one may be given the same free port
    except OSError as error:
        sys.stderr.write(f"core_banking: cannot listen on 127.0.0.1:{options.port} ({error.strerror})\n")
        return 1
    if options.while_stdin:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    config = uvicorn.Config(
        create_service(token), http=TellingProtocol, log_level="warning", access_log=False, server_header=False
    )
    asyncio.run(_serve(uvicorn.Server(config), listener))
    return 0


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve(sockets=[listener])


def _end_with_stdin() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)  # nothing is kept here that could be lost


if __name__ == "__main__":
    sys.exit(main())
