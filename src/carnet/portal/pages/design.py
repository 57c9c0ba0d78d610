"""Every component in every state on one page, and pages composed of them; no health data.

They need no session and exist only in demo and test stores.
``?theme=light|dark&density=calm|dense&lang=fr|en`` choose how.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carnet.portal import dates
from carnet.portal.answering import page, portal_of
from carnet.portal.manner import Density, manner_of
from carnet.portal.pages.design_pictures import pictures
from carnet.record.errors import CarnetError

EXAMPLES: dict[str, Density] = {
    "accueil": "calm",
    "documents": "calm",
    "document": "calm",
    "acces": "calm",
    "patient": "dense",
}
"""The composed pages and the density of their doors."""


async def design(request: Request) -> Response:
    """``GET /design``."""
    return _page(request, "pages/design.html", "calm")


async def example(request: Request) -> Response:
    """``GET /design/exemples/{name}``. Raises ``page-unknown``."""
    name = request.path_params["name"]
    if name not in EXAMPLES:
        raise CarnetError("page-unknown")
    return _page(request, f"design/exemples/{name}.html", EXAMPLES[name])


def _page(request: Request, template: str, density: Density) -> Response:
    manner = manner_of(request, density)
    today = portal_of(request).services.now().astimezone(dates.PARIS).date()
    values = {"pictures": pictures(manner.language, today)}
    return page(request, template, values, density=density)


ROUTES = (
    Route("/design", design, methods=["GET"]),
    Route("/design/exemples/{name}", example, methods=["GET"]),
)
