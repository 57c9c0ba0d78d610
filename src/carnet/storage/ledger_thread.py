"""A ledger in a thread of this process: for one core, and for commands when no server runs."""

from __future__ import annotations

import asyncio
import queue
import threading

from carnet.storage.batch import Batch, WriterLost
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_socket import raise_result

_Item = tuple[Batch, "asyncio.Future[int]", asyncio.AbstractEventLoop]


class ThreadWriter:
    """A ``Writer`` over a ledger that this process holds."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    @property
    def completed_records(self) -> list[bytes]:
        """Records whose traces the ledger completed when it was opened."""
        return self._ledger.completed_records

    async def write(self, batch: Batch) -> None:
        """See ``Writer.write``."""
        if self._closed:
            raise WriterLost
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[int] = loop.create_future()
        self._queue.put((batch, answer, loop))
        raise_result(batch, await answer)

    async def close(self) -> None:
        """See ``Writer.close``."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join)
        self._ledger.close()

    def _run(self) -> None:
        open_ = True
        while open_:
            group, open_ = self._next_group()
            if not group:
                continue
            try:
                results = self._ledger.commit([batch for batch, _, _ in group])
            except Exception:  # noqa: BLE001  the waiting callers must learn of it, whatever it was
                for _, answer, loop in group:
                    loop.call_soon_threadsafe(_fail, answer)
                continue
            for (_, answer, loop), result in zip(group, results, strict=True):
                loop.call_soon_threadsafe(_settle, answer, result)
            self._ledger.tidy()

    def _next_group(self) -> tuple[list[_Item], bool]:
        """What waits, blocking for the first; False when the writer is closed."""
        group: list[_Item] = []
        item = self._queue.get()
        while item is not None:
            group.append(item)
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return group, True
        return group, False


def _settle(answer: asyncio.Future[int], result: int) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: asyncio.Future[int]) -> None:
    if not answer.done():
        answer.set_exception(WriterLost())
