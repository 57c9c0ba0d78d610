"""The years between events: visits to the doctor, renewals, blood tests, summaries."""

from __future__ import annotations

from datetime import date, timedelta

from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Maker, Planned, Running
from carnet.population.france.composing import Topic
from carnet.population.france.contents import Contents
from carnet.population.france.reading import days_of
from carnet.population.model import Content, Synthesis
from carnet.record.lifecycle import RecordState

_MONTH = 30
_FOLLOW = "follow"
_MOST_TOPICS = 3
_RENEWED = 90  # days that an ordonnance of a chronic treatment lasts


def active(chart: Chart, day: date) -> list[Running]:
    """The courses that a visit of that day may speak of."""
    return [one for one in chart.running if one.holds(day) and _FOLLOW in one.form.prose]


class FollowUp:
    """Plans what follows from being somebody's patient."""

    def __init__(self, chart: Chart, contents: Contents) -> None:
        self.chart = chart
        self.contents = contents
        self.chance = chart.chance.of("follow")
        self.writes = self.chance.happens(0.7)
        self.rhythm = 0.8 + 0.5 * self.chance.number()

    def plan(self) -> None:
        """Every visit of the years."""
        chart = self.chart
        day = chart.since + timedelta(days=self.chance.between(5, 90))
        rank = 0
        while day <= chart.last:
            self._visit(day, rank)
            day += timedelta(days=max(20, round(self._interval(day) * self.rhythm)))
            rank += 1
        self._monitoring()
        self._syntheses()

    def _interval(self, day: date) -> int:
        """Days to the next visit."""
        chart = self.chart
        if chart.age(day) < 16:
            return 210
        ill = len(active(chart, day))
        if chart.member.setting == "ehpad":
            return 45
        if ill == 0:
            return 330
        return 150 if ill == 1 else 100 if ill < 4 else 75

    def _visit(self, day: date, rank: int) -> None:
        chart = self.chart
        stream = self.chance.of("visit", rank)
        chronic = tuple(
            one for one in chart.treatments if one.chronic and one.is_taken(day) and one.start < day
        )
        if chronic:
            self.contents.prescribe(
                chronic, "gp", day, None, days=_RENEWED, rank=3, name="renouvellement"
            )
        running = active(chart, day)
        writes = self.writes if running else stream.happens(0.25)
        if writes and stream.happens(0.8):
            self.visit_letter(day, stream, f"visite-{rank}", 3 if running else 4)

    def visit_letter(self, day: date, stream: Chance, name: str, rank: int) -> bool:
        """A consultation of the general practitioner; whether there can be one that day."""
        chart = self.chart
        at = chart.moment("consultation", day, name)
        if at is None:
            return False
        running = stream.shuffled(active(chart, day))[: 1 + stream.below(_MOST_TOPICS)]
        topics: list[Topic] = [(one, one.form.prose[_FOLLOW]) for one in running]
        names = ", ".join(one.form.title[0].lower() + one.form.title[1:] for one in running[:2])
        chart.plan(
            Planned(
                key=chart.unique(f"consultation-{at:%Y%m%d}"),
                kind="consultation",
                author=chart.care.gp,
                at=at,
                title=f"Consultation : {names}" if names else "Consultation",
                make=self.contents.letter(topics, scan=stream.happens(0.03)),
                rank=rank,
                episode=running[0].episode if running else None,
                is_letter=True,
            )
        )
        return True

    def _monitoring(self) -> None:
        """Blood tests of what lasts: one drawing for all courses whose turn it is."""
        chart = self.chart
        watched = [one for one in chart.running if one.form.monitor]
        if not watched:
            return
        every = min(days_of(one.form.monitor_every) for one in watched)
        day = chart.since + timedelta(days=self.chance.between(10, every))
        rank = 0
        while day <= chart.last:
            self.monitor(day, rank, 3)
            day += timedelta(days=every + self.chance.between(-12, 18))
            rank += 1

    def monitor(self, day: date, rank: int, importance: int) -> bool:
        """The blood test of a day, if something is watched then."""
        chart = self.chart
        watched = [one for one in chart.running if one.holds(day) and one.form.monitor]
        panel = dict.fromkeys(name for one in watched for name in one.form.monitor)
        at = chart.moment("laboratory", day, f"suivi/{day}/{rank}")
        if at is None or not panel:
            return False
        chart.plan(
            Planned(
                key=chart.unique(f"biologie-{at:%Y%m%d}"),
                kind="laboratory",
                author=chart.care.key("biologist"),
                at=at,
                title="Compte rendu d'examens biologiques",
                make=self.contents.laboratory(
                    tuple(panel), None, None, self.chance.of("panel", day)
                ),
                rank=importance,
                episode=watched[0].episode if len(watched) == 1 else None,
                to=chart.care.gp if chart.person.doctor else None,
                ordered_by=chart.care.gp,
            )
        )
        return True

    def _syntheses(self) -> None:
        """A summary by the médecin traitant, now and then, for those who have something."""
        chart = self.chart
        if chart.person.doctor is None or chart.person.record is not RecordState.OPEN:
            return
        day = chart.since + timedelta(days=self.chance.between(60, 700))
        while day <= chart.last:
            at = chart.moment("synthesis", day, f"synthese/{day}")
            if at is not None and active(chart, day) and self.chance.happens(0.6):
                chart.plan(
                    Planned(
                        key=chart.unique(f"synthese-{at:%Y%m%d}"),
                        kind="synthesis",
                        author=chart.care.gp,
                        at=at,
                        title="Volet de synthèse médicale",
                        make=self._synthesis(self.chance.of("synthesis", day)),
                        rank=2,
                    )
                )
            day += timedelta(days=self.chance.between(420, 900))

    def _synthesis(self, chance: Chance) -> Maker:
        def make(_planned: Planned) -> Content:
            risk = chance.pick(_RISKS)
            return Synthesis(risks=() if chance.happens(0.5) else (risk,))

        return make


_RISKS = (
    "Activité physique insuffisante",
    "Vit seul",
    "Exposition professionnelle à la poussière",
    "Alimentation trop salée",
    "Travail de nuit",
)
