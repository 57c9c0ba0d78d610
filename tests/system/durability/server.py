"""A real ``carnet serve`` on a store of its own: started, killed whole or in part, started anew."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Self

import psutil

from carnet.app import OWN_ISSUER, SIGNING_KEY, audience_of
from carnet.cli.stores import make_store
from carnet.record.caller import Caller
from carnet.record.store_kind import StoreKind
from carnet.settings import Settings, load
from carnet.storage.facts import stored_facts
from carnet.usecases.tokens import Signer

CARNET = Path(sys.executable).with_name("carnet")
PATIENCE = 30.0  # seconds after which something that should have come is a failure
_LOOK = 0.02
_HOUR = 3600
_log_numbers = itertools.count()


def until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Look again and again until a condition holds; fail when patience ends."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(_LOOK)


def new_store(directory: Path, database: str | None = None) -> Path:
    """A new test store."""
    told = {"data": directory, "kind": "test", "database": database, "keys_database": database}
    make_store(load(None, {}, told), StoreKind.TEST)
    return directory


class Server:
    """One run of ``carnet serve``; ``before`` are words put before the command, as ``strace``'s."""

    def __init__(
        self,
        directory: Path,
        *,
        workers: int = 2,
        before: Sequence[str] = (),
        environment: dict[str, str] | None = None,
        port: int = 0,
        database: str | None = None,
    ) -> None:
        self.directory = directory
        self.database = database
        self._log_file = self._new_log()
        self._words = [*before, str(CARNET), "serve", "--data", str(directory)]
        self._words += ["--port", str(port), "--workers", str(workers), "--json"]
        self.environment = {**os.environ, **(environment or {})}
        if database is not None:
            self.environment |= {"CARNET_DATABASE": database, "CARNET_KEYS_DATABASE": database}
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self.port = 0
        self.pid = 0
        self._issuer = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def start(self) -> None:
        """Start it and wait until it answers; fails with its log if it ends instead."""
        self.launch()
        assert self._process is not None
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        assert ready, f"carnet serve says nothing in {PATIENCE} s: {self.log_text()}"
        said = self._process.stdout.readline()
        assert said, self.log_text()
        told = json.loads(said)
        assert "port" in told, told
        self.port, self.pid = told["port"], told["pid"]
        until(lambda: self.logged("server-ready") or self.ended, "server-ready")
        assert not self.ended, self.log_text()

    def start_again(self) -> None:
        """Start it anew on the port that it had."""
        place = self._words.index("--port") + 1
        self._words[place] = str(self.port)
        self.start()

    def launch(self) -> None:
        """Start it and wait for nothing."""
        self._log_file = self._new_log()
        self._log = self._log_file.open("wb")
        self._process = subprocess.Popen(
            self._words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=self.environment,
        )
        self.pid = self._process.pid

    def _new_log(self) -> Path:
        return self.directory.with_name(f"{self.directory.name}.{next(_log_numbers)}.log")

    @property
    def settings(self) -> Settings:
        """The settings that open its store."""
        told = {"database": self.database, "keys_database": self.database}
        return load(None, {}, {"data": self.directory, **told})

    @property
    def ended(self) -> bool:
        """Whether it ended."""
        return self._process is None or self._process.poll() is not None

    @property
    def base(self) -> str:
        """What its links begin with."""
        return f"http://127.0.0.1:{self.port}"

    def log_text(self) -> str:
        """All that it wrote to its log so far."""
        return self._log_file.read_text(errors="replace")

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of an event in its log."""
        lines = [line for line in self.log_text().splitlines(keepends=True) if line[-1] == "\n"]
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in found if line["event"] == event]

    def children(self, role: str | None = None) -> list[psutil.Process]:
        """Its children that live, of a role (ledger, web, worker) or all."""
        found = []
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.pid).children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    words = child.cmdline()
                    if f"carnet.serve.{role}" in words or (role is None and "-m" in words):
                        found.append(child)
        return found

    def kill(self, role: str) -> None:
        """Kill -9 the first child of a role, or the ``supervisor`` itself."""
        if role == "supervisor":
            os.kill(self.pid, signal.SIGKILL)
            return
        for child in self.children(role)[:1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()

    def end(self) -> int:
        """End it by SIGTERM; its exit status. What outlives its end is killed."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
        try:
            status = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            for child in self.children():
                child.kill()
            self._process.kill()
            status = self._process.wait(PATIENCE)
        if self._process.stdout is not None:
            self._process.stdout.close()
        if self._log is not None:
            self._log.close()
        self._process = None
        return status

    def wait(self) -> int:
        """Wait until it ends by itself; its exit status."""
        assert self._process is not None
        self._process.wait(PATIENCE)
        return self.end_status()

    def end_status(self) -> int:
        """The exit status of what has ended."""
        assert self._process is not None
        status = self._process.returncode
        self.end()
        return status

    def token(self, caller: Caller, now: int | None = None) -> str:
        """A token of this store for a caller, given out ``now`` (s since 1970 UTC)."""
        if not self._issuer:  # a store's id stays; its database may be away when it is asked for
            self._issuer = OWN_ISSUER + stored_facts(self.directory, self.database)["id"]
        return Signer((self.directory / SIGNING_KEY).read_bytes()).sign(
            caller,
            iss=self._issuer,
            audience=audience_of(self.base),
            client_id="durability",
            jti=secrets.token_hex(16),
            now=int(time.time()) if now is None else now,
            lifetime=_HOUR,
        )
