"""``carnet backup``: what it copies, and each thing that it refuses."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from pathlib import Path

import pytest

from carnet.cli.run import DEFECT, REFUSED, run
from carnet.storage.backup.manifest import MANIFEST, MARKER
from carnet.storage.backup.restore import BUILDING
from tests.cli.backups import code_of, files_of, held_by, manifest_of, restore
from tests.cli.stores import letter, lines, written

# What is copied


def test_a_restored_store_is_clean_and_holds_the_same(
    fed_store: Path, folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = restore(capsys, folder, place)
    assert (status, told[0]["documents"], told[0]["key_fits"]) == (0, 3, True)
    assert files_of(place / "blobs") == files_of(fed_store / "blobs")
    assert run(["verify", "--data", str(place)]) == 0
    assert capsys.readouterr().out == "Clean.\n"
    assert not (place / BUILDING).exists()


def test_keys_lie_apart_and_the_master_key_nowhere(fed_store: Path, folder: Path) -> None:
    keys = folder.with_name("backup.keys")
    assert {part.name for part in manifest_of(folder).parts} == {
        "carnet.db",
        "traces.db",
        "objects",
    }
    assert {part.name for part in manifest_of(keys).parts} == {"keys.db", "signing-key.json"}
    (secret,) = fed_store.with_name("store.key").read_text().splitlines()[1:]
    held = [*files_of(folder).values(), *files_of(keys).values()]
    assert not any(secret.split()[1].encode() in data for data in held)
    wrapped = [key for key in _record_keys(fed_store) if any(key in data for data in held)]
    assert len(wrapped) == 2
    assert not any(key in data for key in wrapped for data in files_of(folder).values())


def _record_keys(store: Path) -> list[bytes]:
    connection = sqlite3.connect(store / "keys.db")
    try:
        return [row[0] for row in connection.execute("SELECT wrapped FROM record_key")]
    finally:
        connection.close()


def test_a_backup_is_open_to_its_owner_only(folder: Path) -> None:
    for top in (folder, folder.with_name("backup.keys")):
        assert [path for path in (top, *top.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_a_second_backup_copies_only_what_is_new(
    fed_store: Path, folder: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    shutil.copytree(fed_store, store)
    shutil.copy(fed_store.with_name("store.key"), tmp_path / "store.key")
    file = written(tmp_path, "more.xml", letter(4))
    assert run(["feed", file, "--data", str(store)]) == 0
    before = {path: path.stat().st_mtime_ns for path in folder.glob("blobs/*/*")}
    status, told = lines(capsys, "backup", str(folder), "--data", str(store))
    assert (status, told[0]["documents"], told[0]["new_documents"]) == (0, 4, 1)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    names = {path.name for path in folder.iterdir() if path.is_file()}
    parts = {part.file for part in manifest_of(folder).parts}
    assert names == parts | {MANIFEST, MARKER}
    assert restore(capsys, folder, place)[0] == 0
    assert run(["verify", "--data", str(place)]) == 0


def test_an_object_that_somebody_took_from_a_backup_is_copied_again(
    fed_store: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = next(folder.glob("blobs/*/*"))
    victim.unlink()
    _, told = lines(capsys, "backup", str(folder), "--data", str(fed_store))
    assert told[0]["new_documents"] == 1
    assert victim.exists()


def test_a_backup_of_a_store_that_lost_a_document_keeps_it_and_says_what_is_absent(
    fed_store: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    shutil.copytree(fed_store, store)
    victim = next(store.glob("blobs/*/*"))
    victim.unlink()
    status, told = lines(capsys, "backup", str(folder), "--data", str(store))
    assert (status, told[0]["documents"], told[0]["absent_documents"]) == (0, 3, 0)
    fresh = tmp_path / "fresh"
    status, told = lines(capsys, "backup", str(fresh), "--data", str(store))
    assert (status, told[0]["documents"], told[0]["absent_documents"]) == (REFUSED, 2, 1)
    assert run(["backup", str(fresh), "--data", str(store)]) == REFUSED
    assert capsys.readouterr().out.endswith("The store lacks 1 documents: run carnet verify.\n")


def test_people_are_told_what_stands_and_what_is_left_to_do(
    fed_store: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, place = tmp_path / "b", tmp_path / "again"
    assert run(["backup", str(made), "--data", str(fed_store)]) == 0
    assert "3 documents" in (said := capsys.readouterr().out)
    assert "master key is not in it" in said
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert run(["backup", str(made), "--data", str(fed_store)]) == 0
    assert "dont 0 nouveaux" in capsys.readouterr().out
    assert run(["restore", str(made), "--data", str(place)]) == 0
    said = capsys.readouterr().out
    assert f"Remettez la clé maîtresse à sa place : {place}.key" in said
    assert f"carnet verify --data {place}" in said


# Refusals of a backup


def test_a_backup_inside_the_store_is_refused(
    fed_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "link"
    link.symlink_to(fed_store)
    outside = str(tmp_path / "b")
    before = held_by(fed_store)
    for words in (
        [str(fed_store / "backup")],
        [str(link / "deep" / "backup")],
        [str(fed_store)],
        [outside, "--keys", str(fed_store / "keys")],
    ):
        status, told = lines(capsys, "backup", *words, "--data", str(fed_store))
        assert (status, code_of(told)) == (REFUSED, "backup-inside-store")
    assert held_by(fed_store) == before
    assert not Path(outside).exists()


@pytest.mark.parametrize("keys", ["b", "b/keys", "."])
def test_keys_that_would_go_with_the_data_are_refused(
    keys: str, fed_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(tmp_path / "b"), "--keys", str(tmp_path / keys)]
    status, told = lines(capsys, "backup", *words, "--data", str(fed_store))
    assert (status, code_of(told)) == (REFUSED, "backup-keys-not-apart")


def test_a_folder_of_something_else_is_refused(
    fed_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    written(full, "photos.zip", b"somebody's")
    a_file = written(tmp_path, "file", b"")
    for words in ([str(full)], [a_file], [str(tmp_path / "b"), "--keys", str(full)]):
        status, told = lines(capsys, "backup", *words, "--data", str(fed_store))
        assert (status, code_of(told)) == (REFUSED, "backup-target-taken")
    assert files_of(full) == {"photos.zip": b"somebody's"}
    assert not (tmp_path / "b").exists()


def test_the_backup_of_another_store_and_the_other_half_are_refused(
    fed_store: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    assert run(["feed", written(tmp_path, "a.xml", letter(5)), "--data", str(other)]) == 0
    keys = folder.with_name("backup.keys")
    before = files_of(folder), files_of(keys)
    for data, words in (
        (other, [str(folder)]),
        (other, [str(tmp_path / "b"), "--keys", str(keys)]),
        (fed_store, [str(keys), "--keys", str(tmp_path / "k")]),
    ):
        status, told = lines(capsys, "backup", *words, "--data", str(data))
        assert (status, code_of(told)) == (REFUSED, "backup-foreign")
    assert (files_of(folder), files_of(keys)) == before


def test_where_there_is_no_store_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "b"
    status, told = lines(capsys, "backup", str(target), "--data", str(tmp_path / "nowhere"))
    assert (status, code_of(told)) == (REFUSED, "store-absent")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_does_not_take_the_place_of_a_good_copy(
    fed_store: Path, folder: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    shutil.copytree(fed_store, store)
    data = bytearray((store / "carnet.db").read_bytes())
    middle = len(data) // 2 // 8192 * 8192
    data[middle : middle + 8192] = b"\xff" * 8192
    (store / "carnet.db").write_bytes(data)
    status, told = lines(capsys, "backup", str(folder), "--data", str(store))
    assert (status, code_of(told)) == (DEFECT, "backup-database-damaged")
    assert restore(capsys, folder, place)[0] == 0
    assert run(["verify", "--data", str(place)]) == 0


def test_a_backup_that_another_one_is_writing_waits_for_nobody(
    fed_store: Path, folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / MARKER).open("rb") as marker:
        fcntl.flock(marker, fcntl.LOCK_EX)
        status, told = lines(capsys, "backup", str(folder), "--data", str(fed_store))
        assert (status, code_of(told)) == (REFUSED, "backup-busy")
        status, told = restore(capsys, folder, place)
        assert (status, code_of(told)) == (REFUSED, "backup-busy")
    assert not place.exists()
