"""``carnet bench overload``: what a node does with more than it can, and with rude neighbours.

First the rate that it sustains is found, with the mix of a nation's peak. Then, on the same running
server: three times that rate for a while, and what follows; and beside an ordinary load each of
slow clients, idle connections, one record hammered, one record of 50,000 documents. What is told is
the latency of the others against what it was before, in the same run.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence

from carnet.bench.asking import FIND, Target
from carnet.bench.figures import Figures, percentile
from carnet.bench.manifest import GREAT_CITIZEN
from carnet.bench.modes import PEAK, Plan
from carnet.bench.place import Place
from carnet.bench.server import Server
from carnet.bench.streams import Report, Stream, run

TIMES = 3.0
_MIX = sum(PEAK.values())
_STEP_SECONDS = 5.0
_STEPS = (0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.25, 1.5)
_FIT_MS = 50.0  # a rate is sustained while the 99th percentile stays below (design §8)
_CONNECTIONS = 192
_ORDINARY = 0.5  # of the sustained rate, as the load beside neighbours
_QUIET = 1.0  # seconds left out after a phase begins
GREAT_DOCUMENTS = 50_000
IDLE = 2000
SLOW = 300


def overload(place: Place, plan: Plan, great: int = GREAT_DOCUMENTS) -> Figures:
    """All of it, on a new server of a store."""
    asyncio.run(place.fill_great(great))
    with place.server() as server:
        target = place.target(server.port)
        return _with_target(server, target, plan)


def _with_target(server: Server, target: Target, plan: Plan) -> Figures:
    steps = list(_search(target))
    good = [step for step in steps if step["fits"]]
    sustained = float(str(good[-1]["rate"])) if good else _STEPS[0] * _MIX
    figures: Figures = {"steps": steps, "sustained": round(sustained, 1)}
    figures["times_three"] = _times_three(server, target, sustained, plan.seconds)
    ordinary = sustained * _ORDINARY
    figures["ordinary"] = round(ordinary, 1)
    seconds = max(6.0, plan.seconds / 2)
    with _slow_clients(target, seconds):
        figures["slow_clients"] = _beside(target, ordinary, seconds, None)
    with _idle_connections(target, seconds):
        figures["idle_connections"] = _beside(target, ordinary, seconds, None)
    hammered = target.manifest.citizens(FIND)[0]
    figures["hammered_record"] = _beside(target, ordinary, seconds, (hammered, 32))
    figures["great_record"] = _beside(target, ordinary, seconds, (GREAT_CITIZEN, 4))
    figures["great_documents"] = target.manifest.great
    return figures


def _mixed(
    rates: Sequence[tuple[float, float, float]], connections: int = _CONNECTIONS
) -> tuple[Stream, ...]:
    """The mix of a nation's peak at total rates, one (begin, end, rate) a phase."""
    return tuple(
        Stream(
            kind,
            kind,
            max(8, int(connections * rate / _MIX)),
            tuple((begin, end, total * rate / _MIX) for begin, end, total in rates),
        )
        for kind, rate in PEAK.items()
    )


def _search(target: Target) -> Iterator[Figures]:
    """Steps of rising rate, until one does not fit; tried twice, since machines are shared."""
    good: set[float] = set()
    tried: set[float] = set()
    for scale in (scale for scale in _STEPS for _ in range(2)):
        rate = scale * _MIX
        if rate in good:
            continue
        report = run(_mixed([(0, _STEP_SECONDS, rate)]), target, _STEP_SECONDS)
        told = _figures(report, _QUIET, _STEP_SECONDS)
        unsent = sum(seen.unsent for seen in report.seen.values())
        fits = _number(told, "p99_ms") < _FIT_MS and not told["shed"] and unsent < rate * 0.05
        yield {"rate": rate, **told, "fits": fits}
        if fits:
            good.add(rate)
        elif rate in tried:
            return
        tried.add(rate)


def _times_three(server: Server, target: Target, sustained: float, seconds: float) -> Figures:
    """The sustained rate, three times that, and the sustained rate again, in one run."""
    before, after = 8.0, 10.0
    begin, end = before, before + seconds
    whole = end + after
    phases = [(0, begin, sustained), (begin, end, sustained * TIMES), (end, whole, sustained)]
    used = sum(server.cpu().values())
    report = run(_mixed(phases, 2 * _CONNECTIONS), target, whole)
    server_cpu = sum(server.cpu().values()) - used
    normal = _figures(report, _QUIET, begin)
    busy = _figures(report, begin + _QUIET, end)
    return {
        "asked": round(sustained * TIMES, 1),
        "normal": normal,
        "overloaded": busy,
        "p99_ratio": _ratio(busy, normal),
        "recovery_s": _recovery(report, end, whole, 2 * _number(normal, "p99_ms")),
        "generator_share": round(report.client_cpu / (report.client_cpu + server_cpu), 3),
    }


