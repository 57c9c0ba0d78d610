"""Backups that the tests of commands share: how they look, and what a restoration tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from carnet.storage.backup.manifest import Manifest, read_manifest
from tests.cli.stores import lines


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def held_by(store: Path) -> dict[str, bytes]:
    """The files of a store, without what readers of SQLite leave and take away."""
    return {n: data for n, data in files_of(store).items() if not n.endswith(("-shm", "-wal"))}


def manifest_of(folder: Path) -> Manifest:
    found = read_manifest(folder)
    assert found is not None
    return found


def part_in(folder: Path, name: str) -> Path:
    return folder / manifest_of(folder).part(name).file


def code_of(told: list[dict[str, Any]]) -> str:
    code: str = told[-1]["error"]["code"]
    return code


def restore(
    capsys: pytest.CaptureFixture[str], folder: Path, place: Path, *more: str
) -> tuple[int, list[dict[str, Any]]]:
    return lines(capsys, "restore", str(folder), "--data", str(place), *more)
