"""The portals as one ASGI application: from a request to a page, whatever happens between.

Order: put the headers on, take a place among the requests of the worker, refuse forms of other
sites, find the page, let it answer. Every refusal is a page of the catalogue's sentences with a
reference that finds its log line; a fault of Carnet itself says no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Route, Router
from starlette.types import Message, Receive, Scope, Send

from carnet.logs import new_reference, places
from carnet.portal import errors
from carnet.portal.assets import Assets
from carnet.portal.headers import with_headers
from carnet.portal.pages import routes_of
from carnet.portal.rendering import Renderer
from carnet.record.catalogue import CATALOGUE
from carnet.record.errors import CarnetError
from carnet.record.events import Event
from carnet.record.store_kind import StoreKind
from carnet.usecases.crowding import Place, acting

_SAFE = ("GET", "HEAD", "OPTIONS")


class LogLine(msgspec.Struct, frozen=True):
    """What the log is told of a request that did not go well."""

    event: Event
    reference: str
    route: str
    status: int
    code: str
    where: tuple[str, ...] = ()


class Services(msgspec.Struct, frozen=True):
    """What the composition hands to the portals. ``place``: one among the worker's requests."""

    kind: StoreKind
    public_base: str
    now: Callable[[], datetime]
    log: Callable[[LogLine], None]
    place: Callable[[], Place]


class Portal:
    """The application, and what pages reach by ``request.app``."""

    def __init__(self, services: Services, assets: Assets, more: Iterable[BaseRoute]) -> None:
        self.services = services
        self.assets = assets
        base = urlsplit(services.public_base.rstrip("/"))
        self.root = base.path
        self.renderer = Renderer(assets, self.root)
        self._origin = f"{base.scheme}://{base.netloc}"
        static = Route("/static/{hash}/{name:path}", assets.answer, methods=["GET"])
        routes: list[BaseRoute] = [static, *routes_of(services.kind), *more]
        self._router = Router(routes, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; raises nothing but cancellation."""
        scope["app"] = self
        place = self.services.place()
        receiving, sending = _Receiving(receive, place), _Sending(with_headers(send), place)
        request = Request(scope, receiving)
        try:
            if not _has_body(request) and "/static/" not in request.scope["path"]:
                place.begin()  # with a body, once it is there; files cost next to nothing
            with acting(place):
                self._check(request)
                await self._router(scope, receiving, sending)
        except CarnetError as error:
            await self._refused(request, error, sending)
        except HTTPException as error:
            code = "page-unknown" if error.status_code == 404 else "page-method"
            await self._refused(request, CarnetError(code), sending)
        except Exception as error:  # noqa: BLE001 - no fault may reach the server raw
            await self._failed(request, error, sending)
        finally:
            place.end()

    def _check(self, request: Request) -> None:
        """Refuse what is asked past the public address, or from the page of another site.

        Raises ``portal-assets-missing``, ``page-unknown`` and ``page-origin``.
        """
        if self.assets.missing:
            raise CarnetError("portal-assets-missing")
        if self.root:
            if not request.scope["path"].startswith(self.root + "/"):
                raise CarnetError("page-unknown")
            request.scope["path"] = request.scope["path"].removeprefix(self.root)
        if request.method not in _SAFE and not self._is_own(request):
            raise CarnetError("page-origin")

    def _is_own(self, request: Request) -> bool:
        """Whether an act comes from a page of this site, as its browser says (Fetch Metadata).

        ``no-referrer`` makes browsers send ``Origin: null`` with a form of our own, so that it
        counts only where nothing better is said.
        """
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin", "null")
        own = (self._origin, f"{request.url.scheme}://{request.headers.get('host', '')}")
        return origin in own if site is None else site == "same-origin" and origin in ("null", *own)

    async def _refused(self, request: Request, error: CarnetError, send: _Sending) -> None:
        if error.code not in CATALOGUE:
            await self._failed(request, error, send)
            return
        reference = new_reference()
        status = errors.status_of(error)
        self._log(Event.PORTAL_REFUSED, request, reference, status, error.code)
        await self._tell(request, error, reference, send)

    async def _failed(self, request: Request, error: Exception, send: _Sending) -> None:
        """A fault of Carnet: its places go to the log, never its message."""
        reference = new_reference()
        self._log(Event.PORTAL_DEFECT, request, reference, 500, "defect", places(error))
        await self._tell(request, CarnetError("defect"), reference, send)

    async def _tell(
        self, request: Request, error: CarnetError, reference: str, send: _Sending
    ) -> None:
        """Answer with the page of a refusal, unless an answer is under way already."""
        if send.begun:
            return
        try:
            page = errors.page_of(request, self, error, reference)
        except Exception as fault:  # noqa: BLE001 - the page of faults may be at fault itself
            self._log(Event.PORTAL_DEFECT, request, reference, 500, "defect", places(fault))
            page = errors.bare_page(error, reference)
        await page(request.scope, request.receive, send)

    def _log(
        self,
        event: Event,
        request: Request,
        reference: str,
        status: int,
        code: str,
        where: tuple[str, ...] = (),
    ) -> None:
        route = request.scope.get("route")
        path = route.path if isinstance(route, Route) else "?"
        line = LogLine(event, reference, f"{request.method[:8]} {path}", status, code, where)
        self.services.log(line)


def _has_body(request: Request) -> bool:
    headers = request.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


class _Receiving:
    """The way from the client.

    A request takes its place when its body is there whole, so that a slow client holds nobody's.
    """

    def __init__(self, receive: Receive, place: Place) -> None:
        self._receive = receive
        self._place = place

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            self._place.begin()
        return message


class _Sending:
    """The way to the client; ``begun`` once an answer is under way and no other can be given.

    An answer that goes on (server-sent events) gives up its place with its first piece.
    """

    def __init__(self, send: Send, place: Place) -> None:
        self._send = send
        self._place = place
        self.begun = False

    async def __call__(self, message: Message) -> None:
        self.begun = True
        if message.get("more_body", False):
            self._place.end()
        await self._send(message)


def build_portal(
    services: Services, assets: Assets | None = None, more: Iterable[BaseRoute] = ()
) -> Portal:
    """The portals over these services; ``more`` are further pages."""
    return Portal(services, assets or Assets(), more)
