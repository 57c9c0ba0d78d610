"""Reading again what an older reader read, or none: one document, one batch, one trace each."""

from __future__ import annotations

from carnet.record.trace import Act
from carnet.storage import entries
from carnet.storage.batch import Batch
from carnet.storage.codes import DerivedKind
from carnet.storage.derived import STALE_ENTRIES
from carnet.usecases.deriving.decoding import Decoder, readers_with
from carnet.usecases.deriving.reading import CRITERIA, reading_steps
from carnet.usecases.view import RecordView

_STRETCH = 64  # entry numbers a look


async def stale_entries(view: RecordView, most: int, decoder: Decoder | None) -> list[int]:
    """Numbers of documents' current versions that these readers have not read, oldest first."""
    readers = readers_with(decoder)
    rows = await view.gate.store.main.fetch(
        STALE_ENTRIES,
        view.record.record_id,
        readers[DerivedKind.TEXT],
        readers[DerivedKind.FACTS],
        most,
    )
    return [entry_no for (entry_no,) in rows]


async def reread_one(view: RecordView, entry_no: int, decoder: Decoder | None) -> None:
    """Derive text and facts of one document anew. Raises ``Conflict``, ``record-damaged``."""
    row = await entries.entry(view.gate.store, view.record.record_id, entry_no)
    if row is None:
        return
    steps = await reading_steps(view, row, decoder)
    traces = view.traces(Act.DERIVE, [row], criteria=CRITERIA)
    await view.gate.write(Batch(row.record_id, steps=tuple(steps), traces=traces))


async def reread(view: RecordView, decoder: Decoder | None) -> None:
    """Derive all documents of a record anew that need it. Raises as ``reread_one``."""
    while numbers := await stale_entries(view, _STRETCH, decoder):
        for entry_no in numbers:
            await reread_one(view, entry_no, decoder)
