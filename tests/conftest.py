"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["tests.browser", "tests.postgresql", "tests.shifts"]

ROOT = Path(__file__).resolve().parent.parent

# No deadline: a busy machine is not a failure. In CI the same examples every time.
hypothesis.settings.register_profile(
    "carnet", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=60
)
hypothesis.settings.load_profile("carnet")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything under tests/system runs whole processes and carries that mark."""
    for item in items:
        if (ROOT / "tests" / "system") in item.path.parents:
            item.add_marker(pytest.mark.system)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of the public CDA samples: ``CARNET_CORPUS``, else beside the project."""
    folder = Path(os.environ.get("CARNET_CORPUS", ROOT.parent / "shared" / "data" / "cda"))
    if not folder.is_dir():
        pytest.fail(f"the corpus of CDA samples is not at {folder}: set CARNET_CORPUS")
    return folder.resolve()
