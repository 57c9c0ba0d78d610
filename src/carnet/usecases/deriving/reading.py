"""What the machine reads of a document: its text and its clinical facts."""

from __future__ import annotations

import msgspec

from carnet.formats.cda import CdaScanner
from carnet.formats.cda.facts import read_facts
from carnet.formats.gist import (
    GIST_READER,
    Gist,
    body_digest,
    bytes_digest,
    gist_of,
    pack_gist,
)
from carnet.record.document import DocumentEntry
from carnet.record.errors import CarnetError
from carnet.record.facts import Facts, Place, Unread
from carnet.storage.batch import Step
from carnet.storage.codes import DerivedKind
from carnet.storage.derived import derived_steps
from carnet.storage.entries import EntryRow
from carnet.usecases.changing import stored_entry
from carnet.usecases.consultation import open_document
from carnet.usecases.deriving.decoding import (
    NARRATIVE_READER,
    READERS,
    TEXT_READER,
    Decoder,
)
from carnet.usecases.preparing import CDA_TYPES
from carnet.usecases.requests import RetrievedDocument
from carnet.usecases.view import RecordView

# Unstructured bodies (ASS_A12), of which none is a narrative; of some the pages have words.
_PRINTED = frozenset({"urn:ihe:iti:xds-sd:pdf:2008", "urn:ihe:iti-fr:xds-sd:rtf:2010"})
_PICTURES = frozenset({"urn:ihe:iti-fr:xds-sd:jpeg:2010", "urn:ihe:iti-fr:xds-sd:tiff:2010"})
_PRINTED_TYPES = frozenset({"application/pdf", "text/rtf", "application/rtf"})

CRITERIA = "text,facts"
"""What the trace of a derivation says was made."""


class Reading(msgspec.Struct, frozen=True):
    """What one document says. ``text`` is None where it has none that can be read as text.

    ``reader`` is the version that its text counts as read by.
    """

    text: str | None = None
    facts: Facts = Facts()
    gist: Gist = Gist()
    reader: int = TEXT_READER


async def read_document(view: RecordView, row: EntryRow, decoder: Decoder | None = None) -> Reading:
    """Read a document once, for its text and for its facts. Raises ``record-damaged``."""
    entry = stored_entry(view, row)
    document = open_document(view.gate.store, view.sealer, row)
    kind, title, media_type = entry.type.code, entry.title, document.mime_type
    form = entry.format.code if entry.format is not None else ""
    if media_type in _PRINTED_TYPES or (media_type in CDA_TYPES and form in _PRINTED):
        if decoder is None:
            return await _printed(document, entry, None)
        async with decoder.turn():
            return await _printed(document, entry, decoder)
    if media_type == "text/plain":
        words = b"".join(document.content.chunks()).decode("utf-8", "replace")
        return Reading(words, gist=gist_of(kind, title, Facts(), words))
    if media_type not in CDA_TYPES:
        return Reading(gist=gist_of(kind, title, Facts(), ""))
    pieces = list(document.content.chunks())
    text = _narrative(pieces) if form not in _PICTURES else None
    data = _joined(pieces)
    facts = _facts_of(data)
    return Reading(text, facts, gist_of(kind, title, facts, text or "", body_digest(data)))


async def _printed(
    document: RetrievedDocument, entry: DocumentEntry, decoder: Decoder | None
) -> Reading:
    """What printed pages say; no facts, since nothing about health is guessed from prose."""
    data = _joined(list(document.content.chunks()))
    is_cda = document.mime_type in CDA_TYPES
    facts = _facts_of(data) if is_cda else Facts()
    body = body_digest(data) if is_cda else bytes_digest(data)
    text = await decoder.text(data, document.mime_type) if decoder is not None else None
    gist = gist_of(entry.type.code, entry.title, facts, "", body, printed=text or "")
    return Reading(text, facts, gist, NARRATIVE_READER if decoder is None else TEXT_READER)


def _joined(pieces: list[bytes]) -> bytes:
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _narrative(pieces: list[bytes]) -> str | None:
    scanner = CdaScanner(narrative=True)
    for piece in pieces:
        scanner.feed(piece)
    return scanner.close().narrative or None


def _facts_of(data: bytes) -> Facts:
    """The facts of a CDA document; one that the reader refuses is told of, not lost.

    What was fed before a bound was set may be beyond it now.
    """
    try:
        return read_facts(data)
    except CarnetError as error:
        return Facts(unread=(Unread(Place("", "", "", 0, len(data)), "", error.code),))


async def text_of(view: RecordView, row: EntryRow, decoder: Decoder | None = None) -> str | None:
    """The text of a document, None where it has none that can be read as text."""
    return (await read_document(view, row, decoder)).text


async def reading_steps(
    view: RecordView, row: EntryRow, decoder: Decoder | None = None
) -> list[Step]:
    """The steps that keep what a document says, under its current metadata version ``row``."""
    found = await read_document(view, row, decoder)
    text = (found.reader, found.text or "")
    facts = (READERS[DerivedKind.FACTS], found.facts)
    return derived_steps(view.sealer, row, text, facts, (GIST_READER, pack_gist(found.gist)))
