from __future__ import annotations

import pytest

from carnet.storage.verify import Severity
from tests.storage.verify.builder import ADA, BASILE, Site, damages

KEYS = {
    "directory_ins": ("ins",),
    "directory_document": ("unique_id",),
    "directory_uuid": ("uuid",),
    "directory_traits": ("traits",),
    "directory_actor": ("actor", "kind", "entry_no"),
}


def lines(site: Site, table: str, record_id: bytes) -> list[tuple[object, ...]]:
    columns = ", ".join(KEYS[table])
    return site.sql("carnet", f"SELECT {columns} FROM {table} WHERE record_id = ?", record_id)  # noqa: S608  constants


def name(table: str, key: tuple[object, ...]) -> str:
    first = key[0]
    assert isinstance(first, bytes)
    if table == "directory_actor":
        return f"{table} {first.hex()} kind {key[1]} entry {key[2]}"
    return f"{table} {first.hex()}"


@pytest.mark.parametrize("table", KEYS)
def test_directory_lines_that_were_removed_are_made_again(site: Site, table: str) -> None:
    ada = site.record_of(ADA)
    before = sorted(site.sql("carnet", f"SELECT * FROM {table}"))  # noqa: S608  constant
    removed = lines(site, table, ada)
    assert removed
    site.sql("carnet", f"DELETE FROM {table} WHERE record_id = ?", ada)  # noqa: S608  constant
    found = site.check()
    assert {(f.code, f.severity, f.record, f.where) for f in found} == {
        ("verify-line-rebuilt", Severity.REPAIRED, ada.hex(), name(table, key)) for key in removed
    }
    assert site.check() == []
    assert sorted(site.sql("carnet", f"SELECT * FROM {table}")) == before  # noqa: S608  constant


@pytest.mark.parametrize("table", KEYS)
def test_without_repair_a_removed_line_is_damage_and_stays_removed(site: Site, table: str) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", f"DELETE FROM {table} WHERE record_id = ?", ada)  # noqa: S608  constant
    found = damages(site.check(repair=False))
    assert {code for code, _, _ in found} == {"verify-line-absent"}
    assert lines(site, table, ada) == []


@pytest.mark.parametrize("table", ["directory_ins", "directory_document", "directory_uuid"])
def test_a_line_that_leads_to_another_record_is_damage(site: Site, table: str) -> None:
    ada, basile = site.record_of(ADA), site.record_of(BASILE)
    key = lines(site, table, ada)[0]
    column = KEYS[table][0]
    site.sql("carnet", f"UPDATE {table} SET record_id = ? WHERE {column} = ?", basile, key[0])  # noqa: S608  constants
    found = site.check()
    assert ("verify-line-wrong", ada.hex(), name(table, key)) in damages(found)
    assert site.sql("carnet", f"SELECT record_id FROM {table} WHERE {column} = ?", key[0]) == [  # noqa: S608  constants
        (basile,)
    ]


@pytest.mark.parametrize("table", ["directory_document", "directory_uuid"])
def test_a_line_that_leads_to_another_entry_is_damage(site: Site, table: str) -> None:
    basile = site.record_of(BASILE)
    column = KEYS[table][0]
    key = site.sql(
        "carnet",
        f"SELECT {column} FROM {table} WHERE record_id = ? AND entry_no = 5",  # noqa: S608  constants
        basile,
    )[0]
    site.sql("carnet", f"UPDATE {table} SET entry_no = 6 WHERE {column} = ?", key[0])  # noqa: S608  constants
    assert ("verify-line-wrong", basile.hex(), name(table, key)) in damages(site.check())


def test_a_uuid_said_to_name_something_else_is_damage(site: Site) -> None:
    basile = site.record_of(BASILE)
    key = site.sql(
        "carnet", "SELECT uuid FROM directory_uuid WHERE record_id = ? AND kind = 1", basile
    )[0]
    site.sql("carnet", "UPDATE directory_uuid SET kind = 2 WHERE uuid = ?", key[0])
    where = name("directory_uuid", key)
    assert ("verify-line-wrong", basile.hex(), where) in damages(site.check())


def test_a_line_by_actor_of_another_day_is_damage(site: Site) -> None:
    ada = site.record_of(ADA)
    key = lines(site, "directory_actor", ada)[0]
    site.sql(
        "carnet",
        "UPDATE directory_actor SET day = 1"
        " WHERE actor = ? AND kind = ? AND entry_no = ? AND record_id = ?",
        *key,
        ada,
    )
    where = name("directory_actor", key)
    assert damages(site.check()) == {("verify-line-wrong", ada.hex(), where)}


STRAYS: dict[str, tuple[object, ...]] = {
    "directory_ins": (b"s" * 16, None, 1),
    "directory_document": (b"s" * 16, None, 1, 1),
    "directory_uuid": (b"s" * 16, None, 1, 1),
    "directory_traits": (b"s" * 16, None),
    "directory_actor": (b"s" * 16, 1, None, 0, 0),
}


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("table", STRAYS)
def test_a_line_that_names_nothing_is_damage(site: Site, table: str, exists: bool) -> None:
    record_id = site.record_of(ADA) if exists else b"r" * 16
    row = [record_id if value is None else value for value in STRAYS[table]]
    marks = ", ".join("?" * len(row))
    site.sql("carnet", f"INSERT INTO {table} VALUES ({marks})", *row)  # noqa: S608  constants
    found = damages(site.check())
    assert {(code, record) for code, record, _ in found} == {("verify-line-stray", record_id.hex())}
    assert next(iter(found))[2].startswith(f"{table} {(b's' * 16).hex()}")


@pytest.mark.parametrize("table", ["directory_ins", "directory_document"])
def test_a_reserved_line_of_what_stands_is_confirmed(site: Site, table: str) -> None:
    ada = site.record_of(ADA)
    count = len(lines(site, table, ada))
    site.sql("carnet", f"UPDATE {table} SET state = 0 WHERE record_id = ?", ada)  # noqa: S608  constant
    assert [f.code for f in site.check()] == ["verify-line-rebuilt"] * count
    assert site.sql("carnet", f"SELECT count(*) FROM {table} WHERE state = 0") == [(0,)]  # noqa: S608  constant
    assert site.check() == []


def test_a_reserved_line_of_what_was_never_written_is_told_of(site: Site) -> None:
    site.sql("carnet", "INSERT INTO directory_ins VALUES (?, ?, 0)", b"s" * 16, b"r" * 16)
    found = site.check()
    assert [(f.code, f.severity) for f in found] == [("verify-line-pending", Severity.INFO)]


def test_lines_that_an_event_still_is_to_write_are_not_missed(site: Site) -> None:
    site.act()
    actor = "SELECT count(*) FROM directory_actor WHERE record_id = ? AND entry_no = 7"
    assert site.sql("carnet", actor, site.record_of(ADA)) == [(0,)]
    assert site.check() == []
