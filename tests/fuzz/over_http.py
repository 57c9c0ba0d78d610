"""Requests over real sockets to a real server.

``python -m tests.fuzz.over_http INPUTS RESULT [SEED]`` sends that many in two processes. An answer
that breaks a promise is written beside RESULT with its request, and the status is 1.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import sys
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

import msgspec

from tests.fuzz.answers import Answers
from tests.fuzz.asking import Asked, Asker
from tests.fuzz.world import World, world

_PROCESSES = 2
_TIMEOUT = 20.0
_MOST_FINDINGS = 20


class Counted(msgspec.Struct):
    """What a run saw."""

    inputs: int = 0
    seconds: float = 0.0
    slowest_ms: float = 0.0
    refused_by_the_server: int = 0  # not HTTP: answered or closed before the application
    statuses: dict[int, int] = {}
    operations: dict[str, int] = {}
    codes: int = 0  # distinct codes of refusals
    findings: list[str] = []


class Wire:
    """One connection, opened anew where the server closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def exchange(self, asked: Asked) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body of the answer; None where the server hung up.

        Raises ``TimeoutError`` for a request that is never answered.
        """
        fresh = self._socket is None
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), _TIMEOUT)
        try:
            self._socket.sendall(asked.wire)
            if asked.raw:  # it may be a request that never ends
                self._socket.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(
                self._socket, method="HEAD" if asked.is_head else "GET"
            )
            answer.begin()
            body = answer.read()
        except TimeoutError:
            raise
        except (http.client.HTTPException, OSError):
            self.close()
            if fresh or asked.raw:
                return None
            return self.exchange(asked)  # a kept connection that had ended meanwhile
        headers = {name.lower(): value for name, value in answer.getheaders()}
        if asked.raw or answer.will_close:
            self.close()
        return answer.status, headers, body

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def send(place: World, inputs: int, seed: int) -> Counted:
    """Send requests and check their answers."""
    asker = Asker(place, random.Random(seed))
    wire, answers, counted = Wire(place.port), Answers(), Counted()
    begin = time.monotonic()
    for _ in range(inputs):
        asked = asker.ask()
        sent = time.monotonic()
        try:
            answer = wire.exchange(asked)
            if answer is None or (
                asked.raw and not answer[2] and answer[0] in (400, 408, 414, 431)
            ):
                counted.refused_by_the_server += 1
                assert asked.raw or b"%00" in asked.wire or answer is not None, "hung up"
            else:
                answers.check(*answer, operation=asked.operation, is_head=asked.is_head)
        except (AssertionError, TimeoutError, KeyError, ValueError) as fault:
            wire.close()
            if len(counted.findings) < _MOST_FINDINGS:
                wire_text = re.sub(rb"Bearer [^\r\n]*", b"Bearer ...", asked.wire)[:700]
                counted.findings.append(f"{type(fault).__name__} {fault!s:.500}\n{wire_text!r}")
        counted.inputs += 1
        counted.slowest_ms = max(counted.slowest_ms, (time.monotonic() - sent) * 1000)
    wire.close()
    counted.seconds = time.monotonic() - begin
    counted.statuses, counted.operations = dict(answers.statuses), dict(answers.operations)
    counted.codes = len([code for code in answers.codes if " " not in code])
    return counted


def fuzz(place: World, inputs: int, seed: int) -> Counted:
    """The same in two processes at once; what all of them saw."""
    context = get_context("fork")
    with context.Pool(_PROCESSES) as pool:
        jobs = [
            pool.apply_async(send, (place, inputs // _PROCESSES, seed + number))
            for number in range(_PROCESSES)
        ]
        return together([job.get() for job in jobs])


def together(parts: list[Counted]) -> Counted:
    """What several processes saw, as one."""
    whole = Counted(
        inputs=sum(part.inputs for part in parts),
        seconds=max(part.seconds for part in parts),
        slowest_ms=max(part.slowest_ms for part in parts),
        refused_by_the_server=sum(part.refused_by_the_server for part in parts),
        codes=max(part.codes for part in parts),
        findings=[finding for part in parts for finding in part.findings],
    )
    for name in ("statuses", "operations"):
        total: Counter[int | str] = Counter()
        for part in parts:
            total.update(getattr(part, name))
        setattr(whole, name, dict(sorted(total.items(), key=str)))
    return whole


def main() -> int:
    """Fuzz a new world; 1 where something was found."""
    inputs, result = int(sys.argv[1]), Path(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int.from_bytes(os.urandom(4))
    with world() as place:
        counted = fuzz(place, inputs, seed)
        result.write_bytes(msgspec.json.encode(counted))
        for finding in counted.findings:
            print(finding, file=sys.stderr)
    return 1 if counted.findings else 0


if __name__ == "__main__":
    sys.exit(main())
