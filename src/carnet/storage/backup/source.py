"""What a backup is made of and a restoration makes: the databases of a store, on either engine."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from carnet.storage import reads
from carnet.storage.backup.copying import Advance, part_of
from carnet.storage.backup.cut import copy_database, cut, open_copy, size_of
from carnet.storage.backup.folder import disk_faults
from carnet.storage.backup.manifest import KeyCheck, Part
from carnet.storage.backup.named import NAMED_OBJECTS
from carnet.storage.sqlite import KEYS, MAIN, TRACES
from carnet.storage.statements import Row

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
MAIN_DUMP, KEYS_DUMP = "carnet.dump", "keys.dump"
_TRIED = "directory"  # one of ``storage.keys``: any tells whether the master key is the right one

FileOf = Callable[[str], str]
"""The name under which a part is kept, from the name of the part."""


class Databases(msgspec.Struct, frozen=True):
    """What was copied of the databases, at which instant, and how long writers waited (s)."""

    at: int
    pause: float
    data: tuple[Part, ...]
    keys: tuple[Part, ...]
    check: KeyCheck | None


class Source(Protocol):
    """The databases of a store that is to be backed up."""

    engine: str

    def sizes(self) -> tuple[int, int]:
        """The most bytes that copies of data and of keys take now."""

    def copy(self, data: Path, keys: Path, file_of: FileOf, advance: Advance) -> Databases:
        """Copy them as they stand at one instant of this call."""

    def named(self, databases: Databases, data: Path) -> Iterator[bytes]:
        """The objects that the entries of the copy name, in order (or of the store, later)."""


class EmbeddedSource:
    """The three SQLite databases of a data directory; see ``cut``."""

    engine = SQLITE

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def sizes(self) -> tuple[int, int]:
        """See ``Source``."""
        main, traces, keys = (size_of(self._directory, name) for name in (MAIN, TRACES, KEYS))
        return main + traces, keys

    def copy(self, data: Path, keys: Path, file_of: FileOf, advance: Advance) -> Databases:
        """See ``Source``. Raises ``backup-store-locked``, ``backup-database-damaged``."""
        folders = {KEYS: keys, MAIN: data, TRACES: data}
        parts: dict[str, Part] = {}
        with cut(self._directory) as moment:
            secrets = moment.readers[KEYS].execute(reads.SECRETS.compiled("sqlite").sql).fetchall()
            for name, folder in folders.items():
                path = folder / file_of(name)
                with disk_faults(path):
                    copy_database(moment.readers[name], path, name, advance)
                    parts[name] = part_of(path, name)
                # A log starts anew once nobody reads from before it.
                moment.readers[name].execute("ROLLBACK")
        return Databases(
            moment.at,
            moment.pause,
            (parts[MAIN], parts[TRACES]),
            (parts[KEYS],),
            key_check(secrets),
        )

    def named(self, databases: Databases, data: Path) -> Iterator[bytes]:
        """See ``Source``."""
        with contextlib.closing(open_copy(data / databases.data[0].file)) as connection:
            for (object_id,) in connection.execute(NAMED_OBJECTS.compiled("sqlite").sql):
                yield object_id


class PostgresqlSource:
    """The two databases of a PostgreSQL store; see ``dumps``."""

    engine = POSTGRESQL

    def __init__(self, url: str, keys_url: str) -> None:
        # The driver is loaded only where it is used.
        from carnet.storage.backup import dumps

        self._dumps = dumps
        self._url = url
        self._keys_url = keys_url

    def sizes(self) -> tuple[int, int]:
        """See ``Source``. Raises ``backup-tool-absent`` before anything is begun."""
        for url in (self._url, self._keys_url):
            self._dumps.demand_tools(url, "pg_dump")
        return (
            self._dumps.dump_size(self._url, keys=False),
            self._dumps.dump_size(self._keys_url, keys=True),
        )

    def copy(self, data: Path, keys: Path, file_of: FileOf, advance: Advance) -> Databases:
        """See ``Source``: data first, keys after them. Raises ``backup-tool-failed``."""
        at = time.time_ns() // 1000
        main, other = data / file_of(MAIN_DUMP), keys / file_of(KEYS_DUMP)
        for path in (main, other):
            path.unlink(missing_ok=True)
        self._dumps.dump_main(self._url, main)
        advance(main.stat().st_size)
        self._dumps.dump_keys(self._keys_url, other)
        advance(other.stat().st_size)
        return Databases(
            at,
            0.0,
            (part_of(main, MAIN_DUMP),),
            (part_of(other, KEYS_DUMP),),
            key_check(self._dumps.secrets_of(self._keys_url)),
        )

    def named(self, databases: Databases, data: Path) -> Iterator[bytes]:  # noqa: ARG002  a dump is not queried
        """See ``Source``: the living store's, which holds all that the dump holds."""
        return self._dumps.named_objects(self._url)


def key_check(secrets: list[Row]) -> KeyCheck | None:
    """What tells the right master key, of rows name, wrapped, version."""
    for name, wrapped, version in secrets:
        if name == _TRIED:
            return KeyCheck(name, bytes(wrapped), version)
    return None
