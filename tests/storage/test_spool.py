from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.storage.sealing import SealBroken
from carnet.storage.spool import SEGMENT, Spool, SpoolFactory


def filled(directory: Path, pieces: list[bytes]) -> Spool:
    spool = SpoolFactory(directory).new()
    for piece in pieces:
        spool.write(piece)
    spool.finish()
    return spool


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spool")


@given(pieces=st.lists(st.binary(max_size=2000), max_size=20))
def test_bytes_come_back_any_number_of_times(directory: Path, pieces: list[bytes]) -> None:
    spool = filled(directory, pieces)
    for _ in range(2):
        assert b"".join(spool.chunks()) == b"".join(pieces)
    assert spool.size == len(b"".join(pieces))
    spool.close()


@pytest.mark.parametrize("size", [SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT])
def test_pieces_are_at_most_a_segment(directory: Path, size: int) -> None:
    spool = filled(directory, [b"x" * size])
    found = list(spool.chunks())
    assert max(map(len, found)) <= SEGMENT
    assert sum(map(len, found)) == size
    spool.close()


def test_a_spool_has_no_name_and_no_readable_bytes(tmp_path: Path) -> None:
    spool = filled(tmp_path / "spool", [b"health data " * 1000])
    assert list((tmp_path / "spool").iterdir()) == []
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700
    spool._file.seek(0)
    assert b"health data" not in spool._file.read()
    spool.close()
    spool.close()


def test_a_spool_changed_on_disk_is_seen(tmp_path: Path) -> None:
    spool = filled(tmp_path, [b"x" * 100])
    spool._file.seek(30)
    spool._file.write(b"\x00\x01")
    spool._file.flush()
    with pytest.raises(SealBroken):
        list(spool.chunks())
    spool.close()
