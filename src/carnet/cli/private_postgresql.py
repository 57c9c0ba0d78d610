"""A PostgreSQL server of one's own, for tests and benchmarks: private port, data under /tmp.

It keeps ``fsync`` and ``synchronous_commit`` on, since what is tested and measured is durability.
PostgreSQL refuses to run as root, so under root it runs as the distribution's ``postgres`` user.
It dies with the process that started it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from carnet.record.errors import CarnetError

USER = "postgres"
DISTRIBUTION = Path("/usr/lib/postgresql")  # Debian's place: VERSION/bin
START_SECONDS = 60.0
STOP_SECONDS = 20.0
ATTEMPTS = 5  # another program may take the free port before the server does

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "logging_collector": "off",
}


def find_programs(distribution: Path = DISTRIBUTION) -> Path:
    """The folder of ``initdb`` and ``postgres``: the newest of the distribution, else on PATH.

    Raises ``CarnetError('postgresql-absent')``.
    """
    folders = sorted(
        distribution.glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise CarnetError("postgresql-absent")


class PrivatePostgresql:
    """A running server; use it as a context manager, or call ``start`` and ``stop``.

    ``settings`` are added to the server's own, such as ``{"shared_buffers": "1GB"}``. ``parent``
    is the folder under which its data are made: one that the unprivileged user can enter.
    """

    def __init__(
        self, settings: Mapping[str, str] | None = None, parent: Path | None = None
    ) -> None:
        self._settings = {**DURABLE, **(settings or {})}
        self._parent = parent or Path("/tmp")  # noqa: S108  the folder made in it is mode 0700
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._password = secrets.token_hex(16)
        self._port = 0
        self._made = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1."""
        return self._port

    @property
    def process_id(self) -> int:
        """Process id of the server, for a test that kills it. Raises if it is not running."""
        if self._process is None:
            raise CarnetError("postgresql-failed", detail="not started")
        return self._process.pid

    @property
    def folder(self) -> Path:
        """Where its data and its log stand. Raises if it is not running."""
        return self._home()

    def url(self, database: str = USER) -> str:
        """The URL of a database of this server."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Make the data folder, start the server, wait until it answers.

        Raises ``CarnetError`` ``postgresql-absent``, ``postgresql-user`` or ``postgresql-failed``.
        """
        programs = find_programs()
        self._folder = Path(tempfile.mkdtemp(prefix="carnet-postgresql-", dir=self._parent))
        try:
            self._initialise(programs)
            self._launch_on_a_free_port(programs)
        except BaseException:
            self.stop()
            raise

    def restart(self) -> None:
        """Start again on the same data and port, after a stop or a kill of the process."""
        self._halt()
        if not self._launch(find_programs()):
            raise CarnetError("postgresql-failed", detail=self._last_words())

    def stop(self) -> None:
        """Stop the server and remove its data. Harmless when it is not running."""
        self._halt()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def new_database(self, name: str | None = None) -> str:
        """Make an empty database and answer its URL."""
        self._made += 1
        chosen = name or f"carnet_{os.getpid()}_{self._made}"
        with self._connected() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(chosen))
            )
        return self.url(chosen)

    def drop_database(self, url: str) -> None:
        """Remove a database made by ``new_database``, its connections included."""
        name = url.rsplit("/", 1)[1]
        with self._connected() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection that waits for nothing for ever."""
        return psycopg.connect(
            self.url(),
            autocommit=True,
            connect_timeout=round(START_SECONDS),
            options=f"-c statement_timeout={round(START_SECONDS)}s",
        )

    def _initialise(self, programs: Path) -> None:
        folder = self._home()
        password_file = folder / "password"
        password_file.write_text(self._password)
        password_file.chmod(0o600)
        if os.geteuid() == 0:
            user = _unprivileged_user()
            for path in (folder, password_file):
                os.chown(path, user.pw_uid, user.pw_gid)
        command = [
            *_as_unprivileged(),
            str(programs / "initdb"),
            f"--pgdata={folder / 'data'}",
            f"--username={USER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]
        done = subprocess.run(  # noqa: S603  our own command line
            command,
            capture_output=True,
            check=False,
            cwd=folder,
            env=_environment(),
            timeout=START_SECONDS,
        )
        password_file.unlink()
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            raise CarnetError("postgresql-failed", detail=words[-300:])

    def _launch_on_a_free_port(self, programs: Path) -> None:
        for _ in range(ATTEMPTS):
            self._port = _free_port()
            if self._launch(programs):
                return
        raise CarnetError("postgresql-failed", detail=self._last_words())

    def _launch(self, programs: Path) -> bool:
        folder = self._home()
        chosen = {**self._settings, "port": str(self._port), "unix_socket_directories": str(folder)}
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        command = [
            *_as_unprivileged(dies_with_us=True),
            str(programs / "postgres"),
            "-D",
            str(folder / "data"),
            *options,
        ]
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  our own command line
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for us; the server is told by stop()
            )
        return self._answers()

    def _answers(self) -> bool:
        """Wait until the server answers; False when it ended instead, as on a taken port."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url(), connect_timeout=5).close()
                return True
            time.sleep(0.02)
        return False

    def _halt(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            # SIGINT is PostgreSQL's fast shutdown. Root may signal the server; the unprivileged
            # user started it and may too.
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait(STOP_SECONDS)

    def _home(self) -> Path:
        if self._folder is None:
            raise CarnetError("postgresql-failed", detail="not started")
        return self._folder

    def _last_words(self) -> str:
        log = self._home() / "log"
        return log.read_text(errors="replace").strip()[-300:] if log.exists() else ""


@contextlib.contextmanager
def database_of_its_own(server: PrivatePostgresql, name: str | None = None) -> Iterator[str]:
    """A fresh database for the time of a block; yields its URL."""
    url = server.new_database(name)
    try:
        yield url
    finally:
        server.drop_database(url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _unprivileged_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        raise CarnetError("postgresql-user", user=USER) from None


def _as_unprivileged(*, dies_with_us: bool = False) -> list[str]:
    """The words before a command that make it run as the unprivileged user, and end with us."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if os.geteuid() == 0:
            raise CarnetError("postgresql-user", user=USER)
        return []
    words: list[str] = []
    if os.geteuid() == 0:
        user = _unprivileged_user()
        words += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if dies_with_us:
        words += ["--pdeathsig=INT"]
    return [setpriv, *words, "--"] if words else []


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* variables, which would steer the server and its clients."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
