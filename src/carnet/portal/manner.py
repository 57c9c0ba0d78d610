"""How a person wants pages: language, theme, shortcuts; and how dense this door speaks.

Each is a cookie that ``/affichage`` sets; the language follows ``Accept-Language`` until then.
A query (``?lang=en&theme=dark``) changes one page and is not remembered.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

import msgspec
from babel.core import negotiate_locale
from starlette.requests import Request

Language = Literal["fr", "en"]
Theme = Literal["auto", "light", "dark"]
Density = Literal["calm", "dense"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
THEMES: tuple[Theme, ...] = get_args(Theme)
DENSITIES: tuple[Density, ...] = get_args(Density)


class Manner(msgspec.Struct, frozen=True):
    """The manner of one page. ``density``: calm for citizens, dense for professionals."""

    language: Language = "fr"
    theme: Theme = "auto"
    density: Density = "calm"
    shortcuts: bool = True  # single keys act (WCAG 2.1.4 wants them to be switched off)


def manner_of(request: Request, density: Density = "calm") -> Manner:
    """What a request asks for; what is not one of the choices counts as not said."""
    return Manner(
        language=_language(request),
        theme=cast("Theme", _one_of(THEMES, request, "theme") or "auto"),
        density=cast("Density", _one_of(DENSITIES, request, "density") or density),
        shortcuts=request.cookies.get("shortcuts") != "off",
    )


def _language(request: Request) -> Language:
    said = _one_of(LANGUAGES, request, "lang")
    if not said:
        accepted = _accepted(request.headers.get("accept-language", ""))
        said = negotiate_locale(accepted, list(LANGUAGES), sep="-") or "fr"
    return cast("Language", said)


def _one_of(choices: tuple[str, ...], request: Request, name: str) -> str:
    for said in (request.query_params.get(name), request.cookies.get(name)):
        if said in choices:
            return said
    return ""


def _accepted(header: str) -> list[str]:
    """Languages by falling weight (RFC 9110 §12.5.4)."""
    weighted = []
    for item in header.split(",")[:20]:
        name, _, weight = item.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), name.strip()))
        except ValueError:
            continue
    return [name for _, name in sorted(weighted, key=lambda item: item[0]) if name]
