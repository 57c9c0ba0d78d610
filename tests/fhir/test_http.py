"""The adapter between the application and the server's protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # it is public, unsaid

from carnet.fhir.http import Request, Response, rsgi
from carnet.record.errors import CarnetError


class Wire:
    """What a server writes for an answer: the calls of RSGI's protocol, as they come."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.sent = b""

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.response_empty(status, headers)
        self.sent = body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Wire:
        self.response_empty(status, headers)
        return self

    async def send_bytes(self, data: bytes) -> None:
        self.sent += data


class Line:
    """An RSGI scope."""

    proto = "http"
    path = "/x"
    query_string = ""
    client = "127.0.0.1:1"

    def __init__(self, method: str) -> None:
        self.method = method
        self.headers: dict[str, str] = {}


@pytest.mark.parametrize(
    ("method", "response", "sent", "length"),
    [
        ("GET", Response(200, [], b"abc"), b"abc", None),
        ("HEAD", Response(200, [], b"abc"), b"", "3"),
        ("GET", Response(200, [], iter([b"ab", b"c"]), 3), b"abc", "3"),
        ("HEAD", Response(200, [], iter([b"ab", b"c"]), 3), b"", "3"),
        ("GET", Response(304, [], b""), b"", None),
    ],
)
def test_the_adapter_writes_what_the_response_says(
    method: str, response: Response, sent: bytes, length: str | None
) -> None:
    async def handler(_request: Request) -> Response:
        return response

    wire = Wire()
    asyncio.run(cast("Any", rsgi(handler)(Line(method), wire)))
    assert (wire.status, wire.sent) == (response.status, sent)
    assert wire.headers.get("content-length") == length


class Cut:
    """A request whose client went away before the end of its body."""

    async def __call__(self) -> bytes:
        raise ProtocolClosed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        raise ProtocolClosed

    def response_bytes(self, *_: object) -> None:
        raise ProtocolClosed


@pytest.mark.parametrize("whole", [True, False])
def test_a_body_that_is_cut_off_is_the_clients_fault(whole: bool) -> None:
    codes: list[str] = []

    async def handler(request: Request) -> Response:
        try:
            if whole:
                await request.body()
            else:
                assert [chunk async for chunk in request.chunks()] == []
        except CarnetError as error:
            codes.append(error.code)
        return Response(400, [])

    asyncio.run(cast("Any", rsgi(handler)(cast("Any", Line("POST")), Cut())))
    assert codes == ["body-cut-off"]
