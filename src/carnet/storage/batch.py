"""What crosses from a use case to the one that writes: batches that commit whole or not at all."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from carnet.storage.statements import Row, Statement

ANY_COUNT = -1


class Step(msgspec.Struct, frozen=True, array_like=True):
    """Rows for one statement; ``expect`` is the row count that must come of it, or ANY_COUNT."""

    statement: str
    rows: tuple[tuple[Any, ...], ...]
    expect: int = ANY_COUNT


class SealedTrace(msgspec.Struct, frozen=True, array_like=True):
    """A trace ready to be appended; the writer gives it its number and its head."""

    record_id: bytes
    chain: int
    trace_id: bytes
    sealed: bytes


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Writes about one record. Keys are synced first, then steps, then traces, then the answer.

    ``notes`` are lines of the node's journal about no record (a bad token, an unknown INS).
    """

    record_id: bytes
    steps: tuple[Step, ...] = ()
    traces: tuple[SealedTrace, ...] = ()
    key_steps: tuple[Step, ...] = ()
    notes: tuple[bytes, ...] = ()


class Conflict(Exception):
    """A step did not have the row count it expects: somebody else wrote first. Nothing stands."""

    def __init__(self, statement: str) -> None:
        super().__init__(statement)
        self.statement = statement


class WriterLost(Exception):
    """The writer cannot be reached or broke off: whether the batch stands is unknown."""

    code = "store-unavailable"  # of the refusal that it becomes


class Unwritten(WriterLost):
    """The disk did not take the batch: nothing of it stands. ``code`` is one of ``disk.CODES``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Reader(Protocol):
    """Reads of one database."""

    async def fetch(self, statement: Statement, *values: Any) -> list[Row]:
        """All rows of a statement, its values in declared order."""

    async def close(self) -> None:
        """Let the connection go."""


class Writer(Protocol):
    """The one way to write."""

    async def write(self, batch: Batch) -> None:
        """Commit a batch durably; concurrent batches share syncs.

        Raises ``Conflict`` (nothing was written) or ``WriterLost``.
        """

    async def close(self) -> None:
        """Finish what was begun and let go."""


def step(statement: Statement, *rows: tuple[Any, ...], expect: int = ANY_COUNT) -> Step:
    """A step of a statement with its rows."""
    return Step(statement.name, rows, expect)


ENCODER = msgspec.msgpack.Encoder()
DECODER = msgspec.msgpack.Decoder(Batch)
TRACES_DECODER = msgspec.msgpack.Decoder(tuple[SealedTrace, ...])
