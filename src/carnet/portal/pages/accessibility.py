"""The accessibility statement (RGAA 4.1; WCAG 2.2 AA; article 47 of law 2005-102)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carnet.portal.answering import page


async def accessibility(request: Request) -> Response:
    """``GET /accessibilite``."""
    return page(request, "pages/accessibility.html")


ROUTES = (Route("/accessibilite", accessibility, methods=["GET"]),)
