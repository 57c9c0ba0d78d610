"""Backups and restorations that are killed, or whose disk is full or fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from carnet.cli.run import DEFECT, REFUSED, run
from carnet.storage.backup.manifest import MARKER
from carnet.storage.backup.restore import BUILDING
from tests.cli.backups import code_of, manifest_of, restore

CARNET = Path(sys.executable).with_name("carnet")


# Kills


def killed(begun: Path, *words: str) -> None:
    """Run a command and kill -9 it as soon as a path exists."""
    process = subprocess.Popen([str(CARNET), *words], stdout=subprocess.DEVNULL)
    while process.poll() is None and not begun.exists():
        pass
    process.kill()
    process.wait()


def test_a_backup_that_is_killed_is_unfinished_or_whole_and_can_be_run_again(
    fed_store: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "b"
    words = ["backup", str(folder), "--data", str(fed_store)]
    killed(folder / MARKER, *words)
    status, told = restore(capsys, folder, place)
    if status:
        assert code_of(told) in ("backup-unfinished", "backup-absent")  # absent: no key folder yet
        assert not place.exists()
        assert run(words) == 0
        assert restore(capsys, folder, place)[0] == 0
    assert run(["verify", "--data", str(place)]) == 0


@pytest.mark.parametrize("begun", [BUILDING, f"{BUILDING}/blobs/400", "blobs"])
def test_a_restore_that_is_killed_leaves_no_store_or_a_whole_one(
    begun: str, folder: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killed(place / begun, "restore", str(folder), "--data", str(place))
    status, told = restore(capsys, folder, place)
    if status:
        assert code_of(told) in ("store-exists", "store-directory-taken")
        if code_of(told) == "store-directory-taken":  # in the last step: the remedy is to remove it
            shutil.rmtree(place)
            assert restore(capsys, folder, place)[0] == 0
    assert run(["verify", "--data", str(place)]) == 0


# Room and disks


def test_a_disk_that_fails_on_the_way_leaves_the_earlier_backup_as_it_was(
    fed_store: Path, folder: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = manifest_of(folder)
    # No file may grow past 40,000 bytes: the databases cannot be copied whole.
    limited = ["prlimit", "--fsize=40000", str(CARNET)]
    words = ["--data", str(fed_store), "--json"]
    for target in (folder, tmp_path / "fresh"):
        done = subprocess.run(
            [*limited, "backup", str(target), *words], capture_output=True, check=False
        )
        assert done.returncode == DEFECT, done
        assert json.loads(done.stdout)["error"]["code"] == "backup-io"
    assert manifest_of(folder) == before
    status, told = restore(capsys, tmp_path / "fresh", place)
    assert (status, code_of(told)) == (REFUSED, "backup-unfinished")
    done = subprocess.run(
        [*limited, "restore", str(folder), "--data", str(place), "--json"],
        capture_output=True,
        check=False,
    )
    assert json.loads(done.stdout)["error"]["code"] == "backup-io"
    assert not place.exists()
    assert restore(capsys, folder, place)[0] == 0


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Where a disk of 4 MB is to be mounted, in a namespace of its own."""
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "-o", "size=4m", "none"]
    place = tmp_path / "tiny"
    place.mkdir()
    if subprocess.run([*probe, str(place)], capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here; tests/storage/backup tests the same by number")
    return place


def on_tiny(tiny: Path, *words: str) -> dict[str, Any]:
    """What a command tells beside a full disk; the disk must stay as empty as it was."""
    script = (
        f'mount -t tmpfs -o size=4m none "{tiny}" && "$@"; rc=$?; [ -z "$(ls -A "{tiny}")" ] '
        "&& exit $rc"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", str(CARNET), *words, "--json"],
        capture_output=True,
        check=False,
        env={**os.environ, "LANG": "C.UTF-8"},
        timeout=60,
    )
    assert done.returncode == REFUSED, done
    told: dict[str, Any] = json.loads(done.stdout)["error"]
    return told


def test_too_small_a_disk_is_told_before_anything_is_begun_with_what_is_needed(
    tiny: Path, fed_store: Path, folder: Path, tmp_path: Path
) -> None:
    for words in (
        ("backup", str(tiny / "b"), "--keys", str(tmp_path / "k"), "--data", str(fed_store)),
        ("backup", str(tmp_path / "b"), "--keys", str(tiny / "k"), "--data", str(fed_store)),
        ("restore", str(folder), "--data", str(tiny / "again")),
    ):
        told = on_tiny(tiny, *words)
        assert told["code"] == "backup-no-room"
        assert "4 MB are free" in told["english"]
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "k").exists()
