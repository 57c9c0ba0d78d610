"""Language, theme and keys: a form that works without scripts and keeps its answers in cookies."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from carnet.portal.answering import page, portal_of
from carnet.portal.forms import read_form
from carnet.portal.manner import LANGUAGES, THEMES
from carnet.record.errors import CarnetError

_CHOICES: dict[str, tuple[str, ...]] = {
    "lang": LANGUAGES,
    "theme": THEMES,
    "shortcuts": ("on", "off"),
}
_YEAR = 365 * 24 * 3600


async def show(request: Request) -> Response:
    """``GET /affichage``."""
    return page(request, "pages/settings.html", {"saved": "enregistre" in request.query_params})


async def change(request: Request) -> Response:
    """``POST /affichage``: keep what was chosen. Raises ``form-choice``."""
    form = await read_form(request)
    chosen = {name: form[name] for name in _CHOICES if name in form}
    for name, value in chosen.items():
        if value not in _CHOICES[name]:
            raise CarnetError("form-choice", name)
    portal = portal_of(request)
    response = RedirectResponse(f"{portal.root}/affichage?enregistre", 303)
    secure = portal.services.public_base.startswith("https:")
    for name, value in chosen.items():
        response.set_cookie(
            name,
            value,
            _YEAR,
            path=portal.root or "/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )
    return response


ROUTES = (
    Route("/affichage", show, methods=["GET"]),
    Route("/affichage", change, methods=["POST"]),
)
