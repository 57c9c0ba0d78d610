"""Rules of values: what a body can have, and how it moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise

from carnet.population.callers import age_on
from carnet.population.codes import Analysis, entry
from carnet.population.model import Directory, Laboratory, Life
from carnet.population.rules.contradiction import Contradiction
from carnet.record.identity import Sex

_SIGNS = "<>="
_A_MONTH = 30.0  # days
# Slow ones: how far they can go in a month at most, and in a few days (unit of the analysis). A
# red cell lives 120 days: HbA1c follows the sugar over months. Transfusion and bleeding are faster
# than this, so haemoglobin is not among them.
_SLOW: dict[str, tuple[float, float]] = {
    "hba1c": (1.3, 0.5),
    "hdl": (0.6, 0.4),
    "ldl": (2.5, 1.2),
    "cholesterol": (3.0, 1.5),
    "ferritin": (400.0, 250.0),
    "mcv": (8.0, 6.0),
}
_FEW_DAYS = 10.0
_KIDNEY_SPREAD = 0.30


def number(value: str) -> float | None:
    """The number of a value as reported, None for words and bounds."""
    try:
        return float(value)
    except ValueError:
        return None


def series(life: Life) -> dict[str, list[tuple[datetime, float, str]]]:
    """Numbers by analysis in the order of time: when, how much, in which document."""
    found: dict[str, list[tuple[datetime, float, str]]] = {}
    for one in sorted(life.documents, key=lambda d: d.at):
        if isinstance(one.content, Laboratory) and one.copy_of is None:
            for value in one.content.values:
                much = number(value.value)
                if much is not None:
                    found.setdefault(value.analysis, []).append((one.at, much, one.key))
    return found


def impossible(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """Every number lies within what a body or an apparatus can give; words are of the list."""
    for one in life.documents:
        if not isinstance(one.content, Laboratory):
            continue
        for value in one.content.values:
            known = entry(Analysis, value.analysis)
            much = number(value.value.lstrip(_SIGNS).strip())
            where = f"{value.analysis} in {one.key}"
            if much is None:
                if known.unit is not None:
                    why = f"“{value.value}” is no number"
                    yield Contradiction("value-impossible", life.person.key, where, why)
                continue
            low, high = known.limits
            if (low and much < float(low)) or (high and much > float(high)):
                why = f"{value.value} {known.unit}, a body has {low} to {high}"
                yield Contradiction("value-impossible", life.person.key, where, why)


def leaps(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """A slow quantity does not leap from one time to the next."""
    for analysis, points in series(life).items():
        limit = _SLOW.get(analysis)
        if limit is None:
            continue
        for (before, old, _), (after, new, key) in pairwise(points):
            days = (after - before).total_seconds() / 86_400
            most = limit[1] if days <= _FEW_DAYS else limit[0] * max(1.0, days / _A_MONTH)
            if abs(new - old) > most:
                why = f"from {old} to {new} in {days:.0f} days"
                where = f"{analysis} in {key}"
                yield Contradiction("value-leaps", life.person.key, where, why)


def expected_gfr(creatinine: float, age: int, sex: Sex) -> float:
    """CKD-EPI 2009 without ethnicity, mL/min/1.73 m², from creatinine in µmol/L (adults)."""
    ratio = creatinine / 88.4 / (0.7 if sex is Sex.FEMALE else 0.9)
    power = -0.329 if sex is Sex.FEMALE else -0.411
    factor = 1.018 if sex is Sex.FEMALE else 1.0
    return float(141 * min(ratio, 1) ** power * max(ratio, 1) ** -1.209 * 0.993**age * factor)


def kidney_disagrees(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """The filtration that a report gives follows from its creatinine, age and sex."""
    person = life.person
    for one in life.documents:
        if not isinstance(one.content, Laboratory) or age_on(person, one.at.date()) < 18:
            continue
        said = {value.analysis: number(value.value) for value in one.content.values}
        creatinine, gfr = said.get("creatinine"), said.get("gfr")
        if creatinine is None or gfr is None:
            continue
        expected = expected_gfr(creatinine, age_on(person, one.at.date()), person.traits.sex)
        if abs(gfr - expected) > _KIDNEY_SPREAD * expected:
            why = f"gfr {gfr:g} beside creatinine {creatinine:g}, expected about {expected:.0f}"
            yield Contradiction("kidney-disagrees", person.key, f"document {one.key}", why)
