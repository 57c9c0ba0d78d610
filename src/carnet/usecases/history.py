"""Who opened what and why: the traces of a record, as one reader may see them.

The citizen, a representative and the médecin traitant read the history (domain §7), and reading it
is an act of the record like any other. The withheld chain is filtered by what its reader may see:
a line that names a document which they do not see is not there, to the last count.
"""

from __future__ import annotations

import msgspec

from carnet.record.access import Action
from carnet.record.caller import Caller
from carnet.record.identity import Ins
from carnet.record.trace import Act, Chain, Trace
from carnet.record.uuids import uuid_text
from carnet.storage import reads
from carnet.storage.codes import STATUSES
from carnet.storage.tracing import read_chain
from carnet.usecases.cursors import Cursor, open_cursor, seal_cursor
from carnet.usecases.gate import Gate
from carnet.usecases.requests import DocumentQuery, HistoryLine, HistoryPage
from carnet.usecases.scope import record_of
from carnet.usecases.status import patient_id
from carnet.usecases.view import RecordView


class HistoryQuery(msgspec.Struct, frozen=True, kw_only=True):
    """``since`` ≤ time < ``until`` in seconds since 1970 UTC; ``count`` lines, newest first."""

    patient: Ins | None = None
    record: str | None = None
    since: float | None = None
    until: float | None = None
    count: int = 50
    cursor: str | None = None


async def read_history(gate: Gate, caller: Caller, query: HistoryQuery) -> HistoryPage:
    """A page of the history. Raises the refusals of the access rules, ``cursor-invalid``."""
    record_id = await record_of(gate, caller, query.patient, query.record)
    view = await gate.consult(caller, record_id, Action.READ_HISTORY, Act.READ_HISTORY)
    page = await _page(view, query)
    page = msgspec.structs.replace(page, record_id=patient_id(record_id))
    await view.release(Act.READ_HISTORY)
    return page


async def _page(view: RecordView, query: HistoryQuery) -> HistoryPage:
    names = await _visible_names(view)
    lines = [
        trace
        for trace in await read_chain(view.gate.store, view.sealer, Chain.OPEN)
        if _within(trace, query)
    ]
    lines += [
        trace
        for trace in await read_chain(view.gate.store, view.sealer, Chain.WITHHELD)
        if _within(trace, query) and trace.entries and all(n in names for n in trace.entries)
    ]
    lines.sort(key=lambda trace: (-trace.at, trace.id))
    bound = _bound(query)
    key = view.gate.store.keys.journal_key
    cursor = open_cursor(key, view.me, bound)
    begin = 0
    if cursor is not None:
        begin = next(
            (i for i, trace in enumerate(lines) if (-trace.at, trace.id.hex()) > cursor.edge),
            len(lines),
        )
    shown = lines[begin : begin + query.count]
    more = begin + query.count < len(lines)
    following = None
    if more and shown:
        edge = (-shown[-1].at, shown[-1].id.hex())
        following = seal_cursor(key, view.me, bound, Cursor(0, edge, 0, True))
    return HistoryPage(
        [HistoryLine(trace, _documents(trace, names)) for trace in shown], len(lines), following
    )


def _bound(query: HistoryQuery) -> DocumentQuery:
    """What a cursor of the history is bound to."""
    return DocumentQuery(
        patient=query.patient,
        record=query.record,
        count=query.count,
        cursor=query.cursor,
        criteria=f"history {query.since} {query.until}",
    )


def _within(trace: Trace, query: HistoryQuery) -> bool:
    at = trace.at / 1_000_000
    return (query.since is None or at >= query.since) and (query.until is None or at < query.until)


def _documents(trace: Trace, names: dict[int, str]) -> tuple[str, ...]:
    """The current ids of the documents a trace names, those that the reader may open."""
    return tuple(dict.fromkeys(names[n] for n in trace.entries if n in names))


async def _visible_names(view: RecordView) -> dict[int, str]:
    """Entry number → current id, for every version of each document that the reader sees."""
    seen = await view.listed(min(STATUSES.values()), max(STATUSES.values()))
    current = {item.entry_no: uuid_text(item.entry_uuid) for item in seen}
    rows = await view.gate.store.main.fetch(reads.ENTRY_IDS, view.record.record_id)
    of_document = {
        logical_id: current[entry_no]
        for entry_no, logical_id, latest in rows
        if latest and entry_no in current
    }
    return {
        entry_no: of_document[logical_id]
        for entry_no, logical_id, _ in rows
        if logical_id in of_document
    }
