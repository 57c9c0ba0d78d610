"""The text of documents for the machine that derives, by the processes that read for people."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from types import TracebackType
from typing import Self

from carnet.reading.model import ReadingLimits
from carnet.reading.reader import Reader
from carnet.record.errors import CarnetError

_LIMITS = ReadingLimits(seconds=10, answer=16 * 1_048_576)
_MOST_JOBS = 2  # people's documents come first


class BodyDecoder:
    """The ``Decoder`` of ``usecases.deriving``. ``on_fault`` is told the code of each refusal.

    Belongs to one event loop; use as an asynchronous context manager.
    """

    def __init__(self, on_fault: Callable[[str], None], limits: ReadingLimits = _LIMITS) -> None:
        self._on_fault = on_fault
        jobs = min(_MOST_JOBS, os.cpu_count() or 1)
        self._turns = asyncio.Semaphore(jobs)
        self._reader = Reader(limits, jobs=jobs)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._reader.close()

    def turn(self) -> asyncio.Semaphore:
        """Held while a document is in memory: without a limit, and as many as are read at once."""
        return self._turns

    async def text(self, content: bytes, media_type: str) -> str | None:
        """The words of a document that is printed pages; None where they cannot be known.

        A document that is locked or broken, or that ends its process, has none, and is told of.
        """
        try:
            return await self._reader.whole_text(content, media_type)
        except CarnetError as error:
            self._on_fault(error.code)
            return None
