"""``carnet keys rotate``: a new master key, the same data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from carnet.cli.run import run
from carnet.storage.masterkey import KeyFile
from tests.cli.stores import lines


@pytest.fixture
def own_store(fed_store: Path, tmp_path: Path) -> Path:
    """A copy of the fed store, whose key is given to change."""
    copy = tmp_path / "copy"
    shutil.copytree(fed_store, copy)
    shutil.copy(fed_store.with_name("store.key"), tmp_path / "copy.key")
    return copy


def test_keys_are_wrapped_anew_and_the_old_master_key_is_dropped(
    own_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key_file = own_store.with_name("copy.key")
    before = key_file.read_bytes()
    status, told = lines(capsys, "keys", "rotate", "--data", str(own_store))
    assert status == 0
    assert told[0]["version"] == 2
    assert told[0]["old_versions_dropped"] is True
    assert told[0]["rewrapped"] > 0
    assert key_file.read_bytes() != before
    assert KeyFile.load(key_file).is_single
    assert key_file.stat().st_mode & 0o077 == 0
    assert run(["verify", "--data", str(own_store)]) == 0
    # The old key opens nothing any more.
    key_file.write_bytes(before)
    assert run(["verify", "--data", str(own_store)]) != 0
    capsys.readouterr()


def test_a_rotation_that_was_broken_off_is_finished_and_not_begun_anew(
    own_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key_file = own_store.with_name("copy.key")
    KeyFile.load(key_file).add_version()  # and the lights went out
    assert run(["verify", "--data", str(own_store)]) == 0
    capsys.readouterr()
    assert run(["keys", "rotate", "--data", str(own_store)]) == 0
    assert "under version 2 of the master key" in capsys.readouterr().out
    assert KeyFile.load(key_file).version == 2
    assert run(["verify", "--data", str(own_store)]) == 0


def test_rotating_again_makes_the_next_version(
    own_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    versions = []
    for _ in range(2):
        _, told = lines(capsys, "keys", "rotate", "--data", str(own_store))
        versions.append(told[0]["version"])
    assert versions == [2, 3]
