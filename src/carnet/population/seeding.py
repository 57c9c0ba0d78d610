"""Gives a store the past of invented people: every act by who did it, when they did it.

Everything goes through the use cases with caller and clock passed in, so that the chains hold the
acts of the invented people under their own names and dates. Demo and test stores only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, time, timedelta

import msgspec

from carnet.population import doing
from carnet.population.callers import OPERATOR, caller_of, citizen_caller
from carnet.population.model import Directory, Document, Life, Tie
from carnet.population.scripts.moments import PARIS
from carnet.population.written import Written
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, Purpose
from carnet.record.lifecycle import RecordState
from carnet.usecases.clock import Clock
from carnet.usecases.gate import Gate

_BEFORE_FIRST = timedelta(days=30)
_LATE = timedelta(days=1)  # what is older than the record is fed the day after its opening
_CIVIL = (RelationKind.PARENT, RelationKind.JUDGMENT)
_CLOSED_AFTER = timedelta(days=12)  # days from a death to the operator's closing


class MovingClock:
    """A clock that is set to the time of each act of the past."""

    def __init__(self, at: int = 0) -> None:
        self._at = at * 1_000_000

    def set(self, seconds: int) -> None:
        """Move to a time, in seconds since 1970 UTC."""
        self._at = seconds * 1_000_000

    def __call__(self) -> int:
        """Microseconds since 1970 UTC; each look is a little later than the one before."""
        self._at += 1000
        return self._at


class _Act(msgspec.Struct, frozen=True):
    at: datetime
    rank: int  # opening first, then ties, documents, what is done with them
    do: Callable[[], Awaitable[object]]


async def seed_life(
    gate_at: Callable[[Clock], Gate],
    life: Life,
    written: Iterable[Written],
    directory: Directory,
    today: datetime,
) -> int:
    """Do everything of one life that lies before ``today``; how many documents were fed.

    ``gate_at`` makes a gate that goes by a clock. Raises what the use cases raise: a life that they
    refuse is a fault of the life. ``RuntimeError`` where they permit what it says is refused.
    """
    if life.person.record is RecordState.NONE:
        return 0
    clock = MovingClock()
    gate = gate_at(clock)
    by_key = {one.key: one for one in written}
    plan = _Plan(life, by_key, directory, gate)
    done = 0
    for act in sorted(plan.acts(), key=lambda one: (one.at, one.rank)):
        if act.at < today:
            clock.set(int(act.at.timestamp()))
            await act.do()
            done += act.rank == _FED
    return done


_OPENED, _TIED, _FED, _AFTER = range(4)


class _Plan:
    """Every act of a life, from its opening to its closing."""

    def __init__(
        self, life: Life, written: dict[str, Written], directory: Directory, gate: Gate
    ) -> None:
        self.life = life
        self.person = life.person
        self.written = written
        self.directory = directory
        self.gate = gate
        self.opened = opening_of(life)

    def acts(self) -> Iterable[_Act]:
        """In no order."""
        person = self.person
        opener = self._caller(person.opened_by or person.key, self.opened)
        if person.record is RecordState.OPPOSED:
            citizen = citizen_caller(person)
            yield _Act(self.opened, _OPENED, lambda: doing.oppose(self.gate, citizen, person))
            return
        yield _Act(
            self.opened, _OPENED, lambda: doing.open_record(self.gate, opener, person, self.opened)
        )
        yield from self._settings()
        for tie in _all_ties(self.life, self.opened):
            yield from self._tie(tie)
        for document in self.life.documents:
            yield from self._document(document)
        for act in self.life.acts:
            at = max(act.at, self.opened + _LATE)
            caller = self._caller(act.who, at, act.purpose, act.reason)
            unique_id = self.written[act.document].unique_id if act.document else None
            yield _Act(at, _AFTER, doing.doer(self.gate, caller, act, person, unique_id, at))
        yield from self._ending()

    def _settings(self) -> Iterable[_Act]:
        person = self.person
        if person.break_glass_opposed:
            at = self.opened + _LATE
            yield _Act(at, _TIED, lambda: doing.oppose_break_glass(self.gate, person, at))
        if person.later_ins is not None and person.later_from is not None:
            later = person.later_from
            yield _Act(later, _OPENED, lambda: doing.rename(self.gate, person))

    def _ending(self) -> Iterable[_Act]:
        person = self.person
        if person.record is RecordState.CLOSED:
            died = person.died
            at = (
                datetime.combine(died, time(10), tzinfo=PARIS) + _CLOSED_AFTER
                if died
                else max(one.deposited for one in self.written.values()) + _CLOSED_AFTER
            )
            yield _Act(at, _AFTER, lambda: doing.close(self.gate, person, at))

    def _caller(
        self,
        key: str,
        at: datetime,
        purpose: Purpose = Purpose.NORMAL,
        reason: str | None = None,
    ) -> Caller:
        own = key == self.person.key
        caller = citizen_caller(self.person, at) if own else caller_of(self.directory, key, at)
        return msgspec.structs.replace(caller, purpose=purpose, reason=reason)

    def _tie(self, tie: Tie) -> Iterable[_Act]:
        since = max(tie.since, self.opened)
        by = tie.by or self.person.key
        caller = OPERATOR if tie.kind in _CIVIL else self._caller(by, since)
        made = doing.TieMaker(self.gate, caller, self.person, tie, self.directory, since)
        yield _Act(since, _TIED, made.make)
        if tie.ended is not None:
            ended = max(tie.ended, since + timedelta(minutes=1))
            ender = citizen_caller(self.person, ended)
            yield _Act(ended, _TIED, lambda: made.end(ender))

    def _document(self, document: Document) -> Iterable[_Act]:
        one = self.written[document.key]
        at = deposited_at(self.life, one)
        caller = self._caller(one.sender, at)
        yield _Act(at, _FED, lambda: doing.feed(self.gate, caller, one))
        if document.hidden is not None:
            hidden = max(document.hidden, at + timedelta(minutes=5))
            citizen = citizen_caller(self.person, hidden)
            yield _Act(
                hidden, _AFTER, lambda: doing.hide(self.gate, citizen, one.unique_id, hidden=True)
            )
        if document.announced is not None:
            announced = max(document.announced, at + timedelta(minutes=5))
            yield _Act(announced, _AFTER, lambda: doing.announce(self.gate, caller, one.unique_id))


def deposited_at(life: Life, one: Written) -> datetime:
    """When a document was fed: not before there was a record."""
    return max(one.deposited, opening_of(life) + _LATE)


def opening_of(life: Life) -> datetime:
    """When the record came to be: as the life says, but not after its first document by much."""
    born = datetime.combine(life.person.born, time(9), tzinfo=PARIS)
    if life.person.opened is not None:
        return max(life.person.opened, born)
    first = min((one.at for one in life.documents), default=born + _BEFORE_FIRST + _LATE)
    return max(first - _BEFORE_FIRST, born)


def _all_ties(life: Life, opened: datetime) -> list[Tie]:
    """The ties of the life, with those that follow from its doctor and parents."""
    ties = list(life.ties)
    person = life.person
    named = {(tie.kind, tie.actor) for tie in ties}
    if person.doctor is not None and not any(t.kind is RelationKind.PHYSICIAN for t in ties):
        ties.append(Tie(kind=RelationKind.PHYSICIAN, actor=person.doctor, since=opened))
    ties.extend(
        Tie(kind=RelationKind.PARENT, actor=parent, since=opened)
        for parent in person.guardians
        if (RelationKind.PARENT, parent) not in named
    )
    return ties
