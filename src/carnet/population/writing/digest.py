"""Choices that look like chance and follow from a name: the same house chooses the same way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def number_from(name: str) -> int:
    """A number of 48 bits that follows from a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big")


def pick(name: str, choices: Sequence[Item]) -> Item:
    """One of ``choices`` that follows from a name."""
    return choices[number_from(name) % len(choices)]
