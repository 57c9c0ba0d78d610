"""The ledger's socket: frames of batches in, results out.

A frame is ``length u32, id u32`` and the batch in MessagePack; an answer ``id u32, result i32``.
While a group commits, further frames wait in the sockets and become the next group: the rate rises
with the number of clients, the number of syncs does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from carnet.storage.batch import DECODER, ENCODER, Batch, Conflict, Unwritten, WriterLost
from carnet.storage.ledger import DONE, REFUSED, UNKNOWN, UNWRITTEN, Ledger

SOCKET = "ledger.sock"
_ADDRESS_BYTES = 107  # sun_path of unix(7), without its end
_FRAME = struct.Struct("<II")
_ANSWER = struct.Struct("<Ii")
_READ = 1 << 20
_MOST_FRAME = 64 << 20
_IDLE_SECONDS = 0.25
FAREWELL = 5.0  # seconds


def address(directory: Path) -> str:
    """Where the socket of a data directory is bound and reached.

    An address holds 107 bytes; that of a deep directory goes through a descriptor of it, which
    stays open as long as the process.
    """
    path = str(directory.absolute() / SOCKET)
    if len(os.fsencode(path)) <= _ADDRESS_BYTES:
        return path
    handle = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    return f"/proc/self/fd/{handle}/{SOCKET}"


class _Peer:
    """One connected process: bytes that came, frames cut from them."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.buffer = bytearray()

    def frames(self) -> list[tuple[int, bytes]]:
        """Whole frames so far. Raises ``ValueError`` for a frame that is too long."""
        found = []
        start = 0
        while len(self.buffer) - start >= _FRAME.size:
            length, number = _FRAME.unpack_from(self.buffer, start)
            if length > _MOST_FRAME:
                raise ValueError("frame too long")
            end = start + _FRAME.size + length
            if len(self.buffer) < end:
                break
            found.append((number, bytes(self.buffer[start + _FRAME.size : end])))
            start = end
        del self.buffer[:start]
        return found


class LedgerServer:
    """Serves a ledger on the Unix socket of its data directory until told to stop."""

    def __init__(self, ledger: Ledger, directory: Path) -> None:
        self._ledger = ledger
        self._path = directory / SOCKET
        self._selector = selectors.DefaultSelector()
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(address(directory))
        self._path.chmod(0o600)
        self._listener.listen(64)
        self._selector.register(self._listener, selectors.EVENT_READ, None)

    def run(self, running: Callable[[], bool]) -> None:
        """Turn after turn: read what came, commit it as a group, answer.

        Who is connected when it ends may still write for ``FAREWELL`` seconds: where the
        supervisor is killed, all its children are told to end at the same moment, and the web
        workers have requests in hand.
        """
        while running():
            self._turn()
        self._path.unlink(missing_ok=True)
        until = time.monotonic() + FAREWELL
        while self._peers() and time.monotonic() < until:
            self._turn()
        for peer in self._peers():
            self._drop(peer)
        self._listener.close()
        self._selector.close()

    def _turn(self) -> None:
        pending = self._read(_IDLE_SECONDS)
        if pending:
            self._commit(pending)
        self._ledger.tidy()

    def _peers(self) -> list[_Peer]:
        return [key.data for key in self._selector.get_map().values() if key.data is not None]

    def _read(self, wait: float) -> list[tuple[_Peer, int, Batch]]:
        pending: list[tuple[_Peer, int, Batch]] = []
        for key, _ in self._selector.select(wait):
            if key.data is None:
                connection, _ = self._listener.accept()
                self._selector.register(connection, selectors.EVENT_READ, _Peer(connection))
                continue
            peer: _Peer = key.data
            try:
                data = peer.connection.recv(_READ)
                peer.buffer += data
                pending += [(peer, n, DECODER.decode(body)) for n, body in peer.frames()]
            except (OSError, ValueError):
                data = b""
            if not data:
                self._drop(peer)
        return pending

    def _commit(self, pending: list[tuple[_Peer, int, Batch]]) -> None:
        results = self._ledger.commit([batch for _, _, batch in pending])
        answers: dict[_Peer, bytearray] = {}
        for (peer, number, _), result in zip(pending, results, strict=True):
            answers.setdefault(peer, bytearray()).extend(_ANSWER.pack(number, result))
        for peer, answer in answers.items():
            try:
                peer.connection.sendall(answer)
            except OSError:
                self._drop(peer)

    def _drop(self, peer: _Peer) -> None:
        with contextlib.suppress(KeyError):
            self._selector.unregister(peer.connection)
        peer.connection.close()


class SocketWriter(asyncio.Protocol):
    """A ``Writer`` that hands batches to the ledger's process; connects again when it is lost."""

    def __init__(self, directory: Path, patience: float = 5.0) -> None:
        self._path = address(directory)
        self._patience = patience
        self._transport: asyncio.Transport | None = None
        self._connecting: asyncio.Lock | None = None
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._buffer = bytearray()
        self._number = 0

    async def write(self, batch: Batch) -> None:
        """See ``Writer.write``."""
        if self._transport is None:
            await self._connect()
        transport = self._transport
        if transport is None:
            raise WriterLost
        self._number = number = (self._number + 1) & 0xFFFFFFFF
        answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        body = ENCODER.encode(batch)
        transport.write(_FRAME.pack(len(body), number) + body)
        raise_result(batch, await answer)

    async def close(self) -> None:
        """See ``Writer.close``."""
        if self._transport is not None:
            self._transport.close()

    async def _connect(self) -> None:
        if self._connecting is None:
            self._connecting = asyncio.Lock()
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience  # for all who wait at the same time, together
        async with self._connecting:
            while self._transport is None:
                try:
                    await loop.create_unix_connection(lambda: self, self._path)
                except OSError:
                    if loop.time() > until:
                        raise WriterLost from None
                    await asyncio.sleep(0.05)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)
        self._buffer.clear()

    def data_received(self, data: bytes) -> None:
        """Called by the loop: answers of the ledger."""
        buffer = self._buffer
        buffer += data
        whole = len(buffer) - len(buffer) % _ANSWER.size
        for number, result in _ANSWER.iter_unpack(bytes(buffer[:whole])):
            answer = self._waiting.pop(number, None)
            if answer is not None and not answer.done():
                answer.set_result(result)
        del buffer[:whole]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the loop's form
        """Called by the loop: who waits learns that the outcome is unknown."""
        self._transport = None
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(WriterLost())


def raise_result(batch: Batch, result: int) -> None:
    """Turn a ledger's result into nothing or an exception."""
    if result == DONE:
        return
    if result in UNWRITTEN:
        raise Unwritten(UNWRITTEN[result])
    if result == UNKNOWN:
        raise WriterLost
    if result == REFUSED:
        raise RuntimeError("the ledger could not run a statement of the batch")
    steps = (*batch.key_steps, *batch.steps)
    raise Conflict(steps[result].statement if result < len(steps) else "")
