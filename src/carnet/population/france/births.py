"""Where and in which month somebody was born, and their INS: different for everybody.

The number of a person gives the order number, the place and the month, so that no two people of a
population share all three. Places of birth of the scripted lives are left to them.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from math import gcd

import msgspec

from carnet.population.codes import Country, commune, communes, entry
from carnet.population.france.chance import Chance
from carnet.population.scripts.cast import matricule
from carnet.population.scripts.reading import life_keys, person_form
from carnet.record.identity import OID_INS_NIR_TEST, Ins, Sex

_ORDERS = 999
_MONTHS = 12
_SEEDS = 64


@cache
def scripted_places() -> frozenset[str]:
    """Places in which the people of scripted lives were born."""
    return frozenset(person_form(key).birth_place for key in life_keys())


COUNTRIES: dict[str, tuple[str, ...]] = {
    "maghreb": ("99351", "99352"),
    "west-african": ("99335", "99341", "99326", "99327", "99345", "99331"),
    "central-african": ("99312", "99322", "99324", "99328"),
    "portuguese": ("99139",),
    "vietnamese-asian": ("99243", "99234", "99241", "99216"),
    "turkish": ("99208",),
    "eastern-european": ("99114", "99122", "99155"),
    "spanish-italian": ("99134", "99127"),
    "refugee": ("99212", "99206", "99317", "99318", "99343"),
    "armenian-greek-lebanese": ("99252", "99205", "99126"),
}


class Birth(msgspec.Struct, frozen=True):
    """Place (INSEE code), its name, the month of birth (1 to 12), the order number in the month."""

    place: str
    city: str
    month: int
    order: int


@lru_cache(_SEEDS)
def _places(seed: int) -> tuple[str, ...]:
    """The communes in the order of a seed."""
    known = [one.insee for one in communes() if one.insee not in scripted_places()]
    chance = Chance(f"places/{seed}")
    offset = chance.below(len(known))
    stride = chance.between(2, len(known) - 1)
    while gcd(stride, len(known)) != 1:
        stride += 1
    return tuple(known[(offset + i * stride) % len(known)] for i in range(len(known)))


def birth_of(seed: int, number: int, countries: tuple[str, ...] = ()) -> Birth:
    """The birth of the person of that number, in one of ``countries`` while these have room."""
    countries = tuple(one for one in countries if one not in scripted_places())
    order = number % _ORDERS
    rest = number // _ORDERS
    if countries and rest < len(countries) * _MONTHS:
        place = countries[(rest + order) % len(countries)]
        cycle = rest // len(countries)
        city = entry(Country, place).name
    else:
        places = _places(seed)
        place = places[(rest + order * 7) % len(places)]
        cycle = rest // len(places)
        city = commune(place).name
    shift = Chance(f"month/{seed}/{order}/{place}").below(_MONTHS)
    return Birth(place, city, 1 + (shift + cycle) % _MONTHS, order + 1)


def ins_of(sex: Sex, year: int, birth: Birth) -> Ins:
    """The INS of the test range, with its key."""
    first = date(year, birth.month, 1)
    return Ins(matricule(sex, first, birth.place, birth.order), OID_INS_NIR_TEST)
