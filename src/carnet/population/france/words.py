"""Fills the words of a fragment: names, ages, agreement, signs and results of that day.

``{patient}`` ``{age}`` ``{le}`` ``{Le}`` ``{il}`` ``{Il}`` ``{e}`` ``{side}`` ``{sidef}``
``{problem}`` ``{problems}`` ``{since}`` ``{years}`` ``{start}`` ``{treatment}`` ``{all}`` (all that
is taken) ``{allergies}`` ``{speciality}`` ``{last}`` (the day of an earlier document) ``{term}``
(weeks of a pregnancy) ``{bp}`` ``{pulse}`` ``{weight}`` ``{height}`` ``{bmi}`` ``{temp}`` ``{sat}``
``{skull}`` ``{value ANALYSIS}`` ``{previous ANALYSIS}`` ``{n 2 7}`` (a number between),
``[one|other]`` (either).

``F>``, ``M>``, ``C>``, ``A>``, ``O>``, ``N>`` before a fragment: for women, men, children, adults,
the old, those who take nothing. A fragment that needs what is not there cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from carnet.population.codes import Analysis, Drug, entry
from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Running
from carnet.population.model import Laboratory
from carnet.population.writing.french import (
    french_age,
    french_date,
    french_month,
    number_of,
    spoken,
)
from carnet.record.identity import Sex

_WORD = re.compile(r"\{(\w+)(?: ([^{}]+))?\}")
_EITHER = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")
_CHILD, _OLD = 15, 75
_SPOKEN_OF = 6  # days after which an earlier document is spoken of
_TERM = 280  # days without periods at a birth; terms are counted back from it


class MissingError(LookupError):
    """What a fragment needs is not there."""


def _number(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def lower_first(label: str) -> str:
    """A label as inside a sentence; abbreviations such as ``VIH`` stay."""
    return label if label[1:2].isupper() else label[0].lower() + label[1:]


def short_name(drug: str, *, substance: bool) -> str:
    """A medicine as a letter names it: ``Glucophage 500 mg``, or its substance."""
    known = entry(Drug, drug)
    if substance:
        return known.substance
    words = known.name.partition(", ")[0].split()
    return " ".join([words[0].capitalize(), *words[1:]])


class Words:
    """Fills fragments for one letter of one life."""

    def __init__(
        self,
        chart: Chart,
        day: date,
        running: Running | None,
        chance: Chance,
        *,
        substances: bool = False,
        speciality: str = "médecine",
    ) -> None:
        self.chart = chart
        self.day = day
        self.running = running
        self.chance = chance
        self.substances = substances
        self.speciality = speciality

    def suits(self, fragment: str) -> bool:
        """Whether the mark before a fragment is true of this person."""
        if len(fragment) < 2 or fragment[1] != ">":
            return True
        age = self.chart.age(self.day)
        return {
            "F": self.chart.sex is Sex.FEMALE,
            "M": self.chart.sex is not Sex.FEMALE,
            "C": age < _CHILD,
            "A": age >= _CHILD,
            "O": age >= _OLD,
            "N": not any(one.is_taken(self.day) for one in self.chart.treatments),
        }[fragment[0]]

    def fill(self, fragment: str) -> str | None:
        """The fragment with its words; None where something that it needs is not there."""
        if not self.suits(fragment):
            return None
        text = fragment[2:] if fragment[1:2] == ">" else fragment
        try:
            text = _EITHER.sub(lambda found: self.chance.pick(found[1].split("|")), text)
            return _WORD.sub(lambda found: self._word(found[1], found[2] or ""), text)
        except MissingError:
            return None

    def _word(self, name: str, said: str) -> str:
        maker = _WORDS.get(name)
        if maker is None:
            raise KeyError(f"{{{name}}} is no word that is filled in")
        return maker(self, said)

    @property
    def female(self) -> bool:
        """Whether words agree in the feminine."""
        return self.chart.sex is Sex.FEMALE

    def course(self) -> Running:
        """The course that a fragment speaks of. Raises ``MissingError``."""
        if self.running is None:
            raise MissingError
        return self.running

    def patient(self) -> str:
        """``Mme Camille BERTHIER``; a child by first name."""
        name = self.chart.person.name
        if self.chart.age(self.day) < _CHILD:
            return f"{name.given} {name.family}"
        return spoken(name)

    def problem(self) -> str:
        """The label of the course's problem, as inside a sentence."""
        keys = self.course().problems
        found = next(
            (o.label for o in self.chart.problems if o.key in keys and o.onset <= self.day), None
        )
        if found is None:
            raise MissingError
        return lower_first(found)

    def problems(self) -> str:
        """Up to five problems known that day, the latest first."""
        known = [
            lower_first(one.label)
            for one in self.chart.problems
            if one.onset <= self.day and one.family_of is None
        ]
        if not known:
            raise MissingError
        return ", ".join(dict.fromkeys(known[-5:]))

    def years(self) -> str:
        """``3 ans``, ``5 mois``: how long the course goes on."""
        days = (self.day - self.course().start).days
        if days < 60:
            raise MissingError
        if days < 700:
            return f"{days // 30} mois"
        return f"{days // 365} ans"

    def treatment(self, keys: tuple[str, ...] | None) -> str:
        """What is taken that day, of those keys or of all."""
        names = [
            short_name(one.drug, substance=self.substances)
            for one in self.chart.treatments
            if one.is_taken(self.day) and (keys is None or one.key in keys)
        ]
        if not names:
            raise MissingError
        return ", ".join(dict.fromkeys(names))

    def allergies(self) -> str:
        """The allergies known that day."""
        known = [one.label.lower() for one in self.chart.allergies if one.since <= self.day]
        if not known:
            raise MissingError
        return ", ".join(known)

    def last(self) -> str:
        """The day of the document before, long enough ago to be spoken of."""
        found = [
            one.at.date() for one in self.chart.documents if (self.day - one.at.date()).days > 6
        ]
        if not found:
            raise MissingError
        return french_date(found[-1])

    def term(self) -> str:
        """``24 SA + 3``: counted back from the birth. Raises where there is no pregnancy."""
        for first, last in self.chart.pregnancies:
            if first <= self.day <= last:
                days = _TERM - (last - self.day).days
                return f"{days // 7} SA" + (f" + {days % 7}" if days % 7 else "")
        raise MissingError

    def result(self, analysis: str, back: int) -> str:
        """The last result but ``back`` before that day, with its unit."""
        known = entry(Analysis, analysis)
        found = list(self._values(analysis))
        if len(found) <= back:
            raise MissingError
        unit = known.shown or known.unit or ""
        return f"{number_of(found[-1 - back])} {unit}".strip()

    def _values(self, analysis: str) -> Iterator[str]:
        for one in self.chart.documents:
            if isinstance(one.content, Laboratory) and one.copy_of is None:
                yield from (v.value for v in one.content.values if v.analysis == analysis)


