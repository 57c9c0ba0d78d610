"""One group of batches as one PostgreSQL transaction, in two round trips.

The first carries BEGIN, the locks, the heads of chains and all steps; the second what depends on
them, and COMMIT. Appending to a record's chains is serialised between workers by an advisory lock
a record, taken in one order before anything else; should a writer of another kind append all the
same, the unique key of ``trace`` refuses and the batch is tried again with fresh heads.
"""

from __future__ import annotations

import secrets
import struct
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum, auto

import msgspec

from carnet.record.errors import CarnetError
from carnet.record.trace import GENESIS, link
from carnet.storage import journal, writes
from carnet.storage.batch import ANY_COUNT, Batch, SealedTrace, Step, WriterLost
from carnet.storage.postgresql_link import (
    Answer,
    Link,
    LinkLost,
    Prepared,
    StatementFailed,
    checked,
    prepared,
)
from carnet.storage.statements import statement

_SESSION = {
    # A worker that is halted must not hold others up for long.
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "15s",
    "default_transaction_read_only": "off",
}
_DURABLE = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
}

# PostgreSQL, "Error Codes".
_INTEGRITY = "23"
_AGAIN = ("40",)  # serialization failure, deadlock
_UNAVAILABLE = ("08", "25006", "53", "55P03", "57", "58")  # read-only, no room, lock timeout, …

