"""What a body would show on a day: a person's own baseline, moved by diseases and treatments.

Each person has a value of their own within the reference range. A course moves it by an amount
(``add``) or a factor (``times``) that sets in and wanes with a time constant; the analysis' own
variation within one person is added on each day; the limits of the nomenclature hold. Analyses that
follow from others (haematocrit, LDL, clearance …) are computed from them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec

from carnet.population.codes import Analysis, entry
from carnet.population.france.chance import Chance
from carnet.population.writing.french import age_in_months
from carnet.record.identity import Sex

_MIDDLE = 0.5
_SPREAD = 0.14  # of the width of the range, between healthy people
_DRIFT = 45  # days
_OWN = 0.35  # of a standard deviation, from one day to the next
_ONE_SIDED = 0.45  # where only a high bound is printed, healthy people are about there
_ABOVE = 1.35  # where only a low bound is printed


class Effect(msgspec.Struct, frozen=True):
    """What a course does to one analysis or sign, from a day to a day."""

    of: str
    add: float
    times: float
    start: date
    end: date | None
    tau: int
    say: str | None = None

    def strength(self, day: date) -> float:
        """From 0 (not yet, no more) to 1."""
        if day < self.start:
            return 0.0
        reached = _reached((min(day, self.end or day) - self.start).days + 1, self.tau)
        if self.end is None or day <= self.end:
            return reached
        return reached * (1.0 - _reached((day - self.end).days, self.tau))


def _reached(days: int, tau: int) -> float:
    """How far something has set in: half after ``tau`` days, nearly all after three times that."""
    ratio = days / max(1, tau)
    return ratio * ratio / (1.0 + ratio * ratio)


class Body:
    """One person's body."""

    def __init__(self, chance: Chance, sex: Sex, born: date) -> None:
        self._chance = chance
        self.sex = sex
        self.born = born
        self._effects: dict[str, list[Effect]] = {}
        self._baselines: dict[str, float] = {}

    def habit(self, *labels: str) -> float:
        """A number from 0 to 1 that is always the same for this person."""
        return self._chance.of("habit", *labels).number()

    def add(self, effect: Effect) -> None:
        """Something moves an analysis."""
        self._effects.setdefault(effect.of, []).append(effect)

    def moved(self, name: str, value: float, day: date) -> float:
        """A value with what the courses do to it that day."""
        for one in self._effects.get(name, ()):
            strength = one.strength(day)
            value = value * (1.0 + (one.times - 1.0) * strength) + one.add * strength
        return value

    def value(self, name: str, day: date) -> str:
        """The result of an analysis on a day, as reported."""
        known = entry(Analysis, name)
        if known.answers:
            return self._answer(known, day)
        return _reported(known, self.number(name, day))

    def number(self, name: str, day: date) -> float:
        """The same as a number."""
        known = entry(Analysis, name)
        derived = _DERIVED.get(name)
        if derived is not None:
            value = derived(self, day)
        else:
            value = self.moved(name, self._baseline(known, day), day)
            value *= 1.0 + known.variation / 100 * self._noise(name, day)
        low, high = known.limits
        return min(max(value, float(low or 0)), float(high or 1e9))

    def _noise(self, name: str, day: date) -> float:
        """About a standard deviation: it drifts over weeks, with a small part of the day's own."""
        block, rest = divmod(day.toordinal(), _DRIFT)
        before = self._chance.of("noise", name, block).bell()
        after = self._chance.of("noise", name, block + 1).bell()
        drift = before + (after - before) * rest / _DRIFT
        own = self._chance.of("day", name, day.toordinal()).bell(0.0, _OWN)
        return max(-2.0, min(2.0, drift + own))

    def _baseline(self, known: Analysis, day: date) -> float:
        months = age_in_months(self.born, day)
        low, high = known.bounds(self.sex, months)
        at = self._baselines.get(known.key)
        if at is None:
            chance = self._chance.of("baseline", known.key)
            at = self._baselines[known.key] = chance.bell(_MIDDLE, _SPREAD)
        if low and high:
            return float(low) + at * (float(high) - float(low))
        usual = _USUAL.get(known.key)
        if usual is not None:
            return usual * (0.75 + 0.5 * at)
        if high:
            return float(high) * _ONE_SIDED * (0.6 + 0.8 * at)
        return float(low or 1) * _ABOVE * (0.8 + 0.4 * at)

    def _answer(self, known: Analysis, day: date) -> str:
        for one in self._effects.get(known.key, ()):
            if one.say is not None and one.start <= day and (one.end is None or day <= one.end):
                return one.say
        if known.normal is not None:
            return known.normal
        return self._chance.of("answer", known.key).pick(known.answers)


