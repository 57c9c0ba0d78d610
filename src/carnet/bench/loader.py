"""Fills a test store with a million entries in minutes.

Two processes make records and write their documents; this one writes the rows in large
transactions: SQLite by ``executemany`` without syncs, PostgreSQL by COPY. All is synced at the
end; a store whose loading broke off says so in its manifest and is not used.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

import msgspec

from carnet.bench.made import Made, Maker, Rows, record_id_of
from carnet.bench.manifest import (
    FIRST_LARGE,
    GREAT_CITIZEN,
    PER_CITIZEN,
    Manifest,
    new_manifest,
    read_manifest,
    wanted_citizens,
    write_manifest,
)
from carnet.record.errors import CarnetError
from carnet.storage import journal, reads, schema, writes
from carnet.storage.blobs import FileBlobs
from carnet.storage.keys import Hasher, bucket_of, read_secrets
from carnet.storage.masterkey import MasterKey
from carnet.storage.sqlite import KEYS, MAIN, TRACES
from carnet.storage.statements import Statement
from carnet.storage.store import BLOBS, Store

PROCESSES = 2
_CHUNK = 25  # citizens a piece of work
_BYTES_SMALL = 7_000  # measured: files, rows and indices of a small document, and of a large one
_BYTES_LARGE = 47_000
_STREAM = b"bench"

_TABLES: dict[str, tuple[str, Statement]] = {
    "record_key": (KEYS, writes.ADD_RECORD_KEY),
    "bucket_key": (KEYS, writes.ADD_BUCKET_KEY),
    "record": (MAIN, writes.INSERT_RECORD),
    "identity": (MAIN, writes.PUT_IDENTITY),
    "relation": (MAIN, writes.PUT_RELATION),
    "entry": (MAIN, writes.INSERT_ENTRY),
    "page": (MAIN, writes.PUT_PAGE),
    "submission": (MAIN, writes.INSERT_SUBMISSION),
    "directory_ins": (MAIN, writes.ADD_INS),
    "directory_document": (MAIN, writes.ADD_DOCUMENT),
    "directory_uuid": (MAIN, writes.ADD_UUID),
    "directory_traits": (MAIN, writes.ADD_TRAITS),
    "directory_actor": (MAIN, writes.ADD_ACTOR),
    "trace": (TRACES, writes.INSERT_TRACE),
    "journal": (TRACES, writes.INSERT_JOURNAL),
}


class Sink(Protocol):
    """Where rows go."""

    def put(self, rows: Rows) -> None:
        """Write rows by table."""

    def close(self) -> None:
        """Make all of it durable."""


class SqliteSink:
    """The three files of an embedded store that nothing else has open."""

    def __init__(self, directory: Path) -> None:
        self._open = {
            name: sqlite3.connect(directory / name, isolation_level=None)
            for name in (MAIN, TRACES, KEYS)
        }
        for connection in self._open.values():
            connection.execute("PRAGMA journal_mode=OFF").fetchone()
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-1500000")

    def put(self, rows: Rows) -> None:
        """See ``Sink``."""
        for connection in self._open.values():
            connection.execute("BEGIN")
        for table, lines in rows.items():
            name, statement = _TABLES[table]
            compiled = statement.compiled("sqlite")
            lines.sort(key=lambda line: line[0])
            self._open[name].executemany(compiled.sql, [compiled.arrange(line) for line in lines])
        for connection in self._open.values():
            connection.execute("COMMIT")

    def close(self) -> None:
        """See ``Sink``."""
        for connection in self._open.values():
            connection.execute("PRAGMA optimize")
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            connection.close()
        os.sync()


class PostgresqlSink:
    """The databases of a PostgreSQL store."""

    def __init__(self, url: str, keys_url: str) -> None:
        import psycopg  # noqa: PLC0415  only where it is used

        self._main = psycopg.connect(url)
        self._keys = psycopg.connect(keys_url)

    def put(self, rows: Rows) -> None:
        """See ``Sink``."""
        for table, lines in rows.items():
            where = self._keys if table in schema.keys.tables else self._main
            lines.sort(key=lambda line: line[0])
            with where.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                for line in lines:
                    copy.write_row(line)
        self._main.commit()
        self._keys.commit()

    def close(self) -> None:
        """See ``Sink``."""
        for connection in (self._main, self._keys):
            connection.commit()
            connection.autocommit = True
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
            connection.close()
        os.sync()


class Job(msgspec.Struct, frozen=True):
    """What a making process needs."""

    seed: bytes
    directory_key: bytes
    buckets: dict[int, bytes]
    blobs: str


def room_needed(documents: int, manifest: Manifest) -> int:
    """Bytes that loading up to ``documents`` will take beside what is there."""
    small, large = wanted_citizens(documents)
    more_small = max(0, small - manifest.small) * PER_CITIZEN
    more_large = max(0, large - manifest.large) * PER_CITIZEN
    return more_small * _BYTES_SMALL + more_large * _BYTES_LARGE


def demand_room(directory: Path, needed: int) -> None:
    """Raises ``bench-no-room`` where the disk lacks it, with a tenth to spare."""
    free = shutil.disk_usage(directory).free
    if free < needed * 1.1:
        raise CarnetError("bench-no-room", needed=needed >> 20, free=free >> 20)


def standing(directory: Path) -> Manifest:
    """The manifest of a store that was made, or a new one. Raises ``bench-broken-off``."""
    manifest = read_manifest(directory) or new_manifest()
    if not manifest.complete:
        raise CarnetError("bench-broken-off", directory=str(directory))
    return manifest


async def load(
    store: Store,
    master: MasterKey,
    directory: Path,
    documents: int,
    make_sink: Callable[[], Sink],
    progress: Callable[[int], object],
) -> Manifest:
    """Load up to ``documents`` entries; ``progress`` is told of documents as they are written.

    ``store`` is read only at the start and closed before rows are written.
    """
    manifest = standing(directory)
    small, large = wanted_citizens(documents)
    ranges = (
        range(manifest.small, small),
        range(FIRST_LARGE + manifest.large, FIRST_LARGE + large),
    )
    numbers = [number for one in ranges for number in one]
    if not numbers:
        await store.close()
        return manifest
    demand_room(directory, room_needed(documents, manifest))
    secrets_of = await read_secrets(store.keys_reader, master)
    buckets, fresh = await _buckets(store, master, manifest.key, numbers)
    place = await _journal_place(store)
    await store.close()
    done = msgspec.structs.replace(
        manifest, small=max(small, manifest.small), large=max(large, manifest.large)
    )
    write_manifest(directory, msgspec.structs.replace(done, complete=False))
    sink = make_sink()
    sink.put({"bucket_key": fresh})
    job = Job(manifest.key, secrets_of["directory"], buckets, str(directory / BLOBS))
    for made in _made(job, [piece for one in ranges for piece in _pieces(one)]):
        place = _mention(made, secrets_of["journal"], place)
        sink.put(made.rows)
        progress(len(made.rows["entry"]))
    sink.close()
    write_manifest(directory, done)
    return done


async def load_great(
    store: Store, master: MasterKey, directory: Path, documents: int, make_sink: Callable[[], Sink]
) -> Manifest:
    """Load one record of ``documents`` entries, in this process; nothing where it is there."""
    manifest = standing(directory)
    if manifest.great:
        await store.close()
        return manifest
    demand_room(directory, documents * _BYTES_SMALL)
    secrets_of = await read_secrets(store.keys_reader, master)
    buckets, fresh = await _buckets(store, master, manifest.key, [GREAT_CITIZEN])
    place = await _journal_place(store)
    await store.close()
    write_manifest(directory, msgspec.structs.replace(manifest, complete=False))
    sink = make_sink()
    sink.put({"bucket_key": fresh})
    maker = Maker(
        manifest.key,
        Hasher(secrets_of["directory"]),
        buckets,
        FileBlobs(directory / BLOBS),
        per_citizen=documents,
    )
    made = maker.records(range(GREAT_CITIZEN, GREAT_CITIZEN + 1))
    _mention(made, secrets_of["journal"], place)
    sink.put(made.rows)
    sink.close()
    done = msgspec.structs.replace(manifest, great=documents)
    write_manifest(directory, done)
    return done


async def _buckets(
    store: Store, master: MasterKey, seed: bytes, numbers: list[int]
) -> tuple[dict[int, bytes], list[tuple[Any, ...]]]:
    """The keys of all buckets that the records fall into, and the rows of those that are new."""
    found: dict[int, bytes] = {}
    fresh: list[tuple[Any, ...]] = []
    for bucket in {bucket_of(record_id_of(seed, number)) for number in numbers}:
        name = b"bucket:%d" % bucket
        rows = await store.keys_reader.fetch(reads.BUCKET_KEY, bucket)
        if rows:
            found[bucket] = master.unwrap(name, *rows[0])
        else:
            found[bucket] = os.urandom(32)
            fresh.append((bucket, master.wrap(name, found[bucket]), master.version))
    return found, fresh


async def _journal_place(store: Store) -> tuple[int, bytes]:
    rows = await store.traces.fetch(reads.JOURNAL_HEAD, _STREAM)
    return (rows[0][0], rows[0][1]) if rows else (0, journal.GENESIS)


def _mention(made: Made, key: bytes, place: tuple[int, bytes]) -> tuple[int, bytes]:
    """Add the journal's row about the heads of a piece; where the journal stands after it."""
    seq, at = place[0] + 1, time.time_ns() // 1000
    body = journal.encode(journal.JournalBody(tuple(made.heads)))
    mac = journal.mac(key, place[1], _STREAM, seq, at, body)
    made.rows["journal"] = [(_STREAM, seq, at, body, mac)]
    return seq, mac


def _pieces(numbers: range) -> list[range]:
    return [numbers[at : at + _CHUNK] for at in range(0, len(numbers), _CHUNK)]


_maker: Maker | None = None


def _begin(job: Job) -> None:
    global _maker  # noqa: PLW0603  one maker a process, made when the process starts
    hasher = Hasher(job.directory_key)
    _maker = Maker(job.seed, hasher, job.buckets, FileBlobs(Path(job.blobs)))


def _make(numbers: range) -> Made:
    if _maker is None:
        raise RuntimeError("the making process was not begun")
    return _maker.records(numbers)


def _made(job: Job, pieces: list[range]) -> Iterator[Made]:
    if len(pieces) < PROCESSES:  # not worth the processes
        _begin(job)
        yield from map(_make, pieces)
        return
    context = get_context("fork")
    with context.Pool(PROCESSES, _begin, (job,)) as pool:
        yield from pool.imap_unordered(_make, pieces)
