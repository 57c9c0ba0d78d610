"""Requests and responses as the interactions see them, and the adapter to granian's RSGI.

Nothing but this module knows the server. RSGI hands over a path that is percent-decoded already;
``carnet.fhir.paths`` judges what is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, Protocol

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # it is public, unsaid

from carnet.record.errors import CarnetError

_BODY_SECONDS = 20.0
_LISTS = frozenset({"accept", "prefer", "if-none-match"})
_ONCE = frozenset(
    {
        "authorization",
        "content-encoding",
        "content-length",
        "content-type",
        "host",
        "if-match",
        "if-none-exist",
        "x-request-id",
    }
)


class Turn(Protocol):
    """A request's place among those in hand (``carnet.fhir.admission``)."""

    def begin(self, *, waived: bool = False) -> None:
        """Take it."""


class Request:
    """One request. ``headers`` have lower-case names; ``repeated`` names headers given twice."""

    __slots__ = (
        "_chunks",
        "_whole",
        "body_seconds",
        "headers",
        "method",
        "path",
        "peer",
        "query",
        "repeated",
        "turn",
    )

    def __init__(
        self,
        method: str,
        path: str,
        query: str = "",
        headers: dict[str, str] | None = None,
        body: Callable[[], Awaitable[bytes]] | None = None,
        chunks: AsyncIterable[bytes] | None = None,
        peer: str = "",
        repeated: tuple[str, ...] = (),
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers or {}
        self.peer = peer
        self.repeated = repeated
        self.turn: Turn | None = None
        self.body_seconds = _BODY_SECONDS
        self._whole = body
        self._chunks = chunks

    async def body(self) -> bytes:
        """The whole body; only for one whose declared length is bounded.

        Raises ``body-cut-off`` where the client went away before its end and ``body-too-slow``, as
        ``chunks`` does, and ``overloaded`` where it is there and finds no place.
        """
        try:
            async with asyncio.timeout(self.body_seconds):
                data = bytes(await self._whole()) if self._whole else b""
        except ProtocolClosed:
            raise CarnetError("body-cut-off") from None
        except TimeoutError:
            raise CarnetError("body-too-slow", seconds=round(self.body_seconds)) from None
        if self.turn is not None:
            self.turn.begin()
        return data

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body piece by piece."""
        if self._chunks is None:
            return
        pieces = aiter(self._chunks)
        try:
            while True:
                async with asyncio.timeout(self.body_seconds):
                    piece = await anext(pieces)  # with a default, 3.11 crashes on granian's
                yield bytes(piece)
        except StopAsyncIteration:
            pass
        except ProtocolClosed:
            raise CarnetError("body-cut-off") from None
        except TimeoutError:
            raise CarnetError("body-too-slow", seconds=round(self.body_seconds)) from None
        if self.turn is not None:
            self.turn.begin(waived=True)


class Response:
    """One answer. ``body`` is bytes, or an iterator whose total length is ``length``."""

    __slots__ = ("body", "headers", "length", "status")

    def __init__(
        self,
        status: int,
        headers: list[tuple[str, str]],
        body: bytes | Iterator[bytes] = b"",
        length: int | None = None,
    ) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.length = len(body) if isinstance(body, bytes) else length


Handler = Callable[[Request], Awaitable[Response]]


class _Scope(Protocol):
    proto: str
    method: str
    path: str
    query_string: str
    client: str

    @property
    def headers(self) -> Any: ...


def fold_headers(items: list[tuple[str, str]]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Headers by lower-case name; lists are joined, names that may stand once are reported."""
    headers: dict[str, str] = {}
    repeated: list[str] = []
    for raw, value in items:
        name = raw.lower()
        if name not in headers:
            headers[name] = value
        elif name in _LISTS:
            headers[name] += ", " + value
        elif name in _ONCE:
            repeated.append(name)
    return headers, tuple(repeated)


def rsgi(handler: Handler) -> Callable[[Any, Any], Awaitable[None]]:
    """A handler as an RSGI application (granian's interface, RSGI 1.x)."""

    async def application(scope: _Scope, proto: Any) -> None:
        if scope.proto != "http":
            proto.close(404)
            return
        headers, repeated = fold_headers(scope.headers.items())
        request = Request(
            scope.method,
            scope.path,
            scope.query_string,
            headers,
            proto,
            proto,
            scope.client,
            repeated,
        )
        response = await handler(request)
        with suppress(ProtocolClosed):  # nobody is there any more to be answered
            await _send(response, scope.method, proto)

    return application


async def _send(response: Response, method: str, proto: Any) -> None:
    headers = response.headers
    if method == "HEAD" or response.status in (204, 304):
        if method == "HEAD" and response.length is not None:
            headers = [*headers, ("content-length", str(response.length))]
        _close(response.body)
        proto.response_empty(response.status, headers)
        return
    if isinstance(response.body, bytes):
        proto.response_bytes(response.status, headers, response.body)
        return
    if response.length is not None:
        headers = [*headers, ("content-length", str(response.length))]
    transport = proto.response_stream(response.status, headers)
    pieces = response.body
    try:
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            await transport.send_bytes(piece)
    finally:
        _close(pieces)


def _close(body: bytes | Iterator[bytes]) -> None:
    close = getattr(body, "close", None)
    if close:
        close()
