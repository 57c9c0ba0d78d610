"""The ledger's process: ``python -m carnet.serve.ledger``, started by the supervisor."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable

from carnet.logs import Log
from carnet.record.errors import CarnetError
from carnet.record.events import Event
from carnet.serve.plan import Plan, master_key_of
from carnet.serve.running import LOOK_SECONDS, child_plan, faults_logged, on_signal, passing
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_socket import LedgerServer
from carnet.storage.store import journal_key


def main() -> None:
    """Own the writes of the data directory until told to stop."""
    plan, log = child_plan()
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True

    on_signal(stop)
    with faults_logged(log):
        ledger = _opened(plan, log, lambda: stopped)
        if ledger is None:
            return
        if ledger.completed:
            log.write(Event.LEDGER_COMPLETED_TRACE, count=ledger.completed)
        server = LedgerServer(ledger, plan.directory)
        log.write(Event.LEDGER_READY)
        server.run(lambda: not stopped)
        ledger.close()


def _opened(plan: Plan, log: Log, stopped: Callable[[], bool]) -> Ledger | None:
    """The ledger, once the disk lets it begin; None if told to stop meanwhile.

    What it completes at its start needs room. Raises ``CarnetError`` of ``journal_key``.
    """
    lost = False
    while not stopped():
        try:
            key = asyncio.run(journal_key(plan.directory, master_key_of(plan.settings)))
            ledger = Ledger(plan.directory, key)
        except (CarnetError, sqlite3.OperationalError) as fault:
            code = passing(fault)
            if not lost:
                log.write(Event.DATABASE_LOST, code=code)
            lost = True
            time.sleep(LOOK_SECONDS)
            continue
        if lost:
            log.write(Event.DATABASE_BACK)
        return ledger
    return None


if __name__ == "__main__":
    main()
