"""Refusals as pages: what happened, that nothing is lost, what to do, and a reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from carnet.portal.manner import Language, manner_of
from carnet.portal.words import typeset
from carnet.record.catalogue import CATALOGUE, remedy, sentence
from carnet.record.errors import CarnetError, ErrorKind
from carnet.statuses import STATUSES

if TYPE_CHECKING:
    from carnet.portal.app import Portal

_PLAIN = "pages/error_plain.html"
_WHOLE = "pages/error.html"


def status_of(error: CarnetError) -> int:
    """The HTTP status of a refusal."""
    return STATUSES[CATALOGUE[error.code].kind]


def page_of(request: Request, portal: Portal, error: CarnetError, reference: str) -> Response:
    """The page of a refusal. Without assets it is one that needs none."""
    manner = manner_of(request)
    kind = CATALOGUE[error.code].kind
    values = {
        "error": {
            "sentence": _said(sentence, error, manner.language),
            "remedy": _said(remedy, error, manner.language),
            "reference": reference,
            "absent": kind is ErrorKind.ABSENT,
            "ours": kind is ErrorKind.DEFECT,
        }
    }
    status = STATUSES[kind]
    headers = {}
    if status in (429, 503, 507):
        headers["retry-after"] = str(error.params.get("seconds", 2))
    template = _PLAIN if portal.assets.missing else _WHOLE
    now = portal.services.now()
    return portal.renderer.page(template, manner, now, values, status, headers)


def _said(what: Callable[[CarnetError, str], str], error: CarnetError, language: Language) -> str:
    text = what(error, language)
    return typeset(text) if language == "fr" else text


def bare_page(error: CarnetError, reference: str) -> Response:
    """The same in plain text, for when no template can be written."""
    lines = (sentence(error), remedy(error), sentence(error, "en"), remedy(error, "en"), reference)
    return PlainTextResponse("\n".join(lines), status_of(error))
