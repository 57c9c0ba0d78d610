"""Large bodies on their way: sealed on disk under a key that never leaves memory.

A spool is a file without a name: when the process ends, whatever way, it is gone, and without the
key it says nothing.
"""

from __future__ import annotations

import os
import secrets
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

from carnet.storage import disk
from carnet.storage.blobs import write_all
from carnet.storage.sealing import Sealer

SEGMENT = 1 << 20
_LENGTH = struct.Struct("<I")


class Spool:
    """Bytes written in pieces, then read from the start, any number of times.

    Made, written to and finished, it raises ``CarnetError`` ``store-full`` and ``store-failing``.
    """

    def __init__(self, directory: Path) -> None:
        with disk.told():
            self._file = tempfile.TemporaryFile(  # noqa: SIM115  closed by close()
                dir=directory, buffering=0
            )
        self._sealer = Sealer(secrets.token_bytes(32))
        self._buffer = bytearray()
        self._segments = 0
        self._size = 0

    @property
    def size(self) -> int:
        """Number of bytes written."""
        return self._size

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._buffer += data
        self._size += len(data)
        while len(self._buffer) >= SEGMENT:
            self._seal(bytes(self._buffer[:SEGMENT]))
            del self._buffer[:SEGMENT]

    def finish(self) -> None:
        """Say that all bytes are there."""
        if self._buffer:
            self._seal(bytes(self._buffer))
            self._buffer.clear()

    def chunks(self) -> Iterator[bytes]:
        """The bytes from the start, at most 1 MiB a piece."""
        place = 0
        handle = self._file.fileno()
        for number in range(self._segments):
            (length,) = _LENGTH.unpack(os.pread(handle, _LENGTH.size, place))
            sealed = os.pread(handle, length, place + _LENGTH.size)
            place += _LENGTH.size + length
            yield self._sealer.unseal(b"spool", number.to_bytes(8, "big"), sealed)

    def close(self) -> None:
        """Give the space back; may be called twice."""
        self._file.close()

    def _seal(self, segment: bytes) -> None:
        sealed = self._sealer.seal(b"spool", self._segments.to_bytes(8, "big"), segment)
        with disk.told():
            write_all(self._file.fileno(), _LENGTH.pack(len(sealed)) + sealed)
        self._segments += 1


class SpoolFactory:
    """Makes spools in a directory."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._directory = directory

    def new(self) -> Spool:
        """An empty spool."""
        return Spool(self._directory)
