from __future__ import annotations

import pytest

from carnet.record.identity import Ins, Traits
from carnet.storage.verify import Severity
from tests.storage.verify.builder import ADA, BASILE, CELESTE, Site, damages, flipped

AUTHORISATION, BLOCK, AUTHOR = 1, 3, 8


def test_a_sound_store_has_no_finding(site: Site) -> None:
    assert site.check() == []
    assert site.check(repair=False) == []


def test_a_record_key_that_was_deleted_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("keys", "DELETE FROM record_key WHERE record_id = ?", ada)
    assert damages(site.check()) == {("verify-key-absent", ada.hex(), "key")}


def test_a_record_key_that_was_changed_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    wrapped = site.sql("keys", "SELECT wrapped FROM record_key WHERE record_id = ?", ada)[0][0]
    site.sql("keys", "UPDATE record_key SET wrapped = ? WHERE record_id = ?", flipped(wrapped), ada)
    assert damages(site.check()) == {("verify-key-broken", ada.hex(), "key")}


def test_the_chain_of_a_record_without_key_is_still_held_to_the_journal(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("keys", "DELETE FROM record_key WHERE record_id = ?", ada)
    site.sql("traces", "DELETE FROM trace WHERE record_id = ? AND chain = 1", ada)
    assert damages(site.check()) == {
        ("verify-key-absent", ada.hex(), "key"),
        ("verify-chain-cut", ada.hex(), "chain 1 seq 1"),
    }


def test_a_key_of_an_opening_that_broke_off_is_told_of_and_left(site: Site) -> None:
    record_id = b"k" * 16
    site.add_key(record_id)
    found = site.check()
    assert [(f.code, f.severity, f.record) for f in found] == [
        ("verify-key-unused", Severity.INFO, None)
    ]
    assert "1 key(s)" in found[0].english
    kept = "SELECT count(*) FROM record_key WHERE record_id = ?"
    assert site.sql("keys", kept, record_id) == [(1,)]


def test_a_key_that_does_not_open_is_found_without_a_record_too(site: Site) -> None:
    site.sql("keys", "INSERT INTO record_key SELECT ?, wrapped FROM record_key LIMIT 1", b"k" * 16)
    # Without a bucket of its own the key counts as absent: nothing of it can be told.
    assert site.check() == []


@pytest.mark.parametrize("people", [(ADA,), (ADA, BASILE, CELESTE)])
def test_a_record_whose_row_was_deleted_is_found(
    site: Site, people: tuple[tuple[Ins, Traits], ...]
) -> None:
    records = [site.record_of(person) for person in people]
    for record_id in records:
        site.sql("carnet", "DELETE FROM record WHERE record_id = ?", record_id)
    found = damages(site.check())
    assert {("verify-record-lost", record_id.hex(), "record") for record_id in records} <= found


def test_a_record_deleted_everywhere_is_found_by_the_journal(site: Site) -> None:
    celeste = site.record_of(CELESTE)
    for table in ("record", "identity", "directory_ins", "directory_traits", "outbox"):
        site.sql("carnet", f"DELETE FROM {table} WHERE record_id = ?", celeste)  # noqa: S608  constant
    site.sql("traces", "DELETE FROM trace WHERE record_id = ?", celeste)
    site.sql("keys", "DELETE FROM record_key WHERE record_id = ?", celeste)
    assert damages(site.check()) == {
        ("verify-record-lost", celeste.hex(), "record"),
        ("verify-chain-cut", celeste.hex(), "chain 0 seq 1"),
    }


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("state", 3, "verify-state-differs"),
        ("settings", 2, "verify-settings-differ"),
        ("updated_day", 1, "verify-count-differs"),
        ("entry_count", 5, "verify-count-differs"),
    ],
)
def test_a_column_of_the_record_that_was_changed_is_found(
    site: Site, column: str, value: int, code: str
) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", f"UPDATE record SET {column} = ? WHERE record_id = ?", value, ada)  # noqa: S608  a name of the list
    assert (code, ada.hex(), f"record column {column}") in damages(site.check())


def test_a_count_that_was_raised_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "UPDATE record SET entry_count = 1000000000 WHERE record_id = ?", ada)
    assert damages(site.check()) == {("verify-entry-lost", ada.hex(), "entries 7-1000000000")}


