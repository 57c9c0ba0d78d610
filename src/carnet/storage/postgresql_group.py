"""One group of batches as one PostgreSQL transaction, in two round trips.

The first carries BEGIN and all that can be refused; the second what depends on its answers, and
COMMIT. This module holds what both databases share, and the groups of the key store.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum, auto

import msgspec

from carnet.record.errors import CarnetError
from carnet.storage.batch import ANY_COUNT, Batch, Step, WriterLost
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


class Groups(ABC):
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
        return self._link


class KeyGroups(Groups):
    """Groups of key steps."""

    def _steps(self, batch: Batch) -> tuple[Step, ...]:
        return batch.key_steps

    def _before(self, link: Link, batches: Sequence[Batch]) -> None:
        pass

    async def _finish(self, link: Link, batches: Sequence[Batch]) -> Fault | None:
        del batches
        return await committed(link)


def _encode(step: Step) -> tuple[Prepared, list[list[bytes]]]:
    one = statement(step.statement)
    known, arrange = prepared(one), one.compiled("postgresql").arrange
    return known, [known.encode(arrange(row)) for row in step.rows]


def _first_fault(sent: Sequence[_Sent]) -> Fault | None:
    """The first step that failed or has not the row count it expects. Raises ``LinkLost``."""
    for one in sent:
        name, count = one.step.statement, 0
        for answer in one.answers:
            try:
                result = checked(answer.result())
            except StatementFailed as failed:
                return fault_of(failed, name, one.index)
            if result is None:
                return Fault(Outcome.AGAIN)  # what came before the steps has failed
            count += result.command_tuples or 0
        if one.step.expect not in {ANY_COUNT, count}:
            return Fault(Outcome.CONFLICT, name, one.index)
    return None


def fault_of(failed: StatementFailed, name: str, index: int | None) -> Fault:
    """What an error of the server means for the group. Raises ``LinkLost``."""
    if failed.sqlstate.startswith(_UNAVAILABLE):
        raise LinkLost from failed
    if failed.sqlstate.startswith(_AGAIN):
        return Fault(Outcome.AGAIN)
    outcome = Outcome.CONFLICT if failed.sqlstate.startswith(_INTEGRITY) else Outcome.REFUSED
    return Fault(outcome, name, index)


async def committed(link: Link, *answers: Answer | None) -> Fault | None:
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
    """Refuse a server that answers COMMIT before it is on disk. Raises ``postgresql-unsafe``."""
    result = checked(await link.ask(_SETTINGS, []))
    found = dict(zip(_DURABLE, link.rows(result)[0], strict=True)) if result else {}
    for name, safe in _DURABLE.items():
        if found.get(name) not in safe:
            raise CarnetError("postgresql-unsafe", setting=name)
    # Pinned, so that a reload of the server's configuration does not change it under us.
    checked(await link.ask(_PIN, _PIN.encode((found["synchronous_commit"],))))
