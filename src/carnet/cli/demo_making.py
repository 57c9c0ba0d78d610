"""Makes the store of a demo, once; or its documents and truth as files."""

from __future__ import annotations

import asyncio
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from carnet.app import gate_of
from carnet.cli.output import json_line, progress
from carnet.cli.stores import data_of, make_store, opened
from carnet.logs import Log
from carnet.population.exporting import demand_new, export
from carnet.population.filling import fill
from carnet.population.plan import PopulationPlan
from carnet.record.errors import CarnetError
from carnet.record.store_kind import StoreKind
from carnet.settings import Settings
from carnet.storage.create import put_facts
from carnet.storage.facts import stored_facts
from carnet.storage.store import is_embedded_store
from carnet.worker import Worker

_MEGABYTE = 1_000_000
_LABEL = "Inventing people and documents"


def plan_from(
    lives: tuple[str, ...],
    people: int | None,
    documents: int | None,
    seed: int,
    years: int,
    as_of: str | None,
) -> PopulationPlan:
    """The population that the options ask for.

    Raises ``population-size``, ``population-documents``, ``population-day``.
    """
    if people is not None and people < 1:
        raise CarnetError("population-size", people=str(people))
    try:
        today = datetime.now(UTC).date() if as_of is None else date.fromisoformat(as_of)
    except ValueError as error:
        raise CarnetError("population-day", day=as_of or "") from error
    plan = PopulationPlan(
        today=today, only=lives, people=people or 0, documents=documents, seed=seed, years=years
    )
    plan.check()
    return plan


def write_files(plan: PopulationPlan, directory: Path, *, as_json: bool) -> None:
    """Documents and truth into a new directory.

    Raises ``export-not-empty``, ``disk-too-small``.
    """
    demand_new(directory)
    _demand_room(plan, directory)
    documents = 0
    with progress(_LABEL, plan.lives, quiet=as_json) as bar:
        for count in export(plan.made(), directory):
            documents += count
            bar(1)
    if as_json:
        told = {"people": plan.lives, "documents": documents, "directory": str(directory)}
        json_line(told)
    else:
        print(f"{plan.lives} people, {documents} documents in {directory}")


def make_once(settings: Settings, plan: PopulationPlan) -> None:
    """Make and fill the store, unless it stands; one that was interrupted is begun anew.

    Raises ``store-not-demo``, ``disk-too-small``.
    """
    directory = data_of(settings)
    if is_embedded_store(directory):
        facts = stored_facts(directory)
        if facts["kind"] != StoreKind.DEMO:
            raise CarnetError("store-not-demo", directory=str(directory))
        if facts.get("seeded") == "yes":
            return
        _begin_anew(settings, directory)
    elif directory.exists() and any(directory.iterdir()):
        raise CarnetError("store-not-demo", directory=str(directory))
    _demand_room(plan, directory)
    make_store(settings, StoreKind.DEMO)
    asyncio.run(_fill(settings, plan))
    facts = {"seeded": "yes", "seeded_on": plan.today.isoformat()}
    put_facts(directory, facts)


def _begin_anew(settings: Settings, directory: Path) -> None:
    """Take away a demo whose making was interrupted: it holds invented people only."""
    print("The demo was not finished: it is made anew.", file=sys.stderr)
    shutil.rmtree(directory)
    key = settings.master_key_file
    if key is not None:
        key.unlink(missing_ok=True)


def _demand_room(plan: PopulationPlan, directory: Path) -> None:
    """Raises ``disk-too-small`` before anything is written."""
    place = next(one for one in (directory, *directory.absolute().parents) if one.exists())
    free = shutil.disk_usage(place).free // _MEGABYTE
    needed = plan.megabytes()
    if free < needed:
        raise CarnetError(
            "disk-too-small", directory=str(place), needed=str(needed), free=str(free)
        )


async def _fill(settings: Settings, plan: PopulationPlan) -> None:
    async with opened(settings) as store:
        with progress(_LABEL, plan.expected_documents()) as bar:
            await fill(
                lambda clock: gate_of(store, settings, clock),
                plan.made(),
                plan.directory,
                plan.today,
                bar,
            )
        worker = Worker(gate_of(store, settings), Log(sys.stderr))
        while await worker.turn():
            pass
