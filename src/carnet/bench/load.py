"""The load: processes that ask over HTTP/1.1 with kept connections and measure what they wait.

As cheap as Python allows, because the generator shares the cores with what it measures: requests
are bytes that were made before they are due, answers are read to their Content-Length and thrown
away. *Closed* load sends the next request when an answer is there; *open* load sends when it is
due and counts the wait from then, so that a stall is seen by all who would have come meanwhile.
"""

from __future__ import annotations

import random
import select
import socket
import time
from array import array
from collections import deque
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe

import msgspec

from carnet.bench.asking import EXPECTED, Ask, Target, asker

_BUFFER = 1 << 18
_SEND_BUFFER = 1 << 20
_TIMEOUT = 30.0


class Load(msgspec.Struct, frozen=True):
    """What to ask, with how many connections in how many processes, for how long.

    ``rates`` (kind → requests a second in all) makes it open; without it, each connection asks
    for ``kinds[0]`` as fast as it is answered.
    """

    kinds: tuple[str, ...]
    clients: int
    seconds: float
    warm_up: float
    processes: int = 2
    rates: dict[str, float] = {}


class Measured(msgspec.Struct):
    """What the load saw between the end of its warm-up and its end."""

    seconds: float
    waits: dict[str, array[float]]
    errors: dict[str, int]
    client_cpu: float
    unsent: int = 0
    example: dict[str, bytes] = {}

    @property
    def done(self) -> int:
        """Requests answered, errors not counted."""
        return sum(len(waits) for waits in self.waits.values())


class Connection:
    """One kept connection: at most one request under way."""

    __slots__ = ("_buffer", "_need", "_view", "filled", "intended", "kind", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)
        self.filled = 0
        self._need = -1
        self.intended = 0.0
        self.kind = ""

    def send(self, kind: str, request: bytes, intended: float) -> None:
        """Send a request that was due at ``intended`` (s, monotonic)."""
        self.kind, self.intended = kind, intended
        self.filled, self._need = 0, -1
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Read what is there; whether the answer is whole. Raises ``OSError`` at its end."""
        count = self.socket.recv_into(self._view[self.filled :], 0, socket.MSG_DONTWAIT)
        if not count:
            raise ConnectionResetError
        self.filled += count
        if self._need < 0:
            end = self._buffer.find(b"\r\n\r\n", 0, self.filled)
            if end < 0:
                return False
            self._need = end + 4 + _length(bytes(self._view[:end]))
            if self._need > len(self._buffer):
                self._grow()
        return self.filled >= self._need

    def _grow(self) -> None:
        larger = bytearray(self._need)
        larger[: self.filled] = self._view[: self.filled]
        self._buffer, self._view = larger, memoryview(larger)

    @property
    def status(self) -> bytes:
        """The three digits of the answer's status."""
        return bytes(self._view[9:12])

    def answer(self) -> bytes:
        """The whole answer."""
        return bytes(self._view[: self.filled])


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    if at < 0:
        return 0
    return int(head[at + 15 :].split(b"\r\n", 1)[0])


