"""``carnet restore``: each thing that it refuses, and the keys of another time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from carnet.cli.run import DEFECT, REFUSED, run
from carnet.storage.backup.manifest import MANIFEST
from carnet.storage.backup.restore import BUILDING
from carnet.storage.masterkey import KeyFile
from tests.cli.backups import code_of, files_of, part_in, restore
from tests.cli.stores import letter, lines, written

# Keys of another time


def test_later_keys_serve_earlier_data_and_earlier_keys_do_not(
    fed_store: Path, folder: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, later = folder.with_name("backup.keys"), tmp_path / "later"
    early = tmp_path / "early.keys"
    shutil.copytree(keys, early)
    more = ["--data", str(fed_store), "--keys", str(keys)]
    assert run(["backup", str(later), *more]) == 0
    status, told = restore(capsys, later, place, "--keys", str(early))
    assert (status, code_of(told)) == (REFUSED, "backup-keys-older")
    assert restore(capsys, folder, place, "--keys", str(keys))[0] == 0
    assert run(["verify", "--data", str(place)]) == 0


def test_a_wrong_master_key_is_told_before_anything_is_made(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "elsewhere"
    KeyFile.create(tmp_path / "elsewhere.key")
    status, told = restore(capsys, folder, place)
    assert (status, code_of(told)) == (DEFECT, "key-file-foreign")
    assert not place.exists()


def test_without_the_master_key_a_store_is_restored_and_opened_when_it_is_back(
    fed_store: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "keyless"
    status, told = restore(capsys, folder, place)
    assert (status, told[0]["key_fits"]) == (0, None)
    assert run(["verify", "--data", str(place)]) == DEFECT
    assert "key-file-absent" not in capsys.readouterr().out
    shutil.copy(fed_store.with_name("store.key"), tmp_path / "keyless.key")
    assert run(["verify", "--data", str(place)]) == 0


# Refusals of a restoration


def test_a_restore_over_a_store_is_refused(
    fed_store: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(fed_store / "blobs")
    status, told = restore(capsys, folder, fed_store)
    assert (status, code_of(told)) == (REFUSED, "store-exists")
    assert files_of(fed_store / "blobs") == before
    assert run(["verify", "--data", str(fed_store)]) == 0


def test_a_restore_into_a_directory_that_is_not_empty_is_refused(
    folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place.mkdir()
    written(place, "carnet.db", b"what somebody kept")
    status, told = restore(capsys, folder, place)
    assert (status, code_of(told)) == (REFUSED, "store-directory-taken")
    assert files_of(place) == {"carnet.db": b"what somebody kept"}


def test_an_empty_directory_is_taken(
    folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place.mkdir()
    assert restore(capsys, folder, place)[0] == 0


@pytest.mark.parametrize("name", ["carnet.db", "traces.db", "objects", "keys.db"])
@pytest.mark.parametrize("how", ["altered", "cut", "absent"])
def test_a_damaged_part_is_told_before_anything_is_made(
    name: str, how: str, folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = part_in(folder.with_name("backup.keys") if name == "keys.db" else folder, name)
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    if how == "absent":
        part.unlink()
    else:
        part.write_bytes(data[:-1] if how == "cut" else data)
    status, told = restore(capsys, folder, place)
    assert (status, code_of(told)) == (REFUSED, "backup-damaged")
    assert part.name in told[0]["error"]["english"]
    assert not place.exists()


@pytest.mark.parametrize("how", ["altered", "absent"])
def test_a_damaged_document_is_told_and_left_out_where_that_is_wanted(
    how: str, folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = sorted(folder.glob("blobs/*/*"))[1]
    if how == "absent":
        victim.unlink()
    else:
        data = bytearray(victim.read_bytes())
        data[40] ^= 1
        victim.write_bytes(data)
    place.mkdir()
    status, told = restore(capsys, folder, place)
    assert (status, code_of(told)) == (REFUSED, "backup-damaged")
    assert victim.name in told[0]["error"]["english"]
    assert list(place.iterdir()) == []
    status, told = restore(capsys, folder, place, "--despite-damage")
    assert (status, told[0]["documents"], told[0]["damaged_documents"]) == (
        REFUSED,
        2,
        [victim.name],
    )
    status, found = lines(capsys, "verify", "--data", str(place))
    assert (status, [one["severity"] for one in found]) == (REFUSED, ["damage"])


@pytest.mark.parametrize("half", ["backup", "backup.keys"])
def test_a_backup_without_its_manifest_was_never_finished(
    half: str, folder: Path, place: Path, fed_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.with_name(half) / MANIFEST).unlink()
    status, told = restore(capsys, folder, place)
    assert (status, code_of(told)) == (REFUSED, "backup-unfinished")
    assert not place.exists()
    assert run(["backup", str(folder), "--data", str(fed_store)]) == 0  # and is finished so
    assert restore(capsys, folder, place)[0] == 0


def test_a_manifest_that_cannot_be_read_is_damage(
    folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / MANIFEST).write_bytes(b"{")
    status, told = restore(capsys, folder, place)
    assert (status, code_of(told)) == (REFUSED, "backup-damaged")


def test_a_manifest_cannot_lead_out_of_its_folder(
    folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for field in ("name", "file"):
        manifest = json.loads((folder.with_name("backup.keys") / MANIFEST).read_bytes())
        manifest["parts"][1][field] = "../out"
        (folder.with_name("backup.keys") / MANIFEST).write_text(json.dumps(manifest))
        status, told = restore(capsys, folder, place)
        assert (status, code_of(told)) == (REFUSED, "backup-damaged")
    assert not place.exists()


def test_a_backup_of_a_later_carnet_is_refused(
    folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps({"format": manifest["format"] + 1}))
    status, told = restore(capsys, folder, place)
    assert (status, code_of(told)) == (REFUSED, "backup-newer")


def test_what_is_no_backup_is_not_restored(
    folder: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for given, more in (
        (tmp_path / "nowhere", []),
        (place.with_name("again.key"), []),
        (folder, ["--keys", str(tmp_path / "nowhere")]),
    ):
        status, told = restore(capsys, given, place, *more)
        assert (status, code_of(told)) == (REFUSED, "backup-absent")
    swapped = restore(capsys, folder.with_name("backup.keys"), place, "--keys", str(folder))
    assert (swapped[0], code_of(swapped[1])) == (REFUSED, "backup-foreign")


def test_keys_of_another_store_are_refused(
    folder: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    assert run(["feed", written(tmp_path, "a.xml", letter(5)), "--data", str(other)]) == 0
    assert run(["backup", str(tmp_path / "o"), "--data", str(other)]) == 0
    status, told = restore(capsys, folder, place, "--keys", str(tmp_path / "o.keys"))
    assert (status, code_of(told)) == (REFUSED, "backup-foreign")


def test_a_restore_that_was_killed_leaves_no_store_and_is_begun_anew(
    folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # What a kill leaves at worst: all moved up but the keys, which make a store of it.
    assert restore(capsys, folder, place)[0] == 0
    building = place / BUILDING
    building.mkdir()
    (place / "keys.db").rename(building / "keys.db")
    (building / "unfinished").touch()
    status, told = lines(capsys, "verify", "--data", str(place))
    assert (status, code_of(told)) == (REFUSED, "store-absent")
    assert restore(capsys, folder, place)[0] == 0
    assert run(["verify", "--data", str(place)]) == 0
    assert not building.exists()
