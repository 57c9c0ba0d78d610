"""What pages have in common: the portal of a request, and a page written in a person's manner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request
from starlette.responses import Response

from carnet.portal.manner import Density, manner_of

if TYPE_CHECKING:
    from carnet.portal.app import Portal


def portal_of(request: Request) -> Portal:
    """The portal that a request came to."""
    return cast("Portal", request.app)


def page(
    request: Request,
    template: str,
    values: dict[str, Any] | None = None,
    *,
    density: Density = "calm",
    status: int = 200,
) -> Response:
    """A page from its template, as this person wants it; ``density`` is the door's own."""
    portal = portal_of(request)
    manner = manner_of(request, density)
    return portal.renderer.page(template, manner, portal.services.now(), values or {}, status)
