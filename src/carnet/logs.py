"""The log: one JSON object a line, with the code of its event and a reference.

No health data and no identity can stand in it: a line takes only the fields named here, whose
values are numbers, codes and places in the code. Words of libraries are left out.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, TypedDict, Unpack

import msgspec

from carnet.record.events import EVENTS, Event, Level

TEXT_LIMIT = 200
FRAMES = 8  # lines of code that `where` names
_ORDER = list(Level)
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread over the telephone
_ENCODER = msgspec.json.Encoder()


class Fields(TypedDict, total=False):
    """All that a line may say beside its event: numbers, codes, places in the code."""

    address: str  # that the server listens on
    attempts: int
    child: int  # process id
    code: str  # of the error catalogue
    count: int
    duration_ms: float
    issuer: str
    kind: str  # of store
    library: str
    method: str
    port: int
    role: str  # of a process
    route: str  # the pattern, never the path asked for
    signal: str
    status: int
    version: str
    where: tuple[str, ...]
    workers: int


def new_reference() -> str:
    """A reference that finds a log line again, short enough to be read aloud."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


class Log:
    """Writes lines to a stream, from a level on."""

    def __init__(
        self,
        stream: TextIO | None = None,
        level: Level = Level.INFO,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._stream = stream or sys.stderr
        self._least = _ORDER.index(level)
        self._clock = clock

    def write(self, event: Event, reference: str | None = None, **fields: Unpack[Fields]) -> None:
        """Write the line of an event. A stream that is gone or full is no reason to stop."""
        level = EVENTS[event].level
        if _ORDER.index(level) < self._least:
            return
        at = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at.replace("+00:00", "Z"),
            "level": level.value,
            "event": event.value,
            "pid": os.getpid(),
        }
        if reference is not None:
            line["reference"] = reference
        line |= {name: _short(value) for name, value in fields.items()}
        try:
            # One write a line, so that lines of several processes do not mix.
            self._stream.write(_ENCODER.encode(line).decode() + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            return


def _short(value: object) -> object:
    return value[:TEXT_LIMIT] if isinstance(value, str) else value


def places(error: BaseException) -> tuple[str, ...]:
    """Where an error arose: kind, then ``file:line function`` inwards; never its message."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    lines = (f"{_file(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
    return (type(error).__name__, *lines)


def _file(name: str) -> str:
    """A source file without the folders of this machine."""
    parts = Path(name).parts
    for start in ("carnet", "site-packages"):
        if start in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(start) :])
    return parts[-1] if parts else name


class LibraryHandler(logging.Handler):
    """Takes what libraries log and keeps who said it and where, not what."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write a ``library`` line."""
        error = record.exc_info[1] if record.exc_info else None
        here = f"{_file(record.pathname)}:{record.lineno} {record.funcName}"
        self._log.write(
            Event.LIBRARY,
            library=record.name,
            where=(here, *(places(error) if error else ())),
        )


def take_over_libraries(log: Log) -> None:
    """Let everything that libraries log in this process go through ``log``."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(LibraryHandler(log))
    root.setLevel(logging.WARNING)
