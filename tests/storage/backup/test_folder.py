"""Whose folder it is, and the room that is asked for before anything is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet.record.errors import CarnetError
from carnet.storage.backup.folder import SPARE, blocks, demand_room, disk_faults, free_bytes

SOME = 5_000_000


def test_there_is_room_when_all_that_is_needed_and_the_spare_fit(tmp_path: Path) -> None:
    demand_room({tmp_path / "a": SOME}, lambda _: SOME + SPARE)
    with pytest.raises(CarnetError) as caught:
        demand_room({tmp_path / "a": SOME}, lambda _: SOME + SPARE - 1)
    assert caught.value.code == "backup-no-room"
    assert caught.value.params == {
        "path": str(tmp_path / "a"),
        "needed": 14,  # 13,388,608 bytes
        "free": 13,
    }


def test_folders_of_one_disk_are_counted_together(tmp_path: Path) -> None:
    needed = {tmp_path / "a": SOME, tmp_path / "deep" / "b": SOME}
    demand_room(needed, lambda _: 2 * SOME + SPARE)
    with pytest.raises(CarnetError) as caught:
        demand_room(needed, lambda _: 2 * SOME + SPARE - 1)
    assert caught.value.params["needed"] == 19


def test_what_is_free_is_known_before_a_folder_stands(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet") > 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("size", "room"), [(0, 0), (1, 4096), (4096, 4096), (4097, 8192)])
def test_a_file_takes_whole_blocks(size: int, room: int) -> None:
    assert blocks(size) == room


def test_a_fault_of_the_disk_names_the_place_and_the_systems_word(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    with pytest.raises(CarnetError) as caught, disk_faults(tmp_path):
        absent.read_bytes()
    assert caught.value.code == "backup-io"
    assert caught.value.params == {"path": str(absent), "detail": "No such file or directory"}