@pytest.mark.parametrize(
    ("table", "code", "where"),
    [
        ("record", "verify-life-broken", "record"),
        ("identity", "verify-identity-broken", "identity 1"),
    ],
)
def test_sealed_values_swapped_between_records_are_found(
    site: Site, table: str, code: str, where: str
) -> None:
    ada, basile = site.record_of(ADA), site.record_of(BASILE)
    rows = dict(site.sql("carnet", f"SELECT record_id, sealed FROM {table}"))  # noqa: S608  constant
    for one, other in ((ada, basile), (basile, ada)):
        site.sql("carnet", f"UPDATE {table} SET sealed = ? WHERE record_id = ?", rows[other], one)  # noqa: S608  constant
    found = damages(site.check())
    assert {(code, ada.hex(), where), (code, basile.hex(), where)} <= found


def test_an_identity_that_was_deleted_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "DELETE FROM identity WHERE record_id = ?", ada)
    assert ("verify-identity-absent", ada.hex(), "identity 1") in damages(site.check())


def test_a_changed_identity_is_sound(site: Site) -> None:
    site.identify("2100575116009")
    assert damages(site.check()) == set()


def test_a_change_of_identity_that_was_taken_back_is_found(site: Site) -> None:
    """The version is gone and the one before stands as if it had never ended."""
    ada = site.record_of(ADA)
    site.identify("2100575116009")
    site.sql("carnet", "DELETE FROM identity WHERE record_id = ? AND seq = 2", ada)
    site.sql("carnet", "UPDATE identity SET to_day = 0 WHERE record_id = ?", ada)
    assert ("verify-identity-absent", ada.hex(), "identity 2") in damages(site.check())


@pytest.mark.parametrize(("seq", "day"), [(1, 0), (1, 1), (2, 20_500)])
def test_days_of_identities_that_do_not_join_are_found(site: Site, seq: int, day: int) -> None:
    ada = site.record_of(ADA)
    site.identify("2100575116009")
    site.sql(
        "carnet", "UPDATE identity SET to_day = ? WHERE record_id = ? AND seq = ?", day, ada, seq
    )
    where = f"identity {seq} column to_day"
    assert damages(site.check()) == {("verify-count-differs", ada.hex(), where)}


def test_the_line_of_a_former_number_is_made_again(site: Site) -> None:
    site.identify("2100575116009")
    ada = site.record_of(ADA)
    lines = site.sql("carnet", "SELECT ins FROM directory_ins WHERE record_id = ?", ada)
    assert len(lines) == 2
    site.sql("carnet", "DELETE FROM directory_ins WHERE record_id = ?", ada)
    site.check(repair=True)
    again = site.sql("carnet", "SELECT ins FROM directory_ins WHERE record_id = ?", ada)
    assert sorted(again) == sorted(lines)


def tie(site: Site, record_id: bytes, kind: int) -> tuple[bytes, bytes]:
    """Actor and id of the tie of a kind."""
    rows = site.sql(
        "carnet",
        "SELECT actor, tie_id FROM relation WHERE record_id = ? AND kind = ?",
        record_id,
        kind,
    )
    return rows[0]


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", b"m" * 16), ("kind", 4), ("starts", 1), ("ends", 4_000_000_000), ("ended", 0)],
)
def test_a_column_of_a_tie_that_was_changed_is_found(
    site: Site, column: str, value: object
) -> None:
    ada = site.record_of(ADA)
    _, tie_id = tie(site, ada, BLOCK)
    site.sql("carnet", f"UPDATE relation SET {column} = ? WHERE tie_id = ?", value, tie_id)  # noqa: S608  a name of the list
    where = f"tie {tie_id.hex()} column {column}"
    assert ("verify-tie-differs", ada.hex(), where) in damages(site.check())


def test_an_authorisation_that_somebody_added_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql(
        "carnet",
        "INSERT INTO relation VALUES (?, ?, ?, ?, 0, 0, 0, ?)",
        ada,
        b"m" * 16,
        AUTHORISATION,
        b"t" * 16,
        b"",
    )
    where = f"tie {(b't' * 16).hex()}"
    assert damages(site.check()) == {("verify-tie-broken", ada.hex(), where)}


