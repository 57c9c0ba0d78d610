"""The server to be measured: ``carnet serve`` on a private port, and what its processes use."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from carnet.record.errors import CarnetError

_READY_SECONDS = 60.0
_STOP_SECONDS = 20.0
_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A process with its children; use it as a context manager.

    ``command`` starts it on ``port``; it is ready when it answers GET ``path``. Load may
    begin when all of its ``listeners`` listen: the kernel deals connections out among those there.
    """

    def __init__(
        self,
        command: Sequence[str],
        port: int,
        path: str,
        listeners: int,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port
        self._path = path
        self._listeners = listeners
        self._command = list(command)
        self._environment = {**os.environ, **(environment or {})}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  as long as the server
        self.ready_seconds = 0.0

    def __enter__(self) -> Self:
        start = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  our own program
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        self._wait(start, self._answers)
        self.ready_seconds = time.monotonic() - start
        self._wait(start, lambda: listening(self.port) >= self._listeners)
        return self

    def _wait(self, start: float, reached: Callable[[], bool]) -> None:
        while not reached():
            if self._process.poll() is not None or time.monotonic() > start + _READY_SECONDS:
                detail = self._last_words()
                self._stop()
                raise CarnetError("bench-server-silent", detail=detail)
            time.sleep(0.005)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                asked = f"GET {self._path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
                probe.sendall(asked.encode())
                return probe.recv(64).startswith(b"HTTP/1.1 2")
        except OSError:
            return False

    def _last_words(self) -> str:
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")[-600:]

    def processes(self) -> dict[int, str]:
        """Process ids and what each does: supervisor, ledger, web, worker, or its name."""
        found = {self._process.pid: "supervisor"}
        for pid in descendants(self._process.pid):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            except OSError:  # a process that has just ended
                continue
            found[pid] = next(
                (word.rpartition(".")[2] for word in words if word.startswith("carnet.")), words[0]
            )
        return found

    def cpu(self) -> dict[str, float]:
        """Seconds of processor used so far, by role."""
        used: dict[str, float] = {}
        for pid, role in self.processes().items():
            used[role] = used.get(role, 0.0) + cpu_seconds(pid)
        return used

    def memory(self) -> dict[str, list[float]]:
        """Proportional set sizes (MB) by role, one number a process."""
        sizes: dict[str, list[float]] = {}
        for pid, role in self.processes().items():
            sizes.setdefault(role, []).append(round(pss(pid), 1))
        return sizes


def descendants(pid: int) -> list[int]:
    """The processes below a process."""
    found: list[int] = []
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # a process that has just ended
        return found
    for task in tasks:
        try:
            children = [int(word) for word in (task / "children").read_text().split()]
        except OSError:  # a thread that has just ended
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def listening(port: int) -> int:
    """How many sockets listen on a TCP port of this machine (IPv4)."""
    wanted, listen = f":{port:04X}", "0A"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(
        1 for fields in map(str.split, lines) if fields[1].endswith(wanted) and fields[3] == listen
    )


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, user and system; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def pss(pid: int) -> float:
    """Proportional set size in MB: own memory and a share of what is shared; 0 if it has ended."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    for line in told.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
