"""The adapter between the application and the server's protocol."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from carnet.fhir.http import Request, Response, rsgi


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
