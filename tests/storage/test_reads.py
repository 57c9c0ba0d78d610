"""The plans of hot queries, at volume: by key, never a scan of a table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from carnet.storage import derived, reads, schema, writes
from carnet.storage.postgresql_main import HEADS
from carnet.storage.sqlite import FILES
from carnet.storage.statements import Statement, all_statements
from tests.storage.rigs import PostgresqlPlace, SqlitePlace

HOT = (
    reads.RECORD_OF_INS,
    reads.DOCUMENT_OF_UNIQUE_ID,
    reads.OBJECT_OF_UUID,
    reads.RECORD_AND_TIES,
    reads.RECORD,
    reads.IDENTITIES,
    reads.TIES,
    reads.PARTS,
    reads.LIST_ENTRIES,
    reads.LIST_ENTRIES_SINCE,
    reads.LATEST_OF_DOCUMENT,
    reads.ENTRY,
    reads.WROTE,
    reads.PAGES,
    reads.ENTRY_IDS,
    reads.AWAITED,
    reads.DERIVED,
    derived.LIST_DERIVED,
    derived.STALE_ENTRIES,
    derived.HOLD_ENTRY,
    derived.MOVE_DERIVED,
    derived.DROP_UNMOVED,
    reads.ACTOR_LINES,
    reads.CHAIN_HEAD,
    reads.CHAIN,
    reads.TRACE_STANDS,
    reads.JOURNAL_HEAD,
    writes.TOUCH_RECORD,
    writes.CHANGE_RECORD,
    writes.CHANGE_ENTRY,
    writes.DELETE_AWAITED,
    writes.DELETE_EVENT,
    writes.LEASE_EVENT,
)
HOT_KEYS = (reads.BUCKET_KEY, reads.RECORD_KEY, writes.DELETE_RECORD_KEY)

# What reads a whole table means to, outside requests or in a table that stays small.
WHOLE = {
    "due_events",
    "facts",
    "journal_streams",
    "named_objects",  # a backup names every document, once
    "pending_events",
    "secrets",
    "traced_ids",
}

FILL = """
CREATE FUNCTION an_id(n bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS
  $$ SELECT decode(md5(n::text), 'hex') $$;
CREATE TEMP TABLE r AS SELECT n, an_id(n) AS id FROM generate_series(1, 5000) AS n;
INSERT INTO record SELECT id, 2, 1, 40, 1, 0, 20000, 'life' FROM r;
INSERT INTO identity SELECT id, 1, 20000, 0, 'sealed' FROM r;
INSERT INTO relation SELECT id, an_id(k), 1, an_id(k), 0, 0, 0, '' FROM r, generate_series(1, 4) k;
INSERT INTO part SELECT id, an_id(n + 1), 0, 0 FROM r;
INSERT INTO entry SELECT id, k, id, id, id, 'u', 1, 1, 1, 1, 't', 'c', 1, 1, 1, 0, 0, 0, id, id,
  1, 0, 0 FROM r, generate_series(1, 40) k;
INSERT INTO entry_actor SELECT id, an_id(k), k FROM r, generate_series(1, 2) k;
INSERT INTO page SELECT id, k, 'sealed' FROM r, generate_series(0, 1) k;
INSERT INTO derived SELECT id, k, 1, 1, 'sealed' FROM r, generate_series(1, 4) k;
INSERT INTO awaited SELECT id, an_id(k), k FROM r, generate_series(1, 2) k;
INSERT INTO outbox SELECT id, k, 1, 1, 0, 0, '' FROM r, generate_series(1, 2) k;
INSERT INTO directory_ins SELECT an_id(-n), id, 1 FROM r;
INSERT INTO directory_document SELECT an_id(-n), id, 1, 1 FROM r;
INSERT INTO directory_uuid SELECT an_id(-n * 10 - k), id, 1, 1 FROM r, generate_series(1, 8) k;
INSERT INTO directory_actor SELECT an_id(n % 100), 1, id, k, 1 FROM r, generate_series(1, 4) k;
INSERT INTO trace SELECT id, k % 2, k, id, 'sealed', id FROM r, generate_series(1, 20) k;
INSERT INTO journal SELECT an_id(k % 4), k, 1, 'body', 'mac' FROM generate_series(1, 5000) k;
DROP TABLE r;
DROP FUNCTION an_id;
"""
FILL_KEYS = """
INSERT INTO bucket_key SELECT n, 'wrapped', 1 FROM generate_series(1, 5000) AS n;
INSERT INTO record_key SELECT decode(md5(n::text), 'hex'), 'wrapped'
  FROM generate_series(1, 20000) AS n;
"""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def plans_of(connection: psycopg.Connection[Any], name: str, sql: str, count: int) -> list[Any]:
    """The nodes of the generic plan of a statement, which is the one that a link uses."""
    connection.execute(f"PREPARE {name} AS {sql}".encode())
    nulls = f"({', '.join(['NULL'] * count)})" if count else ""
    row = connection.execute(f"EXPLAIN (FORMAT JSON) EXECUTE {name}{nulls}".encode()).fetchone()
    assert row is not None
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    return list(nodes(plan[0]["Plan"]))


def test_postgresql_finds_by_key_at_volume(postgresql_place: PostgresqlPlace) -> None:
    keys_of = {
        table.name: next(iter(table.primary_key.columns)).name
        for metadata in (schema.main, schema.traces, schema.keys)
        for table in metadata.tables.values()
    }
    for url, fill, hot in (
        (postgresql_place.url, FILL, HOT),
        (postgresql_place.keys_url, FILL_KEYS, HOT_KEYS),
    ):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(fill.encode())
            connection.execute("ANALYZE")
            connection.execute("SET plan_cache_mode = force_generic_plan")
            asked = [
                (one.name, one.compiled("postgresql").sql, len(one.compiled("postgresql").types))
                for one in hot
            ]
            if hot is HOT:
                asked.append(("heads", HEADS.sql.decode(), 2))
            for name, sql, count in asked:
                scans = [
                    node
                    for node in plans_of(connection, name, sql, count)
                    if "Relation Name" in node and node["Node Type"] != "ModifyTable"
                ]
                assert scans, name
                for node in scans:
                    assert node["Node Type"] != "Seq Scan", name
                    condition = node.get("Index Cond") or node.get("Recheck Cond") or ""
                    assert keys_of[node["Relation Name"]] in condition, (name, node)


def test_postgresql_finds_by_key_in_small_tables_too(postgresql_place: PostgresqlPlace) -> None:
    """A plan made while a table is small lives on in the connection: it must not be a scan."""
    with psycopg.connect(postgresql_place.url, autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute("SET plan_cache_mode = force_generic_plan")
        connection.execute("SET enable_seqscan = off")
        for one in HOT:
            compiled = one.compiled("postgresql")
            for node in plans_of(connection, one.name, compiled.sql, len(compiled.types)):
                assert node["Node Type"] != "Seq Scan", one.name


@pytest.fixture
def sqlite_plans(sqlite_place: SqlitePlace) -> Iterator[dict[str, list[str]]]:
    connections = [sqlite3.connect(sqlite_place.directory / name) for name in FILES]
    yield {one.name: steps_of(connections, one) for one in all_statements()}
    for connection in connections:
        connection.close()


def steps_of(connections: list[sqlite3.Connection], one: Statement) -> list[str]:
    sql = one.compiled("sqlite").sql
    for connection in connections:
        try:
            found = connection.execute(
                f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")
            ).fetchall()
        except sqlite3.OperationalError:
            continue
        return [row[3] for row in found]
    raise AssertionError(one.name)


@pytest.mark.parametrize("one", [*HOT, *HOT_KEYS], ids=lambda one: one.name)
def test_sqlite_finds_by_key(sqlite_plans: dict[str, list[str]], one: Statement) -> None:
    steps = [step for step in sqlite_plans[one.name] if step.startswith(("SEARCH", "SCAN"))]
    assert steps
    assert all("USING PRIMARY KEY (" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in sqlite_plans[one.name])


def test_only_what_means_to_reads_a_whole_table(sqlite_plans: dict[str, list[str]]) -> None:
    scanning = {
        name for name, steps in sqlite_plans.items() if any(s.startswith("SCAN") for s in steps)
    }
    assert {name for name in scanning if not name.startswith(("count_", "version_"))} <= WHOLE
