"""What matters most, once more on PostgreSQL: a stream of the journal a connection."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.record.trace import link
from carnet.storage.verify import Severity
from tests.storage.verify.builder import ADA, BASILE, CELESTE, damages, flipped
from tests.storage.verify.on_postgresql import PostgresqlSite


@pytest.fixture(scope="module")
def made(
    postgresql_server: PrivatePostgresql, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresqlSite]:
    """The store that all tests of this module damage in turn."""
    folder = tmp_path_factory.mktemp("made")
    site = PostgresqlSite.make_on(postgresql_server, folder / "store")
    yield site
    site.drop()
    shutil.rmtree(folder)


@pytest.fixture
def store(made: PostgresqlSite) -> PostgresqlSite:
    """A sound store to damage."""
    made.restore()
    return made


def test_a_sound_store_has_no_finding_also_after_more_writers(store: PostgresqlSite) -> None:
    assert store.check() == []
    store.act("31")
    store.act("32")
    assert len(store.anchor().streams) == 3
    assert store.check() == []


def test_flipped_bytes_are_found(store: PostgresqlSite) -> None:
    ada, basile = store.record_of(ADA), store.record_of(BASILE)
    path = store.blob("1.2.3.299")
    path.write_bytes(flipped(path.read_bytes()))
    page = store.sql("carnet", "SELECT sealed FROM page WHERE record_id = ?", ada)[0][0]
    store.sql("carnet", "UPDATE page SET sealed = ? WHERE record_id = ?", flipped(page), ada)
    where = "WHERE record_id = ? AND chain = 0 AND seq = 2"
    sealed = store.sql("traces", f"SELECT sealed FROM trace {where}", basile)[0][0]  # noqa: S608  constant
    store.sql("traces", f"UPDATE trace SET sealed = ? {where}", flipped(sealed), basile)  # noqa: S608  constant
    assert damages(store.check()) >= {
        ("verify-object-broken", basile.hex(), f"entry 35 object {path.name}"),
        ("verify-page-broken", ada.hex(), "page 0"),
        ("verify-trace-broken", basile.hex(), "chain 0 seq 2"),
        ("verify-chain-link", basile.hex(), "chain 0 seq 2"),
    }


def test_a_chain_that_was_cut_or_deleted_is_found(store: PostgresqlSite) -> None:
    ada, celeste = store.record_of(ADA), store.record_of(CELESTE)
    last = store.sql("traces", "SELECT max(seq) FROM trace WHERE record_id = ? AND chain = 0", ada)[
        0
    ][0]
    store.sql("traces", "DELETE FROM trace WHERE record_id = ? AND seq = ?", ada, last)
    store.sql("traces", "DELETE FROM trace WHERE record_id = ?", celeste)
    assert damages(store.check()) >= {
        ("verify-chain-cut", ada.hex(), f"chain 0 seq {last}"),
        ("verify-chain-cut", celeste.hex(), "chain 0 seq 1"),
    }


def test_a_chain_cut_that_another_writer_went_on_with_is_found(store: PostgresqlSite) -> None:
    """The mentions of two streams contradict each other at the same number."""
    ada = store.record_of(ADA)
    last = store.sql("traces", "SELECT max(seq) FROM trace WHERE record_id = ? AND chain = 0", ada)[
        0
    ][0]
    store.sql(
        "traces", "DELETE FROM trace WHERE record_id = ? AND chain = 0 AND seq = ?", ada, last
    )
    store.act("31")
    store.act("32")
    found = damages(store.check())
    assert ("verify-chain-rewritten", ada.hex(), f"chain 0 seq {last}") in found


def test_a_chain_recomputed_without_the_keys_is_found(store: PostgresqlSite) -> None:
    ada = store.record_of(ADA)
    query = "SELECT seq, trace_id, sealed, head FROM trace WHERE record_id = ? AND chain = 0"
    rows = store.sql("traces", f"{query} ORDER BY seq", ada)
    place = "WHERE record_id = ? AND chain = 0"
    store.sql("traces", f"DELETE FROM trace {place} AND seq > 1", ada)  # noqa: S608  constant
    head = rows[0][3]
    for seq, (_, trace_id, sealed, _) in enumerate(rows[2:], 2):
        head = link(head, ada, 0, seq, sealed)
        store.sql(
            "traces",
            "INSERT INTO trace VALUES (?, 0, ?, ?, ?, ?)",
            ada,
            seq,
            trace_id,
            sealed,
            head,
        )
    found = damages(store.check())
    assert ("verify-chain-rewritten", ada.hex(), "chain 0 seq 2") in found


def test_a_clear_column_that_was_changed_is_found(store: PostgresqlSite) -> None:
    ada = store.record_of(ADA)
    store.sql("carnet", "UPDATE entry SET status = 2 WHERE unique_id = '1.2.3.4'")
    where = "entry 4 column status"
    assert damages(store.check()) == {("verify-column-differs", ada.hex(), where)}


def test_an_entry_and_a_key_that_were_deleted_are_found(store: PostgresqlSite) -> None:
    ada, basile = store.record_of(ADA), store.record_of(BASILE)
    store.sql("carnet", "DELETE FROM entry WHERE unique_id = '1.2.3.4'")
    store.sql("keys", "DELETE FROM record_key WHERE record_id = ?", basile)
    assert damages(store.check()) >= {
        ("verify-entry-lost", ada.hex(), "entry 4"),
        ("verify-key-absent", basile.hex(), "key"),
    }


@pytest.mark.parametrize(
    "table",
    [
        "directory_ins",
        "directory_document",
        "directory_uuid",
        "directory_traits",
        "directory_actor",
    ],
)
def test_directory_lines_are_made_again_and_strays_found(store: PostgresqlSite, table: str) -> None:
    ada = store.record_of(ADA)
    store.sql("carnet", f"DELETE FROM {table} WHERE record_id = ?", ada)  # noqa: S608  constant
    found = store.check()
    assert found
    assert {(f.code, f.severity) for f in found} == {("verify-line-rebuilt", Severity.REPAIRED)}
    assert store.check() == []
    columns = store.sql("carnet", f"SELECT * FROM {table} WHERE record_id = ?", ada)[0]  # noqa: S608  constant
    marks = ", ".join("?" * len(columns))
    row = (b"s" * 16, *columns[1:])
    store.sql("carnet", f"INSERT INTO {table} VALUES ({marks})", *row)  # noqa: S608  constant
    assert {code for code, _, _ in damages(store.check())} == {"verify-line-stray"}


def test_a_store_put_back_is_found_with_an_anchor_alone(store: PostgresqlSite) -> None:
    earlier = store.anchor()
    store.act("31")
    anchor = store.anchor()
    assert damages(store.check(anchor=anchor)) == set()
    store.restore("carnet")
    assert damages(store.check()) == set()
    ((code, record, where),) = damages(store.check(anchor=anchor))
    assert (code, record) == ("verify-put-back", None)
    gone = {one.stream for one in anchor.streams} - {one.stream for one in earlier.streams}
    assert where.removeprefix("stream ").split()[0] in gone
