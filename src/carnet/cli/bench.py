"""``carnet bench``: how fast this machine is, against floors measured in the same run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of

if TYPE_CHECKING:
    from carnet.bench.modes import Plan
    from carnet.bench.place import Place
    from carnet.settings import Settings

Mode = Literal["feed", "find", "retrieve", "mixed", "rights", "growth", "start", "overload"]
_SMALL_STORE = 10_000
_COMMAND = (sys.executable, "-c", "from carnet.cli import main; main()")


def bench(
    mode: Mode,
    /,
    common: Common | None = None,
    *,
    clients: Annotated[int, Parameter(help="Connections at once.")] = 16,
    seconds: Annotated[float, Parameter(help="How long to measure.")] = 10.0,
    store: Annotated[
        Literal["sqlite", "postgresql"],
        Parameter(help="The engine; PostgreSQL is a private server, or that of the settings."),
    ] = "sqlite",
    documents: Annotated[int, Parameter(help="Entries that the store is to hold.")] = 10_000,
    scale: Annotated[float, Parameter(help="The nation's peak times this (mixed).")] = 1.0,
    floors: Annotated[bool, Parameter(help="Measure the floors too.")] = True,
) -> None:
    """Measure one thing and print its figures: with --json as one JSON object.

    MODE is `feed`, `find` or `retrieve` (as fast as the clients can), `mixed` (80 submissions, 850
    finds and 850 retrievals a second at once), `rights` (what access rules add to a find), `growth`
    (a large store against one of 10,000), `start` (time to ready, memory at rest) or `overload`
    (three times what the node sustains, and rude neighbours: docs/reliability.md).

    Made rows fill a test store first, at some thousands a second: --data keeps it for later runs,
    without it all is made anew and thrown away. docs/performance.md tells what the figures mean.
    """
    from carnet.bench.figures import machine
    from carnet.bench.modes import Plan

    as_json = common is not None and common.json
    settings = settings_of(common)
    plan = Plan(clients=clients, seconds=seconds, floors=floors, scale=scale)
    about = {
        "bench": mode,
        "store": store,
        "documents": documents,
        "clients": clients,
        "seconds": seconds,
        "machine": machine(),
    }
    with _place(settings, store) as (place, database):
        filled(place, documents, quiet=as_json)
        figures = _figures(mode, place, _with_database(plan, database), quiet=as_json)
    _show({**about, **figures}, as_json=as_json)


def _figures(mode: Mode, place: Place, plan: Plan, *, quiet: bool) -> dict[str, object]:
    import asyncio

    from carnet.bench import modes
    from carnet.bench.rights import rights

    if mode == "mixed":
        return modes.mixed(place, plan)
    if mode == "rights":
        return asyncio.run(rights(place, plan))
    if mode == "overload":
        from carnet.bench.overload import overload

        return overload(place, plan)
    if mode == "start":
        return modes.start(place, plan)
    if mode == "growth":
        beside = place.directory.with_name(place.directory.name + "-small")
        with _beside(place, beside) as small:
            filled(small, _SMALL_STORE, quiet=quiet)
            return modes.growth(small, place, plan)
    return modes.measure(place, plan, mode)


def filled(place: Place, documents: int, *, quiet: bool) -> None:
    """Load what the store lacks, after saying how much room that takes."""
    import asyncio

    from carnet.bench.loader import demand_room
    from carnet.cli.output import progress

    needed = place.room(documents)
    if not needed:
        return
    demand_room(place.directory, needed)
    missing = documents - place.manifest.documents
    if not quiet:
        print(f"Loading {missing} documents: {needed >> 20} MB of disk.", file=sys.stderr)
    with progress("Loading made documents", missing, quiet=quiet) as bar:
        asyncio.run(place.fill(documents, bar))


@contextmanager
def _place(settings: Settings, engine: str) -> Iterator[tuple[Place, int | None]]:
    """The store to measure, made where there is none, and a private PostgreSQL's process id."""
    import msgspec

    from carnet.cli.private_postgresql import PrivatePostgresql

    private = engine == "postgresql" and settings.database is None
    keep = settings.data is not None and not private
    folder = nullcontext() if keep else tempfile.TemporaryDirectory(prefix="carnet-bench-")
    server = PrivatePostgresql({"shared_buffers": "1GB"}) if private else nullcontext()
    with folder as name, server as running:
        if name is not None:
            settings = msgspec.structs.replace(settings, data=Path(name) / "store")
        if running is not None:
            settings = msgspec.structs.replace(
                settings, database=running.url(), keys_database=running.url()
            )
        elif engine == "sqlite":
            settings = msgspec.structs.replace(settings, database=None, keys_database=None)
        yield _made(settings), running.process_id if running is not None else None


@contextmanager
def _beside(place: Place, directory: Path) -> Iterator[Place]:
    """A second store beside a store, on the same engine."""
    import msgspec

    settings = msgspec.structs.replace(place.settings, data=directory, key_file=None)
    if settings.database is None:
        yield _made(settings)
        return
    from carnet.cli.private_postgresql import PrivatePostgresql

    with PrivatePostgresql() as running:
        url = running.url()
        yield _made(msgspec.structs.replace(settings, database=url, keys_database=url))


def _made(settings: Settings) -> Place:
    """A place whose store stands. Raises ``bench-not-made`` where it is not one of ours."""
    from carnet.bench.manifest import new_manifest, read_manifest, write_manifest
    from carnet.bench.place import Place, cores
    from carnet.cli.stores import data_of, make_store
    from carnet.record.errors import CarnetError
    from carnet.record.store_kind import StoreKind

    directory = data_of(settings)
    if read_manifest(directory) is None:
        if directory.exists() and any(directory.iterdir()):
            raise CarnetError("bench-not-made", directory=str(directory))
        make_store(settings, StoreKind.TEST)
        write_manifest(directory, new_manifest())
    return Place(settings, _COMMAND, settings.workers or cores())


def _with_database(plan: Plan, database: int | None) -> Plan:
    import msgspec

    return msgspec.structs.replace(plan, database=database)


def _show(figures: dict[str, object], *, as_json: bool) -> None:
    from carnet.cli.output import json_line

    if as_json:
        json_line(figures)
        return
    for name, value in figures.items():
        print(f"{name:<18} {value}")
