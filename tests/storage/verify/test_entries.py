from __future__ import annotations

import pytest

from tests.storage.verify.builder import ADA, BASILE, Site, damages, flipped

# A column of entry 4 of Ada's record, and what somebody puts there instead.
COLUMNS: dict[str, object] = {
    "entry_uuid": b"u" * 16,
    "logical_id": b"l" * 16,
    "unique_id": "1.2.3.9",
    "version": 2,
    "change": 7,
    "status": 2,
    "type_code": "LAB",
    "class_code": "90",
    "created_day": 1,
    "start_day": 1,
    "stop_day": 1,
    "hidden_ps": 1,
    "patient_until": 4_000_000_000,
    "hidden_reps": 1,
    "page_no": 3,
    "location": 1,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_clear_column_that_somebody_changed_is_named(site: Site, column: str) -> None:
    ada = site.record_of(ADA)
    site.sql(
        "carnet",
        f"UPDATE entry SET {column} = ? WHERE record_id = ? AND entry_no = 4",  # noqa: S608  a name of the list above
        COLUMNS[column],
        ada,
    )
    where = f"entry 4 column {column}"
    assert ("verify-column-differs", ada.hex(), where) in damages(site.check())


def test_a_document_shown_again_by_somebody_else_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    hidden = site.sql("carnet", "SELECT entry_no FROM entry WHERE hidden_ps = 1")
    site.sql("carnet", "UPDATE entry SET hidden_ps = 0 WHERE hidden_ps = 1")
    assert damages(site.check()) == {
        ("verify-column-differs", ada.hex(), f"entry {number} column hidden_ps")
        for (number,) in hidden
    }


@pytest.mark.parametrize("column", ["author", "structure"])
def test_somebody_who_makes_themself_author_is_found(site: Site, column: str) -> None:
    ada = site.record_of(ADA)
    site.sql(
        "carnet",
        f"UPDATE entry SET {column} = ? WHERE record_id = ? AND entry_no = 4",  # noqa: S608  one of two names
        b"m" * 16,
        ada,
    )
    where = f"entry 4 column {column}"
    assert ("verify-authors-differ", ada.hex(), where) in damages(site.check())


def test_a_further_author_that_somebody_added_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "INSERT INTO entry_actor VALUES (?, ?, 4)", ada, b"m" * 16)
    found = damages(site.check())
    assert ("verify-authors-differ", ada.hex(), "entry 4 column entry_actor") in found


def test_a_size_that_somebody_changed_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "UPDATE entry SET size = 1 WHERE record_id = ? AND entry_no = 4", ada)
    assert damages(site.check()) == {("verify-object-differs", ada.hex(), "entry 4 column size")}


@pytest.mark.parametrize("entry_no", [1, 4, 6])
def test_an_entry_whose_row_was_deleted_is_found(site: Site, entry_no: int) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "DELETE FROM entry WHERE record_id = ? AND entry_no = ?", ada, entry_no)
    assert ("verify-entry-lost", ada.hex(), f"entry {entry_no}") in damages(site.check())


def test_an_entry_deleted_with_its_page_and_the_count_is_found_by_the_traces(site: Site) -> None:
    basile = site.record_of(BASILE)
    site.sql("carnet", "DELETE FROM entry WHERE record_id = ? AND entry_no > 32", basile)
    site.sql("carnet", "DELETE FROM page WHERE record_id = ? AND page_no = 1", basile)
    site.sql("carnet", "UPDATE record SET entry_count = 32 WHERE record_id = ?", basile)
    found = damages(site.check())
    assert {record for _, record, _ in found} == {basile.hex()}
    assert "verify-trace-beyond" in {code for code, _, _ in found}


def test_a_row_added_by_somebody_else_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql(
        "carnet",
        "INSERT INTO entry SELECT record_id, 7, ?, logical_id, binary_id, unique_id, 0, version,"
        " change, status, type_code, class_code, created_day, start_day, stop_day, hidden_ps,"
        " patient_until, hidden_reps, author, structure, size, page_no, location"
        " FROM entry WHERE record_id = ? AND entry_no = 4",
        b"n" * 16,
        ada,
    )
    assert damages(site.check()) >= {
        ("verify-slot-absent", ada.hex(), "entry 7"),
        ("verify-count-differs", ada.hex(), "record column entry_count"),
        ("verify-evidence-absent", ada.hex(), "entry 7"),
    }


