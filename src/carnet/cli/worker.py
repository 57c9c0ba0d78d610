"""``carnet worker``: the worker alone, for a node that has no web workers."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of


def work(
    common: Common | None = None,
    *,
    once: Annotated[
        bool, Parameter(help="Do what is due and end.", negative="", show_default=False)
    ] = False,
) -> None:
    """Work off the outbox: directories by actor, narrative text, late replacements, due flags.

    `carnet serve` runs one already. Several may run; each event is done by one of them.
    """
    import asyncio

    from carnet.app import decoder_of, gate_of
    from carnet.cli.stores import opened
    from carnet.logs import Log
    from carnet.worker import Worker

    settings = settings_of(common)

    async def run() -> None:
        log = Log(sys.stderr, settings.log_level)
        async with opened(settings) as store, decoder_of(log) as decoder:
            worker = Worker(gate_of(store, settings), log, decoder)
            if once:
                while await worker.turn():
                    pass
            else:
                await worker.run(lambda: True)

    asyncio.run(run())
