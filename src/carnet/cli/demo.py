"""``carnet demo``: invented people with their past, served on this machine or written to files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of

_DIRECTORY = Path("carnet-demo")


def demo(
    common: Common | None = None,
    *,
    host: Annotated[str | None, Parameter(help="The address; of this machine only.")] = None,
    port: Annotated[int | None, Parameter(help="The port; 0 takes a free one.")] = None,
    serve: Annotated[bool, Parameter(help="Serve it, or only make it.")] = True,
    life: Annotated[
        tuple[str, ...], Parameter(help="Only this scripted life; may be given again.")
    ] = (),
    people: Annotated[
        int | None, Parameter(help="Generate so many people besides the scripted lives.")
    ] = None,
    documents: Annotated[
        int | None, Parameter(help="With --people: so many documents, else as lives bring.")
    ] = None,
    seed: Annotated[int, Parameter(help="With --people: another seed, another France.")] = 1,
    years: Annotated[int, Parameter(help="With --people: how far back documents go.")] = 8,
    as_of: Annotated[
        str | None, Parameter(help="The day up to which lives are told (YYYY-MM-DD); today.")
    ] = None,
    export: Annotated[
        Path | None,
        Parameter(help="Write documents and truth into this directory, and make no store."),
    ] = None,
) -> int:
    """Make a demo of invented people and documents, once, and serve it on 127.0.0.1:8000.

    Nothing else is needed: storage is embedded in the data directory (default: `carnet-demo`).
    Prints who is there, what to open and `curl` lines to try. The same seed and day give the same
    documents, byte for byte.
    """
    import msgspec

    from carnet.cli.demo_making import make_once, plan_from, write_files
    from carnet.cli.demo_welcome import welcome
    from carnet.cli.stores import remember_base
    from carnet.logs import Log
    from carnet.record.events import Level
    from carnet.record.store_kind import StoreKind
    from carnet.serve.plan import plan_of
    from carnet.serve.running import demand_openable
    from carnet.serve.supervisor import Supervisor, free_port

    population = plan_from(life, people, documents, seed, years, as_of)
    if export is not None:
        write_files(population, export, as_json=common is not None and common.json)
        return 0
    settings = settings_of(common, host=host, port=port)
    if settings.data is None:
        settings = msgspec.structs.replace(settings, data=_DIRECTORY)
    settings = msgspec.structs.replace(settings, kind=StoreKind.DEMO)
    if serve:
        settings = msgspec.structs.replace(settings, port=free_port(settings.host, settings.port))
    make_once(settings, population)
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
