"""Who works in a commune, by key: ``t35238-gp2`` is the second general practitioner of 35238.

Everything follows from the INSEE code and the role. Numbers are of an invented range: RPPS
``998…``, FINESS with ``9`` after the department, each with its Luhn key; telephone numbers are of
those that the regulator keeps free for fiction.
"""

from __future__ import annotations

from functools import cache, lru_cache

from carnet.population.codes import Commune, commune, communes
from carnet.population.france.chance import Chance
from carnet.population.france.naming import adult_name
from carnet.population.france.reading import roles
from carnet.population.model import Place, Professional, Structure
from carnet.population.scripts.cast import J01, J02, J04, concept
from carnet.record.identity import OID_PROFESSIONAL, OID_STRUCTURE, Identifier, Name, Sex
from carnet.record.structures import is_luhn

_HOUSES = 60  # numbers of FINESS kept for one commune
_MANY = 2048
_PHONES = {"1": "019900", "2": "026191", "3": "035301", "4": "046571", "5": "053649"}
_ZONES = {
    "1": "75 77 78 91 92 93 94 95",
    "2": "14 18 22 27 28 29 35 36 37 41 44 45 49 50 53 56 61 72 76 85 974 976",
    "3": "02 08 10 21 25 39 51 52 54 55 57 58 59 60 62 67 68 70 71 80 88 89 90",
    "5": "09 12 16 17 19 23 24 31 32 33 40 46 47 64 65 79 81 82 86 87 971 972 973",
}


def with_luhn(digits: str) -> str:
    """The digits with their key (ISO/IEC 7812-1)."""
    return next(digits + str(key) for key in range(10) if is_luhn(digits + str(key)))


def zone_of(department: str) -> str:
    """The first digit of the telephone numbers of a department, after the 0."""
    return next((zone for zone, them in _ZONES.items() if department in them.split()), "4")


def fiction_phone(department: str, chance: Chance) -> str:
    """A fixed number of the ranges kept for fiction."""
    return f"{_PHONES[zone_of(department)]}{chance.below(10_000):04d}"


@cache
def _ranks() -> dict[str, int]:
    """Each commune's rank among those whose FINESS begin alike."""
    seen: dict[str, int] = {}
    made = {}
    for one in communes():
        head = _finess_head(one.department)
        made[one.insee] = seen.setdefault(head, 0)
        seen[head] += 1
    return made


def _finess_head(department: str) -> str:
    """Two digits: Corsica counts as 20, overseas as 97."""
    return "20" if department.startswith("2") and not department.isdigit() else department[:2]


@cache
def seats() -> dict[str, str]:
    """The largest commune of each department, where its hospital and specialists are."""
    largest: dict[str, Commune] = {}
    for one in communes():
        known = largest.get(one.department)
        if known is None or one.population > known.population:
            largest[one.department] = one
    return {department: one.insee for department, one in largest.items()}


@cache
def _slots() -> dict[str, int]:
    """Where the numbers of a role begin among those of its commune."""
    made = {}
    total = 0
    for name, role in roles().role.items():
        made[name] = total
        total += role.count
    return made


@cache
def _house_slots() -> dict[str, int]:
    made = {}
    total = 0
    for house in roles().house:
        made[house] = total
        total += max(
            (
                -(-role.count // role.together)
                for role in roles().role.values()
                if role.house == house
            ),
            default=1,
        )
    return made


@cache
def _order() -> dict[str, int]:
    return {one.insee: number for number, one in enumerate(communes())}


def where(insee: str, role: str) -> str:
    """The commune in which somebody of a commune finds a role: their own, or the seat."""
    if roles().house[roles().role[role].house].local:
        return insee
    return seats()[commune(insee).department]


def _split(key: str) -> tuple[str, str, int] | None:
    """The commune, role or house, and number of a key; None where it is no such key."""
    head, _, rest = key.partition("-")
    name = rest.rstrip("0123456789")
    number = rest[len(name) :]
    if not head.startswith("t") or head[1:] not in _order() or not number:
        return None
    return head[1:], name, int(number)


@lru_cache(_MANY)
def structure_of(key: str) -> Structure | None:
    """The structure of a key such as ``t35238-house.pharmacy1``."""
    split = _split(key)
    if split is None or not split[1].startswith("house."):
        return None
    insee, name, number = split
    form = roles().house.get(name.removeprefix("house."))
    if form is None:
        return None
    chance = Chance(f"house/{key}")
    place = commune(insee)
    slot = _house_slots()[name.removeprefix("house.")] + number - 1
    body = f"{_finess_head(place.department)}{900_000 + _ranks()[insee] * _HOUSES + slot}"
    called = chance.pick(roles().called)
    return Structure(
        key=key,
        identifier=Identifier(OID_STRUCTURE, "1" + with_luhn(body)),
        name=chance.pick(form.names).format(name=called),
        sector=concept(J02, form.sector),
        setting=concept(J04, form.setting),
        place=Place(
            str(chance.between(1, 90)), chance.pick(roles().streets), place.postal_code, place.name
        ),
        phone=fiction_phone(place.department, chance),
    )


@lru_cache(_MANY)
def professional_of(key: str) -> Professional | None:
    """The professional of a key such as ``t35238-gp2``."""
    split = _split(key)
    if split is None or split[1] not in roles().role:
        return None
    insee, name, number = split
    role = roles().role[name]
    if not 1 <= number <= role.count:
        return None
    house = structure_of(f"t{insee}-house.{role.house}{(number - 1) // role.together + 1}")
    if house is None:
        return None
    chance = Chance(f"professional/{key}")
    sex = Sex.FEMALE if chance.happens(role.women) else Sex.MALE
    given, family = adult_name(chance, sex, decade=1960 + 10 * chance.below(4))
    is_doctor = role.profession.startswith("G15_10")
    digits = f"998{_order()[insee]:04d}{_slots()[name] + number - 1:03d}"
    return Professional(
        key=key,
        identifier=Identifier(OID_PROFESSIONAL, "8" + with_luhn(digits)),
        name=Name(
            family.upper(), given, "MME" if sex is Sex.FEMALE else "M", "DR" if is_doctor else None
        ),
        profession=concept(J01, role.profession),
        structure=house,
        title=role.title,
    )


def role_of(key: str) -> str:
    """The role in a professional's key."""
    return key.partition("-")[2].rstrip("0123456789")
