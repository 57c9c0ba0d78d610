"""ITI-67 Find Document References, by GET and by POST ``_search`` (MHD 4.2.x §3.67, PDSm §5)."""

from __future__ import annotations

from carnet.fhir.call import Call
from carnet.fhir.document_params import parse_documents
from carnet.fhir.http import Response
from carnet.fhir.interactions.search import answer, page_links, query_of
from carnet.formats.fhir.bundle import entry


async def interact(call: Call) -> Response:
    """A page of what matches and the caller may see; the total counts no more than that."""
    search = parse_documents(await query_of(call), call.base, call.lenient)
    found = await call.services.find(call.caller, search.query)
    entries = [
        entry(b"\x01/DocumentReference/" + item.entry_uuid.encode(), item.resource)
        for item in found.entries
    ]
    pages = {"next": found.next_cursor, "previous": found.previous_cursor}
    links = page_links(f"{call.base}/DocumentReference", search.link, pages)
    return answer(call, entries, found.total, links, search.left_out)
