"""The ledger's process: ``python -m carnet.serve.ledger``, started by the supervisor."""

from __future__ import annotations

import asyncio

from carnet.record.events import Event
from carnet.serve.plan import master_key_of
from carnet.serve.running import child_plan, faults_logged, on_signal
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
        key = asyncio.run(journal_key(plan.directory, master_key_of(plan.settings)))
        ledger = Ledger(plan.directory, key)
        if ledger.completed:
            log.write(Event.LEDGER_COMPLETED_TRACE, count=ledger.completed)
        server = LedgerServer(ledger, plan.directory)
        log.write(Event.LEDGER_READY)
        server.run(lambda: not stopped)
        ledger.close()


if __name__ == "__main__":
    main()
