"""A walk through all records after a reader of documents became better, in small portions.

How far it has come stands in the table ``sweep``: a worker takes the stretch by a lease, as it
takes events, and who is killed gives it back when the lease runs out. What is done is told by the
rows themselves, so that a stretch that is walked twice does nothing twice. A worker of the version
before neither walks nor undoes: its readers are lower than those that the walk is for. So it is
with one that has no decoder, and with what it left: the walk of one that has one comes after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from carnet.record.access import Action
from carnet.record.errors import CarnetError
from carnet.storage import reads
from carnet.storage.batch import Batch, Conflict, step
from carnet.storage.codes import DerivedKind
from carnet.storage.derived import ADD_SWEEP, CHANGE_SWEEP, SWEEP
from carnet.usecases.deriving.decoding import readers_with
from carnet.usecases.deriving.event import MACHINE
from carnet.usecases.deriving.rereading import reread_one, stale_entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from carnet.usecases.deriving.decoding import Decoder
    from carnet.usecases.gate import Gate

NAME = "derived"
LEASE = 60  # seconds
_RECORDS = 32  # records a portion
_DOCUMENTS = 16  # documents a portion
_SKIPPED = ("record-absent", "record-erased", "record-damaged")


class Walk(msgspec.Struct, frozen=True, array_like=True):
    """A row of ``sweep``, all its columns in order."""

    name: str
    readers: str
    after: bytes
    done: int
    leased_until: int


class _Portion(msgspec.Struct):
    """What one portion got through: up to which record, how many documents, whether all."""

    after: bytes
    documents: int = 0
    done: bool = False
    broken_off: bool = False


def readers_text(decoder: Decoder | None = None) -> str:
    """The versions of the readers of who has this decoder, as the table keeps them."""
    readers = readers_with(decoder)
    return f"{readers[DerivedKind.TEXT]}.{readers[DerivedKind.FACTS]}"


async def sweep(
    gate: Gate, on_fault: Callable[[Exception], None], decoder: Decoder | None = None
) -> bool:
    """Walk one portion. False: there is nothing to do, or another worker is at it.

    ``on_fault`` is told of documents that cannot be read; the walk goes on behind them.
    """
    walk = await _standing(gate)
    if walk is None or walk.leased_until > gate.now():
        return False
    ours = readers_text(decoder)
    begins = walk.readers != ours
    if begins and not _is_newer(ours, walk.readers):
        return False
    if walk.done and not begins:
        return False
    after = b"" if begins else walk.after
    until = gate.now() + LEASE
    taken = Walk(NAME, ours, after, 0, until)
    if not await _change(gate, walk, taken):
        return False
    portion = await _walk(gate, after, on_fault, decoder)
    found = Walk(NAME, ours, portion.after, int(portion.done), 0)
    return await _change(gate, taken, found) and not portion.done


async def _standing(gate: Gate) -> Walk | None:
    """How far the walk has come; begun where there was never one."""
    rows = await gate.store.main.fetch(SWEEP, NAME)
    if not rows:
        first = (NAME, "0.0", b"", 0, 0)
        await gate.write(Batch(b"", steps=(step(ADD_SWEEP, first),)))
        rows = await gate.store.main.fetch(SWEEP, NAME)
    return Walk(*rows[0]) if rows else None


def _is_newer(ours: str, theirs: str) -> bool:
    """Whether no reader of ours is older than theirs, and one is newer."""
    mine, other = ([int(part) for part in text.split(".")] for text in (ours, theirs))
    return mine != other and all(a >= b for a, b in zip(mine, other, strict=True))


async def _change(gate: Gate, old: Walk, new: Walk) -> bool:
    """Write the row if it stands as it was read."""
    row = (
        NAME,
        old.readers,
        old.leased_until,
        new.readers,
        new.after,
        new.done,
        new.leased_until,
    )
    try:
        await gate.write(Batch(b"", steps=(step(CHANGE_SWEEP, row, expect=1),)))
    except Conflict:
        return False
    return True


async def _walk(
    gate: Gate,
    after: bytes,
    on_fault: Callable[[Exception], None],
    decoder: Decoder | None,
) -> _Portion:
    portion = _Portion(after)
    rows = await gate.store.main.fetch(reads.RECORD_IDS, after, _RECORDS)
    for (record_id,) in rows:
        await _record(gate, record_id, portion, on_fault, decoder)
        if portion.broken_off:
            return portion
        portion.after = record_id
    portion.done = len(rows) < _RECORDS
    return portion


async def _record(
    gate: Gate,
    record_id: bytes,
    portion: _Portion,
    on_fault: Callable[[Exception], None],
    decoder: Decoder | None,
) -> None:
    """The documents of one record, as many as the portion holds."""
    try:
        view = await gate.look(MACHINE, record_id, Action.DERIVE)
    except CarnetError as error:
        if error.code not in _SKIPPED:
            raise
        return
    if not view.decision.permitted:
        return  # closed: its documents are read when it is opened again
    skipped = 0
    while numbers := await stale_entries(view, skipped + _DOCUMENTS, decoder):
        left = numbers[skipped:]
        if not left:
            return
        for entry_no in left:
            if portion.documents == _DOCUMENTS:
                portion.broken_off = True
                return
            try:
                await reread_one(view, entry_no, decoder)
            except Conflict:  # another version took its place: the next look finds that one
                portion.broken_off = True
                return
            except Exception as error:
                if isinstance(error, CarnetError) and error.code not in _SKIPPED:
                    raise
                on_fault(error)
                skipped += 1
            else:
                portion.documents += 1
