"""What is gathered of one life before it is written: facts, and documents still without words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

import msgspec

from carnet.population import codes
from carnet.population.codes import Drug, entry
from carnet.population.france.body import Body
from carnet.population.france.chance import Chance
from carnet.population.france.forms import CourseForm
from carnet.population.france.households import Member, World
from carnet.population.france.reading import roles
from carnet.population.france.signs import Signs
from carnet.population.france.territories import where
from carnet.population.model import (
    Allergy,
    Content,
    Document,
    Episode,
    Problem,
    Treatment,
)
from carnet.population.scripts.moments import PARIS, months_after, working_day
from carnet.population.scripts.reading import kinds
from carnet.population.systems import cim10_of

Maker = Callable[["Planned"], Content]
"""Makes the content of a planned document once those before it are there."""


class Planned(msgspec.Struct, kw_only=True):
    """A document in the making. ``rank``: 1 stays in a small record, 5 goes first.

    ``needs`` are the keys of documents without which it cannot be.
    """

    key: str
    kind: str
    author: str
    at: datetime
    title: str
    make: Maker
    rank: int = 3
    episode: str | None = None
    to: str | None = None
    ordered_by: str | None = None
    stay: int = 0
    visibility: tuple[str, ...] = ()
    announced: datetime | None = None
    needs: tuple[str, ...] = ()
    is_letter: bool = False


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A course in one life. ``side`` is what a fragment calls right or left."""

    name: str
    form: CourseForm
    episode: str
    start: date
    end: date | None
    problems: tuple[str, ...]
    treatments: tuple[str, ...]
    side: str

    def holds(self, day: date) -> bool:
        """Whether it goes on that day."""
        return self.start <= day and (self.end is None or day < self.end)


class Care:
    """Who treats somebody, by role: the same ones over the years."""

    def __init__(self, member: Member, chance: Chance) -> None:
        self._member = member
        self._chance = chance
        self.gp = member.person.doctor or f"t{member.insee}-gp{1 + chance.of('gp').below(6)}"
        if member.setting == "street":
            self.gp = self.key("outreach")

    def key(self, role: str) -> str:
        """The key of who has that role for this person."""
        if role == "gp":
            return self.gp
        if role == "self":
            return self._member.person.key
        if self._member.setting == "ehpad":
            role = {"nurse": "ehpad-nurse", "podiatrist": "podiatrist"}.get(role, role)
        count = roles().role[role].count
        number = 1 + self._chance.of("care", role).below(count)
        return f"t{where(self._member.insee, role)}-{role}{number}"


