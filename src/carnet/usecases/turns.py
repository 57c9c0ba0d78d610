"""Writers of one record that lost a race take turns in this process, instead of racing on.

The optimistic lock of a record lets one of n writers through and sends n - 1 back; without turns
that is n² attempts, and the last ones give up. Writers of other processes still race.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from weakref import WeakValueDictionary


class Turns:
    """The queues of the records that are being written to, kept while somebody stands in them."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    def take(self, record_id: bytes, attempt: int) -> AbstractAsyncContextManager[object]:
        """A turn at a record: at once for the first attempt (0), in a queue for those after it."""
        if not attempt:
            return nullcontext()
        lock = self._locks.get(record_id)
        if lock is None:
            lock = self._locks[record_id] = asyncio.Lock()
        return lock
