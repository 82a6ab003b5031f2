"""A real `warmline up` in a process of its own, that tests may kill, starve and start again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil
import pytest

from warmline.bootstrap import Node, build_node
from warmline.kit.embedded_postgres import EmbeddedPostgres, running_postgres
from warmline.knowledge.files import import_loaded, load_paths
from warmline.migrate import migrate
from warmline.settings import Settings
from warmline.staff.model import Role

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = ROOT / "demo" / "articles" / "cards"
ARTICLE_COUNT = 8
START_SECONDS = 90
PEOPLE = {
    "chen": ("陈曦", Role.AGENT),
    "lin": ("林悦", Role.AGENT),
    "zhao": ("赵宁", Role.SUPERVISOR),
    "sun": ("孙雯", Role.EDITOR),
    "zhou": ("周全", Role.ADMIN),
}
LINKS_EACH = 40
VANISH_SECONDS = "6"
"""Of the shared server, so that tests need not wait for long."""
IDENTITY_SECRET = "the bank's own secret, at least 32 bytes"
ENVIRONMENT = {
    "WARMLINE_BANK_NAME": "春和银行|春和銀行|Chunhe Bank",
    "WARMLINE_HOURS_WEEKDAYS": "00:00-24:00",
    "WARMLINE_HOURS_WEEKENDS": "00:00-24:00",
    "WARMLINE_HOURS_HOLIDAYS": "00:00-24:00",
    "WARMLINE_REQUESTS_PER_SECOND": "5000",
    "WARMLINE_FRAMES_PER_SECOND": "500",
    "WARMLINE_IDENTITY_SECRET": IDENTITY_SECRET,
    "PYTHONUNBUFFERED": "1",
}


def environment() -> dict[str, str]:
    """The environment of a server: this one's without any deployment's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")}
    return kept | ENVIRONMENT


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def warmline(*arguments: str) -> list[str]:
    """Return the command line of the installed `warmline`."""
    return [str(Path(sys.executable).with_name("warmline")), *arguments]


class Server:
    """`warmline up` over `data`. Leaving the context ends whatever is left of it, its database included."""

    command = "up"

    def __init__(
        self, data: Path, links: dict[str, list[str]] | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.data, self.port, self.settings = data, free_port(), settings or {}
        self.base = f"http://127.0.0.1:{self.port}"
        self.socket = f"ws://127.0.0.1:{self.port}/api/v1/stream"
        self.log = data.parent / f"{data.name}.log"
        self._links = links or {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for process in self.database_processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if kind is not None:
            sys.stderr.write(self.log.read_text(errors="replace")[-4000:] if self.log.exists() else "")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The server's process."""
        assert self._process is not None
        return self._process

    def program(self, *arguments: str) -> list[str]:
        """Return the command line that runs it."""
        return warmline(*arguments)

    def launch(self) -> None:
        """Start the process without waiting for it."""
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                self.program(self.command, "--data", str(self.data), "--port", str(self.port)),
                env=environment() | {f"WARMLINE_{name}": value for name, value in self.settings.items()},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def start(self) -> Server:
        """Start and wait until it serves."""
        self.launch()
        wait_for(self.serves, START_SECONDS, "the server does not come up")
        return self

    def serves(self) -> bool:
        """Tell whether it answers, its database included; raise when its process has ended."""
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}: {self.log.read_text()[-2000:]}")
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.base}/healthz", timeout=5).status_code == 200
        return False

    def kill(self) -> None:
        """SIGKILL the server alone, as the kernel does when memory runs out."""
        self.process.kill()
        self.process.wait()

    def kill_database(self) -> None:
        """SIGKILL the postmaster alone."""
        os.kill(self.postmaster(), signal.SIGKILL)

    def postmaster(self) -> int:
        """Return the database's process id."""
        return int((self.data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> int:
        """Signal its whole process group, as a terminal does, and return the exit status."""
        os.killpg(self.process.pid, number)
        return self.process.wait(START_SECONDS)

    def database_processes(self) -> list[psutil.Process]:
        """Return the PostgreSQL processes over this folder that still run."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.cwd() == str(self.data / "postgres") and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def take_link(self, person: str) -> str:
        """Return an unused one-time sign-in token of one of `PEOPLE`."""
        return self._links[person].pop()

    def database_url(self) -> str:
        """Return the address of its database."""
        return EmbeddedPostgres(self.data).url()


def wait_for(condition: Callable[[], bool], seconds: float, complaint: str) -> None:
    """Return once `condition()` holds; fail with `complaint` when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(complaint)
        time.sleep(0.1)


class Template:
    """A seeded data folder to copy: eight articles indexed, an account for each of `PEOPLE`, links to sign in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with running_postgres(folder) as database:
            migrate(database.url())
            self.links = asyncio.run(_seed(folder, database.url()))

    def copy(self, data: Path, **settings: str) -> Server:
        """Return a server over a copy of its own at `data`; `VANISH_SECONDS="6"` and the like set it up."""
        subprocess.run(["cp", "-a", str(self.folder), str(data)], check=True)
        return Server(data, {person: list(links) for person, links in self.links.items()}, settings)


async def _seed(folder: Path, url: str) -> dict[str, list[str]]:
    node = build_node(Settings(data=folder), url)
    await node.follower.know_vectors(ROOT / "demo" / "vectors.npz")
    paths = sorted(path for path in ARTICLES.glob("*.md") if ".en." not in path.name)[:ARTICLE_COUNT]
    await import_loaded(node.uow, node.knowledge, load_paths(paths), actor="system")
    links = {person: await _add_person(node, person) for person in PEOPLE}
    async with node.uow.begin() as tx:
        for group in ("general", "cards", "loans", "elders"):  # those that the demo's routing speaks of
            await node.staff.put_skill_group(tx, group, {"en": group})
    await node.start()
    await node.stop()
    return links


async def _add_person(node: Node, person: str) -> list[str]:
    name, role = PEOPLE[person]
    async with node.uow.begin() as tx:
        account = await node.staff.create_account(
            tx, email=f"{person}@chunhe.example", name=name, roles=[role], actor="system"
        )
        return [await node.staff.create_sign_in_link(tx, account.id, actor="system") for _ in range(LINKS_EACH)]


@pytest.fixture(scope="session")
def server_template() -> Iterator[Template]:
    """The seeded folder of this test run."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-up-"))
    try:
        yield Template(folder / "template")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def lone_server(server_template: Template) -> Iterator[Server]:
    """A server of this test's own, not started."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-up-"))
    try:
        with server_template.copy(folder / "data") as own:
            yield own
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def running_server(server_template: Template) -> Iterator[Server]:
    """A running server that tests share and none breaks."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-up-"))
    try:
        with server_template.copy(folder / "data", VANISH_SECONDS=VANISH_SECONDS) as shared:
            yield shared.start()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
