"""Directory lines that name nothing: looked for one by one where there are more than there should.

Every line that a sound record must have was counted when the record was looked at. Where a table
holds no more than that, none is astray; a store that is being written to is read through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec

from carnet.record.access.model import RelationKind
from carnet.record.errors import CarnetError
from carnet.storage import reads
from carnet.storage.codes import RELATIONS, UuidKind
from carnet.storage.entries import EntryRow
from carnet.storage.records import identities, traits_keys
from carnet.storage.sealed import SealedIdentity
from carnet.storage.sealing import SealBroken
from carnet.storage.statements import Row, Statement
from carnet.storage.verify import reads as own
from carnet.storage.verify.context import Context
from carnet.storage.verify.directories import ACTOR, DOCUMENT, INS, TRAITS, UUID
from carnet.storage.verify.model import Finding, Progress, Severity, finding

_PAGE = 500
_AUTHOR = RELATIONS[RelationKind.AUTHOR]

Names = Callable[[Context, Row], Awaitable[bool]]
"""Whether a line names something that stands."""


class _Table(msgspec.Struct, frozen=True):
    """How to read a directory: its scan, how many columns its key has, what a line must name."""

    name: str
    scan: Statement
    start: Row
    record_at: int
    state_at: int | None
    names: Names


async def find_strays(context: Context, progress: Progress | None) -> AsyncIterator[Finding]:
    """The lines of all directories that name nothing."""
    done = 0
    for table in _TABLES:
        rows = await context.store.main.fetch(own.COUNTS[table.name])
        if rows[0][0] == context.lines[table.name]:
            continue
        after = table.start
        while page := await context.store.main.fetch(table.scan, *after, _PAGE):
            after = tuple(page[-1][: len(table.start)])
            for row in page:
                if not await table.names(context, row):
                    confirmed = await _confirm(context, table, row)
                    if confirmed is not None:
                        yield confirmed
            done += len(page)
            if progress is not None:
                progress("directories", done)


async def _confirm(context: Context, table: _Table, row: Row) -> Finding | None:
    """Look again when what was under way is done."""
    await context.settle()
    if await table.names(context, row):
        return None
    where = f"{table.name} {_name(row[: len(table.start)])}"
    record_id = row[table.record_at]
    if table.state_at is not None and row[table.state_at] == 0:
        code, severity = "verify-line-pending", Severity.INFO
    else:
        code, severity = "verify-line-stray", Severity.DAMAGE
    return finding(code, severity, record_id, where, directory=table.name)


def _name(key: Row) -> str:
    return " ".join(part.hex() if isinstance(part, bytes) else str(part) for part in key)


async def _entry(context: Context, record_id: bytes, entry_no: int) -> EntryRow | None:
    rows = await context.store.main.fetch(reads.ENTRY, record_id, entry_no)
    return EntryRow(*rows[0]) if rows else None


async def _identities(context: Context, record_id: bytes) -> list[SealedIdentity] | None:
    """The identities of a record; None where they do not open, which is told of elsewhere."""
    try:
        sealer = await context.store.keys.sealer(record_id)
        return [one for _, one, _ in await identities(context.store, sealer)]
    except CarnetError as error:
        if error.code != "record-erased":
            raise
    except (SealBroken, msgspec.DecodeError):
        pass
    rows = await context.store.main.fetch(reads.RECORD, record_id)
    return None if rows else []


async def _names_ins(context: Context, row: Row) -> bool:
    key, record_id, _ = row
    known = await _identities(context, record_id)
    return known is None or any(context.hasher.ins(one.ins.matricule) == key for one in known)


async def _names_document(context: Context, row: Row) -> bool:
    key, record_id, entry_no, _ = row
    entry = await _entry(context, record_id, entry_no)
    return entry is not None and context.hasher.unique_id(entry.unique_id) == key


async def _names_uuid(context: Context, row: Row) -> bool:
    uuid, record_id, entry_no, kind = row
    if kind == UuidKind.TIE:
        ties = await context.store.main.fetch(reads.TIES, record_id)
        return any(tie[3] == uuid for tie in ties)
    entry = await _entry(context, record_id, entry_no)
    if entry is None:
        return False
    if kind == UuidKind.ENTRY:
        return bool(entry.entry_uuid == uuid)
    return bool(kind == UuidKind.SUBMISSION_SET or entry.logical_id == uuid)


async def _names_traits(context: Context, row: Row) -> bool:
    key, record_id = row
    known = await _identities(context, record_id)
    return known is None or any(key in traits_keys(context.hasher, one.traits) for one in known)


async def _names_actor(context: Context, row: Row) -> bool:
    actor, kind, record_id, entry_no, _ = row
    if kind != _AUTHOR:
        return bool(await context.store.main.fetch(own.TIES_OF_ACTOR, record_id, actor, kind))
    entry = await _entry(context, record_id, entry_no)
    if entry is None:
        return False
    if actor in (entry.author, entry.structure):
        return True
    others = await context.store.main.fetch(reads.ALL_ENTRY_ACTORS, record_id)
    return any(other == actor and number == entry_no for _, other, number in others)


_TABLES = (
    _Table(INS, own.SCAN_INS, (b"",), 1, 2, _names_ins),
    _Table(DOCUMENT, own.SCAN_DOCUMENT, (b"",), 1, 3, _names_document),
    _Table(UUID, own.SCAN_UUID, (b"",), 1, None, _names_uuid),
    _Table(TRAITS, own.SCAN_TRAITS, (b"", b""), 1, None, _names_traits),
    _Table(ACTOR, own.SCAN_ACTOR, (b"", 0, b"", 0), 2, None, _names_actor),
)
