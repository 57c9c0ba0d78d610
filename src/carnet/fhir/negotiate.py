"""Media types: what a request may send and what an answer may be (JSON only; XML is told so)."""

from __future__ import annotations

from functools import lru_cache

from carnet.record.errors import CarnetError

FHIR_JSON = "application/fhir+json"
JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
FORM = "application/x-www-form-urlencoded"
OPENAPI = "application/vnd.oai.openapi+json"
_JSON_NAMES = {"json": FHIR_JSON, FHIR_JSON: FHIR_JSON, JSON: JSON, "text/json": FHIR_JSON}
_ALSO_XML = {"text/xml": "application/xml", "application/xml": "text/xml"}


def essence(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=1024)
def accepted(accept: str) -> tuple[tuple[str, float], ...]:
    """The media ranges of an Accept header with their weights, best first (RFC 9110 §12.5.1)."""
    found: list[tuple[str, float]] = []
    for part in accept.split(","):
        name, *attributes = (piece.strip().lower() for piece in part.split(";"))
        if not name:
            continue
        weight = 1.0
        for attribute in attributes:
            if attribute.startswith("q="):
                try:
                    weight = float(attribute[2:])
                except ValueError:
                    weight = 0.0
        found.append((name, weight))
    return tuple(sorted(found, key=lambda item: -item[1]))


def weight_of(media_type: str, accept: str) -> float:
    """How much ``media_type`` is wanted, 0 to 1; the most precise range decides."""
    names = (media_type, _ALSO_XML.get(media_type, media_type))
    kind = media_type.partition("/")[0] + "/*"
    ranges = accepted(accept)
    for wanted in (names, (kind,), ("*/*", "*")):
        for name, weight in ranges:
            if name in wanted:
                return weight
    return 0.0


@lru_cache(maxsize=1024)
def answer_type(accept: str, wanted_format: str) -> str:
    """The JSON media type of an answer. ``_format`` goes before Accept.

    Raises ``not-acceptable``.
    """
    if wanted_format:
        found = _JSON_NAMES.get(essence(wanted_format.replace(" ", "+")))
        if found is None:
            raise CarnetError("not-acceptable", "_format")
        return found
    if not accept:
        return FHIR_JSON
    fhir, plain = weight_of(FHIR_JSON, accept), weight_of(JSON, accept)
    if fhir <= 0 and plain <= 0:
        raise CarnetError("not-acceptable", "Accept")
    return FHIR_JSON if fhir >= plain else JSON


@lru_cache(maxsize=256)
def check_content(content_type: str, encoding: str, offered: tuple[str, ...]) -> str:
    """The media type of a body. Raises ``content-type-unsupported``, ``content-encoding``."""
    if encoding.strip().lower() not in ("", "identity"):
        raise CarnetError("content-encoding-unsupported", "Content-Encoding")
    found = essence(content_type)
    charset = content_type.lower().partition("charset=")[2].strip(' "')
    if found not in offered or charset not in ("", "utf-8", "utf8"):
        raise CarnetError("content-type-unsupported", "Content-Type", offered=", ".join(offered))
    return found
