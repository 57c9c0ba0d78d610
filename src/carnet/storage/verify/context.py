"""What all parts of a check share: the store, the time, what is remembered, what was counted."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter

from carnet.storage.batch import Batch
from carnet.storage.postgresql_link import StatementFailed
from carnet.storage.store import Store
from carnet.storage.verify.scratch import Scratch

DATABASE_FAULTS = (sqlite3.DatabaseError, StatementFailed)
"""What the engines raise where a file of theirs is damaged."""

GRACE = 15 * 60
"""Seconds for which a file without an entry may be of a submission that is under way."""


class Context:
    """One check of one store. ``now`` is in seconds since 1970 UTC, when the check began."""

    def __init__(self, store: Store, *, now: float, repair: bool, partial: bool = False) -> None:
        self.store = store
        self.hasher = store.keys.hasher
        self.scratch = Scratch()
        self.now = now
        self.repair = repair
        self.partial = partial  # of the journal, only what came after an anchor is read
        self.damaged = False
        self.unused_keys = 0
        self.lines: Counter[str] = Counter()

    async def settle(self) -> None:
        """Wait until what was being written when this was called stands in all databases.

        A group of the writer commits its keys, its entries and its traces before the next group
        begins, so an empty batch that comes back has seen all groups before it to their end.
        """
        await self.store.writer.write(Batch(b""))
        await asyncio.sleep(0)
