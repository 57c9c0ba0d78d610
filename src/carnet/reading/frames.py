"""Length-framed messages over a socket: eight bytes of length, then the message."""

from __future__ import annotations

import asyncio
import socket
import struct

_LENGTH = struct.Struct("!Q")


def send(link: socket.socket, message: bytes) -> None:
    """Send one message (blocking)."""
    link.sendall(_LENGTH.pack(len(message)))
    link.sendall(message)


def receive(link: socket.socket, most: int) -> bytes:
    """Take one message (blocking). Raises ``ConnectionError`` at its end, or above ``most``."""
    (length,) = _LENGTH.unpack(_exactly(link, _LENGTH.size))
    if length > most:
        raise ConnectionError("the message is too long")
    return _exactly(link, length)


async def exchange(link: socket.socket, message: bytes, most: int) -> bytes:
    """Send one message and take the answer.

    Raises ``ConnectionError`` where the other side ends before it has answered, or would say more
    than ``most`` bytes.
    """
    reader, writer = await asyncio.open_connection(sock=link)
    try:
        writer.write(_LENGTH.pack(len(message)))
        writer.write(message)
        await writer.drain()
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > most:
            raise ConnectionError("the answer is too long")
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        raise ConnectionError("no answer") from None
    finally:
        writer.transport.abort()


def _exactly(link: socket.socket, size: int) -> bytes:
    taken = bytearray(size)
    view = memoryview(taken)
    done = 0
    while done < size:
        count = link.recv_into(view[done:])
        if not count:
            raise ConnectionError("the other side ended")
        done += count
    view.release()
    return bytes(taken)
