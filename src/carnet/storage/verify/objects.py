"""The bytes of documents: each object opens, is what its metadata tell of, and has an entry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import IO

from carnet.record.document import DocumentEntry
from carnet.storage.authors import author_keys, structure_keys
from carnet.storage.entries import EntryRow
from carnet.storage.objects import ObjectBroken, open_chunks, open_entry
from carnet.storage.records import NOBODY
from carnet.storage.sealing import Sealer
from carnet.storage.verify.context import GRACE, Context
from carnet.storage.verify.look import Look
from carnet.storage.verify.model import Finding, Progress, Severity, damage, finding

_EVERY = 1000  # objects between two words of progress


def check_objects(look: Look, sealer: Sealer) -> None:
    """Each object that the entries name, once; then its entries against its metadata."""
    by_object: dict[bytes, list[EntryRow]] = {}
    for row in look.entries.values():
        by_object.setdefault(row.binary_id, []).append(row)
    look.context.scratch.add_objects(by_object)
    for object_id, rows in by_object.items():
        _check_object(look, sealer, object_id, rows)


def _check_object(look: Look, sealer: Sealer, object_id: bytes, rows: list[EntryRow]) -> None:
    where = f"entry {rows[0].entry_no} object {object_id.hex()}"
    try:
        with look.context.store.blobs.open(object_id) as source:
            metadata = open_entry(sealer, object_id, source)
            look.metadata[object_id] = metadata
            differing = _differing(sealer, object_id, metadata, source)
    except FileNotFoundError:
        look.suspect(damage("verify-object-absent", where))
        return
    except (ObjectBroken, OSError) as fault:
        part = str(fault) if isinstance(fault, ObjectBroken) else type(fault).__name__
        look.suspect(damage("verify-object-broken", where, part=part))
        return
    for column in differing:
        look.suspect(damage("verify-object-differs", f"{where} {column}", column=column))
    for row in rows:
        _compare(look, row, metadata)


def _differing(
    sealer: Sealer, object_id: bytes, metadata: DocumentEntry, source: IO[bytes]
) -> list[str]:
    """Which of size and hashes are not those of the content. Raises ``ObjectBroken``."""
    sha1, sha256, size = hashlib.sha1(usedforsecurity=False), hashlib.sha256(), 0
    for chunk in open_chunks(sealer, object_id, source):
        sha1.update(chunk)
        sha256.update(chunk)
        size += len(chunk)
    found = {
        "size": size == metadata.size,
        "hash_sha1": sha1.hexdigest() == metadata.hash_sha1,
        "hash_sha256": sha256.hexdigest() == metadata.hash_sha256,
    }
    return [column for column, agrees in found.items() if not agrees]


def _compare(look: Look, row: EntryRow, metadata: DocumentEntry) -> None:
    """The columns of an entry that its page does not repeat: uniqueId, size, authors."""
    for column in ("unique_id", "size"):
        if getattr(row, column) != getattr(metadata, column):
            where = f"entry {row.entry_no} column {column}"
            look.suspect(damage("verify-object-differs", where, column=column))
    actor = look.context.hasher.actor
    authors = [actor(key) for key in author_keys(metadata)]
    structures = [actor(key) for key in structure_keys(metadata)]
    agrees = {
        "author": row.author == (authors[0] if authors else NOBODY),
        "structure": row.structure == (structures[0] if structures else NOBODY),
        "entry_actor": look.entry_actors.get(row.entry_no, set()) == set(authors[1:]),
    }
    for column, good in agrees.items():
        if not good:
            where = f"entry {row.entry_no} column {column}"
            look.suspect(damage("verify-authors-differ", where, column=column))


def collect(context: Context, progress: Progress | None) -> Iterator[Finding]:
    """Remove objects without an entry and half-written files, if they are older than the grace.

    What no entry names may be all that is left of a damaged record, so nothing is removed from a
    store in which damage was found.
    """
    blobs = context.store.blobs
    oldest = context.now - GRACE
    collecting = context.repair and not context.damaged
    for number, object_id in enumerate(blobs.names()):
        if progress is not None and number % _EVERY == 0:
            progress("objects", number)
        if context.scratch.names_object(object_id):
            continue
        modified = blobs.modified(object_id)
        if modified is None or modified >= oldest:
            continue
        where = f"object {object_id.hex()}"
        if collecting:
            blobs.delete(object_id)
            yield finding("verify-object-orphan", Severity.REPAIRED, None, where)
        else:
            yield finding("verify-object-unused", Severity.INFO, None, where)
    for path in blobs.leftovers():
        try:
            old = path.stat().st_mtime < oldest
        except FileNotFoundError:  # finished meanwhile
            continue
        where = f"file {path.parent.name}/{path.name}"
        if old and context.repair:
            path.unlink(missing_ok=True)
            yield finding("verify-file-leftover", Severity.REPAIRED, None, where)
        elif old:
            yield finding("verify-file-unfinished", Severity.INFO, None, where)
