"""Several loads at once, each in its own time: what a run saw of each request.

A stream is *open* (requests are due at a rate that may change from phase to phase, and wait in the
client while all its connections are busy) or *closed* (each connection asks again when answered).
"""

from __future__ import annotations

import random
import select
import time
from array import array
from collections import deque
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe

import msgspec

from carnet.bench.asking import EXPECTED, Target, asker
from carnet.bench.load import Connection

_SHED = b"503"


class Stream(msgspec.Struct, frozen=True):
    """One load. ``phases`` are (begin, end, requests a second) in seconds of the run.

    A rate of 0 makes the phase closed. ``citizens`` are those asked for, empty for all.
    """

    name: str
    kind: str
    connections: int
    phases: tuple[tuple[float, float, float], ...]
    citizens: tuple[int, ...] = ()


class Seen(msgspec.Struct):
    """The requests of one stream, in the order of their answers; times in seconds of the run.

    ``status`` is 0 for the answer that was asked for, 1 for 503, 2 for any other.
    """

    due: array[float]
    sent: array[float]
    done: array[float]
    status: array[int]
    unsent: int = 0

    def between(self, begin: float, end: float, status: int = 0) -> list[tuple[float, float]]:
        """(due, done) of what was due in a span and answered with this status."""
        return [
            (due, done)
            for due, done, found in zip(self.due, self.done, self.status, strict=True)
            if begin <= due < end and found == status
        ]


class Report(msgspec.Struct):
    """What a run saw, by stream, and the processor time of the clients (s)."""

    seen: dict[str, Seen]
    client_cpu: float


class _Lane:
    """A stream within one process."""

    def __init__(self, stream: Stream, target: Target, number: int, of: int) -> None:
        self.stream = stream
        share = stream.connections // of + (number < stream.connections % of)
        self.connections = [Connection(target.port) for _ in range(share)]
        self.free = deque(self.connections)
        seed = hash((stream.name, number)) & 0xFFFF
        self.ask = asker(stream.kind, target, seed, stream.citizens or None)
        self.due = _schedule(stream, of, random.Random(seed))
        self.waiting: deque[float] = deque()
        self.closed = [(begin, end) for begin, end, rate in stream.phases if not rate]
        self.sent: dict[int, float] = {}
        self.seen = Seen(array("d"), array("d"), array("d"), array("b"))

    def is_closed_at(self, now: float) -> bool:
        """Whether its connections ask on their own."""
        return any(begin <= now < end for begin, end in self.closed)

    def send(self, now: float) -> None:
        """Send what is due, as far as connections are free."""
        while self.due and self.due[0] <= now:
            self.waiting.append(self.due.popleft())
        if self.free and self.is_closed_at(now):
            self.waiting.extend([now] * len(self.free))
        while self.waiting and self.free:
            connection = self.free.popleft()
            self.sent[connection.socket.fileno()] = now
            connection.send(self.stream.kind, self.ask(), self.waiting.popleft())

    def answered(self, connection: Connection, now: float) -> None:
        """Note the answer of a connection, which is free again."""
        status = connection.status
        expected = EXPECTED[self.stream.kind]
        self.seen.due.append(connection.intended)
        self.seen.sent.append(self.sent[connection.socket.fileno()])
        self.seen.done.append(now)
        self.seen.status.append(0 if status == expected else 1 if status == _SHED else 2)
        self.free.append(connection)


def _schedule(stream: Stream, of: int, chance: random.Random) -> deque[float]:
    """When requests are due: independent arrivals at the rate of each open phase."""
    found: list[float] = []
    for begin, end, rate in stream.phases:
        at = begin
        while rate and (at := at + chance.expovariate(rate / of)) < end:
            found.append(at)
    return deque(sorted(found))


class _Client:
    """The streams of one process."""

    def __init__(self, streams: tuple[Stream, ...], target: Target, number: int, of: int) -> None:
        self._lanes = [_Lane(stream, target, number, of) for stream in streams]
        self._poll = select.epoll()
        self._owner: dict[int, tuple[_Lane, Connection]] = {}
        for lane in self._lanes:
            for connection in lane.connections:
                self._poll.register(connection.socket.fileno(), select.EPOLLIN)
                self._owner[connection.socket.fileno()] = (lane, connection)

    def run(self, start: float, seconds: float) -> Report:
        """Run from ``start`` (monotonic) for that long."""
        cpu = time.process_time()
        while (now := time.monotonic() - start) < seconds:
            for lane in self._lanes:
                lane.send(now)
            pause = min((lane.due[0] for lane in self._lanes if lane.due), default=seconds) - now
            for handle, _ in self._poll.poll(max(0.0, min(pause, 0.05))):
                lane, connection = self._owner[handle]
                if self._received(connection):
                    lane.answered(connection, time.monotonic() - start)
        for lane in self._lanes:
            lane.seen.unsent = len(lane.waiting)
            for connection in lane.connections:
                connection.socket.close()
        seen = {lane.stream.name: lane.seen for lane in self._lanes}
        return Report(seen, time.process_time() - cpu)

    @staticmethod
    def _received(connection: Connection) -> bool:
        try:
            return connection.receive()
        except BlockingIOError:
            return False


def _process(
    pipe: Pipe, streams: tuple[Stream, ...], target: Target, number: int, of: int, seconds: float
) -> None:
    client = _Client(streams, target, number, of)
    pipe.send(True)
    pipe.send(client.run(pipe.recv(), seconds))


def run(streams: tuple[Stream, ...], target: Target, seconds: float, processes: int = 2) -> Report:
    """Run streams against a server; what all processes saw. Raises ``EOFError`` if one failed."""
    return Running(streams, target, seconds, processes).result()


class Running:
    """Streams that were started; ``start`` is the monotonic second 0 of the run."""

    def __init__(
        self, streams: tuple[Stream, ...], target: Target, seconds: float, processes: int = 2
    ) -> None:
        context = get_context("fork")
        self._pipes: list[Pipe] = []
        self._processes = []
        for number in range(processes):
            mine, theirs = context.Pipe()
            told = (theirs, streams, target, number, processes, seconds)
            process = context.Process(target=_process, args=told)
            process.start()
            theirs.close()
            self._pipes.append(mine)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()
        self.start = time.monotonic()
        for pipe in self._pipes:
            pipe.send(self.start)

    def result(self) -> Report:
        """Wait for the end."""
        try:
            parts: list[Report] = [pipe.recv() for pipe in self._pipes]
        finally:
            for process in self._processes:
                process.terminate()
                process.join()
        whole = parts[0]
        for part in parts[1:]:
            whole.client_cpu += part.client_cpu
            for name, seen in part.seen.items():
                mine = whole.seen[name]
                for field in ("due", "sent", "done", "status"):
                    getattr(mine, field).extend(getattr(seen, field))
                mine.unsent += seen.unsent
        return whole
