"""The store of the use cases' tests, for the record's life."""

from __future__ import annotations

from tests.usecases.conftest import bench

__all__ = ["bench"]
