"""``carnet serve``: starts the ledger, the web workers and the worker, and keeps them running."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from carnet.logs import Log
from carnet.record.errors import CarnetError
from carnet.record.events import Event
from carnet.serve import children
from carnet.serve.plan import Plan
from carnet.serve.running import encode_plan
from carnet.storage.ledger_socket import SOCKET

_TICK = 0.05  # seconds between looks at the children
_STOP_SECONDS = 10.0
_LISTEN = "0A"  # the state TCP_LISTEN in /proc/net/tcp
_CALM = 30.0  # seconds after which a child's fall no longer counts against it
_MOST_FALLS = 10  # falls in that time after which the supervisor gives up


class Supervisor:
    """Runs the children of a plan until told to stop; starts again what falls.

    Children that end by themselves again and again end the server; one that is killed from outside
    (for its memory, by an operator) is started again as often as that happens.
    """

    def __init__(self, plan: Plan, log: Log) -> None:
        self._plan = plan
        self._log = log
        self._stopping = threading.Event()
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._falls: list[float] = []
        self._handle = children.keep_plan(encode_plan(plan))

    @property
    def roles(self) -> list[str]:
        """The names of the children, in the order in which they start."""
        web = [f"web {number}" for number in range(self._plan.workers)]
        return [*(["ledger"] if self._plan.embedded else []), *web, "worker"]

    def run(self, on_ready: Callable[[], None] | None = None) -> int:
        """Start all, watch until told to stop, stop all.

        0, or 1 where children kept falling.
        """
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: self._stopping.set())
        self._log.write(
            Event.SERVER_STARTING, workers=self._plan.workers, kind=str(self._plan.kind)
        )
        try:
            for name in self.roles:
                self._start(name)
            if self._wait_ready():
                self._log.write(Event.SERVER_READY, address=self._plan.host, port=self._plan.port)
                if on_ready is not None:
                    on_ready()
            return self._watch()
        finally:
            self._stop()
            os.close(self._handle)

    def _start(self, name: str) -> None:
        self._children[name] = children.start(name.split(maxsplit=1)[0], self._handle)
        self._log.write(
            Event.CHILD_STARTED, role=name.split(maxsplit=1)[0], child=self._children[name].pid
        )

    def _wait_ready(self) -> bool:
        """Until the ledger and every web worker listen, or a stop."""
        while not self._stopping.wait(_TICK):
            self._restart_fallen()
            ledger = not self._plan.embedded or (self._plan.directory / SOCKET).exists()
            if ledger and listeners(self._plan.port) >= self._plan.workers:
                return True
            if len(self._falls) >= _MOST_FALLS:
                return False
        return False

    def _watch(self) -> int:
        while not self._stopping.wait(_TICK):
            self._restart_fallen()
            if len(self._falls) >= _MOST_FALLS:
                return 1
        return 0

    def _restart_fallen(self) -> None:
        now = time.monotonic()
        self._falls = [at for at in self._falls if now - at < _CALM]
        for name, child in list(self._children.items()):
            status = child.poll()
            if status is None:
                continue
            self._log.write(Event.CHILD_ENDED, role=name.split()[0], child=child.pid, status=status)
            if status != -signal.SIGKILL:  # who is killed from outside did not fall
                self._falls.append(now)
            self._start(name)
            self._log.write(Event.CHILD_RESTARTED, role=name.split()[0])

    def _stop(self) -> None:
        """Web workers and worker first, so that the ledger serves their last writes."""
        self._log.write(Event.SERVER_STOPPING)
        others = [child for name, child in self._children.items() if name != "ledger"]
        ledgers = [child for name, child in self._children.items() if name == "ledger"]
        for group in (others, ledgers):
            _end(group)
        self._log.write(Event.SERVER_STOPPED)


def _end(group: list[subprocess.Popen[bytes]]) -> None:
    for child in group:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
    until = time.monotonic() + _STOP_SECONDS
    for child in group:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def listeners(port: int) -> int:
    """How many sockets of this machine listen on a TCP port: each web worker has its own.

    A client that connected while only some listen would keep all its connections there.
    """
    found = 0
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():  # a kernel without IPv6
            continue
        for line in table.read_text(encoding="ascii").splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            found += state == _LISTEN and int(local.rpartition(":")[2], 16) == port
    return found


def free_port(host: str, port: int) -> int:
    """``port`` if nobody listens there, or a free one for 0. Raises ``port-busy``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            raise CarnetError("port-busy", host=host, port=port) from None
        return int(probe.getsockname()[1])
