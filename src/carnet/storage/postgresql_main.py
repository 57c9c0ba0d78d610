"""Groups of the main database: steps, the traces that they leave, and the journal's row.

Appending to a record's chains is serialised between workers by an advisory lock a record, taken in
one order before anything else. Should a writer of another kind append all the same, the unique key
of ``trace`` refuses, and the batch is tried again with fresh heads.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

from carnet.record.trace import GENESIS, link
from carnet.storage import journal, writes
from carnet.storage.batch import Batch, SealedTrace, Step
from carnet.storage.postgresql_group import Fault, Groups, Outcome, committed, fault_of
from carnet.storage.postgresql_link import (
    Answer,
    Link,
    Prepared,
    StatementFailed,
    checked,
    prepared,
)

_LOCK = Prepared("lock", "SELECT pg_advisory_xact_lock(k) FROM unnest($1) AS k", ("big_integer[]",))
HEADS = Prepared(
    "heads",
    "SELECT wanted.record_id, wanted.chain, last.seq, last.head"
    " FROM unnest($1::bytea[], $2::smallint[]) AS wanted (record_id, chain)"
    " CROSS JOIN LATERAL (SELECT seq, head FROM trace"
    " WHERE trace.record_id = wanted.record_id AND trace.chain = wanted.chain"
    " ORDER BY seq DESC LIMIT 1) AS last",
    ("large_binary[]", "small_integer[]"),
)
_APPEND = Prepared(
    "append",
    "INSERT INTO trace (record_id, chain, seq, trace_id, sealed, head)"
    " SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
    (
        "large_binary[]",
        "small_integer[]",
        "big_integer[]",
        "large_binary[]",
        "large_binary[]",
        "large_binary[]",
    ),
)


class _Stream:
    """The journal stream of one connection.

    Where a COMMIT was left without an answer, nobody knows how far its stream goes: the next
    connection begins another.
    """

    def __init__(self, link_: Link | None) -> None:
        self.link = link_
        self.name = secrets.token_bytes(8)
        self.seq = 0
        self.mac = GENESIS


class MainGroups(Groups):
    """Groups of steps, traces and notes, with the journal's row."""

    def __init__(self, url: str, journal_key: bytes) -> None:
        super().__init__(url)
        self._journal_key = journal_key
        self._heads: Answer | None = None
        self._stream = _Stream(None)

    def _steps(self, batch: Batch) -> tuple[Step, ...]:
        return batch.steps

    def _before(self, link: Link, batches: Sequence[Batch]) -> None:
        places = {(t.record_id, t.chain) for batch in batches for t in batch.traces}
        records = {batch.record_id for batch in batches} | {record for record, _ in places}
        records.discard(b"")
        link.send(_LOCK, _LOCK.encode((sorted(map(_lock_of, records)),)))
        self._heads = None
        if places:
            ids, chains = zip(*places, strict=True)
            self._heads = link.send(HEADS, HEADS.encode((ids, chains)))

    async def _finish(self, link: Link, batches: Sequence[Batch]) -> Fault | None:
        traces = [trace for batch in batches for trace in batch.traces]
        notes = tuple(note for batch in batches for note in batch.notes)
        if not traces and not notes:
            return await committed(link)
        heads = self._read_heads(link)
        appended = self._send_traces(link, traces, heads) if traces else None
        moved = tuple(
            journal.MovedHead(record_id, chain, seq, head[: journal.LINK])
            for (record_id, chain), (seq, head) in heads.items()
        )
        seq, mac, written = self._send_journal(link, journal.JournalBody(moved, notes))
        try:
            fault = await committed(link, appended, written)
        except StatementFailed as failed:
            fault = fault_of(failed, "append", None)
            if fault.outcome is Outcome.CONFLICT:
                return Fault(Outcome.AGAIN)
        if fault is None:
            self._stream.seq, self._stream.mac = seq, mac
        return fault

    def _read_heads(self, link: Link) -> dict[tuple[bytes, int], tuple[int, bytes]]:
        result = checked(self._heads.result()) if self._heads is not None else None
        rows = link.rows(result) if result is not None else ()
        return {(record_id, chain): (seq, head) for record_id, chain, seq, head in rows}

    @staticmethod
    def _send_traces(
        link_: Link,
        traces: Sequence[SealedTrace],
        heads: dict[tuple[bytes, int], tuple[int, bytes]],
    ) -> Answer:
        """Append traces behind ``heads``, which move with them."""
        rows = []
        for trace in traces:
            place = (trace.record_id, trace.chain)
            seq, head = heads.get(place, (0, GENESIS))
            seq += 1
            head = link(head, trace.record_id, trace.chain, seq, trace.sealed)
            heads[place] = (seq, head)
            rows.append((*place, seq, trace.trace_id, trace.sealed, head))
        return link_.send(_APPEND, _APPEND.encode(tuple(zip(*rows, strict=True))))

    def _send_journal(self, link_: Link, body: journal.JournalBody) -> tuple[int, bytes, Answer]:
        """Send the journal's next row; its number and MAC hold once it is committed."""
        if self._stream.link is not link_:
            self._stream = _Stream(link_)
        stream, packed = self._stream, journal.encode(body)
        seq, at = stream.seq + 1, time.time_ns() // 1000
        mac = journal.mac(self._journal_key, stream.mac, stream.name, seq, at, packed)
        known = prepared(writes.INSERT_JOURNAL)
        arrange = writes.INSERT_JOURNAL.compiled("postgresql").arrange
        row = arrange((stream.name, seq, at, packed, mac))
        return seq, mac, link_.send(known, known.encode(row))


def _lock_of(record_id: bytes) -> int:
    """The number of a record's advisory lock; two records of one number only wait in vain."""
    return int.from_bytes(record_id[:8], "big", signed=True)
