"""ASGI applications behind a real granian: whole answers, streams, bodies, clients that go away."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import httpx2
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, Router

from carnet.record.errors import CarnetError
from carnet.serve.asgi import AsgiApp, by_path, from_asgi

PATIENCE = 20.0
Talk = Callable[[httpx2.AsyncClient], Awaitable[None]]


def talk_to(
    app: AsgiApp, talk: Talk, stopping: asyncio.Event | None = None, body_seconds: float = 20.0
) -> None:
    """Serve an application on a free port and let a client talk to it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async def run() -> None:
        bridged = from_asgi(app, stopping or asyncio.Event(), "", body_seconds)
        server = Server(
            bridged, port=port, interface=Interfaces.RSGI, websockets=False, log_enabled=False
        )
        serving = asyncio.create_task(server.serve())
        base = f"http://127.0.0.1:{port}"
        try:
            async with httpx2.AsyncClient(base_url=base, trust_env=False) as client:
                async with asyncio.timeout(PATIENCE):
                    await answering(client)
                    await talk(client)
        finally:
            server.stop()  # type: ignore[no-untyped-call]  # granian leaves it without types
            async with asyncio.timeout(PATIENCE):
                await serving

    asyncio.run(run())


async def answering(client: httpx2.AsyncClient) -> None:
    while True:
        try:
            await client.get("/scope")
        except httpx2.TransportError:
            await asyncio.sleep(0.02)
        else:
            return


async def scope_told(request: Request) -> Response:
    scope = request.scope
    told = {name: scope[name] for name in ("method", "path", "root_path", "scheme", "type")}
    told["query"] = scope["query_string"].decode()
    told["raw"] = scope["raw_path"].decode()
    told["client"] = scope["client"][0]
    told["header"] = request.headers.get("x-said", "")
    return JSONResponse(told)


async def sizes(request: Request) -> Response:
    pieces = [len(piece) async for piece in request.stream()]
    return JSONResponse({"bytes": sum(pieces), "pieces": sum(map(bool, pieces))})


def router(*more: Route) -> Router:
    return Router(
        [
            Route("/scope", scope_told),
            Route("/sizes", sizes, methods=["POST"]),
            Route("/été", scope_told, methods=["GET"]),
            *more,
        ]
    )


def test_a_request_is_told_as_it_came() -> None:
    async def talk(client: httpx2.AsyncClient) -> None:
        answer = await client.get("/%C3%A9t%C3%A9?a=%C3%A9&b", headers={"X-Said": "oui"})
        assert answer.json() == {
            "method": "GET",
            "path": "/été",
            "root_path": "",
            "scheme": "http",
            "type": "http",
            "query": "a=%C3%A9&b",
            "raw": "/%C3%A9t%C3%A9",
            "client": "127.0.0.1",
            "header": "oui",
        }

    talk_to(router(), talk)


def test_bytes_that_no_browser_sends_reach_the_application_too() -> None:
    async def talk(client: httpx2.AsyncClient) -> None:
        for query in ("日本".encode(), b"%ff%00", b"a=b&&=&%"):
            reader, writer = await asyncio.open_connection(
                client.base_url.host, client.base_url.port
            )
            head = b"GET /scope?%b HTTP/1.1\r\nhost: x\r\nx-said: %b\r\nconnection: close\r\n\r\n"
            writer.write(head % (query, b"\xff\xe9"))
            answer = await reader.read()
            assert answer.startswith(b"HTTP/1.1 200"), query
            writer.close()
            await writer.wait_closed()

    talk_to(router(), talk)


def test_a_head_answers_like_a_get_without_its_body() -> None:
    async def talk(client: httpx2.AsyncClient) -> None:
        got, head = await client.get("/scope"), await client.head("/scope")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(got.content) + 1)  # HEAD, not GET

    talk_to(router(), talk)


def test_a_large_body_arrives_whole_and_in_pieces() -> None:
    async def talk(client: httpx2.AsyncClient) -> None:
        told = (await client.post("/sizes", content=b"x" * 3_000_000)).json()
        assert told["bytes"] == 3_000_000
        assert told["pieces"] > 1
        assert (await client.post("/sizes", content=b"")).json()["bytes"] == 0

    talk_to(router(), talk)


def test_a_body_that_pauses_too_long_is_refused_inside_the_application() -> None:
    refused: list[str] = []

    async def patient(request: Request) -> Response:
        try:
            await request.body()
        except CarnetError as error:
            refused.append(error.code)
        return Response("told")

    async def half() -> AsyncIterator[bytes]:
        yield b"half"
        await until(lambda: bool(refused))
        yield b"rest"

    async def talk(client: httpx2.AsyncClient) -> None:
        with suppress(httpx2.TransportError):  # the rest of the body is not waited for
            await client.post("/patient", content=half())
        assert refused == ["body-too-slow"]

    talk_to(router(Route("/patient", patient, methods=["POST"])), talk, body_seconds=0.2)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  what is waited for happens in the server
            await asyncio.sleep(0.01)


class Stream:
    """A stream of events that says how it ended."""

    def __init__(self) -> None:
        self.open = self.ended = False

    async def events(self) -> AsyncIterator[bytes]:
        self.open = True
        try:
            yield b"data: one\n\n"
            await asyncio.Event().wait()
        finally:
            self.ended = True

    async def answer(self, _: Request) -> Response:
        return StreamingResponse(self.events(), media_type="text/event-stream")

    @property
    def route(self) -> Route:
        return Route("/events", self.answer)


def test_an_event_reaches_the_client_while_the_stream_stays_open() -> None:
    stream = Stream()

    async def talk(client: httpx2.AsyncClient) -> None:
        async with client.stream("GET", "/events") as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            first = await anext(answer.aiter_bytes())
            assert (first, stream.ended) == (b"data: one\n\n", False)

    talk_to(router(stream.route), talk)


def test_a_stream_ends_when_its_client_goes_away() -> None:
    stream = Stream()

    async def talk(client: httpx2.AsyncClient) -> None:
        async with client.stream("GET", "/events") as answer:
            await anext(answer.aiter_bytes())
        await until(lambda: stream.ended)

    talk_to(router(stream.route), talk)


def test_a_stream_ends_when_the_server_is_about_to_stop() -> None:
    stream = Stream()
    stopping = asyncio.Event()

    async def talk(client: httpx2.AsyncClient) -> None:
        async with client.stream("GET", "/events") as answer:
            pieces = answer.aiter_bytes()
            await anext(pieces)
            stopping.set()
            assert [piece async for piece in pieces] == []
        assert stream.ended

    talk_to(router(stream.route), talk, stopping)


@pytest.mark.parametrize(
    ("path", "face"),
    [
        ("/fhir", "fhir"),
        ("/fhir/metadata", "fhir"),
        ("/fhirx", "fhir"),
        ("/", "pages"),
        ("/design", "pages"),
        ("/x/fhir", "pages"),
    ],
)
def test_the_path_chooses_the_face(path: str, face: str) -> None:
    class Scope:
        def __init__(self) -> None:
            self.path = path

    async def fhir(_scope: object, proto: list[str]) -> None:
        proto.append("fhir")

    async def pages(_scope: object, proto: list[str]) -> None:
        proto.append("pages")

    went: list[str] = []
    asyncio.run(_awaited(by_path("/fhir", fhir, pages)(Scope(), went)))
    assert went == [face]


async def _awaited(answer: Awaitable[None]) -> None:
    await answer
