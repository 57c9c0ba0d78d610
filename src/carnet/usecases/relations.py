"""What a rendered document says of another: nothing, where its reader may not see that other.

A resource is rendered once for all its readers and names the document that it replaces by its id.
For a reader who may not see the replaced document there is none, so the tie is cut out.
"""

from __future__ import annotations

import re
import uuid

from carnet.storage import entries
from carnet.usecases.view import RecordView

_TIE = b'"relatesTo":['
_TARGET = re.compile(rb"\bDocumentReference/([0-9a-f-]{36})")


async def shown(view: RecordView, resource: bytes) -> bytes:
    """A rendered DocumentReference as the caller of this view may see it."""
    start = resource.find(_TIE)  # text never holds this: its quotation marks are escaped
    if start < 0:
        return resource
    end = resource.index(b"]", start) + 1
    target = _TARGET.search(resource, start, end)
    if target is None or await _sees(view, uuid.UUID(target[1].decode()).bytes):
        return resource
    if resource[end : end + 1] == b",":
        return resource[:start] + resource[end + 1 :]
    return resource[:start].removesuffix(b",") + resource[end:]


async def _sees(view: RecordView, entry_uuid: bytes) -> bool:
    """Whether the caller sees the document of an entry of this record."""
    store, record_id = view.gate.store, view.record.record_id
    line = await entries.locate(store, entry_uuid)
    if line is None or line[0] != record_id:
        return False
    row = await entries.entry(store, record_id, line[1])
    found = await view.latest(row.logical_id) if row else None
    return found is not None and found[1]
