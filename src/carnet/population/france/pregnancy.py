"""A pregnancy, told back from the day of birth: the child lives in the same household."""

from __future__ import annotations

from datetime import date, timedelta

from carnet.population.france.chart import Chart, Planned
from carnet.population.france.contents import Contents
from carnet.population.france.forms import CourseForm, EffectForm, StepForm, TreatForm
from carnet.population.france.reading import childhood
from carnet.population.france.steps import Player

TERM = 280  # days without periods on the day of birth
_EARLY = ("blood-group", "irregular-antibodies", "toxo-igg", "toxo-igm", "rubella-igg")
_SEROLOGY = ("hiv-combined", "syphilis", "hbs-antigen", "hcv-antibodies", "urine-strip-protein")
_ECHOES = ((1, 12, "premier"), (2, 22, "deuxième"), (3, 32, "troisième"))
_COUNT = ("leukocytes", "haemoglobin", "haematocrit", "mcv", "platelets", "ferritin")


def _course() -> CourseForm:
    """The steps, counted from the last periods."""
    prose = childhood()
    steps = [
        StepForm(
            key="bilan",
            at="66d",
            kind="laboratory",
            by="biologist",
            ordered_by="midwife",
            panel=(*_EARLY, *_SEROLOGY, *_COUNT),
            rank=1,
        ),
        StepForm(
            key="hgpo",
            at="180d",
            kind="laboratory",
            by="biologist",
            ordered_by="midwife",
            panel=("glucose", "glucose-1h", "glucose-2h"),
            chance=0.5,
            rank=3,
        ),
        StepForm(
            key="bilan-6",
            at="185d",
            kind="laboratory",
            by="biologist",
            ordered_by="midwife",
            panel=(*_COUNT, "hbs-antigen", "irregular-antibodies"),
            rank=2,
        ),
        *(
            StepForm(
                key=f"toxo-{month}",
                at=f"{66 + 30 * month}d",
                kind="laboratory",
                by="biologist",
                ordered_by="midwife",
                panel=("toxo-igg", "toxo-igm"),
                chance=0.5,
                rank=4,
            )
            for month in range(1, 7)
        ),
        *(
            StepForm(
                key=f"echographie-{number}",
                at=f"{weeks * 7 + 2}d",
                kind="imaging",
                by="gynaecologist",
                ordered_by="midwife",
                exam=f"obstetric-ultrasound-{number}",
                topic="echo",
                title=f"Échographie obstétricale du {rank} trimestre",
                rank=1 if number == 2 else 2,
            )
            for number, weeks, rank in (
                (1, 12, "premier"),
                (2, 22, "deuxième"),
                (3, 32, "troisième"),
            )
        ),
        StepForm(
            key="suivi",
            at="84d",
            every="1m",
            times=7,
            kind="pregnancy",
            by="midwife",
            topic="pregnancy",
            title="Consultation de suivi de grossesse",
            rank=2,
            chance=0.85,
        ),
        StepForm(
            key="anesthesie",
            at="240d",
            kind="anaesthesia",
            by="anaesthetist",
            topic="anaesthesia",
            rank=3,
        ),
        StepForm(
            key="accouchement",
            at=f"{TERM}d",
            kind="birth",
            by="hospital-midwife",
            topic="birth",
            rank=1,
        ),
        StepForm(
            key="visite",
            at=f"{TERM + 9}d",
            kind="consultation",
            by="midwife",
            topic="postpartum",
            title="Visite à domicile après la naissance",
            rank=2,
        ),
        StepForm(
            key="postnatale",
            at=f"{TERM + 48}d",
            kind="consultation",
            by="gynaecologist",
            topic="postpartum",
            title="Consultation postnatale",
            chance=0.7,
            rank=3,
        ),
    ]
    return CourseForm(
        title="Grossesse",
        kind="pregnancy",
        weight=22.0,
        lasts=f"{TERM + 60}d",
        step=tuple(steps),
        treat=(
            TreatForm(key="folates", any_=("folic-acid",), start="40d", end="90d", by="midwife"),
            TreatForm(
                key="fer",
                any_=("ferrous-sulfate", "ferrous-folic"),
                start="190d",
                end=f"{TERM + 30}d",
                by="midwife",
                chance=0.6,
            ),
        ),
        effect=(
            EffectForm(of="weight", add=12.0, start="60d", end=f"{TERM}d", tau=120),
            EffectForm(of="haemoglobin", add=-1.6, start="60d", end=f"{TERM + 20}d", tau=70),
            EffectForm(of="hcg", add=40000.0, start="25d", end=f"{TERM}d", tau=20),
        ),
        prose={**prose, "anaesthesia": _ANAESTHESIA},
    )


_ANAESTHESIA: dict[str, tuple[str, ...]] = {
    "reason": ("Consultation avant accouchement, {term}.",),
    "exam": ("Rachis [souple|palpable], Mallampati {n 1 2}, plaquettes à contrôler.",),
    "opinion": ("Péridurale possible, [information donnée|souhaitée par la patiente].",),
    "plan": ("Jeûne en travail expliqué, [groupage à jour|numération à {n 36 38} SA].",),
}


def play_pregnancy(chart: Chart, player: Player, birth: date) -> None:
    """The pregnancy that ended with a birth of that day."""
    start = birth - timedelta(days=TERM)
    player.play("grossesse", _course(), start)
    chart.add_problem("pregnancy", start + timedelta(days=30), birth)
    chart.add_problem("delivery", birth, birth + timedelta(days=4))


def note_pregnancy(chart: Chart, birth: date) -> None:
    """So that nothing forbidden is given in those months."""
    chart.pregnancies.append((birth - timedelta(days=TERM), birth))


def plan_newborn(chart: Chart, contents: Contents) -> None:
    """What the maternity ward writes of a child born in the years of documents."""
    born = chart.person.born
    if born < chart.world.since:
        return
    day = born + timedelta(days=3)
    at = chart.moment("newborn", day, "naissance")
    if at is None:
        return
    chart.add_problem("live-birth", born, born + timedelta(days=5))
    chart.plan(
        Planned(
            key=chart.unique("examen-naissance"),
            kind="newborn",
            author=chart.care.key("neonatologist"),
            at=at,
            title="Examen du nouveau-né en maternité",
            make=contents.letter([(None, childhood()["newborn"])]),
            rank=1,
            episode=chart.childhood(),
            is_letter=True,
        )
    )
