"""``carnet serve``: the server, as a supervisor with its children."""

from __future__ import annotations

import os
import sys
from typing import Annotated

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of


def serve(
    common: Common | None = None,
    *,
    host: Annotated[str | None, Parameter(help="The address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="The port; 0 takes a free one.")] = None,
    workers: Annotated[int | None, Parameter(help="Web workers; default one a core.")] = None,
) -> int:
    """Serve a store: FHIR at `/fhir`, pages at `/`.

    Starts the ledger (which writes the embedded store), the web workers and the worker, restarts
    what falls, and ends them all at SIGTERM or Ctrl-C. The store must exist: `carnet demo` or
    `carnet feed` make one.
    """
    import msgspec

    from carnet.cli.stores import remember_base
    from carnet.logs import Log
    from carnet.serve.plan import plan_of
    from carnet.serve.running import demand_openable
    from carnet.serve.supervisor import Supervisor, free_port

    settings = settings_of(common, host=host, port=port, workers=workers)
    settings = msgspec.structs.replace(settings, port=free_port(settings.host, settings.port))
    if settings.public_base is None:
        settings = msgspec.structs.replace(
            settings, public_base=f"http://{settings.host}:{settings.port}"
        )
    plan = plan_of(settings, len(os.sched_getaffinity(0)))
    demand_openable(plan)
    remember_base(settings, plan.public_base)
    if common is not None and common.json:
        from carnet.cli.output import json_line

        json_line({"base": plan.public_base + "/fhir", "port": plan.port, "pid": os.getpid()})
    return Supervisor(plan, Log(sys.stderr, settings.log_level)).run()
