"""A server's wall clock, which jumps as it is told to (``clock.c``)."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """The clock of the processes that are started with ``environment``; begins at the real time."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        assert compiler, "the test of clock jumps needs a C compiler (tools/install_test_needs.sh)"
        self._library = folder / "clock.so"
        self._file = folder / "clock"
        subprocess.run(
            [compiler, "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", self._library, _SOURCE],
            check=True,
            timeout=60,
        )
        self.jump(0)

    @property
    def environment(self) -> dict[str, str]:
        """What a process must be started with."""
        return {"LD_PRELOAD": str(self._library), "CLOCK_OFFSET": str(self._file)}

    def jump(self, seconds: int) -> None:
        """From now on it differs so much from the real time (s); written in place, seen at once."""
        self.offset = seconds
        mode = "r+b" if self._file.exists() else "wb"
        with self._file.open(mode) as file:
            file.write(seconds.to_bytes(8, "little", signed=True))

    def now(self) -> int:
        """What time it is there (s since 1970 UTC)."""
        return int(time.time()) + self.offset
