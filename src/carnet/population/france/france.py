"""The generated rest of France: so many people and documents, from a seed, as of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

import msgspec

from carnet.population.france.directory import FranceDirectory, known_household
from carnet.population.france.households import World
from carnet.population.france.lives import life_of
from carnet.population.france.quotas import SCALE, Shares, Totals, members_of, totals_of, weight_of
from carnet.population.making import Made, make, spread
from carnet.population.model import Life


class _Unit(msgspec.Struct, frozen=True):
    """A household to be made: how many documents each of its members has."""

    world: World
    people: int
    number: int
    counts: tuple[int, ...]


class France:
    """A population that follows from its seed, its size and the day.

    ``documents``: exactly so many in all; None: as many as the lives bring. Nothing is kept for
    everybody: ``made`` goes household by household.
    """

    def __init__(
        self, *, seed: int, people: int, documents: int | None, years: int, today: date
    ) -> None:
        self.world = World(seed, today, years)
        self.people = people
        self.documents = documents
        self.directory = FranceDirectory(self.world, people)

    @cached_property
    def _totals(self) -> Totals:
        return totals_of(self.world, self.people)

    def expected_documents(self) -> int:
        """How many documents there will be."""
        return round(self._totals.weight / SCALE) if self.documents is None else self.documents

    def _units(self) -> Iterator[_Unit]:
        wanted = self.expected_documents()
        shares = Shares(self._totals, wanted, self.world.years)
        for number, members in members_of(self.world, self.people):
            counts = tuple(shares.next(weight_of(one, self.world)) for one in members)
            yield _Unit(self.world, self.people, number, counts)

    def lives(self) -> Iterator[Life]:
        """Every life in order, in this process."""
        for unit in self._units():
            yield from _lives(unit)

    def made(self, processes: int | None = None) -> Iterator[Made]:
        """Every life with its documents and its truth, in order."""
        for household in spread(_make, self._units(), processes):
            yield from household


def _lives(unit: _Unit) -> Iterator[Life]:
    members = known_household(unit.world, unit.number)
    for member, count in zip(members, unit.counts, strict=False):
        yield life_of(member, unit.world, count)


def _make(unit: _Unit) -> tuple[Made, ...]:
    directory = FranceDirectory(unit.world, unit.people)
    salt = f"france/{unit.world.seed}/{unit.world.today.isoformat()}"
    return tuple(make(life, directory, salt) for life in _lives(unit))
