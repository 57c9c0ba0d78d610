"""Who is who in the generated France, made again from the key whenever it is asked for."""

from __future__ import annotations

from functools import lru_cache

from carnet.population.france.households import Member, World, household, split_key
from carnet.population.france.territories import professional_of, structure_of
from carnet.population.model import Person, Professional, Structure

_HOUSEHOLDS = 256


@lru_cache(_HOUSEHOLDS)
def known_household(world: World, number: int) -> tuple[Member, ...]:
    """A household, kept for a while."""
    return household(world, number)


class FranceDirectory:
    """The professionals, structures and citizens of one generated France.

    ``people`` is how many there are; somebody beyond them is nobody.
    """

    def __init__(self, world: World, people: int) -> None:
        self._world = world
        self._people = people

    def professional(self, key: str) -> Professional | None:
        """The professional of that key."""
        return professional_of(key)

    def structure(self, key: str) -> Structure | None:
        """The structure of that key."""
        return structure_of(key)

    def person(self, key: str) -> Person | None:
        """The citizen of that key."""
        split = split_key(key)
        if split is None or split[0] >= self._people:
            return None
        members = known_household(self._world, split[0])
        return members[split[1]].person if 0 <= split[1] < len(members) else None
