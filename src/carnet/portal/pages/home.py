"""The first page: what this is, and what can be done here today."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carnet.portal.answering import page, portal_of
from carnet.record.store_kind import StoreKind


async def home(request: Request) -> Response:
    """``GET /``."""
    invented = portal_of(request).services.kind is not StoreKind.PRODUCTION
    return page(request, "pages/home.html", {"invented": invented})


ROUTES = (Route("/", home, methods=["GET"]),)
