from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from carnet.storage.verify import Severity
from tests.storage.verify.builder import ADA, BASILE, NOW, Site, damages, flipped

HOUR_BEFORE = NOW - 3600


def spoil(site: Site, unique_id: str, how: Callable[[bytes], bytes]) -> str:
    """Rewrite a document's file; its place in findings."""
    path = site.blob(unique_id)
    path.write_bytes(how(path.read_bytes()))
    rows = site.sql("carnet", "SELECT entry_no FROM entry WHERE unique_id = ?", unique_id)
    return f"entry {min(number for (number,) in rows)} object {path.name}"


@pytest.mark.parametrize("at", [0, 5, 30, -1])
def test_a_flipped_byte_of_a_document_is_found_where_it_is(site: Site, at: int) -> None:
    ada = site.record_of(ADA).hex()
    where = spoil(site, "1.2.3.4", lambda data: flipped(data, at))
    assert ("verify-object-broken", ada, where) in damages(site.check())


@pytest.mark.parametrize("place", [0.2, 0.5, 0.99])
def test_a_flipped_byte_of_any_segment_of_a_long_document_is_found(
    site: Site, place: float
) -> None:
    basile = site.record_of(BASILE).hex()
    where = spoil(site, "1.2.3.299", lambda data: flipped(data, int(len(data) * place)))
    assert damages(site.check()) == {("verify-object-broken", basile, where)}


def test_a_document_that_is_cut_short_is_found(site: Site) -> None:
    basile = site.record_of(BASILE).hex()
    where = spoil(site, "1.2.3.299", lambda data: data[: len(data) // 2])
    assert damages(site.check()) == {("verify-object-broken", basile, where)}


def test_a_document_with_something_added_is_found(site: Site) -> None:
    ada = site.record_of(ADA).hex()
    where = spoil(site, "1.2.3.4", lambda data: data + b"\x01\x00\x00\x00x")
    assert damages(site.check()) == {("verify-object-broken", ada, where)}


def test_a_document_that_is_gone_is_found(site: Site) -> None:
    ada = site.record_of(ADA).hex()
    path = site.blob("1.2.3.4")
    path.unlink()
    assert damages(site.check()) == {("verify-object-absent", ada, f"entry 4 object {path.name}")}


def test_documents_swapped_within_a_record_are_found(site: Site) -> None:
    ada = site.record_of(ADA).hex()
    one, other = site.blob("1.2.3.1"), site.blob("1.2.3.4")
    first = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(first)
    assert damages(site.check()) >= {
        ("verify-object-broken", ada, f"entry 1 object {one.name}"),
        ("verify-object-broken", ada, f"entry 4 object {other.name}"),
    }


def test_an_entry_that_names_another_document_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    other = site.sql("carnet", "SELECT binary_id FROM entry WHERE unique_id = '1.2.3.1'")[0][0]
    site.sql(
        "carnet", "UPDATE entry SET binary_id = ? WHERE record_id = ? AND entry_no = 4", other, ada
    )
    found = damages(site.check())
    assert ("verify-object-differs", ada.hex(), "entry 4 column unique_id") in found


def orphan(site: Site, age: float) -> str:
    """A file without an entry, that many seconds before the check."""
    path = site.directory / "blobs" / "abc" / ("abc" + 29 * "0")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"left by a crash before its entry was written")
    os.utime(path, (NOW - age, NOW - age))
    return path.name


def test_a_file_without_an_entry_is_collected(site: Site) -> None:
    name = orphan(site, 3600)
    found = site.check()
    assert [(f.code, f.severity, f.where) for f in found] == [
        ("verify-object-orphan", Severity.REPAIRED, f"object {name}")
    ]
    assert site.check() == []


def test_a_young_file_without_an_entry_may_be_of_a_submission_under_way(site: Site) -> None:
    name = orphan(site, 60)
    assert site.check() == []
    assert (site.directory / "blobs" / "abc" / name).exists()


def test_a_file_without_an_entry_is_kept_if_nothing_is_to_be_mended(site: Site) -> None:
    name = orphan(site, 3600)
    found = site.check(repair=False)
    assert [(f.code, f.severity) for f in found] == [("verify-object-unused", Severity.INFO)]
    assert (site.directory / "blobs" / "abc" / name).exists()


def test_nothing_is_collected_from_a_damaged_store(site: Site) -> None:
    site.sql("carnet", "DELETE FROM entry WHERE unique_id = '1.2.3.4'")
    for path in (site.directory / "blobs").glob("*/*"):
        os.utime(path, (HOUR_BEFORE, HOUR_BEFORE))
    before = sorted(path.name for path in (site.directory / "blobs").glob("*/*"))
    found = site.check()
    assert damages(found)
    assert "verify-object-unused" in {f.code for f in found}
    assert sorted(path.name for path in (site.directory / "blobs").glob("*/*")) == before


def test_a_half_written_file_is_removed(site: Site) -> None:
    path = site.blob("1.2.3.4").with_name("0" * 32 + ".new")
    path.write_bytes(b"half")
    os.utime(path, (HOUR_BEFORE, HOUR_BEFORE))
    assert [f.code for f in site.check(repair=False)] == ["verify-file-unfinished"]
    found = site.check()
    where = f"file {path.parent.name}/{path.name}"
    assert [(f.code, f.severity, f.where) for f in found] == [
        ("verify-file-leftover", Severity.REPAIRED, where)
    ]
    assert not path.exists()


def test_a_file_that_is_being_written_stays(site: Site) -> None:
    path = site.blob("1.2.3.4").with_name("0" * 32 + ".new")
    path.write_bytes(b"half")
    os.utime(path, (NOW - 10, NOW - 10))
    assert site.check() == []
    assert path.exists()


def test_files_of_other_names_are_left_alone(site: Site) -> None:
    stranger = site.directory / "blobs" / "README"
    stranger.write_text("not a document")
    odd = site.blob("1.2.3.4").with_name("z" * 32)
    odd.write_text("not one either")
    os.utime(odd, (HOUR_BEFORE, HOUR_BEFORE))
    assert site.check() == []
    assert stranger.exists()
    assert odd.exists()
