"""What every child does at its start: read its plan, open its log, obey signals."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from carnet.logs import Log, places, take_over_libraries
from carnet.record.errors import CarnetError
from carnet.record.events import Event
from carnet.serve.children import die_with_parent, read_plan
from carnet.serve.plan import Plan, master_key_of
from carnet.storage import disk
from carnet.storage.batch import Writer
from carnet.storage.ledger_socket import SocketWriter
from carnet.storage.store import Store, journal_key, open_embedded, open_postgresql


def child_plan() -> tuple[Plan, Log]:
    """The plan and the log of this child; from here on it dies with the supervisor."""
    die_with_parent()
    plan = decode_plan(read_plan())
    log = Log(sys.stderr, plan.settings.log_level)
    take_over_libraries(log)
    return plan, log


@contextmanager
def faults_logged(log: Log) -> Iterator[None]:
    """End this child with a line of the log, in place of a traceback, which may say too much."""
    try:
        yield
    except CarnetError as error:
        log.write(Event.CHILD_FAILED, code=error.code)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  the last resort of a process
        log.write(Event.CHILD_FAILED, where=places(error))
        sys.exit(1)


def encode_plan(plan: Plan) -> bytes:
    """A plan as a child reads it."""
    return msgspec.json.encode(plan, enc_hook=str)


def decode_plan(data: bytes) -> Plan:
    """The plan of ``encode_plan``'s bytes."""
    return msgspec.json.decode(data, type=Plan, dec_hook=lambda kind, value: kind(value))


LOOK_SECONDS = 0.25  # between looks at a database that is away
END_SECONDS = 12.0  # a little more than the supervisor waits before it kills


def on_signal(stop: Callable[[], None], within: float = END_SECONDS) -> None:
    """Call ``stop`` at SIGTERM and SIGINT; what has not ended ``within`` seconds then is killed.

    A client that stalls must not keep a port that the next start needs, where the supervisor was
    killed and kills nobody.
    """

    def end(*_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, within)  # SIGALRM ends a process that has no handler
        stop()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, end)


def demand_openable(plan: Plan) -> None:
    """Open the store of a plan and close it, so that what is wrong with it is told at once.

    Raises ``CarnetError``: of the key file, ``store-incomplete``, ``schema-outdated``,
    ``schema-newer``, ``store-unavailable``, ``postgresql-unsafe``.
    """

    async def look() -> None:
        if plan.embedded:
            await journal_key(plan.directory, master_key_of(plan.settings))
        else:
            await (await open_store(plan)).close()

    asyncio.run(look())


async def await_store(plan: Plan, log: Log, stopped: Callable[[], bool]) -> Store | None:
    """The store, once it answers; None if this child is told to stop meanwhile.

    A database that is away or recovers takes nobody down: a child that ended would be started
    again at once, fall again, and count as one that keeps falling until the supervisor gives up.
    Raises ``CarnetError`` of ``open_store`` but those that pass.
    """
    lost = False
    while not stopped():
        try:
            store = await open_store(plan)
        except (CarnetError, sqlite3.OperationalError) as fault:
            code = passing(fault)
            if not lost:
                log.write(Event.DATABASE_LOST, code=code)
            lost = True
            await asyncio.sleep(LOOK_SECONDS)
            continue
        if lost:
            log.write(Event.DATABASE_BACK)
        return store
    return None


def passing(fault: CarnetError | sqlite3.OperationalError) -> str:
    """The code of a fault that passes: no answer, a full or a failing disk. Raises any other."""
    code = fault.code if isinstance(fault, CarnetError) else disk.code_of(fault)
    if code is None or code not in {"store-unavailable", *disk.CODES}:
        raise fault
    return code


async def open_store(plan: Plan, writer: Writer | None = None) -> Store:
    """The store of a plan; its writer is the ledger's socket unless given."""
    master = master_key_of(plan.settings)
    if plan.embedded:
        return await open_embedded(plan.directory, master, writer or SocketWriter(plan.directory))
    database, keys = plan.settings.database, plan.settings.keys_database
    if database is None or keys is None:
        raise CarnetError("data-directory-missing")
    return await open_postgresql(database, keys, plan.directory, master)
