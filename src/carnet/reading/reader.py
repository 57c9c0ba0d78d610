"""The asynchronous side: asks a process of its own for each document, and survives its death.

A ``Reader`` belongs to one event loop. It starts the nursery at the first document and anew if it
ended; so many documents are read at once, others wait their turn.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from carnet.reading import control, frames
from carnet.reading.model import (
    Answer,
    Failure,
    PageText,
    Picture,
    Read,
    Readable,
    ReadingLimits,
    Task,
    Unreadable,
    Want,
    WholeText,
)
from carnet.record.errors import CarnetError

_START_SECONDS = 30
_NUMBERS = 1 << 32
_OF_THE_PROCESS = frozenset(
    {"reading-too-slow", "reading-too-much-memory", "reading-process-ended", "reading-busy"}
)

Wanted = TypeVar("Wanted", Read, Picture, PageText, WholeText)


class Reader:
    """Reads documents for people. ``jobs`` at once; who waits longer than ``patience`` is told so.

    Use as an asynchronous context manager, or ``close`` it.
    """

    def __init__(
        self,
        limits: ReadingLimits | None = None,
        *,
        jobs: int | None = None,
        patience: float = 30.0,
    ) -> None:
        self._limits = limits or ReadingLimits()
        self._turns = asyncio.Semaphore(jobs or min(4, os.cpu_count() or 1))
        self._patience = patience
        self._starting = asyncio.Lock()
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._opening: asyncio.Task[socket.socket] | None = None
        self._number = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def read_document(
        self,
        content: bytes,
        media_type: str,
        *,
        files: str = "",
        prefix: str = "doc",
        inside: int | None = None,
    ) -> Readable:
        """The document as a person can see it; never raises for what the document holds.

        ``media_type`` is as stored with the document, parameters included. ``files`` begins the
        addresses of files in the HTML, their number ends them. ``inside`` is the number of a file
        inside a CDA, 0 its body: that file is read instead.
        """
        task = Task(
            want=Want.DOCUMENT,
            content=content,
            media_type=media_type,
            files=files,
            prefix=prefix,
            inside=inside,
        )
        try:
            return (await self._ask(task, Read)).readable
        except CarnetError as error:
            if error.code not in _OF_THE_PROCESS:
                raise
            return Readable(body=Unreadable(error.code), media_type=media_type)

    async def page_picture(
        self,
        content: bytes,
        media_type: str,
        page: int,
        *,
        width: int = 1_200,
        inside: int | None = None,
    ) -> Picture:
        """A page of a PDF or TIFF as a picture of that width in points.

        Raises ``CarnetError``: ``reading-page-absent``, and why it cannot be read.
        """
        task = Task(
            want=Want.PAGE,
            content=content,
            media_type=media_type,
            page=page,
            width=width,
            inside=inside,
        )
        return await self._ask(task, Picture)

    async def page_text(
        self, content: bytes, media_type: str, page: int, *, inside: int | None = None
    ) -> PageText:
        """The text of a page of a PDF, with its boxes. Raises as ``page_picture``."""
        task = Task(
            want=Want.TEXT,
            content=content,
            media_type=media_type,
            page=page,
            inside=inside,
        )
        return await self._ask(task, PageText)

    async def whole_text(self, content: bytes, media_type: str) -> str | None:
        """The words of a PDF or RTF, or of the body of a CDA that is one; see ``WholeText``.

        Raises ``CarnetError`` with why they cannot be read: of the document or of its process.
        """
        task = Task(want=Want.WHOLE_TEXT, content=content, media_type=media_type)
        return (await self._ask(task, WholeText)).text

    async def close(self) -> None:
        """End the nursery and what it still runs."""
        if self._opening is not None:
            with suppress(CarnetError):
                await self._opening
            self._opening = None
        link, nursery = self._control, self._nursery
        self._control = self._nursery = None
        if link is not None:
            link.close()
        if nursery is not None:
            await asyncio.to_thread(_end, nursery)

    async def _ask(self, task: Task, wanted: type[Wanted]) -> Wanted:
        """The answer to a task. Raises ``CarnetError`` with why there is none."""
        try:
            async with asyncio.timeout(self._patience):
                await self._turns.acquire()
        except TimeoutError:
            raise CarnetError("reading-busy") from None
        try:
            answer = await self._asked(msgspec.msgpack.encode(task))
        finally:
            self._turns.release()
        if isinstance(answer, Failure):
            raise CarnetError(answer.code, **answer.params)
        if not isinstance(answer, wanted):
            raise CarnetError("reading-process-ended")
        return answer

    async def _asked(self, message: bytes) -> Answer:
        number, link = await self._start()
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await frames.exchange(link, message, self._limits.answer)
            return _decoded(answer)
        except TimeoutError:
            raise CarnetError("reading-too-slow") from None
        except (OSError, msgspec.MsgspecError):
            raise CarnetError("reading-process-ended") from None
        finally:
            link.close()
            with suppress(OSError):
                if self._control is not None:
                    self._control.send(control.pack(number, self._limits))

    async def _start(self) -> tuple[int, socket.socket]:
        """A process for one document: its number, and the socket to it."""
        self._number = number = (self._number + 1) % _NUMBERS
        message = control.pack(number, self._limits)
        async with self._starting:
            for _ in range(2):  # a nursery that ended is started anew, once
                link = self._control or await self._opened()
                ours, theirs = socket.socketpair()
                try:
                    with theirs:
                        socket.send_fds(link, [message], [theirs.fileno()])
                except OSError:
                    ours.close()
                    await self.close()
                    continue
                ours.setblocking(False)
                return number, ours
        raise CarnetError("reading-process-ended")

    async def _opened(self) -> socket.socket:
        """The socket of a nursery being started: once, however many wait or give up waiting."""
        if self._opening is None:
            self._opening = asyncio.create_task(asyncio.to_thread(self._open))
        opening = self._opening
        try:
            return await asyncio.shield(opening)
        finally:
            if opening.done():
                self._opening = None

    def _open(self) -> socket.socket:
        """Start the nursery and wait until it is ready; it inherits nothing but its socket."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._nursery = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-I", "-c", _start_code(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", "PATH": os.defpath},
                cwd="/",
            )
        ours.settimeout(_START_SECONDS)
        try:
            if not ours.recv(16):
                raise ConnectionError("the nursery ended")
        except OSError:
            ours.close()
            _end(self._nursery)
            self._nursery = None
            raise CarnetError("reading-process-ended") from None
        ours.settimeout(None)
        self._control = ours
        return ours


def _decoded(answer: bytes) -> Answer:
    decoded: Answer = msgspec.msgpack.decode(answer, type=Answer)
    return decoded


def _start_code(handle: int) -> str:
    """Runs the nursery with its socket where it looks for it."""
    at = control.CONTROL
    move = f"import os; os.dup2({handle}, {at}); os.close({handle}); " if handle != at else ""
    return f"{move}from carnet.reading.nursery import main; main()"


def _end(nursery: subprocess.Popen[bytes]) -> None:
    """Wait until it is gone; its socket is closed, so that it ends by itself."""
    try:
        nursery.wait(5)
    except subprocess.TimeoutExpired:
        nursery.kill()
        nursery.wait()
