from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.verify.builder import Site


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The store that each test has a copy of."""
    folder = tmp_path_factory.mktemp("pattern")
    yield Site.make(folder / "store")
    shutil.rmtree(folder)


@pytest.fixture
def site(pattern: Site, tmp_path: Path) -> Iterator[Site]:
    """A sound store to damage."""
    yield pattern.copy(tmp_path)
    shutil.rmtree(tmp_path / "store")
