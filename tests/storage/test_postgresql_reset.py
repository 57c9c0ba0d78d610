"""A connection that is reset is lost, and who waits on it is told.

A server that is killed with bytes unread in its socket resets the connection, often behind its last
words. uvloop, under which the server runs, then calls the reader once, for the words, and stops
watching (libuv ``uv__poll_io``: POLLERR): the reset itself is told to nobody.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvloop

from carnet.storage.postgresql_link import Link, Prepared
from tests.storage.foreign import end_backends
from tests.storage.rigs import PostgresqlPlace

# PostgreSQL, "Message Formats": NoticeResponse, as a backend sends it when another one crashed.
_FIELDS = b"SWARNING\0C57P02\0Mterminating connection\0\0"
LAST_WORDS = b"N" + struct.pack("!i", 4 + len(_FIELDS)) + _FIELDS
SLEEP = Prepared("sleep", "SELECT pg_sleep(600)")
_PATIENCE = 30.0  # seconds


class Relay:
    """Stands between one client and the server; ``reset`` breaks off what it holds open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self._client = self._server = self._listener  # until a client comes
        self._pumps: list[asyncio.Task[None]] = []
        self.heard = asyncio.Event()  # set when anybody has said something
        self.port: int = self._listener.getsockname()[1]

    async def accept(self) -> None:
        """Take one client and hand bytes on, both ways."""
        loop = asyncio.get_running_loop()
        self._client, _ = await loop.sock_accept(self._listener)
        self._server = socket.create_connection(("127.0.0.1", self._port))
        for end in (self._client, self._server):
            end.setblocking(False)
        for one, other in ((self._client, self._server), (self._server, self._client)):
            self._pumps.append(asyncio.create_task(self._pump(one, other)))

    async def _pump(self, one: socket.socket, other: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(one, 1 << 16):
            await loop.sock_sendall(other, data)
            self.heard.set()

    async def reset(self, last_words: bytes) -> None:
        """End with a reset, not in order (SO_LINGER 0), at once behind the last words."""
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        self._client.send(last_words)
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for end in (self._client, self._server, self._listener):
            end.close()


async def linked(url: str) -> tuple[Link, Relay]:
    """A link to a server by way of a relay, and the relay."""
    relay = Relay(int(re.findall(r":(\d+)/", url)[0]))
    accepting = asyncio.create_task(relay.accept())
    link = await Link.open(re.sub(r":\d+/", f":{relay.port}/", url))
    await accepting
    return link, relay


def _run(loop: Callable[[], asyncio.AbstractEventLoop], work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(work)


@pytest.mark.parametrize("last_words", [b"", LAST_WORDS])
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_who_waits_on_a_connection_that_is_reset_is_told(
    loop: Callable[[], asyncio.AbstractEventLoop],
    last_words: bytes,
    postgresql_place: PostgresqlPlace,
) -> None:
    async def scene() -> None:
        link, relay = await linked(postgresql_place.url)
        relay.heard.clear()
        asked = link.ask(SLEEP, [])
        await relay.heard.wait()
        await relay.reset(last_words)
        async with asyncio.timeout(_PATIENCE):
            assert await asked is None
        assert link.lost
        await end_backends(postgresql_place.url)

    _run(loop, scene())


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_an_idle_connection_that_is_reset_answers_nothing_at_the_next_question(
    loop: Callable[[], asyncio.AbstractEventLoop], postgresql_place: PostgresqlPlace
) -> None:
    async def scene() -> None:
        link, relay = await linked(postgresql_place.url)
        await relay.reset(LAST_WORDS)
        async with asyncio.timeout(_PATIENCE):
            assert await link.ask(SLEEP, []) is None

    _run(loop, scene())
