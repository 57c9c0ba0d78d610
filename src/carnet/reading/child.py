"""The process of one document: takes it, decodes it within limits, answers, ends."""

from __future__ import annotations

import os
import socket
from typing import NoReturn

import msgspec

from carnet.reading import confine, frames, work
from carnet.reading.model import Answer, Failure, ReadingLimits, Task

_LONGEST_TASK = 160 * 1_048_576


def serve(link: socket.socket, limits: ReadingLimits) -> NoReturn:
    """Read one task, answer it, end. Never returns, whatever happens."""
    status = 1
    try:
        _be_silent()
        confine.confine(limits)
        task = msgspec.msgpack.decode(frames.receive(link, _LONGEST_TASK), type=Task)
        frames.send(link, msgspec.msgpack.encode(_answered(task)))
        status = 0
    finally:
        os._exit(status)


def _answered(task: Task) -> Answer:
    try:
        return work.answer(task)
    except MemoryError:
        return Failure("reading-too-much-memory")


def _be_silent() -> None:
    """Libraries write to standard error what may be health data."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nothing, handle)
    os.close(nothing)