def _pressure(words: Words, _said: str) -> str:
    high, low = words.chart.signs.pressure(words.day)
    return f"{high}/{low}"


def _between(words: Words, said: str) -> str:
    low, high = said.split()
    return str(words.chance.between(int(low), int(high)))


_WORDS: dict[str, Callable[[Words, str], str]] = {
    "patient": lambda w, _: w.patient(),
    "age": lambda w, _: french_age(w.chart.person.born, w.day),
    "le": lambda w, _: "la patiente" if w.female else "le patient",
    "Le": lambda w, _: "La patiente" if w.female else "Le patient",
    "il": lambda w, _: "elle" if w.female else "il",
    "Il": lambda w, _: "Elle" if w.female else "Il",
    "e": lambda w, _: "e" if w.female else "",
    "side": lambda w, _: w.course().side,
    "sidef": lambda w, _: "droite" if w.course().side == "droit" else "gauche",
    "problem": lambda w, _: w.problem(),
    "since": lambda w, _: french_month(w.course().start),
    "start": lambda w, _: french_date(w.course().start),
    "years": lambda w, _: w.years(),
    "treatment": lambda w, _: w.treatment(w.course().treatments),
    "all": lambda w, _: w.treatment(None),
    "last": lambda w, _: w.last(),
    "allergies": lambda w, _: w.allergies(),
    "term": lambda w, _: w.term(),
    "bp": _pressure,
    "pulse": lambda w, _: str(w.chart.signs.pulse(w.day)),
    "weight": lambda w, _: _number(w.chart.signs.weight(w.day)),
    "height": lambda w, _: _number(w.chart.signs.height(w.day), 0),
    "bmi": lambda w, _: _number(w.chart.signs.bmi(w.day)),
    "temp": lambda w, _: _number(w.chart.signs.temperature(w.day)),
    "sat": lambda w, _: str(w.chart.signs.saturation(w.day)),
    "skull": lambda w, _: _number(w.chart.signs.skull(w.day)),
    "value": lambda w, said: w.result(said, 0),
    "previous": lambda w, said: w.result(said, 1),
    "n": _between,
    "problems": lambda w, _: w.problems(),
    "speciality": lambda w, _: w.speciality,
    "se": lambda w, _: "se" if w.female else "x",
}
