"""What population to make: the scripted lives, and a generated rest of France beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

import msgspec

from carnet.population.france import France
from carnet.population.making import Made, all_scripted
from carnet.population.model import Directory, Person, Professional, Structure
from carnet.population.scripts.cast import cast
from carnet.population.scripts.reading import life_form, life_keys
from carnet.record.errors import CarnetError

DOCUMENT_BYTES = 70_000
"""What a document takes on disk, sealed and indexed, with room for the journal: measured."""
MOST_A_YEAR = 60
"""More documents a year than this no invented person has on average."""
_FIRST_DAY = date(2026, 8, 1)
_MEGABYTE = 1_000_000


class PopulationPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How many people and documents besides the scripted lives, from which seed, to which day.

    ``only`` names the scripted lives that are wanted (empty: all).
    ``documents`` None: as many as their lives bring. ``years`` is how far back the generated lives
    have documents.
    """

    today: date
    only: tuple[str, ...] = ()
    people: int = 0
    documents: int | None = None
    seed: int = 1
    years: int = 8

    def check(self) -> None:
        """Raises ``population-documents`` where so many cannot be, ``person-unknown``."""
        for key in self.only:
            if key not in life_keys():
                raise CarnetError("person-unknown", name=key)
        if self.documents is None:
            return
        most = self.people * self.years * MOST_A_YEAR
        if self.documents > most or self.documents < 0:
            raise CarnetError(
                "population-documents",
                people=str(self.people),
                documents=str(self.documents),
                years=str(self.years),
                most=str(most),
            )

    @property
    def scripted(self) -> list[str]:
        """The keys of the scripted lives that are wanted."""
        return [key for key in life_keys() if not self.only or key in self.only]

    @property
    def france(self) -> France | None:
        """The generated rest, if any."""
        if not self.people:
            return None
        return France(
            seed=self.seed,
            people=self.people,
            documents=self.documents,
            years=self.years,
            today=self.today,
        )

    @property
    def directory(self) -> Directory:
        """Who is who in all of it."""
        france = self.france
        scripted = cast(self.today)
        return scripted if france is None else _Both(scripted, france.directory)

    @property
    def lives(self) -> int:
        """How many people there are."""
        return len(self.scripted) + self.people

    def expected_documents(self) -> int:
        """About how many documents there will be; exactly, where ``documents`` says so."""
        scripted = sum(one.times for key in self.scripted for one in life_form(key).document)
        if self.documents is not None:
            return scripted + self.documents
        france = self.france
        return scripted + (0 if france is None else france.expected_documents())

    def megabytes(self) -> int:
        """What a store of it needs on disk, in MB, with a margin."""
        return 50 + self.expected_documents() * DOCUMENT_BYTES // _MEGABYTE

    def made(self, processes: int | None = None) -> Iterator[Made]:
        """Every life, the scripted ones first, in the same order each time."""
        france = self.france
        rest = () if france is None else france.made(processes)
        return chain(all_scripted(self.today, processes, self.scripted), rest)


class _Both:
    """Two directories as one."""

    def __init__(self, first: Directory, second: Directory) -> None:
        self._first = first
        self._second = second

    def professional(self, key: str) -> Professional | None:
        """The professional of that key."""
        return self._first.professional(key) or self._second.professional(key)

    def structure(self, key: str) -> Structure | None:
        """The structure of that key."""
        return self._first.structure(key) or self._second.structure(key)

    def person(self, key: str) -> Person | None:
        """The citizen of that key."""
        return self._first.person(key) or self._second.person(key)
