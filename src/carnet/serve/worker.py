"""The worker's process: ``python -m carnet.serve.worker``, started by the supervisor."""

from __future__ import annotations

import os

import uvloop

from carnet.app import decoder_of, gate_of
from carnet.logs import Log
from carnet.serve.plan import Plan
from carnet.serve.running import await_store, child_plan, faults_logged, on_signal
from carnet.worker import Worker

_NICENESS = 10  # what follows a change gives way to those who wait for an answer


async def work(plan: Plan, log: Log) -> None:
    """Work off the outbox until told to stop."""
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True

    on_signal(stop)
    store = await await_store(plan, log, lambda: stopped)
    if store is None:
        return
    async with decoder_of(log) as decoder:
        await Worker(gate_of(store, plan.settings), log, decoder).run(lambda: not stopped)
    await store.close()


def main() -> None:
    """Run the worker."""
    plan, log = child_plan()
    os.nice(_NICENESS)
    with faults_logged(log):
        uvloop.run(work(plan, log))


if __name__ == "__main__":
    main()
