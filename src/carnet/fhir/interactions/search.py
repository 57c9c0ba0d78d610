"""What all searches share: GET and POST alike, warnings as an entry, links of pages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from carnet.fhir.body import FORM_LIMIT, read_small
from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.negotiate import FORM, check_content
from carnet.fhir.params import Asked, pairs_of
from carnet.formats.fhir.bundle import entry, searchset
from carnet.formats.fhir.operation_outcome import of_notices
from carnet.record.errors import CarnetError, Notice


async def query_of(call: Call) -> str:
    """The parameters of URL and form body as one query string (R4 §3.1.1.1)."""
    request = call.request
    if request.method != "POST":
        return request.query
    body = await read_small(request, FORM_LIMIT)
    if not body:
        return request.query
    headers = request.headers
    check_content(headers.get("content-type", ""), headers.get("content-encoding", ""), (FORM,))
    try:
        form = body.decode("ascii")
    except UnicodeDecodeError as error:
        raise CarnetError("query-malformed") from error
    return f"{request.query}&{form}" if request.query else form


async def asked_of(call: Call) -> list[Asked]:
    """The parameters of URL and form body."""
    return pairs_of(await query_of(call))


def page_links(path: str, query: str, pages: dict[str, str | None]) -> list[tuple[str, str]]:
    """The links of a page: self, and next and previous by their cursors."""
    start = f"{path}?{query}"
    links = [("self", start)]
    links.extend(
        (relation, f"{start}&_cursor={quote(cursor, safe='')}")
        for relation, cursor in pages.items()
        if cursor
    )
    return links


def answer(
    call: Call,
    entries: list[bytes],
    total: int,
    links: list[tuple[str, str]],
    left_out: Sequence[Notice],
) -> Response:
    """A searchset; what was left out of the query is an entry of mode ``outcome``."""
    if left_out:
        entries.append(entry(None, of_notices(left_out), "outcome"))
    return call.json(200, searchset(entries, total, links))
