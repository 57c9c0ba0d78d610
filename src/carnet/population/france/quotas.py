"""How many documents everybody has: many few, few many; exactly so many in all where asked.

One pass over the households gives the sum of the weights; after that each person's number follows
from the running sum, so that nothing is kept for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from carnet.population.france.chance import Chance
from carnet.population.france.conditions import drawn_courses
from carnet.population.france.households import Member, World, household
from carnet.population.france.lives import chance_of
from carnet.population.france.reading import frequencies
from carnet.record.lifecycle import RecordState

SCALE = 1000
"""Weights are whole numbers: thousandths of a document."""
_MOST = 400 * SCALE
_CAPACITY = 150  # documents a year that one record can take
_NEVER_EVERY = 5
_HABITS = ((0.35, 20.0), (0.6, 25.0), (1.0, 30.0), (1.7, 15.0), (3.2, 7.0), (6.5, 3.0))
_NATURAL_YEARS = 8.0
_OLD_EVENT = 0.15  # of what an event brings, what comes later than its years
_TAKEN = 0.62  # of what courses could bring, what is usually sent


def weight_of(member: Member, world: World) -> int:
    """About how many documents somebody has, in thousandths; 0: none at all."""
    person = member.person
    if person.record in (RecordState.NONE, RecordState.OPPOSED):
        return 0
    chance = chance_of(member, world)
    stream = chance.of("weight")
    if _is_never_fed(member, stream):
        return 0
    lived = (min(person.died or world.today, world.today) - max(world.since, person.born)).days
    share = max(0.02, lived / (365.25 * _NATURAL_YEARS))
    age = member.age(world.today)
    total = 3.0 + (9.0 if age < 9 else 4.0 if age >= 65 else 0.0)
    for _, form, start in drawn_courses(member, world, chance.of("courses")):
        lasting = form.lasts is None
        recent = 1.0 if start >= world.since else _OLD_EVENT
        total += form.weight if lasting else form.weight / share * recent
    total += sum(20.0 / share for birth, _ in member.births if birth >= world.since)
    value = total * share * _TAKEN * stream.weighted(_HABITS)
    return max(1, min(_MOST, round(value * SCALE)))


def _is_never_fed(member: Member, stream: Chance) -> bool:
    """Some records stay empty; never those of the first households alone."""
    number = int(member.person.key[1:].partition("-")[0])
    share = frequencies().record["never-fed"] * _NEVER_EVERY
    return number % _NEVER_EVERY == 2 and stream.happens(share)


class Totals(msgspec.Struct, frozen=True):
    """Sums over everybody: households, people with documents, weights."""

    households: int
    active: int
    weight: int


def members_of(world: World, people: int) -> Iterator[tuple[int, tuple[Member, ...]]]:
    """Household after household, until there are so many people; the last may be cut short."""
    left = people
    number = 0
    while left > 0:
        members = household(world, number)[:left]
        left -= len(members)
        yield number, members
        number += 1


def totals_of(world: World, people: int) -> Totals:
    """One pass over everybody."""
    households = active = weight = 0
    for _, members in members_of(world, people):
        households += 1
        for one in members:
            own = weight_of(one, world)
            active += own > 0
            weight += own
    return Totals(households, active, weight)


class Shares:
    """Cuts a number of documents by the weights, in the order of the people.

    Where somebody would get more than a record can take, everybody gets a constant besides.
    """

    def __init__(self, totals: Totals, documents: int, years: int) -> None:
        self._documents = documents
        most = _CAPACITY * years
        wanted = _MOST * documents - most * totals.weight
        room = most * totals.active - documents
        self._constant = -(-wanted // room) if wanted > 0 and room > 0 else 0
        self._total = totals.weight + self._constant * totals.active
        self._sum = 0

    def next(self, weight: int) -> int:
        """The share of the next person."""
        if not self._total:
            return 0
        before = self._sum * self._documents // self._total
        self._sum += weight + self._constant if weight else 0
        return self._sum * self._documents // self._total - before
