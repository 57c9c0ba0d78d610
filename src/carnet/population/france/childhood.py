"""Examinations at the ages of the health booklet, vaccinations at those of the calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from carnet.population.france.chance import Chance
from carnet.population.france.chart import GROWN, Chart, Planned
from carnet.population.france.contents import Contents
from carnet.population.france.reading import childhood
from carnet.population.model import Content, Vaccination, VaccinationHistory
from carnet.population.scripts.moments import PARIS, months_after

_EXAMS = (1, 2, 4, 6, 9, 12, 24, 36, 48, 72, 108, 144, 180)  # months
# Months of age, vaccines to choose from, rank, booster: the calendar of 2025, usual scheme.
_CALENDAR: tuple[tuple[int, tuple[str, ...], int, bool], ...] = (
    (2, ("hexyon", "vaxelis"), 1, False),
    (2, ("prevenar-13",), 1, False),
    (2, ("rotarix",), 1, False),
    (3, ("rotarix",), 2, False),
    (3, ("bexsero",), 1, False),
    (4, ("hexyon", "vaxelis"), 2, False),
    (4, ("prevenar-13",), 2, False),
    (5, ("bexsero",), 2, False),
    (6, ("nimenrix",), 1, False),
    (11, ("hexyon", "vaxelis"), 3, True),
    (11, ("prevenar-13",), 3, True),
    (12, ("m-m-rvaxpro", "priorix"), 1, False),
    (12, ("nimenrix",), 2, True),
    (13, ("bexsero",), 3, True),
    (16, ("m-m-rvaxpro", "priorix"), 2, False),
    (73, ("infanrix-tetra", "tetravac"), 1, True),
    (138, ("boostrix-tetra", "repevax"), 1, True),
    (140, ("gardasil-9",), 1, False),
    (147, ("gardasil-9",), 2, False),
    (146, ("nimenrix", "menquadfi"), 1, False),
)
_ADULT_BOOSTERS = (25, 45, 65, 75, 85)
_FROM_FLU = 65
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def lot(chance: Chance) -> str:
    """The number of a lot."""
    return f"{chance.pick(_LETTERS)}{chance.pick(_LETTERS)}{chance.between(1000, 9999)}"


class Prevention:
    """Plans examinations and vaccinations of all ages."""

    def __init__(self, chart: Chart, contents: Contents) -> None:
        self.chart = chart
        self.contents = contents
        self.chance = chart.chance.of("prevention")
        self.first: str | None = None  # the first vaccination that is written

    def plan(self) -> None:
        """All of it."""
        if self.chart.age(self.chart.since) < 17:
            self._exams()
            self._childs_vaccines()
        self._adults_vaccines()
        self._history()

    def _doctor(self) -> str:
        by_paediatrician = self.chance.of("doctor").happens(0.35)
        young = self.chart.age(self.chart.last) < 7
        return self.chart.care.key("paediatrician" if by_paediatrician and young else "gp")

    def _exams(self) -> None:
        chart = self.chart
        for months in _EXAMS:
            stream = self.chance.of("exam", months)
            day = months_after(chart.person.born, months) + timedelta(days=stream.between(0, 16))
            at = chart.moment("child-examination", day, f"examen/{months}")
            if at is None or not stream.happens(0.85):
                continue
            stage = "infant" if months < 24 else "toddler" if months < 72 else "school"
            by_school = months >= 72 and stream.happens(0.3)
            author = chart.care.key("school-doctor") if by_school else self._doctor()
            age = f"{months} mois" if months < 36 else f"{months // 12} ans"
            chart.plan(
                Planned(
                    key=chart.unique(f"examen-{months}-mois"),
                    kind="child-examination",
                    author=author,
                    at=at,
                    title=f"Examen de l'enfant : {age}",
                    make=self.contents.letter([(None, childhood()[stage])]),
                    rank=2 if months in (9, 24) else 3,
                    episode=chart.childhood(),
                    is_letter=True,
                )
            )

    def _childs_vaccines(self) -> None:
        born = self.chart.person.born
        refused = self.chance.happens(0.03)
        for months, vaccines, rank, booster in _CALENDAR:
            stream = self.chance.of("vaccine", months, vaccines[0], rank)
            day = months_after(born, months) + timedelta(days=stream.between(0, 20))
            if not refused and stream.happens(0.94):
                vaccine = self.chance.of("brand", vaccines[0]).pick(vaccines)
                self._give(vaccine, day, rank, self._doctor(), stream, booster=booster)

    def _adults_vaccines(self) -> None:
        """Boosters at fixed ages; influenza in autumn from 65; Covid-19, shingles, pneumococcus."""
        chart = self.chart
        born = chart.person.born
        for age in _ADULT_BOOSTERS:
            stream = self.chance.of("booster", age)
            day = months_after(born, age * 12) + timedelta(days=stream.between(10, 400))
            if stream.happens(0.6):
                vaccine = "repevax" if age == 25 else "revaxis"
                author = chart.care.gp if stream.happens(0.6) else chart.care.key("pharmacist")
                self._give(vaccine, day, 1, author, stream, booster=True)
        wants = self.chance.of("flu").happens(0.6)
        for year in range(chart.since.year, chart.last.year + 1):
            stream = self.chance.of("autumn", year)
            day = date(year, 10, 15) + timedelta(days=stream.below(60))
            if chart.age(day) < _FROM_FLU or not wants or not stream.happens(0.85):
                continue
            if chart.member.setting == "ehpad":
                author = chart.care.key("ehpad-nurse")
            else:
                author = chart.care.key(stream.pick(("pharmacist", "nurse", "pharmacist", "gp")))
            self._give(
                stream.pick(("efluelda", "vaxigriptetra", "influvac-tetra")), day, 1, author, stream
            )
            if stream.happens(0.3):
                self._give("comirnaty", day + timedelta(days=14), 1, author, stream, booster=True)
        stream = self.chance.of("once")
        at_65 = months_after(born, 66 * 12)
        if stream.happens(0.3):
            self._give(
                "prevenar-20", at_65 + timedelta(days=stream.below(900)), 1, chart.care.gp, stream
            )
        if stream.happens(0.15):
            first = at_65 + timedelta(days=stream.below(1200))
            self._give("shingrix", first, 1, chart.care.gp, stream)
            self._give("shingrix", first + timedelta(days=75), 2, chart.care.gp, stream)

    def _give(
        self,
        vaccine: str,
        day: date,
        rank: int,
        author: str,
        chance: Chance,
        *,
        booster: bool = False,
    ) -> None:
        chart = self.chart
        at = chart.moment("vaccination", day, f"{vaccine}/{day}")
        if at is None or not chart.may_be_vaccinated(vaccine, at.date()):
            return
        given = Vaccination(vaccine=vaccine, lot=lot(chance), rank=rank, booster=booster)
        key = chart.unique(f"vaccin-{vaccine}-{at:%Y%m%d}")
        self.first = self.first or key
        chart.plan(
            Planned(
                key=key,
                kind="vaccination",
                author=author,
                at=at,
                title="Note de vaccination",
                make=lambda _planned: given,
                rank=3,
                episode=self._episode(at.date()),
            )
        )

    def _episode(self, day: date) -> str | None:
        """Vaccinations of a child are part of childhood; those of adults stand alone."""
        return self.chart.childhood() if self.chart.age(day) < GROWN else None

    def _history(self) -> None:
        """The history of all doses, for some."""
        chart = self.chart
        if self.first is None or not self.chance.of("history").happens(0.3):
            return
        first = next(one for one in chart.planned if one.key == self.first)
        day = first.at.date() + timedelta(days=self.chance.between(60, 500))
        at = chart.moment("vaccination-history", day, "carnet")
        if at is None or at <= first.at:
            return
        at = datetime.combine(at.date(), time(19, 30), tzinfo=PARIS)
        chart.plan(
            Planned(
                key=chart.unique("carnet-vaccination"),
                kind="vaccination-history",
                author=self._doctor(),
                at=at,
                title="Historique des vaccinations",
                make=_history,
                rank=3,
                episode=self._episode(at.date()),
                needs=(self.first,),
            )
        )


def _history(_planned: Planned) -> Content:
    return VaccinationHistory()