class Chart:
    """Everything that is so in one life, and what is to be written of it."""

    def __init__(self, member: Member, world: World, chance: Chance) -> None:
        self.member = member
        self.person = member.person
        self.world = world
        self.chance = chance
        self.sex = member.person.traits.sex
        self.body = Body(chance.of("body"), self.sex, self.person.born)
        self.signs = Signs(chance.of("signs"), self.body)
        self.care = Care(member, chance)
        self.problems: list[Problem] = []
        self.allergies: list[Allergy] = []
        self.treatments: list[Treatment] = []
        self.episodes: list[Episode] = []
        self.running: list[Running] = []
        self.planned: list[Planned] = []
        self.keys: set[str] = set()
        self.pregnancies: list[tuple[date, date]] = []
        self.avoid: set[str] = set()
        self.documents: list[Document] = []  # those written so far
        self.last = min(self.person.died or world.today, world.today) - timedelta(days=1)
        """The last day on which there can be a document."""

    @property
    def since(self) -> date:
        """The first day of which there can be documents."""
        return max(self.world.since, self.person.born)

    def age(self, day: date) -> int:
        """In whole years."""
        return self.member.age(day)

    def childhood(self) -> str:
        """The key of the episode of the years as a child, noted when a document first needs it.

        Examinations and vaccinations of a child are one episode until the sixteenth birthday.
        """
        born = self.person.born
        if all(one.key != _CHILDHOOD for one in self.episodes):
            end = months_after(born, GROWN * 12)
            title = "Examens et vaccins de l'enfant"
            self.episodes.append(
                Episode(key=_CHILDHOOD, title=title, kind="childhood", start=born, end=end)
            )
        return _CHILDHOOD

    def one_course(self, treatments: Iterable[str | None]) -> str | None:
        """The episode that a renewal belongs to: of the one course that all its lines are of."""
        found = {
            next((one.episode for one in self.running if key in one.treatments), None)
            for key in treatments
        }
        return found.pop() if len(found) == 1 else None

    def unique(self, key: str) -> str:
        """A key that no other document of the life has."""
        number, made = 1, key
        while made in self.keys:
            number += 1
            made = f"{key}-{number}"
        self.keys.add(made)
        return made

    def add_problem(self, is_: str, onset: date, end: date | None = None) -> str:
        """Note a problem of the nomenclature; its key. What is in force is not noted twice."""
        known = entry(codes.Problem, is_)
        onset = max(onset, self.person.born)
        for one in self.problems:
            same = one.label == known.label
            if same and (one.end is None or one.end > onset) and one.onset <= onset:
                return one.key
        taken = {one.key for one in self.problems}
        key = is_ if is_ not in taken else f"{is_}-{onset:%Y%m%d}"
        if key in taken:
            return key
        self.problems.append(
            Problem(key=key, label=known.label, code=cim10_of(known), onset=onset, end=end)
        )
        return key

    def may_take(self, drug: str, start: date, end: date | None) -> bool:
        """Whether no allergy forbids it, and no pregnancy of those days."""
        known = entry(Drug, drug)
        if known.class_ in self.avoid:
            return False
        if not known.pregnancy_contraindicated:
            return True
        return not any(
            start <= last and (end is None or end >= first) for first, last in self.pregnancies
        )

    def may_be_vaccinated(self, vaccine: str, day: date) -> bool:
        """Live vaccines are not given during a pregnancy."""
        live = vaccine in _LIVE
        return not (live and any(first <= day <= last for first, last in self.pregnancies))

    def add_treatment(self, treatment: Treatment) -> None:
        """Note a treatment, unless the same drug is taken already."""
        self.treatments.append(treatment)

    def takes(self, drug: str, start: date, end: date | None) -> bool:
        """Whether a drug of that substance is taken some day between."""
        substance = entry(Drug, drug).substance
        return any(
            entry(Drug, one.drug).substance == substance
            and (one.end is None or start < one.end)
            and (end is None or one.start < end)
            for one in self.treatments
        )

    def moment(self, kind: str, day: date, key: str) -> datetime | None:
        """When a document of a kind is made that day; None outside the years of documents."""
        if not kinds()[kind].weekend:
            day = working_day(day)
        if not self.since <= day <= self.last:
            return None
        return datetime.combine(day, _hour(kind, self.chance.of("hour", key)), tzinfo=PARIS)

    def plan(self, planned: Planned) -> None:
        """Keep a document for later."""
        self.planned.append(planned)


_CHILDHOOD = "enfance"
GROWN = 16  # years
_LIVE = frozenset({"m-m-rvaxpro", "priorix", "varivax", "stamaril", "bcg", "rotarix", "rotateq"})
_EARLY = frozenset({"laboratory", "hospital-laboratory"})
_ANY_HOUR = frozenset({"urgency-file", "birth"})
_LATER = frozenset({"emergency"})  # the letter tells what the blood of that morning showed


def _hour(kind: str, chance: Chance) -> time:
    """Bloods are drawn early, births come at any hour, the rest keeps office hours.

    Letters of emergencies are written from when the laboratories are through until midnight.
    """
    if kind in _EARLY:
        minutes = 7 * 60 + 5 * chance.below(30)
    elif kind in _ANY_HOUR:
        minutes = 5 * chance.below(278)
    elif kind in _LATER:
        minutes = 9 * 60 + 30 + 5 * chance.below(174)
    else:
        minutes = 8 * 60 + 30 + 5 * chance.below(116)
    return time(minutes // 60, minutes % 60)
