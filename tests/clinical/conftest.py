"""The store and the desks of the use cases' tests."""

from __future__ import annotations

from tests.usecases.conftest import bench, desk, either_bench, either_desk, postgresql_bench

__all__ = ["bench", "desk", "either_bench", "either_desk", "postgresql_bench"]
