"""What the machine reads of a document: its narrative text and its clinical facts."""

from __future__ import annotations

import msgspec

from carnet.formats.cda import CdaScanner
from carnet.formats.cda.facts import FACTS_READER, read_facts
from carnet.formats.gist import GIST_READER, Gist, body_digest, gist_of, pack_gist
from carnet.record.errors import CarnetError
from carnet.record.facts import Facts, Place, Unread
from carnet.storage.batch import Step
from carnet.storage.codes import DerivedKind
from carnet.storage.derived import derived_steps
from carnet.storage.entries import EntryRow
from carnet.usecases.changing import stored_entry
from carnet.usecases.consultation import open_document
from carnet.usecases.preparing import CDA_TYPES
from carnet.usecases.view import RecordView

# Unstructured bodies whose text is no narrative (ASS_A12): nothing is read of them here.
_WITHOUT_TEXT = frozenset(
    {
        "urn:ihe:iti:xds-sd:pdf:2008",
        "urn:ihe:iti-fr:xds-sd:rtf:2010",
        "urn:ihe:iti-fr:xds-sd:jpeg:2010",
        "urn:ihe:iti-fr:xds-sd:tiff:2010",
    }
)
TEXT_READER = 2  # version of what makes narrative text; a higher one derives anew
_GISTS = 100  # gists are made of facts: who reads anew reads both
READERS = {
    DerivedKind.TEXT: TEXT_READER,
    DerivedKind.FACTS: FACTS_READER * _GISTS + GIST_READER,
}
"""The versions of this program's readers."""

CRITERIA = "text,facts"
"""What the trace of a derivation says was made."""


class Reading(msgspec.Struct, frozen=True):
    """What one document says. ``text`` is None where it has none that can be read as text."""

    text: str | None = None
    facts: Facts = Facts()
    gist: Gist = Gist()


def read_document(view: RecordView, row: EntryRow) -> Reading:
    """Read a document once, for its text and for its facts. Raises ``record-damaged``."""
    entry = stored_entry(view, row)
    document = open_document(view.gate.store, view.sealer, row)
    kind, title = entry.type.code, entry.title
    if document.mime_type == "text/plain":
        words = b"".join(document.content.chunks()).decode("utf-8", "replace")
        return Reading(words, gist=gist_of(kind, title, Facts(), words))
    if document.mime_type not in CDA_TYPES:
        return Reading(gist=gist_of(kind, title, Facts(), ""))
    pieces = list(document.content.chunks())
    text = None
    if entry.format is None or entry.format.code not in _WITHOUT_TEXT:
        scanner = CdaScanner(narrative=True)
        for piece in pieces:
            scanner.feed(piece)
        text = scanner.close().narrative or None
    data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    facts = _facts_of(data)
    return Reading(text, facts, gist_of(kind, title, facts, text or "", body_digest(data)))


def _facts_of(data: bytes) -> Facts:
    """The facts of a CDA document; one that the reader refuses is told of, not lost.

    What was fed before a bound was set may be beyond it now.
    """
    try:
        return read_facts(data)
    except CarnetError as error:
        return Facts(unread=(Unread(Place("", "", "", 0, len(data)), "", error.code),))


def narrative_of(view: RecordView, row: EntryRow) -> str | None:
    """The narrative text of a document, None where it has none that can be read as text."""
    return read_document(view, row).text


def reading_steps(view: RecordView, row: EntryRow) -> list[Step]:
    """The steps that keep what a document says, under its current metadata version ``row``."""
    found = read_document(view, row)
    text = (READERS[DerivedKind.TEXT], found.text or "")
    facts = (READERS[DerivedKind.FACTS], found.facts)
    return derived_steps(view.sealer, row, text, facts, (GIST_READER, pack_gist(found.gist)))
