"""Writes to PostgreSQL: each worker groups what it writes on one connection a database.

A group takes all that waits. Key steps are committed first; then one transaction holds steps,
traces and the row of the journal, in two round trips: what can be refused, then what follows from
it, with the COMMIT. A group that holds a conflict is cut at the culprit, so that each batch has
the result that it would have had alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from carnet.storage.batch import Batch, Conflict, WriterLost
from carnet.storage.postgresql_group import Fault, Groups, KeyGroups, Outcome
from carnet.storage.postgresql_main import MainGroups

MOST = 256  # batches a group: bounds the locks and the memory of a transaction
_ATTEMPTS = 8

_Item = tuple[Batch, "asyncio.Future[None]"]


class PostgresqlWriter:
    """A ``Writer`` over two databases, which may be one."""

    def __init__(self, url: str, keys_url: str, journal_key: bytes) -> None:
        self._main = MainGroups(url, journal_key)
        self._keys = KeyGroups(keys_url)
        self._queue: deque[_Item] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def connect(self) -> None:
        """Connect now. Raises ``CarnetError`` postgresql-unsafe, ``WriterLost``."""
        await self._keys.connect()
        await self._main.connect()

    async def write(self, batch: Batch) -> None:
        """See ``Writer.write``."""
        if self._closed:
            raise WriterLost
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((batch, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        await answer

    async def close(self) -> None:
        """See ``Writer.close``."""
        self._closed = True
        if self._task is not None:
            await self._task
        await self._main.close()
        await self._keys.close()

    async def _drain(self) -> None:
        """Group after group, until nothing waits."""
        while self._queue:
            group = [self._queue.popleft() for _ in range(min(MOST, len(self._queue)))]
            try:
                await self._commit(group)
            except Exception as fault:  # noqa: BLE001  who waits must learn of it, whatever it was
                _fail(group, fault)

    async def _commit(self, group: list[_Item]) -> None:
        keyed = [item for item in group if item[0].key_steps]
        await self._settle(self._keys, keyed)
        standing = [item for item in group if not item[1].done()]
        main = [item for item in standing if item[0].steps or item[0].traces or item[0].notes]
        # In the order of record ids, so that two workers lock in the same order.
        await self._settle(self._main, sorted(main, key=lambda item: item[0].record_id))
        _answer(standing)

    async def _settle(self, groups: Groups, items: list[_Item]) -> None:
        """Commit batches together, or cut at whoever stands in the way and go on with the rest.

        Batches that do not stand have their answer when this returns.
        """
        todo = deque([(items, 0)] if items else [])
        while todo:
            some, attempt = todo.popleft()
            fault = await groups.commit([batch for batch, _ in some])
            if fault is None:
                if groups is self._main:
                    _answer(some)
            elif len(some) == 1:
                if fault.outcome is Outcome.AGAIN and attempt < _ATTEMPTS:
                    todo.appendleft((some, attempt + 1))
                else:
                    _fail(some, _as_exception(fault))
            elif fault.outcome is Outcome.LOST:
                for item in some:
                    _fail([item], WriterLost())
            else:
                todo.extendleft((part, 0) for part in reversed(_cut(some, fault.index)))


def _cut(items: list[_Item], at: int | None) -> list[list[_Item]]:
    """What goes before the culprit, the culprit, what goes after; each alone if it is unknown."""
    if at is None:
        return [[item] for item in items]
    return [part for part in (items[:at], items[at : at + 1], items[at + 1 :]) if part]


def _as_exception(fault: Fault) -> Exception:
    if fault.outcome is Outcome.CONFLICT:
        return Conflict(fault.statement)
    if fault.outcome is Outcome.REFUSED:
        return RuntimeError(f"the database could not run {fault.statement}")
    return WriterLost()


def _answer(items: Sequence[_Item]) -> None:
    for _, answer in items:
        if not answer.done():
            answer.set_result(None)


def _fail(items: Sequence[_Item], fault: Exception) -> None:
    for _, answer in items:
        if not answer.done():
            answer.set_exception(fault)
