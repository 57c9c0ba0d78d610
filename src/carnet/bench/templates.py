"""Documents by the thousand: each kind is built, read and rendered once, then its values change.

A kind is a type, an author, a sex and a length. Its CDA, its DocumentEntry and its rendered
DocumentReference are made by the functions that make real ones, from marks in place of what
differs; a test holds a filled document to what reading and rendering it give.
"""

from __future__ import annotations

import base64
import hashlib
import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import msgspec

from carnet.bench.people import author, citizen_traits
from carnet.formats.cda import CdaScanner
from carnet.formats.cda.build import (
    DocumentSpec,
    EncodedBody,
    Encounter,
    PatientRole,
    ServiceEvent,
    build_document,
)
from carnet.formats.cda.metadata import entry_of
from carnet.record.document import Code, DocumentEntry, EntryState, Flags, Status
from carnet.record.identity import OID_INS_NIR_TEST, Ins, Sex, Traits
from carnet.record.vocabulary import value_set
from carnet.storage.pages import Slot
from carnet.usecases.rendering import slot_of_state
from carnet.usecases.status import patient_id

TYPES = ("11488-4", "11490-0", "34112-3", "18748-4", "57833-6", "11502-2")
SMALL = 5_200  # bytes of a small document, about
LARGE = 50_000
_AUTHORS = 4

# What stands in a template for what differs. No mark is part of another.
_MARKS: dict[str, str] = {
    "unique": "2.25.111111111111111111111111111111111111111",
    "series": "2.25.222222222222222222222222222222222222222",
    "matricule": "199123456789012",
    "family": "FAMILYMARK",
    "given": "GIVENMARK",
    "born_cda": "19120307",
    "born": "1912-03-07",
    "place": "98765",
    "made_cda": "19990101101112+0000",
    "made": "1999-01-01T10:11:12+00:00",
    "sha1": "a5" * 20,
    "sha1_base64": base64.b64encode(bytes.fromhex("a5" * 20)).decode(),
    "sha256": "b6" * 32,
    "size": "987654321",
    "entry": "aaaaaaaa-0000-4000-8000-00000000000a",
    "logical": "bbbbbbbb-0000-4000-8000-00000000000b",
    "record": "cccccccc-0000-4000-8000-00000000000c",
    "updated": "1999-02-03T04:05:06.789Z",
}
_UPDATED = 918_014_706_789_000  # µs since 1970 UTC, as the mark says it
_RECORD = bytes.fromhex(_MARKS["record"].replace("-", ""))
_FIND = re.compile("|".join(re.escape(mark) for mark in sorted(_MARKS.values(), key=len)[::-1]))
_NAMES = {mark: name for name, mark in _MARKS.items()}
_DECODER = msgspec.json.Decoder(DocumentEntry)

Values = Mapping[str, bytes]


class Filled:
    """A text with places for values."""

    def __init__(self, text: bytes) -> None:
        pieces: list[bytes] = []
        names: list[str] = []
        at = 0
        for found in _FIND.finditer(text.decode("latin-1")):
            pieces.append(text[at : found.start()])
            names.append(_NAMES[found[0]])
            at = found.end()
        self._pieces = pieces
        self.names = names
        self.tail = text[at:]

    def head(self, values: Values) -> bytes:
        """The text up to its last value; ``tail`` follows."""
        parts: list[bytes] = []
        for piece, name in zip(self._pieces, self.names, strict=True):
            parts += (piece, values[name])
        return b"".join(parts)

    def fill(self, values: Values) -> bytes:
        """The text with its values."""
        return self.head(values) + self.tail


class Document(msgspec.Struct, frozen=True):
    """A made document: its bytes, its metadata, and all values that its rendering needs."""

    xml: bytes
    entry: DocumentEntry
    values: dict[str, bytes]
    created: int  # seconds since 1970 UTC