@pytest.mark.parametrize("at", [0, 1, 20, -1])
def test_a_flipped_byte_of_a_page_is_found(site: Site, at: int) -> None:
    basile = site.record_of(BASILE)
    where = "WHERE record_id = ? AND page_no = 1"
    sealed = site.sql("carnet", f"SELECT sealed FROM page {where}", basile)[0][0]  # noqa: S608  constant
    site.sql("carnet", f"UPDATE page SET sealed = ? {where}", flipped(sealed, at), basile)  # noqa: S608  constant
    assert damages(site.check()) == {("verify-page-broken", basile.hex(), "page 1")}


def test_pages_swapped_between_records_are_found(site: Site) -> None:
    ada, basile = site.record_of(ADA), site.record_of(BASILE)
    pages = dict(site.sql("carnet", "SELECT record_id, sealed FROM page WHERE page_no = 0"))
    for one, other in ((ada, basile), (basile, ada)):
        site.sql(
            "carnet",
            "UPDATE page SET sealed = ? WHERE record_id = ? AND page_no = 0",
            pages[other],
            one,
        )
    assert damages(site.check()) == {
        ("verify-page-broken", ada.hex(), "page 0"),
        ("verify-page-broken", basile.hex(), "page 0"),
    }


def test_a_page_that_was_deleted_is_found(site: Site) -> None:
    basile = site.record_of(BASILE)
    site.sql("carnet", "DELETE FROM page WHERE record_id = ? AND page_no = 1", basile)
    assert damages(site.check()) == {
        ("verify-slot-absent", basile.hex(), f"entry {number}") for number in (33, 34, 35)
    }


def test_an_old_version_made_current_again_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    rows = site.sql(
        "carnet",
        "SELECT entry_no FROM entry WHERE record_id = ? AND unique_id = '1.2.3.2' ORDER BY 1",
        ada,
    )
    (old,), (new,) = rows
    site.sql(
        "carnet",
        "UPDATE entry SET latest = (entry_no = ?) WHERE record_id = ? AND unique_id = '1.2.3.2'",
        old,
        ada,
    )
    assert damages(site.check()) == {("verify-latest-wrong", ada.hex(), f"entry {new}")}


def test_entry_and_page_put_back_to_before_a_replacement_are_found(
    site: Site,
) -> None:
    """A document is replaced; then somebody puts its rows back: all seals open, columns agree."""
    site.act("41")
    ada = site.record_of(ADA)
    page = "SELECT sealed FROM page WHERE record_id = ? AND page_no = 0"
    before = site.sql("carnet", page, ada)[0][0]
    site.act("42", replaces="1.2.3.41")
    assert damages(site.check()) == set()
    site.sql(
        "carnet",
        "UPDATE entry SET status = 1, change = 1 WHERE record_id = ? AND unique_id = '1.2.3.41'",
        ada,
    )
    site.sql("carnet", "UPDATE page SET sealed = ? WHERE record_id = ?", before, ada)
    found = damages(site.check())
    assert ("verify-replaced-current", ada.hex(), "entry 7") in found
    assert ("verify-slot-absent", ada.hex(), "entry 8") in found


def test_submission_sets_and_texts_are_bound_to_their_record_and_entry(site: Site) -> None:
    ada, basile = site.record_of(ADA), site.record_of(BASILE)
    # What is derived stands under the current version: entry 3 has become entry 6.
    for table, key in (("submission", "first_entry = 3"), ("derived", "entry_no = 4")):
        other = site.sql(
            "carnet",
            f"SELECT sealed FROM {table} WHERE record_id = ? AND {key}",  # noqa: S608  constants
            basile,
        )[0][0]
        site.sql(
            "carnet",
            f"UPDATE {table} SET sealed = ? WHERE record_id = ? AND {key}",  # noqa: S608  constants
            other,
            ada,
        )
    assert damages(site.check()) == {
        ("verify-submission-broken", ada.hex(), "entry 3"),
        ("verify-derived-broken", ada.hex(), "entry 4 derived 1"),
        ("verify-derived-broken", ada.hex(), "entry 4 derived 2"),
        ("verify-derived-broken", ada.hex(), "entry 4 derived 3"),
    }


def test_a_submission_set_that_was_deleted_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "DELETE FROM submission WHERE record_id = ? AND first_entry = 2", ada)
    assert damages(site.check()) == {("verify-submission-broken", ada.hex(), "entry 2")}


def test_an_awaited_replacement_that_nobody_asked_for_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "INSERT INTO awaited VALUES (?, ?, 4)", ada, b"a" * 16)
    where = f"awaited {(b'a' * 16).hex()}"
    assert damages(site.check()) == {("verify-awaited-unfounded", ada.hex(), where)}
