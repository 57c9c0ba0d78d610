"""Episodes of care proposed from documents: a stay, a pregnancy, an illness, an act, a screening.

A document is in one episode at most. Everything follows from the documents given: what a view does
not hold changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carnet.clinical.order.courses import Course, courses_of
from carnet.clinical.order.linking import Unit, units_of
from carnet.clinical.order.model import Episode, Paper
from carnet.clinical.order.nearness import RULES
from carnet.clinical.order.stays import stays_of
from carnet.clinical.order.subjects import find_subjects, follow_visits
from carnet.formats.gist.words import author_words, topics

ASIDE = frozenset({"noise", "own", "paper", "record"})
"""Sorts that belong to no episode: what is about everything, or about nobody's care."""

_ALONE = frozenset({"care", "examination", "letter"})


def episodes_of(papers: Iterable[Paper]) -> list[Episode]:
    """The episodes of some documents, the latest first; an episode has two documents or more."""
    units = units_of(one for one in papers if one.sort not in ASIDE)
    find_subjects(units)
    stays = stays_of(units)
    for stay in stays:
        for unit in stay.units:
            unit.about = stay.about or unit.about
    follow_visits(units, {id(unit) for stay in stays for unit in stay.units})
    courses = courses_of(units, stays)
    left = _placed(units, courses)
    left = _by_specialty(left, courses)
    _prescribed(left, courses)
    found = [_episode(course) for course in courses if _size(course) > 1]
    return sorted(found, key=lambda one: (one.end, one.start, one.members), reverse=True)


def _placed(units: Sequence[Unit], courses: list[Course]) -> list[Unit]:
    """Give units without a place to the course that they are near to; those that have none."""
    taken = {id(unit) for course in courses for unit in course.units}
    left = [unit for unit in units if id(unit) not in taken]
    for rule in RULES:
        still = []
        for unit in left:
            course = rule(unit, courses)
            if course is None:
                still.append(unit)
            else:
                course.add(unit)
        left = still
    return left


def _by_specialty(left: Sequence[Unit], courses: list[Course]) -> list[Unit]:
    """Letters of a specialist of whose field the record says nothing else: a check of the eyes."""
    known = topics()
    still = []
    for unit in left:
        words = author_words(unit.head.specialty)
        topic = words.alone if words and unit.sort in _ALONE and not unit.named else ""
        if not topic:
            still.append(unit)
            continue
        course = next(
            (
                one
                for one in courses
                if one.topic == topic
                and (known[topic].lasts or abs(unit.day - one.end) <= known[topic].gap)
            ),
            None,
        )
        if course is None:
            course = Course(topic, known[topic].kind)
            courses.append(course)
        course.add(unit)
    return still


def _prescribed(left: Sequence[Unit], courses: list[Course]) -> None:
    """A prescription for nothing that lasts, with what the pharmacy gave for it."""
    known = topics()
    for unit in left:
        lasts = any(known[key].lasts for key in (*unit.named, *unit.hinted))
        if unit.sort == "prescription" and len(unit.papers) > 1 and not lasts:
            courses.append(Course("treatment", "treatment", [unit]))


def _size(course: Course) -> int:
    return sum(len(unit.papers) for unit in course.units)


def _episode(course: Course) -> Episode:
    papers = sorted(
        (one for unit in course.units for one in unit.papers),
        key=lambda one: (one.day, one.created, one.number),
    )
    return Episode(
        topic=course.topic,
        kind=course.kind,
        members=tuple(one.key for one in papers),
        start=papers[0].day,
        end=max(unit.last for unit in course.units),
    )