class Kind:
    """Documents of one type, author, sex and length."""

    def __init__(self, type_code: str, writer: int, sex: Sex, length: int) -> None:
        self.xml = Filled(_cda(type_code, writer, sex, length))
        sha1, sha256 = _MARKS["sha1"], _MARKS["sha256"]
        scanner = CdaScanner()
        marked = _cda(type_code, writer, sex, length)
        scanner.feed(marked)
        entry, notices = entry_of(scanner.close(), sha1, sha256, int(_MARKS["size"]))
        if notices:
            raise ValueError(f"a made document is not sound: {notices}")
        self.writer = author(writer)
        self.entry = entry
        self._entry = Filled(msgspec.json.encode(entry))
        state = EntryState(
            entry_no=0,
            entry_uuid=_MARKS["entry"],
            logical_id=_MARKS["logical"],
            binary_id=_MARKS["logical"],
            version=1,
            change=1,
            status=Status.APPROVED,
            flags=Flags(),
            last_updated=_MARKS["updated"],
        )
        self._slot = slot_of_state(_RECORD, entry, state, None, _UPDATED)
        self._resource = Filled(self._slot.resource)

    def document(
        self, unique_id: str, series: str, citizen: Ins, traits: Traits, created: int
    ) -> Document:
        """A document of a citizen; ``created`` is in whole seconds since 1970 UTC."""
        values = subject_values(citizen, traits)
        moment = datetime.fromtimestamp(created, UTC)
        values["unique"] = unique_id.encode()
        values["series"] = series.encode()
        values["made_cda"] = moment.strftime("%Y%m%d%H%M%S+0000").encode()
        values["made"] = moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").encode()
        xml = self.xml.fill(values)
        sha1 = hashlib.sha1(xml, usedforsecurity=False)
        values["sha1"] = sha1.hexdigest().encode()
        values["sha1_base64"] = base64.b64encode(sha1.digest())
        values["sha256"] = hashlib.sha256(xml).hexdigest().encode()
        values["size"] = b"%d" % len(xml)
        return Document(xml, _DECODER.decode(self._entry.fill(values)), values, created)

    def slot(
        self, made: Document, record_id: bytes, entry_no: int, ids: tuple[bytes, bytes], at: int
    ) -> Slot:
        """The slot that rendering gives for entryUUID and logicalId ``ids``, fed at ``at`` (s)."""
        moment = datetime.fromtimestamp(at, UTC)
        values = {
            **made.values,
            "entry": patient_id(ids[0]).encode(),
            "logical": patient_id(ids[1]).encode(),
            "record": patient_id(record_id).encode(),
            "updated": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z").encode(),
        }
        return msgspec.structs.replace(
            self._slot,
            entry_no=entry_no,
            entry_uuid=ids[0],
            logical_id=ids[1],
            unique_id=made.entry.unique_id,
            created=float(made.created),
            started=float(made.created),
            stopped=float(made.created),
            updated=float(at),
            resource=self._resource.fill(values),
        )


def subject_values(citizen: Ins, traits: Traits) -> dict[str, bytes]:
    """The values that name the patient."""
    return {
        "matricule": citizen.matricule.encode(),
        "family": traits.birth_family.encode(),
        "given": traits.first_given.encode(),
        "born": traits.birth_date.encode(),
        "born_cda": traits.birth_date.replace("-", "").encode(),
        "place": (traits.birth_place or "").encode(),
    }


@cache
def kind(number: int, sex: Sex, *, large: bool) -> Kind:
    """One of the kinds; every number names one."""
    type_code = TYPES[number % len(TYPES)]
    return Kind(type_code, number // len(TYPES) % _AUTHORS, sex, LARGE if large else SMALL)


def kind_of(number: int, citizen: int, *, large: bool) -> Kind:
    """The kind of document ``number`` of a citizen."""
    return kind(number, citizen_traits(citizen).sex, large=large)


@cache
def _cda(type_code: str, writer: int, sex: Sex, length: int) -> bytes:
    """The CDA of a kind, with marks; its body makes it about as long as wanted."""
    bare = len(build_document(_spec(type_code, writer, sex, _pdf(0))))
    return build_document(_spec(type_code, writer, sex, _pdf(max(0, (length - bare) * 3 // 4))))


def _spec(type_code: str, writer: int, sex: Sex, pdf: bytes) -> DocumentSpec:
    who = author(writer)
    made = _MARKS["made_cda"]
    traits = Traits(_MARKS["family"], _MARKS["given"], sex, _MARKS["born"], _MARKS["place"])
    patient = PatientRole(Ins(_MARKS["matricule"], OID_INS_NIR_TEST), traits)
    type_ = _concept("J07", type_code)
    return DocumentSpec(
        unique_id=_MARKS["unique"],
        set_id=_MARKS["series"],
        version_number=1,
        type=type_,
        title=type_.display or type_code,
        created=made,
        patient=patient,
        author=who,
        authored=made,
        custodian=who.structure,
        authenticator=who,
        authenticated=made,
        event=ServiceEvent(start=made, performer=who),
        encounter=Encounter(start=made, facility=_concept("J02", "SA01")),
        body=EncodedBody("application/pdf", pdf),
    )


def _concept(name: str, code: str) -> Code:
    found = value_set(name).find(code)
    if found is None:
        raise LookupError(f"{code} is not in {name}")
    return found


def _pdf(length: int) -> bytes:
    """A PDF of one empty page with an attached stream of noise, which no compression shortens."""
    noise = random.Random(length).randbytes(length)
    return b"".join(
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n",
            b"4 0 obj<</Length %d>>stream\n" % length,
            noise,
            b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        )
    )
