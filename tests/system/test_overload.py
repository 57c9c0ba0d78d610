"""More than a worker takes: the others are told so at once, and what it took is kept."""

from __future__ import annotations

import http.client
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.system.checks import code_of
from tests.system.conftest import NodeMaker
from tests.system.documents import fresh_id, letter
from tests.system.durability.server import PATIENCE
from tests.system.people import GENERALIST, citizen
from tests.system.server import Client, Node

CLIENTS = 8
MANY = 1500  # connections: more than a process may have files open by default


class Feeding(threading.Thread):
    """One client that feeds letter after letter until it is told to stop."""

    def __init__(self, node: Node, stop: threading.Event) -> None:
        super().__init__()
        self._client = Client(node.base + "/", node.server.token(GENERALIST))
        self._stop_asked = stop
        self.who = citizen()
        node.open_for(self.who)
        self.kept: list[str] = []
        self.turned_away: list[tuple[str, str]] = []

    def run(self) -> None:
        while not self._stop_asked.is_set():
            unique_id = fresh_id()
            answer = self._client.submit(letter(self.who, GENERALIST, unique_id=unique_id))
            if answer.status_code == 201:
                self.kept.append(answer.json()["id"])
            else:
                self.turned_away.append((code_of(answer), answer.headers["retry-after"]))
        self._client.close()


@contextmanager
def files_for(count: int) -> Iterator[None]:
    """Let this process open so many files; the server has started with what was allowed before."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 512), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_who_is_turned_away_is_told_when_to_return_and_what_was_taken_is_kept(
    make_node: NodeMaker,
) -> None:
    limits = {"CARNET_LIMITS_REQUESTS": "1", "CARNET_LIMITS_BURST": "1"}
    node = make_node(workers=1, environment=limits)
    stop = threading.Event()
    feeding = [Feeding(node, stop) for _ in range(CLIENTS)]
    for one in feeding:
        one.start()
    end = time.monotonic() + PATIENCE
    while not (any(one.turned_away for one in feeding) and all(one.kept for one in feeding)):
        if time.monotonic() > end:
            break
        stop.wait(0.02)
    stop.set()
    for one in feeding:
        one.join()
    away = [told for one in feeding for told in one.turned_away]
    assert away
    assert {code for code, _ in away} == {"overloaded"}
    assert all(1 <= int(seconds) <= 3 for _, seconds in away)
    assert node.server.logged("fhir-overloaded")
    for one in feeding:
        found = node.acting(one.who).find(one.who, _count=500).json()
        assert {entry["resource"]["id"] for entry in found["entry"]} == set(one.kept)


@pytest.mark.parametrize("asked", [False, True], ids=["silent", "kept after an answer"])
def test_idle_connections_by_the_thousand_keep_nobody_out(
    make_node: NodeMaker, asked: bool
) -> None:
    node = make_node(workers=1)
    place = ("127.0.0.1", node.server.port)
    with files_for(MANY), ExitStack() as idle:
        for _ in range(MANY):
            line = idle.enter_context(socket.create_connection(place, timeout=PATIENCE))
            if asked:
                line.sendall(b"GET /fhir/metadata HTTP/1.1\r\nhost: x\r\n\r\n")
        other = http.client.HTTPConnection(*place, timeout=PATIENCE)
        other.request("GET", "/fhir/metadata")
        assert other.getresponse().status == 200
        other.close()
