"""Makes contents of planned documents: letters, results, examinations, ordonnances, stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Maker, Planned, Running
from carnet.population.france.composing import Composer, Topic
from carnet.population.france.forms import StepForm
from carnet.population.france.microbes import germ_of
from carnet.population.model import (
    Content,
    Discharge,
    Dispensation,
    Germ,
    Imaging,
    Laboratory,
    Letter,
    Line,
    Prescription,
    Statement,
    Treatment,
    Value,
)
from carnet.population.scripts.reading import kinds

_MONTH = 30
_ADULT = 18
_LONG_ILLNESSES = frozenset(
    {
        "diabetes",
        "heart-failure",
        "atrial-fibrillation",
        "coronary",
        "stroke",
        "breast-cancer",
        "prostate-cancer",
        "colon-cancer",
        "dementia",
        "parkinson",
        "epilepsy",
        "rheumatoid",
        "hiv",
        "kidney-disease",
    }
)
"""Courses that are affections de longue durée."""


class Contents:
    """Makes the contents of one record's documents."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.composer = Composer(chart)
        self.styles: dict[str, str] = {}  # of letters, by the key of the document
        self.states: dict[str, Statement] = {}

    def maker(
        self, step: StepForm, running: Running, given: dict[str, Treatment], chance: Chance
    ) -> Maker:
        """What makes the content of a step when its time has come."""
        content = kinds()[step.kind].content
        if content == "letter":
            scan = chance.happens(step.scan)
            return self.letter([(running, running.form.prose[step.topic])], scan=scan)
        if content == "laboratory":
            return self.laboratory(step.panel, running, step, chance)
        if content == "imaging":
            return self.imaging(step, running, chance)
        if content == "discharge":
            return self.discharge(step, running, chance)
        if content == "prescription":
            return self._devices(step, given, running)
        raise LookupError(f"no course writes “{content}”")

    def letter(self, topics: list[Topic], *, scan: bool = False) -> Maker:
        """A letter about some topics."""

        def make(planned: Planned) -> Content:
            composed = self.composer.compose(planned, topics)
            self.styles[planned.key] = composed.style
            self.states[planned.key] = composed.states
            letter = composed.letter
            return Letter(
                text=letter.text,
                greeting=letter.greeting,
                closing=letter.closing,
                scan=scan,
            )

        return make

    def laboratory(
        self,
        panel: tuple[str, ...],
        running: Running | None,
        step: StepForm | None,
        chance: Chance,
    ) -> Maker:
        """Results of a panel, as the body stands that day."""

        def make(planned: Planned) -> Content:
            day = planned.at.date()
            is_child = self.chart.age(day) < _ADULT
            names = [one for one in panel if not (is_child and one in ("gfr", "non-hdl"))]
            values = tuple(Value(name, self.chart.body.value(name, day)) for name in names)
            comment = None
            germs: tuple[Germ, ...] = ()
            if step is not None and running is not None:
                said = self._said(running, step.topic, "comment", 1, day, chance)
                comment = said[0] if said else None
                if step.germ:
                    germs = (germ_of(chance.of("germ"), self.chart.body, day),)
            return Laboratory(
                values=values,
                comment=comment,
                germs=germs,
                specimen="Urines" if germs else None,
            )

        return make

    def _said(
        self,
        running: Running,
        topic: str,
        section: str,
        count: int,
        day: date,
        chance: Chance,
    ) -> list[str]:
        fragments = running.form.prose.get(topic, {}).get(section, ())
        return self.composer.sentences(fragments, count, day, running, chance.of("say", section))

    def imaging(self, step: StepForm, running: Running, chance: Chance) -> Maker:
        """A report of an examination."""

        def make(planned: Planned) -> Content:
            day = planned.at.date()

            def say(section: str, count: int) -> tuple[str, ...]:
                return tuple(self._said(running, step.topic, section, count, day, chance))

            findings = say("findings", 3)
            return Imaging(
                exam=step.exam,
                indication=say("indication", 1) or (running.form.title + ".",),
                technique=say("technique", 1),
                findings=findings,
                conclusion=say("conclusion", 1) or findings[-1:],
            )

        return make

    def discharge(self, step: StepForm, running: Running, chance: Chance) -> Maker:
        """The letter on leaving a hospital."""

        def make(planned: Planned) -> Content:
            day = planned.at.date()
            came = day - timedelta(days=step.stay)
            taken = self.chart.treatments
            reason = self._said(running, step.topic, "reason", 1, day, chance)
            course = self._said(running, step.topic, "course", 3, day, chance)
            return Discharge(
                reason=reason[0] if reason else running.form.title,
                course=tuple(course),
                follow_up=tuple(self._said(running, step.topic, "after", 2, day, chance)),
                on_admission=tuple(
                    one.key for one in taken if one.chronic and one.start < came <= (one.end or day)
                ),
                on_leaving=tuple(one.key for one in taken if one.is_taken(day)),
                problems=tuple(
                    one.key
                    for one in self.chart.problems
                    if one.key in running.problems and one.onset <= day
                ),
            )

        return make

    def _devices(self, step: StepForm, given: dict[str, Treatment], running: Running) -> Maker:
        """An ordonnance of devices, and of treatments that begin that day."""

        def make(planned: Planned) -> Content:
            day = planned.at.date()
            lines = [Line(device=one, days=_MONTH) for one in step.devices]
            lines += [
                self.line(one, _MONTH, running.name) for one in given.values() if one.is_taken(day)
            ]
            return Prescription(lines=tuple(lines))

        return make

    def line(self, one: Treatment, days: int, course: str = "") -> Line:
        """A line that prescribes a treatment for so many days."""
        until = days if one.end is None else min(days, max(1, (one.end - one.start).days))
        return Line(
            drug=one.drug,
            dose=one.dose,
            days=until if not one.chronic else days,
            renewals=max(0, days // _MONTH - 1) if one.chronic else 0,
            treatment=one.key,
            problem=one.problem,
            long_illness=course in _LONG_ILLNESSES,
            boxes=1,
        )

    def prescribe(
        self,
        treatments: tuple[Treatment, ...],
        role: str,
        day: date,
        episode: str | None,
        *,
        days: int,
        rank: int,
        name: str = "ordonnance",
    ) -> str | None:
        """Plans an ordonnance and its dispensation; the key of the ordonnance."""
        chart = self.chart
        at = chart.moment("prescription", day, f"{name}/{day}")
        if at is None or not treatments:
            return None
        key = chart.unique(f"{name}-{day:%Y%m%d}")
        lines = self._lines(treatments, at.date(), days)
        if not lines:
            return None
        episode = episode or chart.one_course(one.treatment for one in lines)
        chart.plan(
            Planned(
                key=key,
                kind="prescription",
                author=chart.care.key(role),
                at=at,
                title="Ordonnance",
                make=lambda _planned: Prescription(lines=lines),
                rank=rank,
                episode=episode,
            )
        )
        self._dispense(key, lines, at, episode, days, rank)
        return key

    def _lines(self, treatments: tuple[Treatment, ...], day: date, days: int) -> tuple[Line, ...]:
        courses = {one.episode: one.name for one in self.chart.running}
        made = []
        for one in treatments:
            if one.start <= day and (one.end is None or day < one.end):
                episode = next((e for e in courses if one.key.startswith(f"{e}-")), "")
                made.append(self.line(one, days, courses.get(episode, "")))
        return tuple(made)

    def _dispense(
        self,
        key: str,
        lines: tuple[Line, ...],
        at: datetime,
        episode: str | None,
        days: int,
        rank: int,
    ) -> None:
        """The pharmacy gives at once, then every month; a treatment that has ended is left out."""
        chart = self.chart
        chance = chart.chance.of("dispense", key)
        for month in range(max(1, days // _MONTH)):
            day = at.date() + timedelta(days=month * _MONTH + chance.between(1, 2))
            moment = chart.moment("dispensation", day, f"{key}/{month}")
            given = tuple(one for one in lines if self._still(one, day))
            if moment is None or not given or not chance.happens(0.85 if month == 0 else 0.6):
                continue
            chart.plan(
                Planned(
                    key=chart.unique(f"dispensation-{moment:%Y%m%d}"),
                    kind="dispensation",
                    author=chart.care.key("pharmacist"),
                    at=moment,
                    title="Dispensation de médicaments",
                    make=_dispensation(key, given),
                    rank=rank + min(month, 2),
                    episode=episode,
                    needs=(key,),
                )
            )

    def _still(self, line: Line, day: date) -> bool:
        found = next((o for o in self.chart.treatments if o.key == line.treatment), None)
        if found is None or line.drug is None:
            return False
        return found.end is None or day <= found.end


def _dispensation(key: str, lines: tuple[Line, ...]) -> Maker:
    return lambda _planned: Dispensation(prescription=key, lines=lines)
