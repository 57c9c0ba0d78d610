"""First and family names by decade, sex and origin; those of known people are not drawn."""

from __future__ import annotations

from functools import cache

from carnet.population.codes import names
from carnet.population.france.chance import Chance
from carnet.population.france.reading import frequencies
from carnet.record.identity import Sex, normalise_name

_OLDEST, _YOUNGEST = 1920, 2020
_FAMILIES_WITH_FRENCH_GIVEN = 0.5  # of those born in France into a family from elsewhere


@cache
def _stopped() -> frozenset[tuple[str, str]]:
    return frozenset(
        (normalise_name(given), normalise_name(family))
        for pair in names().stop["pairs"]
        for given, _, family in [pair.partition(" ")]
    )


def may_be(given: str, family: str) -> bool:
    """Whether the pair is nobody's that everybody knows."""
    return (normalise_name(given), normalise_name(family)) not in _stopped()


def origin(chance: Chance) -> str:
    """Where a family name comes from."""
    return chance.weighted(list(frequencies().origin.items()))


def family_name(chance: Chance, of: str) -> str:
    """A family name of an origin."""
    return chance.pick(names().family[of])


def given_name(chance: Chance, sex: Sex, decade: int, of: str, *, abroad: bool = False) -> str:
    """A first name of its decade, or of the family's origin."""
    by_origin = names().female_origin if sex is Sex.FEMALE else names().male_origin
    if of in by_origin and (abroad or not chance.happens(_FAMILIES_WITH_FRENCH_GIVEN)):
        return chance.pick(by_origin[of])
    by_decade = names().female if sex is Sex.FEMALE else names().male
    return chance.pick(by_decade[str(min(max(decade // 10 * 10, _OLDEST), _YOUNGEST))])


def adult_name(chance: Chance, sex: Sex, decade: int) -> tuple[str, str]:
    """A first and a family name that go together."""
    of = origin(chance)
    family = family_name(chance, of)
    given = given_name(chance, sex, decade, of)
    while not may_be(given, family):
        family = family_name(chance, of)
    return given, family
