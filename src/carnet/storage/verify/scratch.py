"""What the check of a whole store must remember, on disk so that memory stays bounded.

A private temporary database of SQLite (no name, gone when closed): the heads that the journal
mentions, and the objects that entries name. Record ids and hashes only; nothing secret.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

_TABLES = (
    "CREATE TABLE mention (record_id BLOB, chain INTEGER, seq INTEGER, link BLOB, trusted INTEGER)",
    "CREATE TABLE object (object_id BLOB PRIMARY KEY) WITHOUT ROWID",
)
# Made once the journal has been read: sorting at the end is cheaper than keeping order.
_INDEX = "CREATE INDEX mention_of ON mention (record_id, chain, seq, link, trusted)"


class Mention(msgspec.Struct, frozen=True, array_like=True):
    """What the journal says of a chain: number and start of a head. ``trusted``: its MAC holds."""

    record_id: bytes
    chain: int
    seq: int
    link: bytes
    trusted: bool


class Scratch:
    """The temporary database."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        execute = self._connection.execute
        execute("PRAGMA journal_mode=OFF")
        execute("PRAGMA synchronous=OFF")
        execute("PRAGMA cache_size=-32000")
        for table in _TABLES:
            execute(table)

    def add_mentions(self, mentions: Iterable[Mention]) -> None:
        """Remember heads that the journal mentions."""
        self._connection.executemany(
            "INSERT INTO mention VALUES (?, ?, ?, ?, ?)",
            ((m.record_id, m.chain, m.seq, m.link, m.trusted) for m in mentions),
        )

    def index(self) -> None:
        """Order what is remembered, once the bulk of it is there."""
        self._connection.execute(_INDEX)

    def mentions(self, record_id: bytes) -> list[Mention]:
        """The heads of a record, in order of chain and number."""
        rows = self._connection.execute(
            "SELECT record_id, chain, seq, link, trusted FROM mention WHERE record_id = ? "
            "ORDER BY chain, seq",
            (record_id,),
        )
        return [Mention(r, c, s, k, bool(t)) for r, c, s, k, t in rows]

    def next_mentioned(self, after: bytes) -> bytes | None:
        """The first record after another that the journal mentions."""
        row = self._connection.execute(
            "SELECT min(record_id) FROM mention WHERE record_id > ?", (after,)
        ).fetchone()
        found: bytes | None = row[0]
        return found

    def add_objects(self, object_ids: Iterable[bytes]) -> None:
        """Remember objects that entries name."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO object VALUES (?)", ((one,) for one in object_ids)
        )

    def names_object(self, object_id: bytes) -> bool:
        """Whether an entry names this object."""
        row = self._connection.execute("SELECT 1 FROM object WHERE object_id = ?", (object_id,))
        return row.fetchone() is not None

    def close(self) -> None:
        """Let it go."""
        self._connection.close()
