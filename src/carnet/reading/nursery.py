"""The process from which each document's own process is forked.

It loads the decoders once and reads no document itself, so that every document is decoded by a
process that has seen no other and is gone afterwards: a fault in a decoder cannot reach the next
document. Over the socket of descriptor 3 come the messages of ``control``.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket

from carnet.reading import child, confine, control, work


def main() -> None:
    """Fork until the other side of the control socket is gone, then end what still runs."""
    link = socket.socket(fileno=control.CONTROL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's; the other side tells when to end
    confine.harden()
    confine.leave_network()
    work.load()
    gc.freeze()  # pages stay shared with the children
    link.send(control.READY)
    running: dict[int, int] = {}
    while True:
        select.select([link], [], [], 1.0 if running else None)
        _reap(running)
        try:
            if not _serve(link, running):
                break
        except BlockingIOError:
            continue
    for pid in running.values():
        os.kill(pid, signal.SIGKILL)


def _serve(link: socket.socket, running: dict[int, int]) -> bool:
    """Do what one message asks. False: there will be no other."""
    message, handles, _, _ = socket.recv_fds(link, control.SIZE, 1, socket.MSG_DONTWAIT)
    if not message:
        return False
    number, limits = control.unpack(message)
    if not handles:
        if number in running:
            os.kill(running[number], signal.SIGKILL)
        return True
    pid = os.fork()
    if pid == 0:
        link.close()
        child.serve(socket.socket(fileno=handles[0]), limits)
    os.close(handles[0])
    running[number] = pid
    return True


def _reap(running: dict[int, int]) -> None:
    """Forget the processes that ended."""
    for number, pid in list(running.items()):
        ended, _ = os.waitpid(pid, os.WNOHANG)
        if ended:
            del running[number]
