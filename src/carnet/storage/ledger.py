"""The ledger: the one process that writes the embedded databases, a group a turn, a sync a group.

Order within a group: key store, then entries and outbox events (``carnet.db``), then traces and
the journal (``traces.db``), then the answers. A crash between the last two leaves events whose
traces are missing: ``complete_traces`` appends them from the event at the next start.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import msgspec

from carnet.record.errors import CarnetError
from carnet.record.trace import GENESIS, link
from carnet.storage import disk, journal, reads, writes
from carnet.storage.batch import ANY_COUNT, TRACES_DECODER, Batch, SealedTrace, Step
from carnet.storage.checkpoints import Checkpointer
from carnet.storage.sqlite import KEYS, MAIN, TRACES, open_writer
from carnet.storage.statements import Row, Statement, statement

DONE = -1  # the result of a batch that stands; else the index of the step that conflicts, among
# the batch's key steps and then its steps
REFUSED = -2  # the statement itself failed: a defect
UNKNOWN = -3  # the disk failed while it was to become durable: it may stand or not
UNWRITTEN = {-4: disk.FULL, -5: disk.FAILING}  # nothing stands; the code says why
_OF_CODE = {code: result for result, code in UNWRITTEN.items()}


class Ledger:
    """Owns the writes of a data directory. Raises ``CarnetError('store-busy')`` if another does."""

    def __init__(self, directory: Path, journal_key: bytes) -> None:
        self._lock = _take_lock(directory)
        try:
            self._open(directory, journal_key)
        except BaseException:
            self._lock.close()
            raise

    def _open(self, directory: Path, journal_key: bytes) -> None:
        self._keys = open_writer(directory / KEYS)
        self._main = open_writer(directory / MAIN)
        self._traces = open_writer(directory / TRACES)
        self._journal_key = journal_key
        self._stream = b"ledger"
        seq, mac = self._one(self._traces, reads.JOURNAL_HEAD, self._stream) or (0, GENESIS)
        self._journal_seq: int = seq
        self._journal_mac: bytes = mac
        self._checkpointers = [
            Checkpointer(directory / name, connection)
            for name, connection in (
                (KEYS, self._keys),
                (MAIN, self._main),
                (TRACES, self._traces),
            )
        ]
        self.completed_records: list[bytes] = []
        self._parted = False
        self.completed = self.complete_traces()

    def commit(self, batches: Sequence[Batch]) -> list[int]:
        """Write a group; DONE, REFUSED or the index of the conflicting step for each batch."""
        results = [DONE] * len(batches)
        if self._parted:
            try:
                self.complete_traces()
            except sqlite3.OperationalError as fault:
                return [_unwritten(fault)] * len(batches)
            self._parted = False
        keyed = [i for i, batch in enumerate(batches) if batch.key_steps]
        if keyed:
            self._group(self._keys, batches, keyed, results, keys=True)
        stepped = [i for i, b in enumerate(batches) if b.steps and results[i] == DONE]
        if stepped:
            self._group(self._main, batches, stepped, results, keys=False)
        standing = [b for b, result in zip(batches, results, strict=True) if result == DONE]
        # If what follows fails, the traces are in the events: they go first when it works again,
        # before a worker may finish an event whose trace is missing.
        self._parted = True
        try:
            self._append(
                [trace for batch in standing for trace in batch.traces],
                [note for batch in standing for note in batch.notes],
            )
        except sqlite3.OperationalError as fault:
            failed = _unwritten(fault, committing=True)
            return [
                (UNKNOWN if batch.steps else failed) if result == DONE else result
                for batch, result in zip(batches, results, strict=True)
            ]
        self._parted = False
        return results

    def tidy(self) -> None:
        """Checkpoint between groups, where a write-ahead log has grown."""
        for checkpointer in self._checkpointers:
            checkpointer.tidy()

    def close(self) -> None:
        """Checkpoint and let go."""
        for checkpointer in self._checkpointers:
            checkpointer.finish()
        for connection in (self._main, self._traces, self._keys):
            connection.close()
        self._lock.close()

    def complete_traces(self) -> int:
        """Append the traces of events that a crash parted from them; how many were missing."""
        completed = 0
        after, event = b"", 0
        while rows := self._all(self._main, reads.EVENT_TRACES, after, event, 500):
            after, event, _ = rows[-1]
            # By id: two events of one act may hold the same trace.
            missing = {
                (trace.record_id, trace.trace_id): trace
                for _, _, packed in rows
                for trace in _traces_of(packed)
                if not self._one(self._traces, reads.TRACE_STANDS, trace.record_id, trace.trace_id)
            }
            self._append(list(missing.values()), [])
            completed += len(missing)
            self.completed_records += [record_id for record_id, _ in missing]
        return completed

    def _group(
        self,
        connection: sqlite3.Connection,
        batches: Sequence[Batch],
        chosen: Sequence[int],
        results: list[int],
        *,
        keys: bool,
    ) -> None:
        """One transaction, a savepoint a batch, so that a conflict undoes its own batch only."""
        execute = connection.execute
        committing = False
        try:
            execute("BEGIN IMMEDIATE")
            for i in chosen:
                execute("SAVEPOINT batch")
                steps = batches[i].key_steps if keys else batches[i].steps
                results[i] = self._run(connection, steps)
                if results[i] != DONE:
                    execute("ROLLBACK TO batch")
                    if results[i] >= 0 and not keys:
                        results[i] += len(batches[i].key_steps)
                execute("RELEASE batch")
            committing = True
            execute("COMMIT")
        except sqlite3.OperationalError as fault:
            _undo(connection)
            failed = _unwritten(fault, committing=committing)
            for i in chosen:
                results[i] = failed
        except BaseException:
            _undo(connection)
            raise

    @staticmethod
    def _run(connection: sqlite3.Connection, steps: Sequence[Step]) -> int:
        for index, step in enumerate(steps):
            compiled = statement(step.statement).compiled("sqlite")
            try:
                if len(step.rows) == 1:
                    cursor = connection.execute(compiled.sql, compiled.arrange(step.rows[0]))
                else:
                    cursor = connection.executemany(
                        compiled.sql, [compiled.arrange(row) for row in step.rows]
                    )
            except sqlite3.IntegrityError:
                return index
            except (sqlite3.Error, ValueError, TypeError, OverflowError) as fault:
                if disk.code_of(fault) is not None:
                    raise  # SQLite may have undone the whole transaction
                return REFUSED
            if step.expect not in (ANY_COUNT, cursor.rowcount):
                return index
        return DONE

    def _append(self, traces: Sequence[SealedTrace], notes: Sequence[bytes]) -> None:
        """Append traces to their chains and one row to the journal, in one synced transaction."""
        if not traces and not notes:
            return
        heads: dict[tuple[bytes, int], tuple[int, bytes]] = {}
        insert = writes.INSERT_TRACE.compiled("sqlite")
        execute = self._traces.execute
        execute("BEGIN IMMEDIATE")
        try:
            for trace in traces:
                place = (trace.record_id, trace.chain)
                seq, head = heads.get(place) or (
                    self._one(self._traces, reads.CHAIN_HEAD, *place) or (0, GENESIS)
                )
                seq += 1
                head = link(head, trace.record_id, trace.chain, seq, trace.sealed)
                row = (*place, seq, trace.trace_id, trace.sealed, head)
                execute(insert.sql, insert.arrange(row))
                heads[place] = (seq, head)
            moved = tuple(
                journal.MovedHead(record_id, chain, seq, head[: journal.LINK])
                for (record_id, chain), (seq, head) in heads.items()
            )
            state = self._write_journal(journal.JournalBody(moved, tuple(notes)))
            execute("COMMIT")
        except BaseException:
            _undo(self._traces)
            raise
        self._journal_seq, self._journal_mac = state

    def _write_journal(self, body: journal.JournalBody) -> tuple[int, bytes]:
        packed = journal.encode(body)
        seq, at = self._journal_seq + 1, time.time_ns() // 1000
        mac = journal.mac(self._journal_key, self._journal_mac, self._stream, seq, at, packed)
        insert = writes.INSERT_JOURNAL.compiled("sqlite")
        self._traces.execute(insert.sql, insert.arrange((self._stream, seq, at, packed, mac)))
        return seq, mac

    @staticmethod
    def _one(connection: sqlite3.Connection, query: Statement, *values: object) -> Row | None:
        compiled = query.compiled("sqlite")
        found: Row | None = connection.execute(compiled.sql, compiled.arrange(values)).fetchone()
        return found

    @staticmethod
    def _all(connection: sqlite3.Connection, query: Statement, *values: object) -> list[Row]:
        compiled = query.compiled("sqlite")
        return connection.execute(compiled.sql, compiled.arrange(values)).fetchall()


def _undo(connection: sqlite3.Connection) -> None:
    """Roll back what is open; SQLite may have done so already."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _unwritten(fault: BaseException, *, committing: bool = False) -> int:
    """The result of batches whose transaction the disk did not take. Raises any other fault.

    Where it is full, the frame that would commit is not in the log. Where it fails at COMMIT, that
    frame may be in it all the same, and count after a crash.
    """
    code = disk.code_of(fault)
    if code is None:
        raise fault
    return UNKNOWN if committing and code == disk.FAILING else _OF_CODE[code]


def _traces_of(packed: bytes) -> tuple[SealedTrace, ...]:
    """The traces of an event; none where somebody made it unreadable, which ``verify`` tells."""
    try:
        return TRACES_DECODER.decode(packed) if packed else ()
    except msgspec.DecodeError:
        return ()


def _take_lock(directory: Path) -> IO[bytes]:
    """The lock file of a data directory: one ledger at a time."""
    handle = (directory / "ledger.lock").open("ab")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise CarnetError("store-busy", directory=str(directory)) from None
    os.set_inheritable(handle.fileno(), False)
    return handle
