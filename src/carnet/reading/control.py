"""What the asynchronous side tells the nursery: one message a packet."""

from __future__ import annotations

import struct

from carnet.reading.model import ReadingLimits

CONTROL = 3
"""The descriptor at which the nursery finds its socket."""
READY = b"ready"
_MESSAGE = struct.Struct("!IIQQI")
SIZE = _MESSAGE.size


def pack(number: int, limits: ReadingLimits) -> bytes:
    """With a socket beside it: start a process that serves it. Alone: end that process."""
    return _MESSAGE.pack(number, limits.seconds, limits.memory, limits.answer, limits.files)


def unpack(message: bytes) -> tuple[int, ReadingLimits]:
    """The number of the process, and its limits. Raises ``struct.error``."""
    number, seconds, memory, answer, files = _MESSAGE.unpack(message)
    return number, ReadingLimits(seconds, memory, answer, files)
