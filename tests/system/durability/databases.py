"""What befalls PostgreSQL: a process of it is killed, or all of it goes away and comes back."""

from __future__ import annotations

import contextlib
import os
import signal

import psutil
import psycopg

from carnet.cli.private_postgresql import PrivatePostgresql
from tests.system.durability.server import PATIENCE, until


def kill_a_backend(postgresql: PrivatePostgresql) -> None:
    """Kill -9 the youngest of its processes: all connections break off, and it recovers."""

    def killed() -> bool:
        for child in reversed(psutil.Process(postgresql.process_id).children()):
            try:
                child.kill()
            except psutil.NoSuchProcess:  # it has ended by itself: the next one
                continue
            return True
        return False

    until(killed, "a process of PostgreSQL")


def kill_all_of_it(postgresql: PrivatePostgresql) -> None:
    """Kill -9 the server of it, wait until nothing of it is left, start it on the same data."""
    server = psutil.Process(postgresql.process_id)
    children = server.children()
    server.kill()
    _, alive = psutil.wait_procs(children, PATIENCE)
    for child in alive:
        child.kill()
    psutil.wait_procs(alive, PATIENCE)
    postgresql.restart()


def wait_for(postgresql: PrivatePostgresql) -> None:
    """Wait until it takes connections: it has recovered."""

    def answers() -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(postgresql.url(), connect_timeout=5).close()
            return True
        return False

    until(answers, "PostgreSQL")


def take_away(postgresql: PrivatePostgresql) -> None:
    """Stop it; ``restart`` brings it back."""
    server = psutil.Process(postgresql.process_id)
    os.kill(server.pid, signal.SIGINT)
    server.wait(PATIENCE)
