"""Makes the demo's past: records opened, ties made, documents fed, each by who did it and when.

Everything goes through the use cases with caller and clock passed in, so that the chains hold the
acts of the invented people under their own names and dates.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import msgspec

from carnet.population.demo.callers import caller_named, citizen_caller
from carnet.population.demo.documents import documents
from carnet.population.demo.model import DemoDocument, DemoPerson, DemoRelation
from carnet.population.demo.people import people, relations
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.lifecycle import RecordState
from carnet.usecases import feeding, lifecycle, sharing, stewardship
from carnet.usecases.clock import Clock
from carnet.usecases.gate import Gate
from carnet.usecases.requests import (
    ConsentRequest,
    ConsentText,
    DeclaredEntry,
    MemoryContent,
    OpeningGround,
    OpeningRequest,
    SubmittedDocument,
    Visibility,
)

CONSENT_TEXT = ConsentText("demo-consent", "1", "fr")
_DAY = 86_400
# A record is opened a month before the first thing that happens in it, and not before birth.
_OPENED_BEFORE = 30 * _DAY
_CIVIL = (RelationKind.PARENT, RelationKind.JUDGMENT)
_OPERATOR = Caller(CallerKind.OPERATOR, name="demo")


class MovingClock:
    """A clock that is set to the time of each act of the past."""

    def __init__(self, at: int) -> None:
        self._at = at * 1_000_000

    def set(self, seconds: int) -> None:
        """Move to a time, in seconds since 1970 UTC."""
        self._at = seconds * 1_000_000

    def __call__(self) -> int:
        """Microseconds since 1970 UTC; each look is a little later than the one before."""
        self._at += 1000
        return self._at


class _Act(msgspec.Struct, frozen=True):
    at: int
    rank: int  # opening first, then ties, then documents of the same moment
    do: Callable[[], Awaitable[object]]


async def seed(
    gate_at: Callable[[Clock], Gate], as_of: date, progress: Callable[[int], object]
) -> int:
    """Fill an empty demo store with the past of the invented people; how many documents.

    ``gate_at`` makes a gate that goes by a clock; ``progress`` is told of documents done.
    """
    clock = MovingClock(_noon(as_of))
    gate = gate_at(clock)
    fed = list(documents(as_of))
    ties = relations()
    done = 0
    for person in people():
        mine = [one for one in fed if one.patient == person.key]
        theirs = [tie for tie in ties if tie.patient == person.key]
        for act in _acts(gate, person, mine, theirs, _noon(as_of)):
            clock.set(act.at)
            await act.do()
        done += len(mine)
        progress(len(mine))
    return done


def _acts(
    gate: Gate,
    person: DemoPerson,
    fed: list[DemoDocument],
    ties: list[DemoRelation],
    now: int,
) -> list[_Act]:
    if person.record is RecordState.NONE:
        return []
    request = OpeningRequest(person.ins, person.traits, OpeningGround.CONSENT, CONSENT_TEXT)
    begins = min(
        [one.deposited_at for one in fed]
        + [now - tie.since_days * _DAY for tie in ties]
        + [now - _DAY]
    )
    opened = max(begins - _OPENED_BEFORE, _noon(date.fromisoformat(person.traits.birth_date)))
    citizen = citizen_caller(person)
    if person.record is RecordState.OPPOSED:
        return [_Act(opened, 0, lambda: lifecycle.oppose(gate, citizen, request))]
    opener = caller_named(person.doctor) if person.doctor else citizen
    acts = [_Act(opened, 0, lambda: lifecycle.open_record(gate, opener, request))]
    if person.break_glass_opposed:
        acts.append(
            _Act(
                opened + _DAY,
                1,
                lambda: sharing.oppose_break_glass(gate, citizen, person.ins, opposed=True),
            )
        )
    acts += [_tie_act(gate, person, citizen, tie, now, opened) for tie in ties]
    for one in fed:
        acts.append(_Act(one.deposited_at, 2, _feeding(gate, one)))
        if one.hidden_by_patient:
            acts.append(_Act(one.deposited_at + _DAY, 2, _hiding(gate, citizen, one)))
    return sorted(acts, key=lambda act: (act.at, act.rank))


def _tie_act(
    gate: Gate, person: DemoPerson, citizen: Caller, tie: DemoRelation, now: int, opened: int
) -> _Act:
    start = max(now - tie.since_days * _DAY, opened)  # of the newborn: since their birth
    request = ConsentRequest(
        patient=person.ins,
        kind=tie.kind,
        actor=tie.actor,
        actor_name=tie.actor_name,
        start=start,
        end=now + tie.until_days * _DAY if tie.until_days is not None else 0,
        text=CONSENT_TEXT,
        scope=tie.scope,
    )
    caller = _OPERATOR if tie.kind in _CIVIL else citizen
    return _Act(start, 1, lambda: sharing.make_tie(gate, caller, request))


def _feeding(gate: Gate, one: DemoDocument) -> Callable[[], Awaitable[object]]:
    document = SubmittedDocument(MemoryContent(one.xml), DeclaredEntry(visibility=one.visibility))
    return lambda: feeding.submit(gate, caller_named(one.author), document)


def _hiding(gate: Gate, citizen: Caller, one: DemoDocument) -> Callable[[], Awaitable[object]]:
    async def hide() -> None:
        await stewardship.change_visibility(
            gate,
            citizen,
            ("unique", one.unique_id),
            Visibility(hidden_from_professionals=True),
            None,
        )

    return hide


def _noon(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
