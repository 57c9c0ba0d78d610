from __future__ import annotations

import resource
import sqlite3
from pathlib import Path

import pytest

from carnet.storage.checkpoints import GROWN, Checkpointer
from carnet.storage.sqlite import MAIN, open_reader, open_writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / MAIN
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, data BLOB)")
    connection.close()
    return path


def grow(connection: sqlite3.Connection, count: int) -> None:
    for _ in range(count):
        connection.execute("INSERT INTO t (data) VALUES (zeroblob(12000))")  # three pages


def test_a_log_that_has_grown_is_moved_and_begun_anew(path: Path) -> None:
    writer, wal = open_writer(path), path.with_name(f"{MAIN}-wal")
    checkpointer = Checkpointer(path, writer)
    sizes = []
    for _ in range(12):
        grow(writer, 150)
        checkpointer.tidy()
        if checkpointer._thread is not None:
            checkpointer._thread.join()
        sizes.append(wal.stat().st_size)
    assert sizes[-1] < 1.2 * sizes[2]  # of six times as much that was written
    checkpointer.finish()
    assert wal.stat().st_size == 0
    assert writer.execute("SELECT count(*) FROM t").fetchone() == (1800,)
    writer.close()


def test_a_small_log_is_left_alone(path: Path) -> None:
    writer = open_writer(path)
    checkpointer = Checkpointer(path, writer)
    grow(writer, 10)
    checkpointer.tidy()
    assert checkpointer._frames() == (checkpointer._frames()[0], 0)
    assert 0 < checkpointer._frames()[0] < GROWN
    checkpointer.finish()
    writer.close()


def test_the_counts_are_those_that_sqlite_tells(path: Path) -> None:
    writer = open_writer(path)
    checkpointer = Checkpointer(path, writer)
    grow(writer, 20)
    told = writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    assert checkpointer._frames() == told[1:]
    checkpointer.finish()
    writer.close()


def test_a_reader_who_stays_does_not_stop_the_commits(path: Path) -> None:
    writer, reader = open_writer(path), open_reader(path)
    checkpointer = Checkpointer(path, writer)
    grow(writer, 1)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
    for _ in range(3):
        grow(writer, GROWN // 3)  # three frames each
        checkpointer.tidy()
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
    reader.close()
    checkpointer.finish()
    assert writer.execute("SELECT count(*) FROM t").fetchone() == (3 * (GROWN // 3) + 1,)
    writer.close()


def test_a_disk_without_room_leaves_the_log_for_another_time(path: Path) -> None:
    """The database may not grow (EFBIG): nobody is stopped, nothing is lost."""
    writer = open_writer(path)
    checkpointer = Checkpointer(path, writer)
    grow(writer, 800)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, limits[1]))
    try:
        checkpointer.tidy()
        assert checkpointer._thread is not None
        checkpointer._thread.join()
        checkpointer.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    assert writer.execute("SELECT count(*) FROM t").fetchone() == (800,)
    writer.close()
