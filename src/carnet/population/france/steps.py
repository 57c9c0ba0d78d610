"""Plays a course of disease in a life: what is so, what is taken, what will be written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from carnet.population.codes import Drug, entry
from carnet.population.france.body import Effect
from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Planned, Running
from carnet.population.france.contents import Contents
from carnet.population.france.forms import CourseForm, EffectForm, StepForm, TreatForm
from carnet.population.france.reading import after
from carnet.population.model import Episode, Treatment
from carnet.population.scripts.moments import working_day
from carnet.population.scripts.reading import kinds

_BOX = 30  # days
_MOST_REPEATS = 400
_MINOR = 18
_SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"  # noqa: S105 - a code of TRE_A07
_UNANNOUNCED = "INVISIBLE_PATIENT"


class Player:
    """Plays courses in one chart."""

    def __init__(self, chart: Chart, contents: Contents) -> None:
        self.chart = chart
        self.contents = contents

    def play(self, name: str, form: CourseForm, start: date) -> Running:
        """A course that starts on a day. Its documents are planned, its facts noted."""
        chart = self.chart
        episode = f"{name}-{start:%Y%m%d}"
        chance = chart.chance.of("course", episode)
        end = None if form.lasts is None else after(start, form.lasts)
        problems = tuple(
            chart.add_problem(
                one.is_,
                after(start, one.at),
                None if one.end is None else after(start, one.end),
            )
            for one in form.problem
            if chance.happens(one.chance) and after(start, one.at) < chart.world.today
        )
        chart.episodes.append(
            Episode(key=episode, title=form.title, kind=form.kind, start=start, end=end)
        )
        given = self._treatments(form, start, end, episode, problems, chance.of("treat"))
        running = Running(
            name=name,
            form=form,
            episode=episode,
            start=start,
            end=end,
            problems=problems,
            treatments=tuple(one.key for one in given.values()),
            side=chance.pick(("droit", "gauche")),
        )
        chart.running.append(running)
        for number, effect in enumerate(form.effect):
            self._effect(effect, start, chance.of("effect", number))
        for one in given.values():
            self._first_prescription(one, running, form)
        for step in form.step:
            self._step(step, running, given, chance.of("step", step.key))
        return running

    def _treatments(
        self,
        form: CourseForm,
        start: date,
        end: date | None,
        episode: str,
        problems: tuple[str, ...],
        chance: Chance,
    ) -> dict[str, Treatment]:
        made: dict[str, Treatment] = {}
        for one in form.treat:
            if one.instead_of is not None and one.instead_of not in made:
                continue
            if not chance.happens(one.chance):
                continue
            begins = after(start, one.start)
            if not one.in_hospital:
                begins = working_day(begins)
            if one.days:
                stops: date | None = begins + timedelta(days=one.days)
            else:
                stops = end if one.end is None else after(start, one.end)
            if begins > self.chart.last:
                continue
            drug = self._drug(one, begins, stops, chance)
            if drug is not None:
                key = f"{episode}-{one.key}"
                treatment = Treatment(
                    key=key,
                    drug=drug,
                    dose=one.dose or chance.pick(entry(Drug, drug).doses),
                    start=begins,
                    end=stops,
                    problem=problems[0] if problems else None,
                    chronic=not one.days,
                )
                self.chart.add_treatment(treatment)
                made[one.key] = treatment
        return made

    def _drug(self, one: TreatForm, begins: date, stops: date | None, chance: Chance) -> str | None:
        """A drug that may be given, is not taken already, and was not drawn before all others."""
        order = [one.any_[0], *chance.shuffled(one.any_[1:])] if chance.happens(0.5) else None
        for drug in order or chance.shuffled(one.any_):
            if self.chart.may_take(drug, begins, stops) and not self.chart.takes(
                drug, begins, stops
            ):
                return drug
        return None

    def _effect(self, form: EffectForm, start: date, chance: Chance) -> None:
        personal = 1.0 + max(-0.6, min(0.6, chance.bell(0.0, form.spread)))
        self.chart.body.add(
            Effect(
                of=form.of,
                add=form.add * personal,
                times=1.0 + (form.times - 1.0) * personal,
                start=after(start, form.start),
                end=None if form.end is None else after(start, form.end),
                tau=form.tau,
                say=None if form.say is None else chance.pick(form.say.split("|")),
            )
        )

    def _first_prescription(self, one: Treatment, running: Running, form: CourseForm) -> None:
        """A treatment begins with an ordonnance, unless a hospital began it."""
        name = one.key.removeprefix(f"{running.episode}-")
        treat = next(t for t in form.treat if t.key == name)
        if treat.in_hospital:
            return
        self.contents.prescribe(
            (one,), treat.by, one.start, running.episode, days=treat.days or 3 * _BOX, rank=2
        )

    def _step(
        self, step: StepForm, running: Running, given: dict[str, Treatment], chance: Chance
    ) -> None:
        if step.sex is not None and step.sex is not self.chart.sex:
            return
        for rank, day in enumerate(self._days(step, running)):
            if not chance.happens(step.chance):
                continue
            at = self.chart.moment(step.kind, day, f"{running.episode}/{step.key}/{rank}")
            if at is not None:
                self._document(step, running, given, at, chance.of(rank))

    def _days(self, step: StepForm, running: Running) -> Iterator[date]:
        first = after(running.start, step.at)
        if step.every is None:
            yield first
            return
        day = first
        for _ in range(step.times or _MOST_REPEATS):
            if day > self.chart.last or not running.holds(day):
                return
            if day >= self.chart.since:
                yield day
            day = after(day, step.every)

    def _document(
        self,
        step: StepForm,
        running: Running,
        given: dict[str, Treatment],
        at: datetime,
        chance: Chance,
    ) -> None:
        chart = self.chart
        author = chart.care.key(step.by)
        orderer = None if step.ordered_by is None else chart.care.key(step.ordered_by)
        kind = kinds()[step.kind]
        make = self.contents.maker(step, running, given, chance)
        visibility: tuple[str, ...] = ()
        announced = None
        if step.secret and chart.age(at.date()) < _MINOR:
            visibility = (_SECRET,)
        if step.announce:
            visibility = (_UNANNOUNCED,)
            announced = at + timedelta(
                days=max(1, (after(at.date(), step.announce) - at.date()).days)
            )
        to = chart.care.gp if step.to == "gp" and chart.person.doctor else None
        if step.to not in ("gp", ""):
            to = chart.care.key(step.to)
        chart.plan(
            Planned(
                key=chart.unique(f"{running.name}-{step.key}-{at:%Y%m%d}"),
                kind=step.kind,
                author=author,
                at=at,
                title=step.title or kind.title or running.form.title,
                make=make,
                rank=step.rank,
                episode=running.episode,
                to=None if to == author else to,
                ordered_by=None if orderer == author else orderer,
                stay=step.stay,
                visibility=visibility,
                announced=announced,
                is_letter=kind.content == "letter",
            )
        )
