"""A reader whose processes outlive the single question, and a way to ask it from a plain test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from carnet.reading.model import PageText, Picture, Readable, ReadingLimits
from carnet.reading.reader import Reader


class Asked:
    """The reader's questions, each to its end."""

    def __init__(self, reader: Reader, runner: asyncio.Runner) -> None:
        self.reader = reader
        self._runner = runner

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def document(self, content: bytes, media_type: str, **options: Any) -> Readable:
        made: Readable = self.run(self.reader.read_document(content, media_type, **options))
        return made

    def page(self, content: bytes, media_type: str, page: int, **options: Any) -> Picture:
        made: Picture = self.run(self.reader.page_picture(content, media_type, page, **options))
        return made

    def text(self, content: bytes, media_type: str, page: int) -> PageText:
        made: PageText = self.run(self.reader.page_text(content, media_type, page))
        return made


@pytest.fixture(scope="session")
def reader_under() -> Iterator[Callable[..., Asked]]:
    """A reader under limits; one for each, kept for the session."""
    made: dict[ReadingLimits, Asked] = {}
    runners: list[asyncio.Runner] = []

    def under(**limits: int) -> Asked:
        key = ReadingLimits(**limits)
        if key not in made:
            runner = asyncio.Runner()
            runners.append(runner)
            made[key] = Asked(Reader(key, jobs=2), runner)
        return made[key]

    yield under
    for asked in made.values():
        asked.run(asked.reader.close())
    for runner in runners:
        runner.close()


@pytest.fixture(scope="session")
def asked(reader_under: Callable[..., Asked]) -> Asked:
    """A reader under the limits that everybody has."""
    return reader_under()
