"""Past its share of requests a worker turns others away at once, and none of its own is lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import pairwise
from typing import Any, cast

import orjson
import pytest

from carnet.fhir.admission import Admission, Overloaded, Turn
from carnet.fhir.app import App, Limits, build_app
from carnet.fhir.http import Request, Response
from carnet.fhir.services import Services
from carnet.record.events import Event
from tests.fhir.test_app import Door, header, outcome


class Gated(Door):
    """A use case that waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def find_ties(self, *_: object) -> list[object]:
        await self.go.wait()
        return []

    def now(self) -> int:
        return 0


def asked(method: str = "GET", body: Any = None, **headers: str) -> Request:
    sent = {"authorization": "Bearer all", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return Request(method, "/fhir/Consent", "patient=x", sent, body)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def app_of(door: Door, most: int) -> App:
    return build_app(cast("Services", door), Limits(requests=most, share=most))


def test_a_place_is_taken_once_and_given_back_once() -> None:
    admission = Admission(1)
    turn = Turn(admission)
    turn.begin()
    turn.begin()
    assert admission.in_hand == 1
    with pytest.raises(Overloaded):
        Turn(admission).begin()
    Turn(admission).begin(waived=True)
    turn.end()
    turn.end()
    assert admission.in_hand == 1


class Clock:
    """Time that a test moves, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def offered(admission: Admission, clock: Clock, arrivals: int, windows: int) -> list[int]:
    """How many of the arrivals of each 20 ms are taken, all of them leaving before the next."""
    taken = []
    for _ in range(windows):
        clock.now += 0.02
        held = admission.in_hand
        for _ in range(arrivals):
            with suppress(Overloaded):
                admission.enter()
        taken.append(admission.in_hand - held)
        while admission.in_hand > held:
            admission.leave()
    return taken


def test_a_burst_passes_the_share_and_a_crowd_does_not() -> None:
    clock = Clock()
    admission = Admission(128, 40, clock)
    assert offered(admission, clock, 100, 1) == [100]
    clock.now += 1
    assert offered(admission, clock, 100, 4) == [100] * 4
    assert max(offered(admission, clock, 100, 40)[5:]) <= 40


def test_in_a_crowd_fewer_and_fewer_are_taken_step_by_step() -> None:
    clock = Clock()
    admission = Admission(40, 40, clock)
    taken = offered(admission, clock, 120, 100)
    assert taken[0] == 40
    assert all(after <= before for before, after in pairwise(taken))
    assert all(after >= 0.6 * before - 1 for before, after in pairwise(taken))
    assert taken[-1] == 4


def test_when_the_crowd_is_gone_all_places_are_back_within_half_a_second() -> None:
    clock = Clock()
    admission = Admission(128, 40, clock)
    assert offered(admission, clock, 400, 100)[-1] < 40
    assert offered(admission, clock, 3, 25) == [3] * 25, "nobody of the few is turned away"
    for _ in range(40):
        admission.enter()
    assert admission.in_hand == 40


def test_a_pause_gives_the_places_back_too() -> None:
    clock = Clock()
    admission = Admission(40, 40, clock)
    assert offered(admission, clock, 400, 100)[-1] < 40
    clock.now += 60
    assert offered(admission, clock, 40, 1) == [40]


def test_a_small_share_is_never_made_smaller_than_it_can_be() -> None:
    clock = Clock()
    admission = Admission(2, 2, clock)
    assert offered(admission, clock, 100, 50)[-1] == 2


def test_those_past_the_share_are_told_so_and_the_others_are_served() -> None:
    async def run() -> tuple[list[Response], list[Response], Gated]:
        door = Gated()
        app = app_of(door, 2)
        held = [asyncio.create_task(app(asked())) for _ in range(2)]
        await settle()
        refused = [await app(asked()) for _ in range(5)]
        door.go.set()
        return [await task for task in held], refused, door

    served, refused, door = asyncio.run(run())
    assert [response.status for response in served] == [200, 200]
    assert [response.status for response in refused] == [503] * 5
    assert {outcome(response) for response in refused} == {"overloaded"}
    assert all(1 <= int(header(response, "retry-after") or 0) <= 3 for response in refused)
    assert all(header(response, "connection") is None for response in refused)
    lines = [line for line in door.lines if line.event is Event.FHIR_OVERLOADED]
    assert len(lines) == 1, "one line a second stands for all"
    assert all(header(response, "x-request-id") == lines[0].reference for response in refused)


def test_a_place_is_free_again_after_an_answer_a_refusal_and_a_fault() -> None:
    async def run() -> list[int]:
        door = Gated()
        door.go.set()
        app = app_of(door, 1)
        requests = [asked(), asked(authorization="Basic x"), asked("DELETE"), asked()]
        return [(await app(request)).status for request in requests]

    assert asyncio.run(run()) == [200, 401, 405, 200]


def test_a_slow_client_holds_nobodys_place() -> None:
    async def run() -> tuple[int, int]:
        door = Gated()
        door.go.set()
        app = app_of(door, 1)
        arrived = asyncio.Event()

        async def body() -> bytes:
            await arrived.wait()
            return b"patient=x"

        form = {"content_type": "application/x-www-form-urlencoded", "content_length": "9"}
        slow = Request("POST", "/fhir/Consent/_search", "", asked(**form).headers, body)
        waiting = asyncio.create_task(app(slow))
        await settle()
        other = (await app(asked())).status
        arrived.set()
        return other, (await waiting).status

    assert asyncio.run(run()) == (200, 200)


def test_a_body_that_finds_no_place_is_turned_away_when_it_is_there() -> None:
    async def run() -> Response:
        door = Gated()
        app = app_of(door, 1)
        held = asyncio.create_task(app(asked()))
        await settle()

        async def body() -> bytes:
            return b"patient=x"

        form = {"content_type": "application/x-www-form-urlencoded", "content_length": "9"}
        late = Request("POST", "/fhir/Consent/_search", "", asked(**form).headers, body)
        response = await app(late)
        door.go.set()
        await held
        return response

    response = asyncio.run(run())
    assert (response.status, outcome(response)) == (503, "overloaded")
    assert header(response, "connection") is None, "its body was read"


def test_a_body_that_does_not_arrive_is_given_up() -> None:
    async def run() -> Response:
        app = build_app(cast("Services", Gated()), Limits(body_seconds=0.01))

        async def body() -> bytes:
            await asyncio.sleep(3600)
            return b""

        form = {"content_type": "application/x-www-form-urlencoded", "content_length": "9"}
        return await app(Request("POST", "/fhir/Consent/_search", "", asked(**form).headers, body))

    response = asyncio.run(run())
    assert (response.status, outcome(response)) == (408, "body-too-slow")
    assert header(response, "connection") == "close"


def test_a_given_request_id_comes_back_to_who_is_turned_away() -> None:
    async def run() -> Response:
        door = Gated()
        app = app_of(door, 1)
        held = asyncio.create_task(app(asked()))
        await settle()
        response = await app(asked(x_request_id="mine-1"))
        door.go.set()
        await held
        return response

    response = asyncio.run(run())
    assert header(response, "x-request-id") == "mine-1"
    assert isinstance(response.body, bytes)
    assert orjson.loads(response.body)["resourceType"] == "OperationOutcome"
