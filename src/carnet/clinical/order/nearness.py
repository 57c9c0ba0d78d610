"""Papers that say of nothing what they are about: what they are near to tells.

Each rule takes a unit and the courses, and gives the course that it belongs to or None; the first
rule that finds one decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from carnet.clinical.order.courses import Course
from carnet.clinical.order.linking import Unit
from carnet.clinical.order.programmes import at_home, of_programme
from carnet.clinical.order.subjects import GENERALISTS, field_of
from carnet.formats.gist.words import plain, topics

Rule = Callable[[Unit, Sequence[Course]], Course | None]

_OF_PREGNANCY = frozenset(
    {"care", "examination", "imaging", "laboratory", "letter", "order", "prescription"}
)
_OF_SPECIALIST = frozenset({"care", "examination", "letter", "meeting", "order", "plan", "therapy"})
_OF_AUTHOR = frozenset({"care", "letter", "meeting", "plan", "therapy"})
_AFTER_OPERATION = frozenset({"after", "anaesthesia", "implant", "pathology"})
_CONTROLS = frozenset(
    {"consultation de controle", "consultation de suivi", "controle", "controle a six semaines"}
)
_AFTER = re.compile(r"controle apres|apres (l )?hospitalisation|consultation de resultats")
_BLOOD_AT_ONCE = frozenset({"anaemia", "chest_pain", "embolism", "pneumonia", "pyelonephritis"})
_GOES_ALONG = frozenset(
    {
        "after",
        "anaesthesia",
        "care",
        "examination",
        "implant",
        "meeting",
        "operation",
        "order",
        "pathology",
        "pharmacy",
        "plan",
        "referral",
        "social",
        "therapy",
    }
)
_GOING_ON = 60  # days
_PREGNANT = 285
_AFTER_BIRTH = 75
_BEFORE = 400  # days that a specialist may have written before the illness had its name
_TOGETHER = 130  # days around a beginning in which its tests lie


def _nearest(found: Iterable[tuple[int, Course]]) -> Course | None:
    best = min(found, key=lambda each: each[0], default=None)
    return best[1] if best else None


def in_pregnancy(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """What a midwife or gynaecologist does, and unread tests, until some weeks after the birth."""
    if unit.named:
        return None
    for course in courses:
        if course.kind != "pregnancy":
            continue
        births = [birth.day for birth in course.sorts["birth"]]
        since = min(births) - _PREGNANT if births else course.start - 45
        if not since <= unit.day <= course.end + _AFTER_BIRTH:
            continue
        unread = unit.sort == "laboratory" and not unit.hinted and not unit.head.gist.content
        if unit.day <= course.end and (unread or unit.sort == "anaesthesia"):
            return course
        if "pregnancy" in field_of(unit) and unit.sort in _OF_PREGNANCY:
            return course
    return None


def during_treatment(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """Everything in the weeks of a chemotherapy that says of nothing else."""
    if unit.named or unit.sort == "vaccination":
        return None
    known = topics()
    for course in courses:
        treats = course.topic in known and known[course.topic].broader
        if treats and course.start - 20 <= unit.day <= course.end + 10 and len(course.units) > 2:
            return course
    return None


def after_act(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """The check, the tissue, the implant after an operation; the anaesthetist before it."""
    if unit.sort not in _AFTER_OPERATION or unit.named:
        return None
    found = []
    for course in courses:
        if course.kind not in ("act", "stay") and not course.sorts["operation"]:
            continue
        if unit.sort == "anaesthesia":
            fits = 0 <= course.end - unit.day <= 60
        else:
            fits = any(0 <= unit.day - day <= 100 for day in course.days)
        if fits:
            found.append((abs(unit.day - course.start), course))
    return _nearest(found)


def of_specialist(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """A specialist who says no more writes about what the record has of their field."""
    if unit.sort not in _OF_SPECIALIST or unit.named:
        return None
    fields = field_of(unit)
    known = topics()
    found = []
    for course in courses:
        if course.topic not in fields or course.kind == "stay":
            continue
        far = course.distance(unit.day)
        if known[course.topic].lasts:
            fits = unit.day >= course.start - _BEFORE
        else:
            fits = far <= max(known[course.topic].gap, 120 if course.kind == "act" else 45)
        if fits:
            found.append((far, course))
    return _nearest(found)


def known_author(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """A specialist who wrote about an illness before goes on writing about it."""
    if unit.named or unit.head.specialty in GENERALISTS or unit.sort not in _OF_AUTHOR:
        return None
    found = []
    for course in courses:
        far = course.distance_of(unit.author, unit.day) if course.kind == "chronic" else None
        if far is not None and far <= _BEFORE:
            found.append((far, course))
    return _nearest(found)


def same_visit(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """A letter that says of nothing is about what else was written at that visit."""
    if unit.named or unit.sort != "letter":
        return None
    return next((one for one in courses if one.distance_of(unit.author, unit.day) == 0), None)


def control(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """A "consultation de contrôle" is one of what was the matter last."""
    title = plain(unit.head.title).strip()
    if unit.sort != "letter" or not (title in _CONTROLS or _AFTER.search(title)):
        return None
    known = topics()
    return _nearest(
        (unit.day - course.end, course)
        for course in courses
        if course.kind in ("acute", "act")
        and 0 <= unit.day - course.end <= max(45, known[course.topic].gap)
    )


def tests_at_once(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """Tests and pictures of the days in which something was found that asks for them."""
    if unit.sort not in ("laboratory", "imaging") or unit.hinted:
        return None
    return _nearest(
        (abs(unit.day - course.start), course)
        for course in courses
        if course.topic in _BLOOD_AT_ONCE and -3 <= unit.day - course.start <= 15
    )


def care_after_stay(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """A nurse who comes in the weeks after a stay."""
    if unit.sort not in ("care", "social") or unit.named:
        return None
    return _nearest(
        (unit.day - stay.last, course)
        for course in courses
        for stay in course.sorts["stay"]
        if 0 <= unit.day - stay.last <= 60
    )


def same_care(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """The next visit of a series: same author, same title."""
    if unit.sort != "care":
        return None
    for course in courses:
        for other in course.sorts["care"]:
            same = other.author == unit.author and other.head.title == unit.head.title
            if same and 0 <= unit.day - other.day <= 45:
                return course
    return None


def check_up(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """The tests whose results were talked about in the weeks after."""
    if unit.sort != "laboratory" or len(unit.hinted) > 2:
        return None
    for course in courses:
        if course.topic == "check_up" and -25 <= unit.day - course.start <= 2:
            return course
    return None


def tests_of_illness(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """Tests that point to an illness: around its beginning, and where it is followed up.

    Followed up: a specialist of it or a care protocol is among its papers, and the tests point to
    no other illness that lasts.
    """
    if unit.sort != "laboratory":
        return None
    known = topics()
    lasting = {key for key in unit.hinted if known[key].lasts and key != "cholesterol"}
    found = []
    for course in courses:
        if course.kind != "chronic" or course.topic not in unit.hinted:
            continue
        if abs(unit.day - course.start) <= _TOGETHER:
            found.append((0, course))
        elif lasting <= {course.topic}:
            found.append((1, course))
    return _nearest(found)


def first_tests(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """Tests of the weeks after an illness was found that point to no other one."""
    if unit.sort != "laboratory":
        return None
    known = topics()
    there = {course.topic for course in courses}
    return _nearest(
        (unit.day - course.start, course)
        for course in courses
        if course.kind == "chronic"
        and known[course.topic].blood
        and 0 <= unit.day - course.start <= 25
        and not (set(unit.hinted) - {course.topic}) & there
    )


def protocol(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """A care protocol that names no illness: the one that was found last."""
    if unit.sort != "plan" or unit.named:
        return None
    return _nearest(
        (abs(unit.day - course.start), course)
        for course in courses
        if course.kind == "chronic" and -30 <= unit.day - course.start <= _BEFORE
    )


def going_on(unit: Unit, courses: Sequence[Course]) -> Course | None:
    """A paper of care that says of nothing goes with what is going on, in its house before others.

    Not visits, prescriptions and tests: of those many are for nothing that a record tells of.
    """
    if unit.sort not in _GOES_ALONG:
        return None
    found = []
    for course in courses:
        far = course.distance(unit.day)
        if far <= _GOING_ON:
            here = any(other.head.structure == unit.head.structure for other in course.units)
            found.append((far - (_GOING_ON if here else 0), course))
    return _nearest(found)


RULES: tuple[Rule, ...] = (
    in_pregnancy,
    during_treatment,
    after_act,
    of_specialist,
    known_author,
    same_visit,
    control,
    tests_at_once,
    care_after_stay,
    same_care,
    check_up,
    tests_of_illness,
    first_tests,
    of_programme,
    at_home,
    protocol,
    going_on,
)
