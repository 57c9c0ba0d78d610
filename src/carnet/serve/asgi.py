"""From granian's RSGI to ASGI 3, so that the portals are an ordinary ASGI application.

One server answers both faces: FHIR takes RSGI as it is, which is cheaper a request; pages take the
interface that their libraries speak (https://asgi.readthedocs.io, HTTP connection scope). Nothing
but this module and ``carnet.fhir.http`` knows the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # it is public, unsaid

from carnet.record.errors import CarnetError

Message = MutableMapping[str, Any]
AsgiScope = MutableMapping[str, Any]
AsgiApp = Callable[
    [AsgiScope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]
RsgiApp = Callable[[Any, Any], Awaitable[None]]

# From 2.4 on, Starlette notices that a client is gone only when it sends; before, at once.
_VERSIONS = {"version": "3.0", "spec_version": "2.3"}
_BODILESS = (204, 304)


def by_path(prefix: str, below: RsgiApp, others: RsgiApp) -> RsgiApp:
    """Requests whose path begins with ``prefix`` go to one application, all others to another."""

    def choose(scope: Any, proto: Any) -> Awaitable[None]:
        return (below if scope.path.startswith(prefix) else others)(scope, proto)

    return choose


def from_asgi(
    app: AsgiApp, stopping: asyncio.Event, root_path: str = "", body_seconds: float = 20.0
) -> RsgiApp:
    """An ASGI application as an RSGI one.

    When ``stopping`` is set, all streams that are open are told that their client is gone, so that
    none keeps the server from ending. A body that pauses for longer than ``body_seconds`` raises
    ``body-too-slow`` inside the application.
    """

    async def application(scope: Any, proto: Any) -> None:
        if scope.proto != "http":
            proto.close(404)
            return
        exchange = _Exchange(scope.method, proto, stopping, body_seconds)
        try:
            with suppress(ProtocolClosed):  # nobody is there any more to be answered
                await app(_scope(scope, root_path), exchange.receive, exchange.send)
        finally:
            exchange.end()

    return application


def _scope(scope: Any, root_path: str) -> AsgiScope:
    """What ASGI tells of a request. ``client`` is an address and a port."""
    host, _, port = scope.client.rpartition(":")
    return {
        "type": "http",
        "asgi": _VERSIONS,
        "http_version": scope.http_version,
        "method": scope.method,
        "scheme": scope.scheme,
        "path": scope.path,
        "raw_path": quote(scope.path).encode("ascii"),
        "root_path": root_path,
        "query_string": scope.query_string.encode("utf-8", "surrogateescape"),
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in scope.headers.items()
        ],
        "client": (host, int(port)) if port.isdigit() else None,
        "server": None,
    }


class _Exchange:
    """One request and its answer: RSGI's protocol behind ASGI's two functions."""

    def __init__(
        self, method: str, proto: Any, stopping: asyncio.Event, body_seconds: float
    ) -> None:
        self._method = method
        self._proto = proto
        self._stopping = stopping
        self._body_seconds = body_seconds
        self._pieces: Any = None
        self._read = False
        self._head: tuple[int, list[tuple[str, str]]] | None = None
        self._stream: Any = None

    async def receive(self) -> Message:
        """The next piece of the body; after its end, that the client is gone, once it is."""
        if self._read:
            await self._gone()
            return {"type": "http.disconnect"}
        if self._pieces is None:
            self._pieces = aiter(self._proto)
        try:
            async with asyncio.timeout(self._body_seconds):
                piece = await anext(self._pieces)  # with a default, 3.11 crashes on granian's
        except StopAsyncIteration:
            self._read = True
            return {"type": "http.request", "body": b"", "more_body": False}
        except ProtocolClosed:
            self._read = True
            return {"type": "http.disconnect"}
        except TimeoutError:
            raise CarnetError("body-too-slow", seconds=round(self._body_seconds)) from None
        return {"type": "http.request", "body": bytes(piece), "more_body": True}

    async def _gone(self) -> None:
        """Returns when the client has gone away or the server is about to stop."""
        waits = [
            asyncio.ensure_future(self._proto.client_disconnect()),
            asyncio.ensure_future(self._stopping.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def send(self, message: Message) -> None:
        """Take the head, then the body: at once where it is whole, else piece by piece."""
        if message["type"] == "http.response.start":
            headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message.get("headers", ())
            ]
            self._head = (message["status"], headers)
            return
        body, more = bytes(message.get("body", b"")), message.get("more_body", False)
        if self._head is not None:
            head, self._head = self._head, None
            if not self._begin(*head, body, whole=not more):
                return
        if self._stream is not None and body:
            await self._stream.send_bytes(body)

    def end(self) -> None:
        """Let go of the stream: granian ends the answer when nothing holds it any more."""
        self._stream = None

    def _begin(
        self, status: int, headers: list[tuple[str, str]], body: bytes, *, whole: bool
    ) -> bool:
        """Send the head, and the body with it where it is whole. Whether a stream is open now."""
        if self._method == "HEAD" or status in _BODILESS:
            self._proto.response_empty(status, headers)
            return False
        if whole:
            self._proto.response_bytes(status, headers, body)
            return False
        self._stream = self._proto.response_stream(status, headers)
        return True
