"""Commands run without the settings of whoever runs the tests, in English."""

from __future__ import annotations

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
