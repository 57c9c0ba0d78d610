"""Entries against their sealed pages, and what hangs on entries: sets, texts, replacements."""

from __future__ import annotations

import uuid

import msgspec

from carnet.record.document import Status, SubmissionSet
from carnet.storage.append import entry_row
from carnet.storage.codes import STATUSES
from carnet.storage.derived import SEALED_AS, name_of
from carnet.storage.entries import EntryRow
from carnet.storage.pages import PageBroken, Slot, open_page, page_of
from carnet.storage.sealing import SealBroken, Sealer
from carnet.storage.verify.look import Look
from carnet.storage.verify.model import damage

_SETS = msgspec.msgpack.Decoder(SubmissionSet)
_DERIVED = {int(kind): name for kind, name in SEALED_AS.items()}
_APPROVED = STATUSES[Status.APPROVED]


def check_entries(look: Look, sealer: Sealer) -> None:
    """Each entry has its slot, each slot its entry, and both say the same."""
    broken = _open_pages(look, sealer)
    for number, row in sorted(look.entries.items()):
        slot = look.slots.get(number)
        if slot is not None:
            _compare(look, sealer, row, slot)
        elif page_of(number) not in broken:
            look.suspect(damage("verify-slot-absent", f"entry {number}"))
    _check_numbers(look)
    _check_latest(look)


def _open_pages(look: Look, sealer: Sealer) -> set[int]:
    """Open all pages; the numbers of those that do not open."""
    broken: set[int] = set()
    for page_no, sealed in look.pages:
        try:
            slots = open_page(sealer, page_no, sealed)
        except (PageBroken, IndexError):
            broken.add(page_no)
            look.suspect(damage("verify-page-broken", f"page {page_no}"))
        else:
            look.slots |= {slot.entry_no: slot for slot in slots}
    return broken


def _compare(look: Look, sealer: Sealer, row: EntryRow, slot: Slot) -> None:
    """The columns that a slot repeats, by the function that made them when the entry was fed."""
    expected = entry_row(
        sealer,
        slot,
        binary_id=row.binary_id,
        author=row.author,
        structure=row.structure,
        size=row.size,
        latest=row.latest,
    )
    for column in row.__struct_fields__:
        if getattr(row, column) != getattr(expected, column):
            where = f"entry {row.entry_no} column {column}"
            look.suspect(damage("verify-column-differs", where, column=column))


def _check_numbers(look: Look) -> None:
    """Numbers run from 1 to the record's count without a gap."""
    last = 0
    for number in sorted(look.entries):
        if number > last + 1:
            _lost(look, last + 1, number - 1)
        last = number
    count = look.row.entry_count if look.row is not None else 0
    highest = max(look.slots, default=0)
    if max(count, highest) > last:
        _lost(look, last + 1, max(count, highest))
    if count < max(last, highest):
        look.suspect(
            damage(
                "verify-count-differs",
                "record column entry_count",
                column="entry_count",
                value=count,
                expected=max(last, highest),
            )
        )


def _lost(look: Look, first: int, last: int) -> None:
    where = f"entry {first}" if first == last else f"entries {first}-{last}"
    look.suspect(damage("verify-entry-lost", where))


def _check_latest(look: Look) -> None:
    """Of the versions of a document exactly the newest is current."""
    documents: dict[bytes, list[EntryRow]] = {}
    for row in look.entries.values():
        documents.setdefault(row.logical_id, []).append(row)
    for versions in documents.values():
        newest = max(versions, key=lambda row: row.version)
        current = [row.entry_no for row in versions if row.latest]
        if current != [newest.entry_no]:
            look.suspect(damage("verify-latest-wrong", f"entry {newest.entry_no}"))


def check_evidence(look: Look) -> None:
    """Each entry is named by the trace of the act that made it."""
    for number in sorted(look.entries):
        if number not in look.made:
            look.suspect(damage("verify-evidence-absent", f"entry {number}"))


def check_attachments(look: Look, sealer: Sealer) -> None:
    """Submission sets, what was derived, corrections and marks open; documents came in a set."""
    submitted: set[int] = set()
    for _, first, sealed in look.submissions:
        try:
            opened = sealer.unseal(b"submission", first.to_bytes(8, "big"), sealed)
            submitted.update(_SETS.decode(opened).entries)
        except (SealBroken, msgspec.DecodeError):
            look.suspect(damage("verify-submission-broken", f"entry {first}"))
            submitted.add(first)
    for number, row in sorted(look.entries.items()):
        if row.version == 1 and number not in submitted:
            look.suspect(damage("verify-submission-broken", f"entry {number}"))
    for _, number, kind, reader, sealed in look.derived:
        try:
            name = name_of(kind, reader, look.entries[number])
            sealer.unseal(_DERIVED[kind], name, sealed)
        except (SealBroken, KeyError):
            look.suspect(damage("verify-derived-broken", f"entry {number} derived {kind}"))
    for name, key, sealed in look.arranged:
        try:
            sealer.unseal(name, key, sealed)
        except SealBroken:
            where = f"{name.decode()} {key.hex()}"
            look.suspect(damage("verify-arranged-broken", where))


def check_replacements(look: Look) -> None:
    """What is replaced is no longer current; what is awaited was asked for by an entry."""
    unique_id = look.context.hasher.unique_id
    awaiting = set()
    for target, number in look.awaited:
        row = look.entries.get(number)
        metadata = look.metadata.get(row.binary_id) if row is not None else None
        named = metadata.replaces if metadata is not None else None
        awaiting.add(row.binary_id if row is not None else b"")
        unreadable = row is not None and metadata is None  # which is told of elsewhere
        if not unreadable and (named is None or unique_id(named) != target):
            look.suspect(damage("verify-awaited-unfounded", f"awaited {target.hex()}"))
    current = {row.logical_id: row for row in look.entries.values() if row.latest}
    for row in look.entries.values():
        metadata = look.metadata.get(row.binary_id)
        if metadata is None or metadata.replaces is None or row.binary_id in awaiting:
            continue
        target_id = _resolve(look, metadata.replaces)
        replaced = current.get(target_id) if target_id is not None else None
        if replaced is not None and replaced.status == _APPROVED:
            look.suspect(damage("verify-replaced-current", f"entry {replaced.entry_no}"))


def _resolve(look: Look, named: str) -> bytes | None:
    """The logicalId of a document of this record by uniqueId or entryUUID."""
    for row in look.entries.values():
        if row.unique_id == named:
            return row.logical_id
    try:
        wanted = uuid.UUID(named.removeprefix("urn:uuid:")).bytes
    except ValueError:
        return None
    found = (row.logical_id for row in look.entries.values() if row.entry_uuid == wanted)
    return next(found, None)
