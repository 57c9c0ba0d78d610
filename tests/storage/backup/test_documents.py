"""The list of objects, and copies of those that it lacks."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from carnet.record.errors import CarnetError
from carnet.storage.backup.documents import (
    Line,
    by_folder,
    copy_objects,
    count_absent,
    new_objects,
    read_list,
    restore_objects,
)
from carnet.storage.blobs import FileBlobs
from carnet.storage.store import BLOBS

LOW, MIDDLE, HIGH = bytes(16), b"\x7f" * 16, b"\xff" * 16


@pytest.fixture
def store(tmp_path: Path) -> Path:
    blobs = FileBlobs.create(tmp_path / "store" / BLOBS)
    for object_id in (HIGH, LOW):
        blobs.write(object_id, (object_id * 1000,))
    (tmp_path / "store" / BLOBS / "000" / ("0" * 32 + ".new")).write_bytes(b"half writ")
    blobs.close()
    return tmp_path / "store"


def put(store: Path, object_id: bytes, data: bytes) -> None:
    blobs = FileBlobs(store / BLOBS)
    blobs.write(object_id, (data,))
    blobs.close()


def copy(store: Path, target: Path, earlier: Path | None, name: str) -> tuple[Path, int]:
    target.mkdir(exist_ok=True)
    copied = copy_objects(store, target, earlier, target / name, lambda _: None)
    data = (target / name).read_bytes()
    assert (copied.listed.size, copied.listed.sha256) == (
        len(data),
        hashlib.sha256(data).hexdigest(),
    )
    lines = list(read_list(target / name))
    assert (copied.objects.count, copied.objects.size) == (
        len(lines),
        sum(line.size for line in lines),
    )
    return target / name, copied.new.count


def test_whole_objects_are_copied_and_listed_in_order(store: Path, tmp_path: Path) -> None:
    listed, count = copy(store, tmp_path / "b", None, "one")
    assert count == 2
    assert list(read_list(listed)) == [
        Line(one.hex(), 16_000, hashlib.sha256(one * 1000).hexdigest()) for one in (LOW, HIGH)
    ]
    assert (tmp_path / "b" / BLOBS / "fff" / HIGH.hex()).read_bytes() == HIGH * 1000


def test_what_a_list_holds_is_not_copied_again_and_never_taken_away(
    store: Path, tmp_path: Path
) -> None:
    listed, _ = copy(store, tmp_path / "b", None, "one")
    (store / BLOBS / "000" / LOW.hex()).unlink()
    put(store, MIDDLE, b"new")
    assert new_objects(store, tmp_path / "b", listed).count == 1
    again, count = copy(store, tmp_path / "b", listed, "two")
    assert count == 1
    assert [line.name for line in read_list(again)] == [LOW.hex(), MIDDLE.hex(), HIGH.hex()]


def test_room_is_asked_for_in_whole_blocks(store: Path, tmp_path: Path) -> None:
    assert new_objects(store, tmp_path / "none", None).size == 2 * 16_384


def test_what_entries_name_is_in_the_list_or_in_the_store_or_absent(
    store: Path, tmp_path: Path
) -> None:
    listed, _ = copy(store, tmp_path / "b", None, "one")
    put(store, MIDDLE, b"came meanwhile")
    named = [LOW, b"\x11" * 16, MIDDLE, b"\xaa" * 16, HIGH]
    assert count_absent(listed, named, store) == 2
    assert count_absent(listed, [], store) == 0


def test_objects_are_restored_and_the_first_damaged_one_is_named(
    store: Path, tmp_path: Path
) -> None:
    listed, _ = copy(store, tmp_path / "b", None, "one")
    FileBlobs.create(tmp_path / "new").close()
    moved: list[int] = []
    assert not restore_objects(
        tmp_path / "b", listed, tmp_path / "new", moved.append, despite_damage=False
    )
    assert sum(moved) == 32_000
    assert (tmp_path / "new" / "000" / LOW.hex()).read_bytes() == LOW * 1000
    (tmp_path / "b" / BLOBS / "fff" / HIGH.hex()).write_bytes(LOW * 1000)
    FileBlobs.create(tmp_path / "other").close()
    with pytest.raises(CarnetError) as caught:
        restore_objects(
            tmp_path / "b", listed, tmp_path / "other", moved.append, despite_damage=False
        )
    assert caught.value.params == {"part": f"blobs/fff/{HIGH.hex()}"}
    assert not (tmp_path / "other" / "fff" / HIGH.hex()).exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 32,
        "0" * 32 + " 1 " + "0" * 63,
        "../" + "0" * 29 + " 1 " + "0" * 64,
        "0" * 32 + " -1 " + "0" * 64,
        "0" * 32 + " 1 " + "0" * 64 + " more",
    ],
)
def test_a_line_that_is_none_is_damage(text: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(text + "\n")
    with pytest.raises(CarnetError) as caught:
        list(read_list(tmp_path / "list"))
    assert caught.value.code == "backup-damaged"


def test_every_folder_comes_once_in_order_with_its_own_lines() -> None:
    lines = [Line(f"00{digit}{'0' * 29}", 1, "") for digit in "0012"]
    found = list(by_folder(iter(lines)))
    assert [folder for folder, _ in found] == [f"{number:03x}" for number in range(4096)]
    assert [len(some) for _, some in found[:4]] == [2, 1, 1, 0]
