"""Who lives together: a household by its number, with everybody's identity."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate

import msgspec

from carnet.population.codes import Commune, communes
from carnet.population.france.births import COUNTRIES, Birth, birth_of, ins_of
from carnet.population.france.chance import Chance
from carnet.population.france.naming import family_name, given_name, may_be, origin
from carnet.population.france.reading import frequencies, roles
from carnet.population.model import Person, Place
from carnet.population.scripts.moments import PARIS
from carnet.record.identity import Sex, Traits
from carnet.record.lifecycle import RecordState

SLOTS = 8
"""Numbers kept for the members of one household."""
_PARENTS_AGES = (19, 43)  # of a mother at a birth
_ADULT = 18
_DAYS_OF_MONTH = 28


class World(msgspec.Struct, frozen=True):
    """What a generated France follows from."""

    seed: int
    today: date
    years: int

    @property
    def since(self) -> date:
        """The first day of which there are documents."""
        return self.today - timedelta(days=round(self.years * 365.25))


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person with what their life is drawn from.

    ``insee`` is the commune of the home; ``setting`` home, ehpad or street; ``births`` the days on
    which she gave birth with the keys of the children, where they are of this household.
    """

    person: Person
    insee: str
    setting: str
    births: tuple[tuple[date, str], ...] = ()
    mother: str | None = None

    def age(self, day: date) -> int:
        """In whole years."""
        born = self.person.born
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class _Shape(msgspec.Struct, frozen=True):
    kind: str
    adults: int
    children: int


_ADULTS = {"couple": 2, "family": 2, "older-couple": 2}


def _shape(chance: Chance) -> _Shape:
    """The kind of household and how many live in it."""
    kind = chance.weighted(list(frequencies().household.items()))
    children = 0
    if kind in ("family", "single-parent"):
        children = chance.weighted([(1, 4.0), (2, 4.0), (3, 1.6), (4, 0.4)])
    return _Shape(kind, _ADULTS.get(kind, 1), children)


def _chance(world: World, number: int) -> Chance:
    return Chance(f"france/{world.seed}/household/{number}")


def size_of(world: World, number: int) -> int:
    """How many live in the household of that number."""
    shape = _shape(_chance(world, number))
    return shape.adults + shape.children


def key_of(number: int, slot: int) -> str:
    """The key of a person: the household and who in it."""
    return f"f{number}-{slot + 1}"


def split_key(key: str) -> tuple[int, int] | None:
    """Household and slot of a key; None where it is no such key."""
    head, _, tail = key.partition("-")
    if not head.startswith("f") or not head[1:].isdigit() or not tail.isdigit():
        return None
    return int(head[1:]), int(tail) - 1


def capitals(name: str) -> str:
    """A name as the strict traits write it: capitals without accents."""
    decomposed = unicodedata.normalize("NFKD", name.upper())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return plain.replace("Œ", "OE").replace("Æ", "AE")