class _Generator:
    """The load of one process."""

    def __init__(self, load: Load, target: Target, number: int) -> None:
        self._load = load
        self._number = number
        self._asks: dict[str, Ask] = {
            kind: asker(kind, target, number * 1000 + place)
            for place, kind in enumerate(load.kinds)
        }
        share = load.clients // load.processes + (number < load.clients % load.processes)
        self._connections = [Connection(target.port) for _ in range(share)]
        self._poll = select.epoll()
        self._by_handle: dict[int, Connection] = {}
        for connection in self._connections:
            self._poll.register(connection.socket.fileno(), select.EPOLLIN)
            self._by_handle[connection.socket.fileno()] = connection
        self._waits = {kind: array("d") for kind in load.kinds}
        self._errors = dict.fromkeys(load.kinds, 0)
        self._example: dict[str, bytes] = {}

    def run(self, begin: float) -> Measured:
        """Warm up, measure from ``begin`` (s, monotonic), tell what was seen."""
        end = begin + self._load.seconds
        unsent = 0
        if self._load.rates:
            unsent = self._open(begin, end)
        else:
            self._closed(begin, end)
        for connection in self._connections:
            connection.socket.close()
        return Measured(
            self._load.seconds, self._waits, self._errors, self._cpu, unsent, self._example
        )

    def _closed(self, begin: float, end: float) -> None:
        kind = self._load.kinds[0]
        ask = self._asks[kind]
        ready = deque(ask() for _ in self._connections)
        for connection in self._connections:
            connection.send(kind, ask(), time.monotonic())
        started = False
        while True:
            for handle, _ in self._poll.poll(1.0):
                connection = self._by_handle[handle]
                if not self._receive(connection, begin, end):
                    continue
                connection.send(kind, ready.popleft(), time.monotonic())
                ready.append(ask())
            now = time.monotonic()
            if not started and now >= begin:
                started, at = True, time.process_time()
            if now >= end:
                break
        self._cpu = time.process_time() - at

    def _open(self, begin: float, end: float) -> int:
        """Send each request when it is due; how many were due and could not be sent by the end."""
        due = self._schedule(time.monotonic(), end)
        free = deque(self._connections)
        waiting: deque[tuple[float, str]] = deque()
        started, place = False, 0
        while True:
            now = time.monotonic()
            if not started and now >= begin:
                started, at = True, time.process_time()
            while place < len(due) and due[place][0] <= now:
                waiting.append(due[place])
                place += 1
            while waiting and free:
                intended, kind = waiting.popleft()
                free.popleft().send(kind, self._asks[kind](), intended)
            if now >= end:
                break
            pause = min(due[place][0], end) - now if place < len(due) else end - now
            for handle, _ in self._poll.poll(max(0.0, pause)):
                connection = self._by_handle[handle]
                if self._receive(connection, begin, end):
                    free.append(connection)
        self._cpu = time.process_time() - at
        return len(waiting)

    def _schedule(self, start: float, end: float) -> list[tuple[float, str]]:
        """When which request is due: independent arrivals at the rates of the load."""
        chance = random.Random(self._number)
        found: list[tuple[float, str]] = []
        for kind, rate in self._load.rates.items():
            at = start
            while at < end:
                at += chance.expovariate(rate / self._load.processes)
                found.append((at, kind))
        found.sort()
        return found

    def _receive(self, connection: Connection, begin: float, end: float) -> bool:
        """Read; when the answer is whole, note the wait of a request of the measured time."""
        try:
            if not connection.receive():
                return False
        except BlockingIOError:
            return False
        now = time.monotonic()
        kind = connection.kind
        if kind not in self._example:
            self._example[kind] = connection.answer()
        if connection.status != EXPECTED[kind]:
            self._errors[kind] += 1
            self._example["error"] = connection.answer()
        elif now >= begin and now < end:
            self._waits[kind].append(now - connection.intended)
        return True

    _cpu = 0.0


def _process(pipe: Pipe, load: Load, target: Target, number: int) -> None:
    generator = _Generator(load, target, number)
    pipe.send(True)
    begin = pipe.recv()
    pipe.send(generator.run(begin))


class Running:
    """A load that was started; ``begin`` and ``end`` are monotonic seconds."""

    def __init__(self, load: Load, target: Target) -> None:
        context = get_context("fork")
        self._pipes: list[Pipe] = []
        self._processes = []
        for number in range(load.processes):
            mine, theirs = context.Pipe()
            process = context.Process(target=_process, args=(theirs, load, target, number))
            process.start()
            theirs.close()
            self._pipes.append(mine)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()
        self.begin = time.monotonic() + load.warm_up
        self.end = self.begin + load.seconds
        for pipe in self._pipes:
            pipe.send(self.begin)

    def result(self) -> Measured:
        """Wait for the end; what all processes saw. Raises ``EOFError`` where one failed."""
        try:
            parts: Sequence[Measured] = [pipe.recv() for pipe in self._pipes]
        finally:
            for process in self._processes:
                process.terminate()
                process.join()
        whole = parts[0]
        for part in parts[1:]:
            for kind, waits in part.waits.items():
                whole.waits[kind].extend(waits)
                whole.errors[kind] += part.errors[kind]
            whole.client_cpu += part.client_cpu
            whole.unsent += part.unsent
            whole.example = {**part.example, **whole.example}
        return whole