_USUAL = {  # of healthy people, where no range with two bounds says it
    "cholesterol": 4.6,
    "triglycerides": 1.0,
    "psa": 0.9,
    "crp": 1.4,
    "ntprobnp": 90.0,
    "glucose-1h": 7.2,
    "glucose-2h": 6.1,
    "creatinine": 70.0,
    "urine-sodium": 110.0,
    "urine-creatinine": 9.0,
    "toxo-igg": 2.0,
    "urine-epithelial": 900.0,
    "progesterone": 0.6,
    "anti-xa": 0.3,
    "psa-free": 0.3,
    "amh": 2.4,
}


def _reported(known: Analysis, value: float) -> str:
    """A number with the decimals of its analysis; ``<`` where a machine sees nothing."""
    low = float(known.limits[0] or 0)
    if known.key in _FLOORS and value <= _FLOORS[known.key]:
        return f"<{_FLOORS[known.key]:g}"
    return f"{max(value, low):.{known.digits}f}"


_FLOORS = {"crp": 0.6, "hcg": 1.0, "troponin-t": 3.0, "hiv-load": 20.0, "psa": 0.02}


def _haematocrit(body: Body, day: date) -> float:
    return body.number("haemoglobin", day) * 2.98


def _erythrocytes(body: Body, day: date) -> float:
    return _haematocrit(body, day) / body.number("mcv", day) * 10


def _mch(body: Body, day: date) -> float:
    return body.number("haemoglobin", day) / _erythrocytes(body, day) * 10


def _mchc(body: Body, day: date) -> float:
    return body.number("haemoglobin", day) / _haematocrit(body, day) * 100


_SHARES = {"neutrophils": 0.58, "lymphocytes": 0.31, "monocytes": 0.08, "eosinophils": 0.025}
_INFECTION = 10.0  # leukocytes above which neutrophils make up most of what is more


def _share(name: str, body: Body, day: date) -> float:
    total = body.number("leukocytes", day)
    usual = min(total, _INFECTION)
    personal = 0.9 + 0.2 * body.habit("share", name)
    value = usual * _SHARES[name] * personal
    return value + (total - usual) * 0.9 if name == "neutrophils" else value


def _basophils(body: Body, day: date) -> float:
    others = sum(_share(name, body, day) for name in _SHARES)
    return max(0.01, min(0.1, body.number("leukocytes", day) - others))


def _non_hdl(body: Body, day: date) -> float:
    return body.number("cholesterol", day) - body.number("hdl", day)


def _ldl(body: Body, day: date) -> float:
    """After Friedewald, in mmol/L."""
    return max(0.3, _non_hdl(body, day) - body.number("triglycerides", day) / 2.2)


def _gfr(body: Body, day: date) -> float:
    """CKD-EPI 2009, without ethnicity; creatinine in µmol/L."""
    female = body.sex is Sex.FEMALE
    kappa, alpha = (61.9, -0.329) if female else (79.6, -0.411)
    ratio = round(body.number("creatinine", day)) / kappa
    age = max(1, age_in_months(body.born, day) // 12)
    value = 141.0 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.209 * 0.993**age
    return float(value * (1.018 if female else 1.0))


def _prothrombin(body: Body, day: date) -> float:
    """Falls as the INR rises."""
    return float(max(8.0, 98.0 / body.number("inr", day) ** 1.35))


def _saturation(body: Body, day: date) -> float:
    return body.number("iron", day) / (body.number("transferrin", day) * 25) * 100


_DERIVED: dict[str, Callable[[Body, date], float]] = {
    "haematocrit": _haematocrit,
    "erythrocytes": _erythrocytes,
    "mch": _mch,
    "mchc": _mchc,
    "basophils": _basophils,
    "non-hdl": _non_hdl,
    "ldl": _ldl,
    "gfr": _gfr,
    "prothrombin": _prothrombin,
    "transferrin-saturation": _saturation,
    "neutrophils": lambda body, day: _share("neutrophils", body, day),
    "lymphocytes": lambda body, day: _share("lymphocytes", body, day),
    "monocytes": lambda body, day: _share("monocytes", body, day),
    "eosinophils": lambda body, day: _share("eosinophils", body, day),
}