_BEGIN = Prepared("begin", "BEGIN")
_COMMIT = Prepared("commit", "COMMIT")
_ROLLBACK = Prepared("rollback", "ROLLBACK")
_SETTINGS = Prepared(
    "settings", "SELECT " + ", ".join(f"current_setting('{name}')" for name in _DURABLE)
)
_PIN = Prepared("pin", "SELECT set_config('synchronous_commit', $1, false)", ("text",))
_LOCK = Prepared(
    "lock", "SELECT pg_advisory_xact_lock(k) FROM unnest($1) AS k", ("big_integer[]",)
)
_HEADS = Prepared(
    "heads",
    "SELECT wanted.record_id, wanted.chain, last.seq, last.head"
    " FROM unnest($1, $2) AS wanted (record_id, chain)"
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


class Outcome(Enum):
    """Why a group does not stand."""

    CONFLICT = auto()  # a row count or a unique key
    REFUSED = auto()  # the statement itself: a defect
    AGAIN = auto()  # nobody's fault: deadlock, or a chain that another appended to
    LOST = auto()  # the server cannot be reached, or whether it committed is unknown


class Fault(msgspec.Struct, frozen=True):
    """What kept a group from standing; the index of the culprit among its batches, if known."""

    outcome: Outcome
    statement: str = ""
    index: int | None = None


class _Sent(msgspec.Struct, frozen=True):
    """A step on its way: the batch it is of, and an answer a row."""

    index: int
    step: Step
    answers: list[Answer]


class _Groups(ABC):
    """A writing connection and the transactions on it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._link: Link | None = None

    async def connect(self) -> None:
        """Connect now. Raises ``CarnetError('postgresql-unsafe')``, ``WriterLost``."""
        try:
            await self._open()
        except LinkLost as fault:
            raise WriterLost from fault

    async def close(self) -> None:
        """Let the connection go."""
        if self._link is not None:
            await self._link.close()

    async def commit(self, batches: Sequence[Batch]) -> Fault | None:
        """Commit all or nothing; nothing is returned once the server has answered COMMIT.

        A connection that is found dead before COMMIT is sent is replaced once.
        """
        for _ in range(2):
            try:
                link = await self._open()
            except LinkLost:
                continue
            try:
                fault = await self._begin(link, batches)
            except LinkLost:
                await link.close()
                continue
            except BaseException:
                await link.close()
                raise
            return await self._end(link, batches, fault)
        return Fault(Outcome.LOST)

    async def _end(self, link: Link, batches: Sequence[Batch], fault: Fault | None) -> Fault | None:
        """The second round trip, or ROLLBACK."""
        try:
            fault = fault or await self._finish(link, batches)
            if fault is not None:
                link.send(_ROLLBACK, [])
                await link.sync()
        except LinkLost:
            await link.close()
            fault = Fault(Outcome.LOST)
        except BaseException:
            await link.close()
            raise
        return fault

    async def _begin(self, link: Link, batches: Sequence[Batch]) -> Fault | None:
        """The first round trip: whatever can be refused."""
        encoded: list[tuple[int, Step, Prepared, list[list[bytes]]]] = []
        for index, batch in enumerate(batches):
            for step in self._steps(batch):
                try:
                    encoded.append((index, step, *_encode(step)))
                except (struct.error, TypeError, ValueError, AttributeError):
                    link.send(_BEGIN, [])
                    return Fault(Outcome.REFUSED, step.statement, index)
        first = link.send(_BEGIN, [])
        self._before(link, batches)
        sent = [
            _Sent(index, step, [link.send(known, row) for row in rows])
            for index, step, known, rows in encoded
        ]
        checked(await link.sync())
        checked(first.result())
        return _first_fault(sent)

    @abstractmethod
    def _steps(self, batch: Batch) -> tuple[Step, ...]:
        """The steps of a batch that are of this database."""

    @abstractmethod
    def _before(self, link: Link, batches: Sequence[Batch]) -> None:
        """Send what must be known before the second round trip."""

    @abstractmethod
    async def _finish(self, link: Link, batches: Sequence[Batch]) -> Fault | None:
        """Send what depends on it, and COMMIT. Raises ``LinkLost``: the outcome is unknown."""

    async def _open(self) -> Link:
        if self._link is None or self._link.lost:
            link = await Link.open(self._url, _SESSION)
            try:
                await _demand_durability(link)
            except BaseException:
                await link.close()
                raise
            self._link = link
            self._opened()
        return self._link

    def _opened(self) -> None:
        """Called with every new connection."""


class KeyGroups(_Groups):
    """Groups of key steps."""

    def _steps(self, batch: Batch) -> tuple[Step, ...]:
        return batch.key_steps

    def _before(self, link: Link, batches: Sequence[Batch]) -> None:
        pass

    async def _finish(self, link: Link, batches: Sequence[Batch]) -> Fault | None:
        return await _committed(link)


class MainGroups(_Groups):
    """Groups of steps, traces and notes, with the journal's row."""

    def __init__(self, url: str, journal_key: bytes) -> None:
        super().__init__(url)
        self._journal_key = journal_key
        self._heads: Answer | None = None

    def _opened(self) -> None:
        self._stream = secrets.token_bytes(8)
        self._journal_seq = 0
        self._journal_mac = GENESIS

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
            self._heads = link.send(_HEADS, _HEADS.encode((ids, chains)))

    async def _finish(self, link: Link, batches: Sequence[Batch]) -> Fault | None:
        traces = [trace for batch in batches for trace in batch.traces]
        notes = tuple(note for batch in batches for note in batch.notes)
        if not traces and not notes:
            return await _committed(link)
        heads = self._read_heads(link)
        appended = self._send_traces(link, traces, heads) if traces else None
        moved = tuple(
            journal.MovedHead(record_id, chain, seq, head[: journal.LINK])
            for (record_id, chain), (seq, head) in heads.items()
        )
        seq, mac, written = self._send_journal(link, journal.JournalBody(moved, notes))
        try:
            fault = await _committed(link, appended, written)
        except StatementFailed as failed:
            fault = _fault(failed, "append", None)
            if fault.outcome is Outcome.CONFLICT:
                return Fault(Outcome.AGAIN)
        if fault is None:
            self._journal_seq, self._journal_mac = seq, mac
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
        packed = journal.encode(body)
        seq, at = self._journal_seq + 1, time.time_ns() // 1000
        mac = journal.mac(self._journal_key, self._journal_mac, self._stream, seq, at, packed)
        known = prepared(writes.INSERT_JOURNAL)
        row = writes.INSERT_JOURNAL.compiled("postgresql").arrange(
            (self._stream, seq, at, packed, mac)
        )
        return seq, mac, link_.send(known, known.encode(row))


def _encode(step: Step) -> tuple[Prepared, list[list[bytes]]]:
    one = statement(step.statement)
    known, arrange = prepared(one), one.compiled("postgresql").arrange
    return known, [known.encode(arrange(row)) for row in step.rows]


def _lock_of(record_id: bytes) -> int:
    """The number of a record's advisory lock; two records of one number only wait in vain."""
    return int.from_bytes(record_id[:8], "big", signed=True)


def _first_fault(sent: Sequence[_Sent]) -> Fault | None:
    """The first step that failed or has not the row count it expects. Raises ``LinkLost``."""
    for one in sent:
        name, count = one.step.statement, 0
        for answer in one.answers:
            try:
                result = checked(answer.result())
            except StatementFailed as failed:
                return _fault(failed, name, one.index)
            if result is None:
                return Fault(Outcome.AGAIN)  # what came before the steps has failed
            count += result.command_tuples or 0
        if one.step.expect not in {ANY_COUNT, count}:
            return Fault(Outcome.CONFLICT, name, one.index)
    return None


def _fault(failed: StatementFailed, name: str, index: int | None) -> Fault:
    """What an error of the server means for the group. Raises ``LinkLost``."""
    if failed.sqlstate.startswith(_UNAVAILABLE):
        raise LinkLost from failed
    if failed.sqlstate.startswith(_AGAIN):
        return Fault(Outcome.AGAIN)
    outcome = Outcome.CONFLICT if failed.sqlstate.startswith(_INTEGRITY) else Outcome.REFUSED
    return Fault(outcome, name, index)


async def _committed(link: Link, *answers: Answer | None) -> Fault | None:
    """Send COMMIT behind what was sent; a fault if it did not come to it."""
    answer = link.send(_COMMIT, [])
    checked(await link.sync())
    for one in answers:
        if one is not None:
            checked(one.result())
    result = checked(answer.result())
    if result is None or result.command_status != b"COMMIT":
        return Fault(Outcome.AGAIN)
    return None


async def _demand_durability(link: Link) -> None:
    """Raises ``CarnetError('postgresql-unsafe')`` unless a COMMIT is on disk when it is answered."""
    result = checked(await link.ask(_SETTINGS, []))
    found = dict(zip(_DURABLE, link.rows(result)[0], strict=True)) if result else {}
    for name, safe in _DURABLE.items():
        if found.get(name) not in safe:
            raise CarnetError("postgresql-unsafe", setting=name)
    # Pinned, so that a reload of the server's configuration does not change it under us.
    checked(await link.ask(_PIN, _PIN.encode((found["synchronous_commit"],))))
