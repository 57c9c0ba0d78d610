"""Rules of people: births and mothers, sexes, who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from carnet.population.callers import age_on
from carnet.population.codes import Problem, table
from carnet.population.model import Directory, Life
from carnet.population.rules.contradiction import Contradiction
from carnet.record.identity import Sex

_TERM = (timedelta(weeks=22), timedelta(weeks=43))
_MOTHER = (13, 55)  # years of age at a birth
_DOCTOR = "G15_10"
_PRESCRIBERS = (_DOCTOR, "G15_40", "G15_50", "G15_60", "G15_70", "G16_10")
_ALLOWED: dict[str, tuple[str, ...]] = {
    "laboratory": ("G15_10/SM03", "G15_10/SM02", "G15_21", "G15_10"),
    "hospital-laboratory": ("G15_10", "G15_21"),
    "imaging": (_DOCTOR, "G15_50"),
    "imaging-letter": (_DOCTOR, "G15_50"),
    "prescription": _PRESCRIBERS,
    "dispensation": ("G15_21",),
    "vaccination": (_DOCTOR, "G15_21", "G15_50", "G15_60", "G15_69", "G16_10"),
    "discharge": (_DOCTOR, "G15_50", "G16_10"),
    "operation": (_DOCTOR, "G15_40"),
    "anaesthesia": (_DOCTOR,),
    "birth": (_DOCTOR, "G15_50"),
    "synthesis": (_DOCTOR,),
    "nursing": ("G15_60", "G15_69", "G15_35", "G15_37"),
    "ophthalmology": (_DOCTOR, "G15_92"),
    "dental": ("G15_40",),
    "tumour-board": (_DOCTOR,),
    "pharmacy-review": ("G15_21",),
    "sick-leave": (_DOCTOR, "G15_40", "G15_50"),
}
"""Professions (J01, by their beginning) that write a kind; a kind that is absent is open to all."""


def birth_without_pregnancy(
    life: Life, _directory: Directory, _today: date
) -> Iterator[Contradiction]:
    """A birth follows a pregnancy of the right length, of the same woman."""
    person = life.person
    pregnancies = [one for one in life.episodes if one.kind == "pregnancy"]
    for one in life.documents:
        if one.kind != "birth":
            continue
        where = f"document {one.key}"
        day = one.at.date()
        lengths = [day - pregnancy.start for pregnancy in pregnancies]
        if person.traits.sex is not Sex.FEMALE or not any(
            _TERM[0] <= length <= _TERM[1] for length in lengths
        ):
            why = f"no pregnancy of {_TERM[0].days} to {_TERM[1].days} days ends on {day}"
            yield Contradiction("birth-without-pregnancy", person.key, where, why)
    for pregnancy in pregnancies:
        if person.traits.sex is not Sex.FEMALE:
            where = f"episode {pregnancy.key}"
            yield Contradiction("birth-without-pregnancy", person.key, where, "not of a woman")


def mother_too_young(life: Life, directory: Directory, _today: date) -> Iterator[Contradiction]:
    """Parents are of an age to be."""
    for key in life.person.guardians:
        parent = directory.person(key)
        if parent is None:
            yield Contradiction("mother-too-young", life.person.key, key, "is nobody")
            continue
        age = age_on(parent, life.person.born)
        oldest = _MOTHER[1] if parent.traits.sex is Sex.FEMALE else 80
        if not _MOTHER[0] <= age <= oldest:
            why = f"was {age} at the birth"
            yield Contradiction("mother-too-young", life.person.key, f"parent {key}", why)


def problem_of_other_sex(
    life: Life, _directory: Directory, _today: date
) -> Iterator[Contradiction]:
    """A disease of one sex is not of the other."""
    by_label = {one.label: one.sex for one in table(Problem).values()}
    for one in life.problems:
        sex = by_label.get(one.label)
        if sex is not None and one.family_of is None and sex is not life.person.traits.sex:
            where = f"problem {one.key}"
            why = f"{one.label} is of {sex}"
            yield Contradiction("problem-of-other-sex", life.person.key, where, why)


def not_their_act(life: Life, directory: Directory, _today: date) -> Iterator[Contradiction]:
    """Who writes a document is of a profession that writes such."""
    for one in life.documents:
        allowed = _ALLOWED.get(one.kind)
        author = directory.professional(one.author)
        if allowed is None or author is None:
            continue
        if not author.profession.code.startswith(allowed):
            where = f"document {one.key}"
            why = f"{one.kind} by {one.author} ({author.profession.code})"
            yield Contradiction("not-their-act", life.person.key, where, why)
