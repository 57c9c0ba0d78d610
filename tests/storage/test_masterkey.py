from __future__ import annotations

import base64
from pathlib import Path

import pytest

from carnet.record.errors import CarnetError
from carnet.storage.masterkey import KeyFile
from carnet.storage.sealing import SealBroken

ENCODED = base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "master.key"


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_new_key_is_private_and_read_again(path: Path) -> None:
    made = KeyFile.create(path)
    wrapped = made.wrap(b"bucket:1", b"key")
    assert path.stat().st_mode & 0o777 == 0o600
    assert KeyFile.load(path).unwrap(b"bucket:1", wrapped, 1) == b"key"


def test_a_key_is_never_replaced(path: Path) -> None:
    KeyFile.create(path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        KeyFile.create(path)
    assert path.read_bytes() == before


def test_a_wrapped_key_is_bound_to_its_name(path: Path) -> None:
    made = KeyFile.create(path)
    wrapped = made.wrap(b"bucket:1", b"key")
    with pytest.raises(SealBroken):
        made.unwrap(b"bucket:2", wrapped, 1)


def test_a_new_version_wraps_and_the_old_one_still_unwraps(path: Path) -> None:
    first = KeyFile.create(path)
    old = first.wrap(b"name", b"key")
    second = first.add_version()
    new = second.wrap(b"name", b"key")
    for key in (second, KeyFile.load(path)):
        assert key.version == 2
        assert key.unwrap(b"name", old, 1) == b"key"
        assert key.unwrap(b"name", new, 2) == b"key"
        with pytest.raises(SealBroken):
            key.unwrap(b"name", old, 2)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_dropped_versions_unwrap_no_more(path: Path) -> None:
    old = KeyFile.create(path).wrap(b"name", b"key")
    KeyFile.load(path).add_version().drop_old_versions()
    with pytest.raises(CarnetError, match="key-version-unknown") as raised:
        KeyFile.load(path).unwrap(b"name", old, 1)
    assert raised.value.params == {"version": 1}


def test_what_a_broken_off_rotation_left_is_written_over(path: Path) -> None:
    first = KeyFile.create(path)
    path.with_name(path.name + ".new").write_text("half")
    assert first.add_version().version == 2
    assert KeyFile.load(path).version == 2


def test_an_absent_file_is_told(path: Path) -> None:
    with pytest.raises(CarnetError, match="key-file-absent"):
        KeyFile.load(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_may_read_is_refused(path: Path, mode: int) -> None:
    with pytest.raises(CarnetError, match="key-file-open"):
        KeyFile.load(written(path, f"1 {ENCODED}\n", mode))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "1\n",
        f"one {ENCODED}\n",
        "1 not-base64!\n",
        f"1 {base64.b64encode(b'short').decode()}\n",
        f"1 {ENCODED} more\n",
        "1 é\n",
    ],
)
def test_a_file_that_is_none_of_a_key_is_refused(path: Path, text: str) -> None:
    with pytest.raises(CarnetError, match="key-file-bad"):
        KeyFile.load(written(path, text))


def test_a_directory_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(CarnetError, match="key-file-bad"):
        KeyFile.load(tmp_path)
