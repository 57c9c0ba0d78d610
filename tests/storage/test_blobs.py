from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from carnet.record.errors import CarnetError
from carnet.storage.blobs import FANOUT, FileBlobs
from carnet.storage.sealing import SealBroken
from tests.storage.rigs import an_id, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store with the one directory that these tests use, and another."""
    root = tmp_path / "blobs"
    for object_id in map(an_id, range(3)):
        (root / object_id.hex()[:FANOUT]).mkdir(parents=True)
    return root


@pytest.fixture
def blobs(root: Path) -> Iterator[FileBlobs]:
    made = FileBlobs(root)
    yield made
    made.close()


def read(blobs: FileBlobs, object_id: bytes) -> bytes:
    with blobs.open(object_id) as file:
        return file.read()


def test_a_new_store_has_all_its_directories(tmp_path: Path) -> None:
    FileBlobs.create(tmp_path / "deep" / "blobs").close()
    names = sorted(path.name for path in (tmp_path / "deep" / "blobs").iterdir())
    assert names == [f"{number:03x}" for number in range(4096)]


def test_an_object_comes_back_and_is_private(blobs: FileBlobs, root: Path) -> None:
    run(blobs.put(an_id(1), iter((b"one", b"", b"two" * 100_000))))
    assert read(blobs, an_id(1)) == b"one" + b"two" * 100_000
    name = an_id(1).hex()
    assert (root / name[:3] / name).stat().st_mode & 0o777 == 0o600


def test_the_same_id_replaces_what_was_there(blobs: FileBlobs) -> None:
    for data in (b"first, and longer", b"second"):
        run(blobs.put(an_id(1), (data,)))
    assert read(blobs, an_id(1)) == b"second"
    assert list(blobs.names()) == [an_id(1)]


def test_an_absent_object_is_told(blobs: FileBlobs) -> None:
    with pytest.raises(FileNotFoundError):
        blobs.open(an_id(1))
    assert blobs.modified(an_id(1)) is None


def test_a_deleted_object_is_gone_and_may_be_deleted_again(blobs: FileBlobs) -> None:
    blobs.write(an_id(1), (b"x",))
    blobs.delete(an_id(1))
    blobs.delete(an_id(1))
    assert list(blobs.names()) == []


def test_names_are_those_of_whole_objects(blobs: FileBlobs, root: Path) -> None:
    for number in range(3):
        blobs.write(an_id(number), (b"x",), durable=False)
    (root / an_id(0).hex()[:3] / "notes.txt").touch()
    (root / "README").touch()
    assert sorted(blobs.names()) == sorted(map(an_id, range(3)))


def test_what_breaks_off_leaves_nothing(blobs: FileBlobs) -> None:
    def broken(fault: Exception) -> Iterator[bytes]:
        yield b"half of it"
        raise fault

    told = {
        OSError(errno.ENOSPC, "no space left"): "store-full",
        OSError(errno.EDQUOT, "quota"): "store-full",
        OSError(errno.EIO, "input/output error"): "store-failing",
    }
    for fault, code in told.items():
        with pytest.raises(CarnetError) as refused:
            blobs.write(an_id(1), broken(fault))
        assert refused.value.code == code
    with pytest.raises(SealBroken):
        blobs.write(an_id(1), broken(SealBroken()))
    assert [*blobs.names(), *blobs.leftovers()] == []


def test_a_file_that_may_not_grow_is_a_full_store(blobs: FileBlobs) -> None:
    """The real refusal of a kernel: EFBIG, as a quota on a file's size gives it."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(CarnetError) as refused:
            run(blobs.put(an_id(1), (b"x" * 20_000,)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert refused.value.code == "store-full"
    assert [*blobs.names(), *blobs.leftovers()] == []


def test_a_name_that_may_not_be_durable_is_taken_back(
    blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.fsync

    def fsync(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink().is_dir():
            raise OSError(errno.EIO, "input/output error")
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(CarnetError):
        blobs.write(an_id(1), (b"x",))
    assert [*blobs.names(), *blobs.leftovers()] == []


def test_what_a_crash_leaves_is_no_object(blobs: FileBlobs, root: Path) -> None:
    left = root / an_id(1).hex()[:FANOUT] / f"{an_id(1).hex()}.new"
    left.write_bytes(b"half of it")
    assert list(blobs.names()) == []
    assert list(blobs.leftovers()) == [left]
    blobs.write(an_id(1), (b"whole",))
    assert read(blobs, an_id(1)) == b"whole"
    assert list(blobs.leftovers()) == []


def test_file_and_directory_are_synced_before_put_returns(
    blobs: FileBlobs, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes first, then the name: the other way a crash could leave a name without bytes."""
    acts: list[str] = []
    name = an_id(1).hex()
    really = os.fsync

    def fsync(handle: int) -> None:
        acts.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        acts.append("named" if (root / name[:3] / name).exists() else "nameless")
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    run(blobs.put(an_id(1), (b"x",)))
    folder = str(root / name[:3])
    assert acts == [f"{folder}/{name}.new", "nameless", folder, "named"]
    blobs.write(an_id(2), (b"x",), durable=False)
    assert len(acts) == 4
