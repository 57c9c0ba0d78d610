"""A web worker: ``python -m carnet.serve.web``, started by the supervisor.

Stateless: any number of them listen on the same port, and the kernel deals out connections.
"""

from __future__ import annotations

import asyncio
import gc
import resource

import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from carnet.app import Application, gate_of, portal_services, verifier_of
from carnet.fhir.app import Limits, build_app
from carnet.fhir.http import rsgi
from carnet.logs import Log
from carnet.portal.app import build_portal
from carnet.record.events import Event
from carnet.serve.asgi import RsgiApp, by_path, from_asgi
from carnet.serve.plan import Plan
from carnet.serve.running import await_store, child_plan, faults_logged, on_signal
from carnet.storage.spool import SpoolFactory
from carnet.storage.store import Store

_BACKLOG = 1024
_HEADER_LIMIT = 64 * 1024
_OTHER_FILES = 256  # that a worker opens beside its connections: databases, documents, spools


async def serve(plan: Plan, log: Log) -> None:
    """Answer requests until told to stop, then let go of the store."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()

    def stop() -> None:
        loop.call_soon_threadsafe(stopped.set)

    on_signal(stop)
    store = await await_store(plan, log, stopped.is_set)
    if store is None:
        return
    server = _server_of(plan, log, store, stopped)
    gc.collect()
    gc.freeze()  # what a start allocates stays; collections need not walk it
    ending = asyncio.create_task(_end(server, stopped))
    await server.serve()
    ending.cancel()
    await store.close()


async def _end(server: Server, stopped: asyncio.Event) -> None:
    await stopped.wait()
    server.stop()  # type: ignore[no-untyped-call]  # granian leaves it without types


def _server_of(plan: Plan, log: Log, store: Store, stopped: asyncio.Event) -> Server:
    """The HTTP server of a store, not yet listening."""
    settings = plan.settings
    return Server(
        _faces_of(plan, log, store, stopped),
        address=plan.host,
        port=plan.port,
        interface=Interfaces.RSGI,
        backlog=_BACKLOG,
        backpressure=connections(settings.limits.connections),  # granian counts connections
        http1_settings=HTTP1Settings(
            header_read_timeout=settings.limits.header_seconds * 1000,
            max_buffer_size=_HEADER_LIMIT * 4,
        ),
        websockets=False,
        log_enabled=False,
    )


def _faces_of(plan: Plan, log: Log, store: Store, stopped: asyncio.Event) -> RsgiApp:
    """FHIR below its base, pages everywhere else; both share the places of this process."""
    settings = plan.settings
    application = Application(
        gate_of(store, settings),
        verifier_of(store, settings, plan.public_base, plan.directory, log),
        public_base=plan.public_base,
        spools=SpoolFactory(settings.spool_dir or plan.directory / "spool"),
        log=log,
    )
    limits = Limits(
        requests=settings.limits.burst,
        share=min(settings.limits.requests, settings.limits.burst),
        bytes_in_flight=settings.documents.max_bytes_in_flight,
        body_seconds=settings.limits.body_seconds,
    )
    fhir = build_app(application, limits)
    portal = build_portal(portal_services(store.kind, plan.public_base, log, fhir.turn))
    if portal.assets.missing:
        code, count = "portal-assets-missing", len(portal.assets.missing)
        log.write(Event.PORTAL_UNAVAILABLE, code=code, count=count)
    pages = from_asgi(portal, stopped, body_seconds=settings.limits.body_seconds)
    return by_path(fhir.prefix, rsgi(fhir), pages)


def connections(wanted: int) -> int:
    """How many connections this process may hold: as wanted, as far as files can be opened."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHER_FILES
    if soft < needed:
        soft = min(needed, hard) if hard != resource.RLIM_INFINITY else needed
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _OTHER_FILES))


def main() -> None:
    """Run one web worker."""
    plan, log = child_plan()
    with faults_logged(log):
        uvloop.run(serve(plan, log))


if __name__ == "__main__":
    main()
