"""Chooses which planned documents a record holds, fills it up, and plays what happens to papers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Planned
from carnet.population.france.conditions import per_thousand
from carnet.population.france.contents import Contents
from carnet.population.france.follow_up import FollowUp
from carnet.population.france.own import plan_own
from carnet.population.france.reading import courses, frequencies
from carnet.population.france.steps import Player
from carnet.population.model import Content, Life, Reimbursements
from carnet.population.reimbursing import reimbursed

_PANEL = ("leukocytes", "haemoglobin", "haematocrit", "platelets", "glucose", "creatinine", "crp")
_PERIOD = 180  # days of a list of reimbursements
_PAID = frozenset({"dispensation", "vaccination", "imaging", "discharge"})
_NURSED_FROM = 60
_LETTERS_IN_TEN = 5
_APART = 45  # days between two of the same minor illness


class Selector:
    """Chooses the documents of one record: exactly so many."""

    def __init__(self, chart: Chart, contents: Contents, follow_up: FollowUp) -> None:
        self.chart = chart
        self.contents = contents
        self.follow_up = follow_up
        self.player = Player(chart, contents)
        self.chance = chart.chance.of("select")

    def choose(self, count: int) -> list[Planned]:
        """``count`` documents in the order of their moments."""
        if count <= 0:
            return []
        extras = self._extras(count)
        kept = self._best(count - len(extras))
        kept += extras
        self.fill(kept, count)
        listed = self._lists(kept, count)
        return sorted(listed, key=lambda one: (one.at, one.key))

    def _extras(self, count: int) -> list[Planned]:
        """The citizen's own documents."""
        made: list[Planned] = []
        for number in range(_rounded(count * frequencies().document["own"], self.chance.of("own"))):
            one = plan_own(self.chart, self.contents, self.chance.of("own", number), number)
            if one is not None and len(made) < count:
                made.append(one)
        return made

    def _best(self, count: int) -> list[Planned]:
        """The most telling ones, each with those that it needs."""
        by_key = {one.key: one for one in self.chart.planned}
        drawn = {key: self.chance.of("order", key).number() for key in by_key}
        kept: dict[str, Planned] = {}
        for one in sorted(by_key.values(), key=lambda p: (p.rank + drawn[p.key] * 1.6, p.key)):
            wanted = [by_key[key] for key in one.needs if key in by_key and key not in kept]
            if one.key in kept or len(kept) + 1 + len(wanted) > count:
                continue
            for need in wanted:
                kept[need.key] = need
            kept[one.key] = one
            if len(kept) == count:
                break
        return list(kept.values())

    def fill(self, kept: list[Planned], count: int) -> None:
        """Until there are ``count``: minor illnesses, visits, blood tests, nurses, renewals."""
        number = 0
        while len(kept) < count:
            stream = self.chance.of("fill", number)
            before = len(self.chart.planned)
            self._more(stream, number)
            kept += self.chart.planned[before:][: count - len(kept)]
            number += 1

    def _more(self, stream: Chance, number: int) -> None:
        chart = self.chart
        days = (chart.last - chart.since).days
        day = chart.since + timedelta(days=stream.below(max(1, days)))
        turn = number % 10
        if turn < 2:
            self._minor(stream)
        elif turn < _LETTERS_IN_TEN and turn != 3:
            self.follow_up.visit_letter(day, stream, f"de-plus-{number}", 4)
        elif turn == 3 and chart.age(day) >= _NURSED_FROM:
            self._nurse(day, stream, number)
        elif turn < 8:
            chronic = tuple(t for t in chart.treatments if t.chronic and t.is_taken(day))
            self.contents.prescribe(
                chronic, "gp", day, None, days=90, rank=4, name="renouvellement"
            )
        elif not self.follow_up.monitor(day, number, 4):
            self._check(day, number)
        if turn == 9:
            self._check(day, number)

    def _minor(self, stream: Chance) -> None:
        """One of what happens to anybody, by how often it does at that age."""
        chart = self.chart
        days = (chart.last - chart.since).days - 25
        if days < 5:
            return
        start = chart.since + timedelta(days=20 + stream.below(days))
        age = chart.age(start)
        likely = [
            (name, per_thousand(frequencies().course[name], chart.sex, age))
            for name, form in courses().items()
            if form.minor and age >= form.from_age and form.sex in (None, chart.sex)
        ]
        likely = [pair for pair in likely if pair[1] > 0]
        if not likely:
            return
        name = stream.weighted(likely)
        if not any(o.name == name and abs((o.start - start).days) < _APART for o in chart.running):
            self.player.play(name, courses()[name], start)

    def _nurse(self, day: date, stream: Chance, number: int) -> None:
        chart = self.chart
        at = chart.moment("nursing", day, f"soins/{number}")
        if at is not None:
            chart.plan(
                Planned(
                    key=chart.unique(f"soins-{at:%Y%m%d}"),
                    kind="nursing",
                    author=chart.care.key("nurse"),
                    at=at,
                    title=stream.pick(_NURSING),
                    make=self.contents.letter([]),
                    rank=4,
                    is_letter=True,
                )
            )

    def _check(self, day: date, number: int) -> None:
        chart = self.chart
        at = chart.moment("laboratory", day, f"bilan/{number}")
        if at is not None:
            chart.plan(
                Planned(
                    key=chart.unique(f"bilan-{at:%Y%m%d}"),
                    kind="laboratory",
                    author=chart.care.key("biologist"),
                    at=at,
                    title="Compte rendu d'examens biologiques",
                    make=self.contents.laboratory(
                        _PANEL, None, None, self.chance.of("check", number)
                    ),
                    rank=4,
                    ordered_by=chart.care.gp,
                )
            )

    def _lists(self, kept: list[Planned], count: int) -> list[Planned]:
        """Some of the least telling make room for lists of what was paid."""
        wanted = _rounded(count * frequencies().document["reimbursements"], self.chance.of("lists"))
        needed = {key for one in kept for key in one.needs}
        for number in range(wanted):
            paid = [one for one in kept if one.kind in _PAID]
            if not paid:
                break
            base = self.chance.of("lists", number).pick(paid)
            day = base.at.date() + timedelta(days=self.chance.of("day", number).between(6, 120))
            at = self.chart.moment("reimbursements", day, f"liste/{number}")
            spare = [
                one for one in kept if one.rank >= 3 and one is not base and one.key not in needed
            ]
            spare = [one for one in spare if one.kind != "reimbursements"]
            if at is None or not spare:
                continue
            kept.remove(max(spare, key=lambda one: (one.rank, one.key)))
            needed.add(base.key)
            kept.append(self._list(at))
        return kept

    def _list(self, at: datetime) -> Planned:
        def make(planned: Planned) -> Content:
            until = planned.at.date()
            since = until - timedelta(days=_PERIOD)
            life = Life(person=self.chart.person, documents=tuple(self.chart.documents))
            return Reimbursements(since=since, lines=reimbursed(life, since, until))

        return Planned(
            key=self.chart.unique(f"remboursements-{at:%Y%m%d}"),
            kind="reimbursements",
            author="insurance",
            at=at,
            title="Historique de remboursements",
            make=make,
            rank=3,
        )


_NURSING = (
    "Soins infirmiers à domicile",
    "Suivi infirmier",
    "Transmission infirmière",
    "Passage infirmier",
    "Fiche de suivi de soins",
)


def _rounded(value: float, chance: Chance) -> int:
    """A whole number near a value: the fraction is the chance of one more."""
    return int(value) + chance.happens(value - int(value))