def _beside(target: Target, rate: float, seconds: float, one: tuple[int, int] | None) -> Figures:
    """An ordinary load alone and then beside a disturbance, in one run.

    ``one`` is a record that so many connections ask for as fast as they are answered, from half of
    the run on; without it the caller makes the disturbance, at half of the run.
    """
    whole = 2 * seconds
    streams = _mixed([(0, whole, rate)])
    if one is not None:
        citizen, connections = one
        streams += (Stream("rude", FIND, connections, ((seconds, whole, 0.0),), (citizen,)),)
    report = run(streams, target, whole)
    rude = report.seen.pop("rude", None)
    alone = _figures(report, _QUIET, seconds)
    beside = _figures(report, seconds + _QUIET, whole)
    told: Figures = {"alone": alone, "beside": beside, "p99_ratio": _ratio(beside, alone)}
    if rude is not None:
        span = whole - seconds - _QUIET
        served = rude.between(seconds + _QUIET, whole)
        waits = sorted(done - due for due, done in served)
        told["rude"] = {
            "rate": round(len(served) / span, 1),
            "shed": len(rude.between(seconds + _QUIET, whole, 1)),
            "p50_ms": round(percentile(waits, 0.5) * 1000, 1),
        }
    return told


def _figures(report: Report, begin: float, end: float) -> Figures:
    """Rate, percentiles and shares of what was due in a span, over all streams."""
    served = [pair for seen in report.seen.values() for pair in seen.between(begin, end)]
    shed, other = (
        sum(len(seen.between(begin, end, status)) for seen in report.seen.values())
        for status in (1, 2)
    )
    waits = sorted(done - due for due, done in served)
    return {
        "served": round(len(served) / (end - begin), 1),
        "shed": round(shed / max(1, shed + len(served)), 4),
        "errors": other,
        "p50_ms": round(percentile(waits, 0.5) * 1000, 2),
        "p99_ms": round(percentile(waits, 0.99) * 1000, 2),
    }


def _recovery(report: Report, end: float, whole: float, most_ms: float) -> float:
    """Seconds after the overload until a half second in which all is as it was before."""
    at = end
    while at + 0.5 <= whole:
        told = _figures(report, at, at + 0.5)
        if not told["shed"] and _number(told, "p99_ms") <= most_ms:
            return round(at - end, 1)
        at += 0.5
    return -1.0


def _number(figures: Figures, name: str) -> float:
    return float(str(figures[name]))


def _ratio(one: Figures, other: Figures) -> float:
    return round(_number(one, "p99_ms") / max(0.01, _number(other, "p99_ms")), 2)


@contextlib.contextmanager
def _slow_clients(target: Target, after: float) -> Iterator[None]:
    """Clients that send a body of 50 KB a byte at a time, from ``after`` seconds on."""
    head = (
        f"POST /fhir/DocumentReference HTTP/1.1\r\nhost: 127.0.0.1:{target.port}\r\n"
        f"authorization: Bearer {target.tokens[0]}\r\ncontent-type: application/fhir+json\r\n"
        "content-length: 50000\r\n\r\n"
    ).encode()
    with _disturbance(target, after, SLOW, head):
        yield


@contextlib.contextmanager
def _idle_connections(target: Target, after: float) -> Iterator[None]:
    """Connections that ask once and then keep still, from ``after`` seconds on."""
    ask = f"GET /fhir/metadata HTTP/1.1\r\nhost: 127.0.0.1:{target.port}\r\n\r\n".encode()
    with _disturbance(target, after, IDLE, ask, trickle=False):
        yield


@contextlib.contextmanager
def _disturbance(
    target: Target, after: float, count: int, first: bytes, *, trickle: bool = True
) -> Iterator[None]:
    """``count`` connections that each send ``first``, then a byte a second or nothing."""
    ended = threading.Event()
    thread = threading.Thread(target=_disturb, args=(target, after, count, first, trickle, ended))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _disturb(
    target: Target, after: float, count: int, first: bytes, trickle: bool, ended: threading.Event
) -> None:
    if ended.wait(after - _QUIET):
        return
    held: list[socket.socket] = []
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", target.port), timeout=5)
        one.sendall(first)
        held.append(one)
        time.sleep(0.0005)  # the connecting itself is not the disturbance
    while not ended.wait(1.0):
        for one in held if trickle else ():
            with contextlib.suppress(OSError):
                one.send(b" ")
    for one in held:
        one.close()
