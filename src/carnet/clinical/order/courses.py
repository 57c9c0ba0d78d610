"""Courses of illness and care: the units of one topic, as far apart as the topic allows."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence

from carnet.clinical.order.linking import Unit
from carnet.clinical.order.stays import Stay
from carnet.formats.gist.words import topics

_WHOLE = frozenset({"chronic", "social", "childhood"})  # kinds that no gap divides
_KNOWN_BEFORE = 45  # days before a stay from which on its illness is one that was known
_A_COURSE = 3  # units that make a course of treatment an episode beside its illness


class Course:
    """Units of one topic. ``kind`` is the topic's, ``stay`` or ``treatment``."""

    __slots__ = ("authors", "days", "end", "kind", "sorts", "start", "topic", "units")

    def __init__(self, topic: str, kind: str, units: Iterable[Unit] = ()) -> None:
        self.topic, self.kind = topic, kind
        self.units: list[Unit] = []
        self.start, self.end = 1 << 40, -1 << 40
        self.days: list[int] = []
        self.authors: defaultdict[str, list[int]] = defaultdict(list)
        self.sorts: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self.add(unit)

    def add(self, unit: Unit) -> None:
        """One more unit."""
        self.units.append(unit)
        self.start, self.end = min(self.start, unit.day), max(self.end, unit.last)
        insort(self.days, unit.day)
        insort(self.authors[unit.author], unit.day)
        self.sorts[unit.sort].append(unit)

    def without(self, units: Iterable[Unit]) -> Course:
        """The course less some of its units."""
        gone = set(map(id, units))
        return Course(self.topic, self.kind, [each for each in self.units if id(each) not in gone])

    def distance(self, day: int) -> int:
        """Days to its nearest unit."""
        return _distance(self.days, day)

    def distance_of(self, author: str, day: int) -> int | None:
        """Days to the nearest unit of an author; None where there is none."""
        days = self.authors.get(author)
        return _distance(days, day) if days else None


def _distance(days: Sequence[int], day: int) -> int:
    at = bisect_left(days, day)
    return min(abs(day - each) for each in days[max(0, at - 1) : at + 1])


def courses_of(units: Sequence[Unit], stays: Sequence[Stay]) -> list[Course]:
    """The courses of all units that are about something, and the stays."""
    _merge_cancers(units)
    seeds: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.about:
            seeds[unit.about].append(unit)
    found = [course for topic, group in seeds.items() for course in _divided(topic, group)]
    found = _made_precise(found)
    found = _treatments(found)
    return _stays_apart(found, stays)


def _divided(topic: str, units: Sequence[Unit]) -> list[Course]:
    known = topics()[topic]
    if known.kind in _WHOLE:
        return [Course(topic, known.kind, units)]
    courses: list[Course] = []
    for unit in units:
        if not courses or unit.day - courses[-1].end > known.gap:
            courses.append(Course(topic, known.kind))
        courses[-1].add(unit)
    return courses


def _merge_cancers(units: Sequence[Unit]) -> None:
    """What says cancer and no more is about the one organ that the record names."""
    organs = {unit.about for unit in units if unit.about.startswith("cancer_")}
    if len(organs) == 1:
        organ = organs.pop()
        for unit in units:
            if unit.about == "cancer":
                unit.about = organ


def _made_precise(courses: list[Course]) -> list[Course]:
    """A sciatica takes the mal de dos of its weeks, and so on (``over``)."""
    known = topics()
    passing = ("acute", "act")
    for number, course in enumerate(courses):
        if course.kind not in passing:
            continue
        for over in known[course.topic].over:
            since = course.start - known[over].gap
            until = course.end + known[course.topic].gap
            for place, other in enumerate(courses):
                if other.topic != over or other.kind not in passing or place == number:
                    continue
                near = [unit for unit in other.units if since <= unit.day <= until]
                for unit in near:
                    course.add(unit)
                courses[place] = other.without(near) if near else other
    return [course for course in courses if course.units]


def _treatments(courses: list[Course]) -> list[Course]:
    """A course of chemotherapy takes its weeks from the illness; a single paper goes back to it."""
    known = topics()
    for course in [one for one in courses if known[one.topic].broader]:
        wide = [
            one
            for one in courses
            if one.topic.startswith(known[course.topic].broader) and one is not course
        ]
        if len(course.units) < _A_COURSE:
            if wide:
                for unit in course.units:
                    wide[0].add(unit)
                courses.remove(course)
            continue
        for illness in wide:
            near = [unit for unit in illness.units if course.start - 3 <= unit.day <= course.end]
            if near:
                for unit in near:
                    course.add(unit)
                courses[courses.index(illness)] = illness.without(near)
    return [course for course in courses if course.units]


def _stays_apart(courses: list[Course], stays: Sequence[Stay]) -> list[Course]:
    """A stay for an illness that was known before is an episode of its own, and one for nothing."""
    known = topics()
    for stay in stays:
        placed = [one for one in courses if _holds(one, stay.units[0])]
        if not placed:
            taken = {id(unit) for one in courses for unit in one.units}
            free = [unit for unit in stay.units if id(unit) not in taken]
            courses.append(Course("stay" if stay.is_told else "emergency", "stay", free))
            continue
        course = placed[0]
        own = known[course.topic].kind == "chronic" and not course.topic.startswith("cancer")
        before = sum(unit.day < stay.first - _KNOWN_BEFORE for unit in course.units)
        if course.kind != "stay" and stay.is_told and own and before >= 2:
            courses = [one.without(stay.units) for one in courses]
            courses.append(Course(course.topic, "stay", stay.units))
    return [course for course in courses if course.units]


def _holds(course: Course, unit: Unit) -> bool:
    return any(each is unit for each in course.units)
