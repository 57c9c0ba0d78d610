"""A web worker: ``python -m carnet.serve.web``, started by the supervisor.

Stateless: any number of them listen on the same port, and the kernel deals out connections.
"""

from __future__ import annotations

import asyncio
import gc

import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from carnet.app import Application, gate_of, verifier_of
from carnet.fhir.app import Limits, build_app
from carnet.fhir.http import rsgi
from carnet.logs import Log
from carnet.serve.plan import Plan
from carnet.serve.running import child_plan, faults_logged, on_signal, open_store
from carnet.storage.batch import Writer
from carnet.storage.spool import SpoolFactory

_BACKLOG = 1024
_BACKPRESSURE = 1024  # requests that one worker holds at once
_HEADER_LIMIT = 64 * 1024


async def serve(plan: Plan, log: Log, writer: Writer | None = None) -> None:
    """Answer requests until told to stop, then let go of the store."""
    store = await open_store(plan, writer)
    settings = plan.settings
    application = Application(
        gate_of(store, settings),
        verifier_of(store, settings, plan.public_base, plan.directory, log),
        public_base=plan.public_base,
        spools=SpoolFactory(settings.spool_dir or plan.directory / "spool"),
        log=log,
    )
    limits = Limits(bytes_in_flight=settings.documents.max_bytes_in_flight)
    server = Server(
        rsgi(build_app(application, limits)),
        address=plan.host,
        port=plan.port,
        interface=Interfaces.RSGI,
        backlog=_BACKLOG,
        backpressure=_BACKPRESSURE,
        http1_settings=HTTP1Settings(max_buffer_size=_HEADER_LIMIT * 4),
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.call_soon_threadsafe(server.stop)

    on_signal(stop)
    gc.collect()
    gc.freeze()  # what a start allocates stays; collections need not walk it
    await server.serve()
    await store.close()


def main() -> None:
    """Run one web worker."""
    plan, log = child_plan()
    with faults_logged(log):
        uvloop.run(serve(plan, log))


if __name__ == "__main__":
    main()