class _Maker:
    """Makes the members of one household."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.number = number
        chance = _chance(world, number)
        self.shape = _shape(chance)
        self.chance = chance.of("members")
        self.commune = _home(self.chance)
        self.origin = origin(self.chance)
        self.family = family_name(self.chance, self.origin)
        self.place = Place(
            str(self.chance.between(1, 120)),
            self.chance.pick(roles().streets),
            self.commune.postal_code,
            self.commune.name,
        )
        gps = roles().role["gp"].count
        self.doctor = f"t{self.commune.insee}-gp{self.chance.between(1, gps)}"

    def members(self) -> tuple[Member, ...]:
        """Everybody, adults first."""
        adults = self._adults()
        mother = next((one for one in adults if one.person.traits.sex is Sex.FEMALE), None)
        made = self._children(adults, mother)
        if mother is not None:
            births = tuple((one.person.born, one.person.key) for one in made)
            mother_now = msgspec.structs.replace(mother, births=births)
            adults = [mother_now if one is mother else one for one in adults]
        return (*adults, *made)

    def _adults(self) -> list[Member]:
        low, high = frequencies().adult_ages[self.shape.kind]
        chance = self.chance.of("adults")
        age = chance.between(low, high)
        first = Sex.FEMALE if chance.happens(0.52) else Sex.MALE
        if self.shape.kind in ("ehpad", "older-single") and chance.happens(0.5):
            first = Sex.FEMALE
        other = Sex.MALE if first is Sex.FEMALE else Sex.FEMALE
        sexes = [first, first if chance.happens(0.02) else other][: self.shape.adults]
        ages = [age, max(low, min(high, round(chance.bell(age, 2.5))))]
        married = len(sexes) == 2 and sexes[0] is not sexes[1] and chance.happens(0.55)
        made = []
        for slot, sex in enumerate(sexes):
            own = self.origin if slot == 0 or chance.happens(0.6) else origin(chance)
            family = family_name(chance, own) if slot else self.family
            used = None
            if married and sex is Sex.FEMALE:
                family, used = family_name(chance, own), self.family
            elif married:
                family = self.family
            made.append(self._member(slot, sex, ages[slot], own, family, used=used))
        return made

    def _children(self, adults: list[Member], mother: Member | None) -> list[Member]:
        """Children at least two years apart, born when the mother was of an age for it."""
        guardians = tuple(one.person.key for one in adults)
        return [
            self._member(
                len(adults) + rank,
                Sex.FEMALE if self.chance.happens(0.49) else Sex.MALE,
                age,
                self.origin,
                self.family,
                guardians=guardians,
                mother=None if mother is None else mother.person.key,
            )
            for rank, age in enumerate(self._childrens_ages(mother or adults[0]))
        ]

    def _childrens_ages(self, parent: Member) -> list[int]:
        age = parent.age(self.world.today)
        low, high = max(0, age - _PARENTS_AGES[1]), min(_ADULT - 1, age - _PARENTS_AGES[0])
        chance = self.chance.of("children")
        possible = list(range(low + chance.below(2), high + 1, 2))
        while len(possible) < self.shape.children:
            possible = list(range(max(0, possible[0] - 2 if possible else low), high + 1, 2))
            high += 2
        return sorted(chance.shuffled(possible)[: self.shape.children], reverse=True)

    def _member(
        self,
        slot: int,
        sex: Sex,
        age: int,
        of: str,
        family: str,
        *,
        used: str | None = None,
        guardians: tuple[str, ...] = (),
        mother: str | None = None,
    ) -> Member:
        chance = self.chance.of("member", slot)
        today = self.world.today
        number = self.number * SLOTS + slot
        abroad = of in COUNTRIES and age >= _ADULT and chance.happens(0.55)
        birth = birth_of(self.world.seed, number, COUNTRIES[of] if abroad else ())
        born = _born(today, age, birth, chance)
        given = given_name(chance, sex, born.year, of, abroad=abroad)
        while not may_be(given, used or family):
            given = given_name(chance, sex, born.year, of, abroad=abroad)
        second = given_name(chance, sex, born.year - 30, of) if chance.happens(0.6) else ""
        given_names = capitals(f"{given} {second}".strip() if second != given else given)
        record, died = self._record(slot, age, chance)
        is_child = bool(guardians)
        doctor = self.doctor if is_child or not chance.happens(0.07) else None
        person = Person(
            key=key_of(self.number, slot),
            ins=ins_of(sex, born.year, birth),
            traits=Traits(
                birth_family=capitals(family),
                first_given=capitals(given),
                sex=sex,
                birth_date=born.isoformat(),
                birth_place=birth.place,
                given_names=given_names,
                used_family=None if used is None else capitals(used),
                used_given=given if capitals(given) != given.upper() else None,
            ),
            birth_city=birth.city,
            place=self.place,
            born=born,
            record=record,
            opened=self._opened(born, chance),
            opened_by=doctor if doctor and chance.happens(0.35) else "",
            died=died,
            phone=None if is_child else f"063998{chance.below(10_000):04d}",
            doctor=doctor,
            guardians=guardians,
            break_glass_opposed=not is_child and chance.happens(frequencies().record["opposed-bg"]),
        )
        setting = {"ehpad": "ehpad", "precarious": "street"}.get(self.shape.kind, "home")
        return Member(person=person, insee=self.commune.insee, setting=setting, mother=mother)

    def _opened(self, born: date, chance: Chance) -> datetime:
        """Shortly before the first documents can be; for the newborn, days after birth."""
        since = self.world.since
        if born >= since - timedelta(days=60):
            return datetime.combine(
                born + timedelta(days=chance.between(2, 6)), time(10), tzinfo=PARIS
            )
        before = timedelta(days=chance.between(5, 50))
        return datetime.combine(since - before, time(chance.between(8, 19)), tzinfo=PARIS)

    def _record(self, slot: int, age: int, chance: Chance) -> tuple[RecordState, date | None]:
        """Few want no record; some of the oldest have died. Never in the first households alone."""
        often = frequencies().record
        if slot == 0 and self.number % 5 == 4:
            drawn = chance.number()
            if drawn < often["opposed"]:
                return RecordState.OPPOSED, None
            if drawn < often["opposed"] + often["none"]:
                return RecordState.NONE, None
        if age >= 76 and chance.happens(often["died"]):
            days = chance.between(40, max(41, min(700, self.world.years * 300)))
            return RecordState.CLOSED, self.world.today - timedelta(days=days)
        return RecordState.OPEN, None


@cache
def _populations() -> tuple[int, ...]:
    """Running totals of the inhabitants of the communes."""
    return tuple(accumulate(max(1, one.population) for one in communes()))


def _home(chance: Chance) -> Commune:
    """A commune, by how many live there."""
    totals = _populations()
    return communes()[bisect_right(totals, chance.below(totals[-1]))]


def _born(today: date, age: int, birth: Birth, chance: Chance) -> date:
    """A day in the month of the birth that gives about that age and lies well before today."""
    day = chance.between(1, _DAYS_OF_MONTH)
    born = date(today.year - age, birth.month, day)
    return (
        born if born < today - timedelta(days=20) else date(today.year - age - 1, birth.month, day)
    )


def household(world: World, number: int) -> tuple[Member, ...]:
    """The members of the household of that number."""
    return _Maker(world, number).members()


__all__ = ["Member", "World", "household", "key_of", "size_of", "split_key"]
