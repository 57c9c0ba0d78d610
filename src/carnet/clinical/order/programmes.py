"""Care that one house gives to who lives there or has just come to it, and what a patient adds.

A permanence d'accès aux soins, an examination on arrival, vaccinations caught up: one course, told
by the words of its titles (topic ``access``), that takes what lies near and says of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from carnet.clinical.order.courses import Course
from carnet.clinical.order.linking import Unit
from carnet.clinical.order.model import Paper
from carnet.clinical.order.subjects import GENERALISTS

PHOTO = "EXPPAT_2"  # what patients put in themselves

_ACCESS = "access"
_TESTED = frozenset({"examination", "imaging", "laboratory", "letter", "prescription"})
_NOT_ITS = frozenset({"emergency", "operation", "social", "stay"})
_NEAR = 45  # days in which tests and first letters of others lie
_IN_HOUSE = 240  # days between two papers of the same house
_PHOTO = 3  # days around a paper of an illness that passes


def of_programme(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """What is near to a programme of access to care, in its house or asked for by it."""
    if unit.named or unit.sort in _NOT_ITS:
        return None
    for course in courses:
        if course.topic != _ACCESS:
            continue
        far = course.distance(unit.day)
        here = any(other.head.structure == unit.head.structure for other in course.units)
        if far <= (_IN_HOUSE if here else _NEAR if unit.sort in _TESTED else -1):
            return course
    return None


def at_home(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """What is done where somebody lives, or while they are cared for to their end."""
    if unit.named:
        return None
    for course in courses:
        if course.kind == "social" and (unit.sort == "social" or _lives_there(unit, course)):
            return course
        palliative = course.topic == "palliative" and course.kind == "chronic"
        if palliative and course.start <= unit.day <= course.end + 60:
            return course
    return None


def _lives_there(unit: Unit, course: Course) -> bool:
    return unit.day >= course.start and any(
        other.head.structure == unit.head.structure and other.head.specialty not in GENERALISTS
        for other in course.units
    )


def absorb(courses: list[Course]) -> list[Course]:
    """What a programme treats and tests itself is the programme's as well.

    A single test or medicine whose facts alone point elsewhere; and what passes, where all who
    wrote of it write in the programme.
    """
    programme = next((one for one in courses if one.topic == _ACCESS and len(one.units) > 1), None)
    if programme is None:
        return courses
    kept = []
    for course in courses:
        lone = len(course.units) == 1 and of_programme(course.units[0], [programme])
        if course is not programme and (lone or _is_its_own(course, programme)):
            for unit in course.units:
                programme.add(unit)
        else:
            kept.append(course)
    return kept


def _is_its_own(course: Course, programme: Course) -> bool:
    near = programme.distance(course.start) <= _IN_HOUSE
    return course.kind == "acute" and near and course.authors.keys() <= programme.authors.keys()


def add_photos(photos: Sequence[Paper], courses: Sequence[Course]) -> None:
    """A photo of the days of an illness that passes, of which it is the only one, belongs to it."""
    for photo in photos:
        near = [one for one in courses if one.kind == "acute" and one.distance(photo.day) <= _PHOTO]
        if len(near) == 1:
            near[0].add(Unit([photo]))
