"""A server of pages that tests need and no portal has: ``python -m tests.portal.served PORT``.

The real application, headers, bridge and server; only its pages are of tests: events, faults.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from carnet.portal.answering import page, portal_of
from carnet.portal.app import LogLine, Services, build_portal
from carnet.record.store_kind import StoreKind
from carnet.serve.asgi import from_asgi

PLACES = 2


class Place:
    """One of two places."""

    taken = 0

    def __init__(self) -> None:
        self._mine = False

    def begin(self, *, waived: bool = False) -> None:
        from carnet.record.errors import CarnetError

        if self._mine:
            return
        if Place.taken >= PLACES and not waived:
            raise CarnetError("overloaded")
        Place.taken, self._mine = Place.taken + 1, True

    def end(self) -> None:
        Place.taken, self._mine = Place.taken - self._mine, False


async def live(request: Request) -> Response:
    """A page that listens, and one button that asks for a part."""
    body = page(request, "pages/home.html", {"invented": False}).body
    part = (
        '<div id="heard" hx-sse:connect="/events"></div>'
        '<button hx-get="/part" hx-target="#asked">Demander</button><div id="asked"></div>'
    )
    return HTMLResponse(bytes(body).decode().replace("</main>", f"{part}</main>"))


async def part(_: Request) -> Response:
    return HTMLResponse("<p>Une partie</p>")


async def events(_: Request) -> Response:
    async def told() -> AsyncIterator[str]:
        for number in range(3):
            yield f"data: <p>Document {number}</p>\n\n"
            await asyncio.sleep(0.05)
        await asyncio.Event().wait()

    return StreamingResponse(told(), media_type="text/event-stream")


async def fault(request: Request) -> Response:
    secret = portal_of(request).services.public_base
    raise RuntimeError(secret + " and a name that no page may show")


async def wait(_: Request) -> Response:
    await asyncio.sleep(30)
    return Response()


ROUTES = [
    Route("/live", live),
    Route("/part", part),
    Route("/events", events),
    Route("/fault", fault),
    Route("/wait", wait),
]


def log(line: LogLine) -> None:
    sys.stderr.write(f"{line.event} {line.code} {line.route} {line.where}\n")
    sys.stderr.flush()


async def run(port: int) -> None:
    """Serve until killed."""
    base = f"http://127.0.0.1:{port}"
    services = Services(StoreKind.TEST, base, lambda: datetime.now(UTC), log, Place)
    portal = build_portal(services, more=ROUTES)
    server = Server(
        from_asgi(portal, asyncio.Event()),
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        log_enabled=False,
    )
    await server.serve()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1])))
