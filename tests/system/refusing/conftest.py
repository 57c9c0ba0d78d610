"""What the tests of bad input start from, and what must hold after each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.system.refusing.changes import Scene
from tests.system.server import Node


@pytest.fixture(scope="session")
def scene(node: Node) -> Scene:
    return Scene(node)


@pytest.fixture
def unharmed(node: Node) -> Iterator[None]:
    """After the test as much is stored as before, and the server answers without a restart."""
    before = node.stored()
    yield
    assert node.stored() == before
    assert node.acting(None).get("metadata").status_code == 200
    said = node.server.log_text()
    assert "child-ended" not in said
    assert "fhir-defect" not in said
