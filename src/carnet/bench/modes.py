"""The modes of ``carnet bench``: each measures one thing and gives one JSON object."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from carnet.bench.asking import FEED, FIND, RETRIEVE
from carnet.bench.constant import save_answer
from carnet.bench.figures import Figures, efficiency, used, waits_figures
from carnet.bench.floors import floor_store
from carnet.bench.load import Load, Measured, Running
from carnet.bench.place import Place
from carnet.bench.server import Server, cpu_seconds, descendants

PEAK = {FEED: 80.0, FIND: 850.0, RETRIEVE: 850.0}
"""A nation's peak, requests a second (design §8)."""
_MIXED_CLIENTS = 64
_STARTS = 5
_WARM_UP = 2.0  # seconds at most


class Plan(msgspec.Struct, frozen=True):
    """How a mode is run.

    ``scale`` multiplies the nation's peak; ``database`` is the process id of a PostgreSQL server
    whose processor time is told too.
    """

    clients: int = 16
    seconds: float = 10.0
    floors: bool = True
    scale: float = 1.0
    database: int | None = None

    @property
    def warm_up(self) -> float:
        """Seconds of load before anything is measured."""
        return min(_WARM_UP, self.seconds / 2)


def measure(place: Place, plan: Plan, kind: str) -> Figures:
    """``feed``, ``find``, ``retrieve``: a closed load, then both floors, then the efficiency."""
    load = Load((kind,), plan.clients, plan.seconds, plan.warm_up)
    with place.server() as server:
        figures, seen = observed(place, plan, server, load)
    if plan.floors:
        http = floor_http(place, load, seen.example[kind])
        store = floor_store(place, kind, plan.clients, max(1.0, plan.seconds / 3))
        rate = len(seen.waits[kind]) / seen.seconds
        figures |= {
            "floor_http": round(http, 1),
            "floor_store": round(store, 1),
            "efficiency": round(efficiency(rate, http, store), 3),
        }
    return figures


def observed(place: Place, plan: Plan, server: Server, load: Load) -> tuple[Figures, Measured]:
    """The figures of one load on a running server."""
    running = Running(load, place.target(server.port))
    _sleep_until(running.begin)
    before, engine_before = server.cpu(), _engine_cpu(plan)
    _sleep_until(running.end)
    after, engine_after = server.cpu(), _engine_cpu(plan)
    memory = server.memory()
    seen = running.result()
    waits = [wait for waits in seen.waits.values() for wait in waits]
    by_role = used(before, after, seen.done)
    figures: Figures = {
        **waits_figures(waits, seen.seconds),
        "errors": sum(seen.errors.values()),
        "cpu_ms": round(sum(by_role.values()), 4),
        "cpu_ms_by_role": by_role,
        "client_cpu_ms": round(seen.client_cpu / max(1, seen.done) * 1000, 4),
        "pss_mb": round(sum(sum(sizes) for sizes in memory.values()), 1),
        "pss_mb_by_role": memory,
    }
    if plan.database is not None:
        spent = (engine_after - engine_before) / max(1, seen.done)
        figures["postgresql_cpu_ms"] = round(spent * 1000, 4)
    if "error" in seen.example:
        figures["first_error"] = seen.example["error"][-400:].decode("utf-8", "replace")
    return figures, seen


def _engine_cpu(plan: Plan) -> float:
    if plan.database is None:
        return 0.0
    return sum(cpu_seconds(pid) for pid in (plan.database, *descendants(plan.database)))


def floor_http(place: Place, load: Load, example: bytes) -> float:
    """The rate of the same load on a server that gives the same bytes from memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer"
        save_answer(example, path)
        # It is ready once it answers; what it answers may be any status.
        with place.constant(path) as server:
            seen = Running(load, place.target(server.port)).result()
    return seen.done / seen.seconds


def mixed(place: Place, plan: Plan) -> Figures:
    """The nation's peak at once, open loop: each wait counts from when its request was due."""
    rates = {kind: rate * plan.scale for kind, rate in PEAK.items()}
    clients = max(plan.clients, _MIXED_CLIENTS)
    load = Load(tuple(rates), clients, plan.seconds, plan.warm_up, rates=rates)
    with place.server() as server:
        figures, seen = observed(place, plan, server, load)
    asked = {kind: {"asked": rates[kind]} for kind in rates}
    by_kind = {
        kind: {**asked[kind], **waits_figures(seen.waits[kind], seen.seconds)} for kind in rates
    }
    return {**figures, "clients": clients, "unsent": seen.unsent, "by_kind": by_kind}


def growth(small: Place, large: Place, plan: Plan, rounds: int = 2) -> Figures:
    """What a request costs in a large store over what it costs in one of 10,000, in one run."""
    told: Figures = {}
    with small.server() as few, large.server() as many:
        for kind in (FIND, RETRIEVE, FEED):
            load = Load((kind,), plan.clients, plan.seconds, plan.warm_up)
            costs: dict[str, list[float]] = {"small": [], "large": []}
            rates: dict[str, list[float]] = {"small": [], "large": []}
            for _ in range(rounds):
                for name, place, server in (("small", small, few), ("large", large, many)):
                    figures, seen = observed(place, plan, server, load)
                    costs[name].append(float(str(figures["cpu_ms"])))
                    rates[name].append(seen.done / seen.seconds)
            told[kind] = {
                "rate": {name: round(_mean(values), 1) for name, values in rates.items()},
                "cpu_ms": {name: round(_mean(values), 4) for name, values in costs.items()},
                "cpu_ratio": round(_mean(costs["large"]) / max(1e-9, _mean(costs["small"])), 3),
                "time_ratio": round(_mean(rates["small"]) / max(1e-9, _mean(rates["large"])), 3),
            }
    sizes = {"small": small.manifest.documents, "large": large.manifest.documents}
    return {"documents_compared": sizes, "by_kind": told}


def start(place: Place, plan: Plan) -> Figures:
    """Time until the server answers, and what its processes hold at rest."""
    ready: list[float] = []
    memory: dict[str, list[float]] = {}
    for _ in range(max(1, min(_STARTS, int(plan.seconds / 2)))):
        with place.server() as server:
            ready.append(server.ready_seconds)
            time.sleep(min(2.0, plan.seconds))
            memory = server.memory()
    sizes = [size for sizes in memory.values() for size in sizes]
    return {
        "ready_s": sorted(round(seconds, 3) for seconds in ready),
        "ready_s_worst": round(max(ready), 3),
        "pss_mb": round(sum(sizes), 1),
        "pss_mb_largest": max(sizes),
        "pss_mb_by_role": memory,
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _sleep_until(moment: float, clock: Callable[[], float] = time.monotonic) -> None:
    time.sleep(max(0.0, moment - clock()))
