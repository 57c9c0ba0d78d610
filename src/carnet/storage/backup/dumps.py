"""PostgreSQL's own tools: ``pg_dump`` for the databases, ``pg_restore`` into new ones.

A dump is one snapshot. Records and traces share a database, so theirs agree by themselves; keys are
dumped after them, so that every record of the dump has its key. Where both share a database (test
stores), the tables of keys are still kept apart. A password travels in the environment, not on the
command line, where every user of the machine would read it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from carnet.record.errors import CarnetError
from carnet.storage import reads, schema
from carnet.storage.backup.named import NAMED_OBJECTS
from carnet.storage.migrate import version_table
from carnet.storage.postgresql_facts import place
from carnet.storage.postgresql_link import CONNECT_SECONDS
from carnet.storage.statements import Row

DISTRIBUTION = Path("/usr/lib/postgresql")  # Debian's place: VERSION/bin
KEY_TABLES = (*schema.keys.tables, version_table("keys"))
_FETCHED = 10_000  # rows a round trip
_DETAIL = 300  # characters of a tool's message
_GROWTH = 1.3  # of a table's bytes, as text that is then compressed lightly; an estimate


def dump_main(url: str, target: Path, distribution: Path = DISTRIBUTION) -> None:
    """Dump records and traces. Raises ``backup-tool-absent``, ``backup-tool-failed``."""
    _dump(url, target, [f"--exclude-table={table}" for table in KEY_TABLES], distribution)


def dump_keys(url: str, target: Path, distribution: Path = DISTRIBUTION) -> None:
    """Dump the tables of keys. Raises as ``dump_main``."""
    _dump(url, target, [f"--table={table}" for table in KEY_TABLES], distribution)


def _dump(url: str, target: Path, tables: Sequence[str], distribution: Path) -> None:
    words = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", *tables]
    _run("pg_dump", url, [*words, f"--file={target}"], distribution)


def restore_dump(url: str, source: Path, distribution: Path = DISTRIBUTION) -> None:
    """Restore a dump into an empty database, wholly or not at all, and gather its statistics.

    Raises as ``dump_main``.
    """
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", url, [*words, str(source)], distribution)
    with _connect(url) as connection:
        connection.autocommit = True
        connection.execute("ANALYZE")


def dump_size(url: str, *, keys: bool) -> int:
    """The most bytes that a dump of main, or of keys, takes now. Raises ``store-unavailable``."""
    with _connect(url) as connection:
        row = connection.execute(
            "SELECT coalesce(sum(pg_table_size(oid)), 0) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
            " AND (relname = ANY (%s)) = %s",
            (list(KEY_TABLES), keys),
        ).fetchone()
    return int(float(row[0]) * _GROWTH) if row else 0


def demand_empty(url: str) -> None:
    """Refuse a database that holds tables. Raises ``restore-database-taken``, -unavailable."""
    with _connect(url) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'p') AND nspname <> 'information_schema'"
            " AND nspname NOT LIKE 'pg\\_%' LIMIT 1"
        ).fetchone()
    if found is not None:
        raise CarnetError("restore-database-taken", place=place(url))


def secrets_of(url: str) -> list[Row]:
    """The store's secrets, wrapped: name, bytes, version of the master key."""
    with _connect(url) as connection:
        sql = reads.SECRETS.compiled("postgresql").sql
        return psycopg.RawCursor(connection).execute(sql.encode()).fetchall()


def named_objects(url: str) -> Iterator[bytes]:
    """The objects that entries name, in order."""
    with _connect(url) as connection, connection.cursor(name="objects") as cursor:
        cursor.itersize = _FETCHED
        cursor.execute(NAMED_OBJECTS.compiled("postgresql").sql.encode())
        for (object_id,) in cursor:
            yield bytes(object_id)


def demand_tools(url: str, *names: str, distribution: Path = DISTRIBUTION) -> None:
    """Look for the tools before anything is begun. Raises ``backup-tool-absent``."""
    for name in names:
        _find(name, url, distribution)


def _find(name: str, url: str, distribution: Path) -> str:
    """A program of the server's own version, else the newest: an older one refuses to dump."""
    with _connect(url) as connection:
        own = distribution / str(connection.info.server_version // 10_000) / "bin" / name
    versions = [folder for folder in distribution.glob("*") if folder.name.isdigit()]
    newest = sorted(versions, key=lambda folder: int(folder.name), reverse=True)
    for found in (own, *(folder / "bin" / name for folder in newest)):
        if found.exists():
            return str(found)
    on_path = shutil.which(name)
    if on_path is None:
        raise CarnetError("backup-tool-absent", name=name)
    return on_path


def _run(name: str, url: str, words: Sequence[str], distribution: Path) -> None:
    known = conninfo_to_dict(url)
    password = known.pop("password", None)
    environment = {**os.environ, "LC_ALL": "C"}
    if password is not None:
        environment["PGPASSWORD"] = str(password)
    command = [_find(name, url, distribution), f"--dbname={make_conninfo('', **known)}"]
    done = subprocess.run(  # noqa: S603  our own command line
        [*command, "--no-password", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise CarnetError("backup-tool-failed", name=name, place=place(url), detail=_said(done))


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """The first line of what went wrong: those behind it may quote rows."""
    lines = done.stderr.decode(errors="replace").splitlines()
    told = next((line for line in lines if "error:" in line), "".join(lines[:1]))
    return told.partition("error:")[2].strip()[:_DETAIL] or f"exit status {done.returncode}."


def _connect(url: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(url, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError as fault:
        raise CarnetError("store-unavailable") from fault
