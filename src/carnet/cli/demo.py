"""``carnet demo``: a dozen invented people with their past, served on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of
from carnet.settings import Settings

_DIRECTORY = Path("carnet-demo")


def demo(
    common: Common | None = None,
    *,
    host: Annotated[str | None, Parameter(help="The address; of this machine only.")] = None,
    port: Annotated[int | None, Parameter(help="The port; 0 takes a free one.")] = None,
    serve: Annotated[bool, Parameter(help="Serve it, or only make it.")] = True,
) -> int:
    """Make a demo of invented people and documents, once, and serve it on 127.0.0.1:8000.

    Nothing else is needed: storage is embedded in the data directory (default: `carnet-demo`).
    Prints what to open and `curl` lines to try.
    """
    import msgspec

    from carnet.cli.stores import remember_base
    from carnet.logs import Log
    from carnet.record.events import Level
    from carnet.record.store_kind import StoreKind
    from carnet.serve.plan import plan_of
    from carnet.serve.running import demand_openable
    from carnet.serve.supervisor import Supervisor, free_port

    settings = settings_of(common, host=host, port=port)
    if settings.data is None:
        settings = msgspec.structs.replace(settings, data=_DIRECTORY)
    settings = msgspec.structs.replace(settings, kind=StoreKind.DEMO)
    if serve:
        settings = msgspec.structs.replace(settings, port=free_port(settings.host, settings.port))
    _make_once(settings)
    if not serve:
        return 0
    base = settings.public_base or f"http://{settings.host}:{settings.port}"
    settings = msgspec.structs.replace(settings, public_base=base)
    plan = plan_of(settings, len(os.sched_getaffinity(0)))
    demand_openable(plan)
    remember_base(settings, base)
    level = settings.log_level if settings.log_level is not Level.INFO else Level.WARNING
    supervisor = Supervisor(plan, Log(sys.stderr, level))
    return supervisor.run(on_ready=lambda: print(welcome(settings, base), flush=True))


def _make_once(settings: Settings) -> None:
    """Make and fill the store, unless it stands. Raises ``store-not-demo``."""
    from carnet.cli.stores import data_of, make_store
    from carnet.record.errors import CarnetError
    from carnet.record.store_kind import StoreKind
    from carnet.storage.facts import stored_facts
    from carnet.storage.store import is_embedded_store

    directory = data_of(settings)
    if is_embedded_store(directory):
        facts = stored_facts(directory)
        if facts["kind"] != StoreKind.DEMO:
            raise CarnetError("store-not-demo", directory=str(directory))
        if facts.get("seeded") == "yes":
            return
        raise CarnetError("store-incomplete")
    if directory.exists() and any(directory.iterdir()):
        raise CarnetError("store-not-demo", directory=str(directory))
    make_store(settings, StoreKind.DEMO)
    _fill(settings)


def _fill(settings: Settings) -> None:
    import asyncio
    from datetime import UTC, datetime

    from carnet.app import gate_of
    from carnet.cli.output import progress
    from carnet.cli.stores import data_of, opened
    from carnet.logs import Log
    from carnet.population.demo.seeding import seed
    from carnet.storage.create import put_facts
    from carnet.worker import Worker

    async def fill() -> None:
        async with opened(settings) as store:
            with progress("Inventing people and documents", None) as bar:
                await seed(
                    lambda clock: gate_of(store, settings, clock), datetime.now(UTC).date(), bar
                )
            worker = Worker(gate_of(store, settings), Log(sys.stderr))
            while await worker.turn():
                pass

    asyncio.run(fill())
    put_facts(data_of(settings), {"seeded": "yes"})


def welcome(settings: Settings, base: str) -> str:
    """What to open and what to try."""
    from carnet.population.demo import people

    camille = next(person for person in people() if person.key == "camille")
    identifier = f"urn:oid:{camille.ins.oid}|{camille.ins.matricule}"
    run = f"{Path(sys.argv[0])} token --data {settings.data}"
    return f"""
Carnet is ready: {base}/fhir  (Ctrl-C ends it)

Who is here:      {run} --list
What it can do:   curl -s {base}/fhir/metadata

Camille's documents, as her doctor finds them:
  curl -s -H "Authorization: Bearer $({run} dr-garrigue)" \\
    "{base}/fhir/DocumentReference?patient.identifier={identifier}&_count=3&_pretty=true"

Who opened Camille's record, and why, as she reads it herself:
  curl -s -H "Authorization: Bearer $({run} camille)" \\
    "{base}/fhir/AuditEvent?patient.identifier={identifier}&_count=5&_pretty=true"
"""
