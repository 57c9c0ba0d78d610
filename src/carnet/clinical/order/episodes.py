"""Episodes of care proposed from documents: a stay, a pregnancy, an illness, an act, a screening.

A document is in one episode at most. Everything follows from the documents given: what a view does
not hold changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carnet.clinical.order.childhood import find_childhood, is_childs_history
from carnet.clinical.order.courses import Course, courses_of
from carnet.clinical.order.linking import Unit, units_of
from carnet.clinical.order.model import Episode, Paper
from carnet.clinical.order.nearness import RULES
from carnet.clinical.order.programmes import PHOTO, absorb, add_photos
from carnet.clinical.order.stays import stays_of
from carnet.clinical.order.subjects import find_subjects, follow_visits
from carnet.formats.gist.words import author_words, topics

ASIDE = frozenset({"noise", "own", "paper", "record"})
"""Sorts that belong to no episode: what is about everything, or about nobody's care."""

_ROUND = 300  # days between the tests of a round of screening
_CANCERS = frozenset({"screen_breast", "screen_cervix", "screen_colon"})
_ALONE = frozenset({"care", "examination", "letter"})


def episodes_of(papers: Iterable[Paper]) -> list[Episode]:
    """The episodes of some documents, the latest first; an episode has two documents or more."""
    papers = list(papers)
    units = units_of(one for one in papers if one.sort not in ASIDE or is_childs_history(one))
    find_subjects(units)
    stays = stays_of(units)
    for stay in stays:
        for unit in stay.units:
            unit.about = stay.about or unit.about
    find_childhood(units)
    follow_visits(units, {id(unit) for stay in stays for unit in stay.units})
    courses = courses_of(units, stays)
    left = _placed(units, courses)
    left = _by_specialty(left, courses)
    _watched(left, courses)
    courses = absorb(courses)
    _prescribed(left, courses)
    courses = _screened(courses)
    add_photos([one for one in papers if one.type == PHOTO], courses)
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


def _watched(left: Sequence[Unit], courses: list[Course]) -> None:
    """Tests that point to one lasting illness and no other, of which nothing else speaks."""
    known = topics()
    there = {course.topic for course in courses}
    for unit in left:
        lasting = [key for key in unit.hinted if known[key].lasts]
        if unit.sort != "laboratory" or len(lasting) != 1 or lasting[0] in there:
            continue
        course = next((one for one in courses if one.topic == lasting[0]), None)
        if course is None:
            courses.append(Course(lasting[0], known[lasting[0]].kind, [unit]))
        else:
            course.add(unit)


def _prescribed(left: Sequence[Unit], courses: list[Course]) -> None:
    """A prescription for nothing that lasts, with what the pharmacy gave for it."""
    known = topics()
    for unit in left:
        lasts = any(known[key].lasts for key in (*unit.named, *unit.hinted))
        if unit.sort == "prescription" and len(unit.papers) > 1 and not lasts:
            courses.append(Course("treatment", "treatment", [unit]))


def _screened(courses: list[Course]) -> list[Course]:
    """Single tests for different cancers, none followed by anything: one round of screening."""
    lone = sorted(
        (one for one in courses if one.topic in _CANCERS and _size(one) == 1),
        key=lambda one: one.start,
    )
    rounds: list[Course] = []
    for one in lone:
        if not rounds or one.start - rounds[-1].end > _ROUND:
            rounds.append(Course("screening", "prevention"))
        rounds[-1].add(one.units[0])
    return [one for one in courses if one not in lone] + rounds


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
