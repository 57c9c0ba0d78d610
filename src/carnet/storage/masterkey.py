"""The master key: a key file now, a KMS behind the same three functions later.

A key file holds one line a version, ``<version> <base64 of 32 bytes>``; the highest version wraps,
all of them unwrap, so that a rotation can be broken off and taken up again.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path
from typing import Protocol

from carnet.record.errors import CarnetError
from carnet.storage.sealing import Sealer

_HEADER = "# Carnet master key: keep it away from the data and its backups."


class MasterKey(Protocol):
    """What wraps the bucket keys."""

    @property
    def version(self) -> int:
        """The version that ``wrap`` uses."""

    def wrap(self, name: bytes, key: bytes) -> bytes:
        """A key wrapped under the current version, bound to its name."""

    def unwrap(self, name: bytes, wrapped: bytes, version: int) -> bytes:
        """The key. Raises ``SealBroken``, or ``CarnetError`` where the version is unknown."""


class KeyFile:
    """A master key in a file of mode 0600."""

    def __init__(self, path: Path, versions: dict[int, bytes]) -> None:
        self.path = path
        self._raw = versions
        self._sealers = {number: Sealer(key) for number, key in versions.items()}
        self.version = max(versions)

    @classmethod
    def create(cls, path: Path) -> KeyFile:
        """A new key file. Raises ``FileExistsError`` rather than replace one."""
        made = cls(path, {1: secrets.token_bytes(32)})
        made._write(os.O_EXCL)
        return made

    @classmethod
    def load(cls, path: Path) -> KeyFile:
        """The key of a file. Raises ``key-file-absent``, ``key-file-open``, ``key-file-bad``."""
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            raise CarnetError("key-file-absent", path=str(path)) from None
        except (OSError, UnicodeDecodeError):
            raise CarnetError("key-file-bad", path=str(path)) from None
        if mode & 0o077:
            raise CarnetError("key-file-open", path=str(path))
        return cls(path, _parse(text, path))

    def wrap(self, name: bytes, key: bytes) -> bytes:
        """See ``MasterKey.wrap``."""
        return self._sealers[self.version].seal(b"wrap", name, key)

    def unwrap(self, name: bytes, wrapped: bytes, version: int) -> bytes:
        """See ``MasterKey.unwrap``."""
        sealer = self._sealers.get(version)
        if sealer is None:  # a rotation may have added it since this process read the file
            sealer = KeyFile.load(self.path)._sealers.get(version)  # noqa: SLF001  same class
        if sealer is None:
            raise CarnetError("key-version-unknown", version=version)
        self._sealers[version] = sealer
        return sealer.unseal(b"wrap", name, wrapped)

    @property
    def is_single(self) -> bool:
        """Whether the file holds one version only: no rotation is under way."""
        return len(self._raw) == 1

    def add_version(self) -> KeyFile:
        """The file with a new version on top, written and synced."""
        made = KeyFile(self.path, {**self._raw, self.version + 1: secrets.token_bytes(32)})
        made._write(os.O_TRUNC)
        return made

    def drop_old_versions(self) -> KeyFile:
        """The file with its highest version only, written and synced."""
        made = KeyFile(self.path, {self.version: self._raw[self.version]})
        made._write(os.O_TRUNC)
        return made

    def _write(self, how: int) -> None:
        lines = [_HEADER]
        lines += [f"{n} {base64.b64encode(k).decode()}" for n, k in sorted(self._raw.items())]
        data = ("\n".join(lines) + "\n").encode()
        if how == os.O_EXCL:
            _write_synced(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, data)
        else:
            fresh = self.path.with_name(self.path.name + ".new")
            fresh.unlink(missing_ok=True)
            _write_synced(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, data)
            fresh.replace(self.path)
        _sync_directory(self.path.parent)


def _parse(text: str, path: Path) -> dict[int, bytes]:
    versions: dict[int, bytes] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        try:
            number, encoded = line.split()
            key = base64.b64decode(encoded, validate=True)
            versions[int(number)] = key
        except (ValueError, binascii.Error):
            raise CarnetError("key-file-bad", path=str(path)) from None
        if len(key) != 32:
            raise CarnetError("key-file-bad", path=str(path))
    if not versions:
        raise CarnetError("key-file-bad", path=str(path))
    return versions


def _write_synced(path: Path, flags: int, data: bytes) -> None:
    handle = os.open(path, flags, 0o600)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
