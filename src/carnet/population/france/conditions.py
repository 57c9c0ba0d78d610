"""What somebody has and what happens to them: drawn by age and sex from the frequencies."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

from carnet.population.france.chance import Chance
from carnet.population.france.forms import CourseForm, FrequencyForm
from carnet.population.france.households import Member, World
from carnet.population.france.reading import courses, frequencies
from carnet.record.identity import Sex

_YEAR = 365.25
_AFTER_BIRTH = 120  # days in which a mother has no other pregnancy and a newborn no illness drawn


def per_thousand(form: FrequencyForm, sex: Sex, age: int) -> float:
    """How often, per thousand, at an age."""
    line = form.women if sex is Sex.FEMALE else form.men
    return line[bisect_right(frequencies().ages, age) - 1] if line else 0.0


def drawn_courses(
    member: Member, world: World, chance: Chance
) -> list[tuple[str, CourseForm, date]]:
    """The courses of a life with their first days, in the order of the days."""
    found: list[tuple[str, CourseForm, date]] = []
    last = min(member.person.died or world.today, world.today) - timedelta(days=1)
    age = member.age(last)
    sex = member.person.traits.sex
    taken: set[str] = set()
    stream = chance.of("has")
    for name, form in courses().items():
        if form.sex is not None and form.sex is not sex:
            continue
        if taken & set(form.excludes):
            continue
        frequency = frequencies().course[name]
        if frequency.yearly:
            days = _yearly(member, world, frequency, form, stream, last)
        elif stream.number() * 1000 < per_thousand(frequency, sex, age):
            days = _onset(member, form, chance.of("onset", name), last)
        else:
            days = []
        if days:
            taken.add(name)
        found += [(name, form, day) for day in days]
    return sorted(found, key=lambda one: (one[2], one[0]))


def _onset(member: Member, form: CourseForm, chance: Chance, last: date) -> list[date]:
    """The first day of what lasts: so many years ago, not before its age."""
    low, high = form.onset
    ago = chance.between(low * 365 + 30, high * 365 + 30)
    born = member.person.born
    earliest = born + timedelta(days=round(form.from_age * _YEAR) + _AFTER_BIRTH)
    day = max(last - timedelta(days=ago), earliest)
    return [day] if day < last else []


def _yearly(
    member: Member,
    world: World,
    frequency: FrequencyForm,
    form: CourseForm,
    chance: Chance,
    last: date,
) -> list[date]:
    """The days of what happens: drawn year by year; what does not recur happens once."""
    days: list[date] = []
    first = max(world.since, member.person.born + timedelta(days=_AFTER_BIRTH))
    day = first
    while day < last:
        age = member.age(day)
        if age >= form.from_age:
            often = per_thousand(frequency, member.person.traits.sex, age)
            if chance.number() * 1000 < often:
                at = day + timedelta(days=chance.below(330))
                if at < last:
                    days.append(at)
                    if not form.minor and form.kind != "prevention":
                        return days
        day += timedelta(days=365)
    return days
