"""What is measured at an examination: weight, height, blood pressure, pulse, and their like."""

from __future__ import annotations

from datetime import date

from carnet.population.france.body import Body
from carnet.population.france.chance import Chance
from carnet.population.writing.french import age_in_months
from carnet.record.identity import Sex

_ADULT_MONTHS = 17 * 12
# Usual weight (kg) and height (cm) by months of age, between the sexes.
_GROWTH = (
    (0, 3.3, 50.0),
    (1, 4.2, 54.0),
    (2, 5.1, 57.5),
    (4, 6.6, 63.0),
    (6, 7.6, 67.0),
    (9, 8.7, 71.5),
    (12, 9.6, 75.0),
    (18, 10.9, 81.5),
    (24, 12.1, 87.0),
    (36, 14.3, 95.5),
    (48, 16.4, 102.5),
    (72, 20.8, 116.0),
    (96, 26.0, 128.0),
    (120, 32.5, 138.5),
    (144, 40.5, 150.0),
    (168, 49.5, 160.0),
    (204, 60.0, 169.0),
)


def _between(months: int, column: int) -> float:
    before = _GROWTH[0]
    for line in _GROWTH:
        if line[0] >= months:
            share = 0.0 if line is before else (months - before[0]) / (line[0] - before[0])
            return before[column] + share * (line[column] - before[column])
        before = line
    return _GROWTH[-1][column]


class Signs:
    """One person's signs: their own build, moved by courses and by the day."""

    def __init__(self, chance: Chance, body: Body) -> None:
        self._chance = chance
        self._body = body
        female = body.sex is Sex.FEMALE
        self._height = chance.of("height").bell(163.5 if female else 176.5, 6.2)
        self._bmi = max(18.6, chance.of("bmi").bell(24.8, 3.2))
        self._channel = chance.of("channel").bell(1.0, 0.07)
        self._pressure = chance.of("pressure").bell(0.0, 6.0)

    def _months(self, day: date) -> int:
        return age_in_months(self._body.born, day)

    def _noise(self, name: str, day: date, deviation: float) -> float:
        return self._chance.of(name, day.toordinal()).bell(0.0, deviation)

    def height(self, day: date) -> float:
        """In centimetres."""
        months = self._months(day)
        if months >= _ADULT_MONTHS:
            shrunk = max(0, months // 12 - 65) * 0.12
            return self._height - shrunk
        return _between(months, 2) * (0.97 + 0.03 * self._channel)

    def weight(self, day: date) -> float:
        """In kilograms; courses move it in adults."""
        months = self._months(day)
        if months < _ADULT_MONTHS:
            return _between(months, 1) * self._channel
        usual = self._bmi * (self._height / 100) ** 2
        return max(36.0, self._body.moved("weight", usual, day) + self._noise("weight", day, 0.6))

    def bmi(self, day: date) -> float:
        """Kilograms a square metre."""
        return self.weight(day) / (self.height(day) / 100) ** 2

    def pressure(self, day: date) -> tuple[int, int]:
        """Systolic and diastolic, mmHg."""
        years = self._months(day) // 12
        usual = 98 + min(years, 18) * 1.1 + max(0, years - 18) * 0.22 + self._pressure
        high = self._body.moved("systolic", usual, day) + self._noise("systolic", day, 4.5)
        high = min(max(high, 70.0), 215.0)
        low = min(high * 0.52 + 11 + self._noise("diastolic", day, 2.5), high - 22)
        return round(high), round(low)

    def pulse(self, day: date) -> int:
        """Beats a minute."""
        months = self._months(day)
        usual = 132.0 if months < 12 else 108.0 if months < 72 else 86.0 if months < 168 else 71.0
        moved = self._body.moved("pulse", usual, day) + self._noise("pulse", day, 4.5)
        return round(min(max(moved, 42.0), 175.0))

    def saturation(self, day: date) -> int:
        """Oxygen saturation in room air, per cent."""
        moved = self._body.moved("spo2", 98.0, day) + self._noise("spo2", day, 0.6)
        return round(min(max(moved, 78.0), 100.0))

    def temperature(self, day: date) -> float:
        """In degrees."""
        moved = self._body.moved("temperature", 36.8, day) + self._noise("temperature", day, 0.15)
        return min(max(moved, 35.5), 40.6)

    def skull(self, day: date) -> float:
        """Head circumference of a small child, cm."""
        months = min(self._months(day), 36)
        return 35.0 + 12.6 * months / (months + 5.5) + 0.8 * (self._channel - 1) * 10
