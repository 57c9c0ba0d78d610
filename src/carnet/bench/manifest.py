"""What a made store holds: enough to ask it again without a list of its documents."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec

PER_CITIZEN = 20
FIRST_LARGE = 30_000_000
"""Citizens from this number on have documents of 50 KB, those below it small ones."""
GREAT_CITIZEN = 60_000_000
"""The citizen whose record has as many documents as `carnet bench overload` is told."""
_FILE = "bench.json"
_LEAST = 32  # citizens of the smallest store: every process of a load has some of its own


class Manifest(msgspec.Struct, frozen=True):
    """``small`` and ``large`` are numbers of citizens; ``complete`` is false while loading.

    ``great`` is how many documents the one great record has, 0 for none.
    """

    seed: str
    small: int = 0
    large: int = 0
    complete: bool = True
    great: int = 0

    @property
    def documents(self) -> int:
        """How many small documents were loaded."""
        return self.small * PER_CITIZEN

    def citizens(self, kind: str) -> range:
        """Whom a load of a kind is about.

        Half of the small records are only read, so that a find goes on giving 20 documents; the
        others are fed; retrieving asks for large documents.
        """
        half = self.small // 2
        if kind == "retrieve":
            return range(FIRST_LARGE, FIRST_LARGE + self.large)
        return range(half, self.small) if kind == "feed" else range(half)

    @property
    def key(self) -> bytes:
        """The seed as bytes."""
        return bytes.fromhex(self.seed)


def new_manifest() -> Manifest:
    """The manifest of an empty store."""
    return Manifest(secrets.token_hex(16))


def read_manifest(directory: Path) -> Manifest | None:
    """The manifest of a made store; None where the directory holds none."""
    path = directory / _FILE
    return msgspec.json.decode(path.read_bytes(), type=Manifest) if path.exists() else None


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Keep a manifest with its store."""
    (directory / _FILE).write_bytes(msgspec.json.encode(manifest))


def wanted_citizens(documents: int) -> tuple[int, int]:
    """How many citizens with small documents, and how many with large ones, make ``documents``.

    The large ones stand beside them: 20,000 documents from a million on, else a fiftieth, and
    at least two hundred.
    """
    small = max(_LEAST, -(-documents // PER_CITIZEN))
    large = min(20_000, max(200, documents // 50))
    return small, -(-large // PER_CITIZEN)
