"""``rights``: what the terms of access add to the query of a find, and to the whole request."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from carnet.app import gate_of
from carnet.bench import people
from carnet.bench.asking import FIND
from carnet.bench.figures import Figures
from carnet.bench.load import Load
from carnet.bench.made import record_id_of
from carnet.bench.modes import Plan, observed
from carnet.bench.place import NoWriter, Place
from carnet.record.access import Action
from carnet.record.document import Status
from carnet.storage import reads
from carnet.storage.batch import Reader
from carnet.storage.codes import STATUSES
from carnet.storage.statements import Statement
from carnet.usecases.view import RecordView

_SAMPLE = 1000
_ROUNDS = 9
_APPROVED = STATUSES[Status.APPROVED]


async def rights(place: Place, plan: Plan) -> Figures:
    """The query with rights and without, alternately; ``decide``; their share of a request."""
    store = await place.open(NoWriter())
    gate = gate_of(store, place.settings)
    seed, citizens = place.manifest.key, place.manifest.citizens(FIND)
    views = []
    for number in random.choices(citizens, k=_SAMPLE):
        record_id = record_id_of(seed, number)
        views.append(await gate.look(people.doctor(number), record_id, Action.FIND))
    plain = [(view.record.record_id, _APPROVED, _APPROVED) for view in views]
    under = [(*values, *view.terms.values()) for values, view in zip(plain, views, strict=True)]
    costs: dict[str, list[float]] = {"with": [], "without": []}
    for _ in range(_ROUNDS):
        costs["with"].append(await _query(store.main, reads.LIST_ENTRIES, under))
        costs["without"].append(await _query(store.main, reads.LIST_ENTRIES_FLOOR, plain))
    deciding = min(_deciding(views) for _ in range(_ROUNDS))
    await store.close()
    with place.server() as server:
        load = Load((FIND,), plan.clients, plan.seconds, plan.warm_up)
        figures, _ = observed(place, plan, server, load)
    # The least of the rounds: what else runs on the machine can only add.
    with_rights, without = min(costs["with"]), min(costs["without"])
    request = float(str(figures["cpu_ms"])) * 1000
    added = with_rights - without + deciding
    return {
        "query_us": {"with_rights": round(with_rights, 2), "without": round(without, 2)},
        "query_added": round(with_rights / without - 1, 3),
        "decide_us": round(deciding, 2),
        "find_cpu_us": round(request, 1),
        "request_added": round(added / max(1e-9, request - added), 3),
        "find": figures,
    }


async def _query(
    reader: Reader, statement: Statement, asked: Sequence[tuple[object, ...]]
) -> float:
    """Microseconds a run."""
    start = time.perf_counter()
    for values in asked:
        await reader.fetch(statement, *values)
    return (time.perf_counter() - start) / len(asked) * 1e6


def _deciding(views: list[RecordView]) -> float:
    """Microseconds that deciding and making the terms take."""
    start = time.perf_counter()
    for view in views:
        view.gate.decide(view.caller, view.facts, Action.FIND)
        view.terms  # noqa: B018  made anew at each look
    return (time.perf_counter() - start) / len(views) * 1e6