def test_a_tie_taken_to_another_record_is_found(site: Site) -> None:
    ada, basile = site.record_of(ADA), site.record_of(BASILE)
    _, tie_id = tie(site, ada, AUTHORISATION)
    site.sql("carnet", "UPDATE relation SET record_id = ? WHERE tie_id = ?", basile, tie_id)
    found = damages(site.check())
    assert ("verify-tie-broken", basile.hex(), f"tie {tie_id.hex()}") in found
    assert ("verify-tie-count", ada.hex(), "ties authorisation") in found


def test_a_block_that_was_deleted_with_its_lines_is_found_by_the_traces(site: Site) -> None:
    ada = site.record_of(ADA)
    actor, tie_id = tie(site, ada, BLOCK)
    site.sql("carnet", "DELETE FROM relation WHERE tie_id = ?", tie_id)
    site.sql("carnet", "DELETE FROM directory_uuid WHERE uuid = ?", tie_id)
    site.sql("carnet", "DELETE FROM directory_actor WHERE actor = ? AND kind = ?", actor, BLOCK)
    assert damages(site.check()) == {("verify-tie-count", ada.hex(), "ties block")}


def test_a_tie_put_back_to_before_its_end_is_found_by_the_traces(site: Site) -> None:
    ada = site.record_of(ADA)
    _, tie_id = tie(site, ada, AUTHORISATION)
    before = site.sql("carnet", "SELECT * FROM relation WHERE tie_id = ?", tie_id)[0]
    site.end(tie_id)
    assert damages(site.check()) == set()
    site.sql("carnet", "DELETE FROM relation WHERE tie_id = ?", tie_id)
    site.sql("carnet", "INSERT INTO relation VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *before)
    assert damages(site.check()) == {("verify-tie-count", ada.hex(), "ties authorisation")}


def test_who_is_said_to_be_an_author_and_is_not_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql(
        "carnet",
        "INSERT INTO relation VALUES (?, ?, ?, ?, 0, 0, 0, ?)",
        ada,
        b"m" * 16,
        AUTHOR,
        bytes(16),
        b"",
    )
    where = f"author {(b'm' * 16).hex()}"
    assert damages(site.check()) == {("verify-author-unfounded", ada.hex(), where)}


def test_an_author_without_tie_is_tied_again(site: Site) -> None:
    ada = site.record_of(ADA)
    actor, _ = tie(site, ada, AUTHOR)
    site.sql("carnet", "DELETE FROM relation WHERE actor = ? AND kind = 8", actor)
    where = f"author {actor.hex()}"
    assert ("verify-author-absent", ada.hex(), where) in damages(site.check(repair=False))
    found = site.check()
    assert {(f.code, f.severity) for f in found} == {("verify-author-rebuilt", Severity.REPAIRED)}
    assert (ada.hex(), where) in {(f.record, f.where) for f in found}
    assert site.check() == []


def test_a_merge_with_what_does_not_exist_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "INSERT INTO part VALUES (?, ?, 1, 0)", ada, b"p" * 16)
    where = f"part {(b'p' * 16).hex()}"
    assert damages(site.check()) == {("verify-part-unfounded", ada.hex(), where)}


def test_a_value_of_another_kind_is_found_and_the_rest_is_still_checked(site: Site) -> None:
    ada, basile = site.record_of(ADA), site.record_of(BASILE)
    site.sql("carnet", "UPDATE record SET sealed = 'text' WHERE record_id = ?", ada)
    site.sql("carnet", "UPDATE record SET settings = 1 WHERE record_id = ?", basile)
    found = damages(site.check())
    assert ("verify-record-unreadable", ada.hex(), "record TypeError") in found
    assert ("verify-settings-differ", basile.hex(), "record column settings") in found


def zero_root_of(site: Site, database: str, table: str) -> None:
    """Overwrite the first page of a table in its file."""
    ((page, size),) = site.sql(
        database,
        "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = ?",
        table,
    )
    with (site.directory / f"{database}.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))


def test_a_database_file_that_is_damaged_is_told_of_record_by_record(site: Site) -> None:
    records = {site.record_of(person).hex() for person in (ADA, BASILE, CELESTE)}
    zero_root_of(site, "carnet", "identity")
    found = {(code, record) for code, record, _ in damages(site.check())}
    assert {("verify-database-broken", record) for record in records} <= found


def test_a_database_file_that_cannot_be_walked_through_is_told_of(site: Site) -> None:
    zero_root_of(site, "traces", "trace")
    where = "journal_and_records DatabaseError"
    assert ("verify-database-broken", None, where) in damages(site.check())
