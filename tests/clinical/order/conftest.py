"""A store for whole checks, beside those of the folder above."""

from __future__ import annotations

from tests.usecases.conftest import sound_desk

__all__ = ["sound_desk"]
