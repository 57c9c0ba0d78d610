"""``floor_http``: the same server giving the same bytes from memory.

``python -m carnet.bench.constant FILE PORT WORKERS`` answers every request with the status,
headers and body of FILE, in as many processes as the server under measurement has web workers; a
request's body is read as it would be there.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from carnet.serve.children import die_with_parent

_BACKLOG = 1024
_BACKPRESSURE = 1024
_SERVERS_OWN = ("content-length", "server", "date")


class Answer(msgspec.Struct, frozen=True):
    """What every request is answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def answer_of(raw: bytes) -> Answer:
    """An answer as it came over HTTP/1.1, without the headers that the server adds itself."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) for line in lines]
    headers = [(name, value) for name, value in pairs if name.lower() not in _SERVERS_OWN]
    return Answer(int(first.split(" ")[1]), headers, body)


def save_answer(raw: bytes, path: Path) -> None:
    """Write an answer where the server finds it."""
    path.write_bytes(msgspec.msgpack.encode(answer_of(raw)))


async def _serve(answer: Answer, port: int) -> None:
    async def application(scope: Any, proto: Any) -> None:
        if scope.method == "POST":
            await proto()
        proto.response_bytes(answer.status, answer.headers, answer.body)

    server = Server(
        application,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.RSGI,
        backlog=_BACKLOG,
        backpressure=_BACKPRESSURE,
        websockets=False,
        log_enabled=False,
    )
    await server.serve()


def main() -> None:
    """Serve until told to stop."""
    path, port, workers = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    answer = msgspec.msgpack.decode(path.read_bytes(), type=Answer)
    children = []
    for _ in range(workers):
        child = os.fork()
        if not child:
            die_with_parent(signal.SIGKILL)
            uvloop.run(_serve(answer, port))
            os._exit(0)
        children.append(child)
    signal.sigwait((signal.SIGTERM, signal.SIGINT))
    for child in children:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
