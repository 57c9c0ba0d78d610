"""Commands run without the settings of whoever runs the tests, in English."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from carnet.cli.run import run
from tests.cli.stores import SETTINGS, letter, written


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture(scope="session")
def fed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A test store with two people and three documents, which tests leave as it is."""
    folder = tmp_path_factory.mktemp("fed")
    files = [
        written(folder, "one.xml", letter(1)),
        written(folder, "two.xml", letter(2)),
        written(
            folder,
            "three.xml",
            letter(1, ("1.2.250.1.999.1.1", "1.2.250.1.999.1.3")),
        ),
    ]
    assert run(["feed", *files, "--data", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture
def folder(fed_store: Path, tmp_path: Path) -> Path:
    """A backup of the fed store; its keys beside it."""
    made = tmp_path / "backup"
    assert run(["backup", str(made), "--data", str(fed_store)]) == 0
    return made


@pytest.fixture
def place(fed_store: Path, tmp_path: Path) -> Path:
    """Where a store may be restored, its master key at hand."""
    shutil.copy(fed_store.with_name("store.key"), tmp_path / "again.key")
    return tmp_path / "again"
