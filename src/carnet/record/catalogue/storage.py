"""Refusals of the store itself."""

from __future__ import annotations

from carnet.record.errors import ErrorEntry, ErrorKind

ENTRIES: dict[str, ErrorEntry] = {
}
