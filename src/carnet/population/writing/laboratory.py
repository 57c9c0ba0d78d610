"""Laboratory reports: values of a life to chapters, batteries, results and germs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from carnet.formats.cda.build import (
    Battery,
    Chapter,
    Coded,
    Comparator,
    Interpretation,
    Isolate,
    LaboratoryBody,
    PastValue,
    Qualitative,
    Result,
    Susceptibility,
)
from carnet.formats.cda.build.laboratory_model import Item, Measure
from carnet.population import codes_model as nomenclature
from carnet.population import model
from carnet.population.codes import Analysis, entry, table
from carnet.population.numbers import Number, number_in
from carnet.population.systems import LOINC, loinc_of
from carnet.population.writing.context import Context, cda_time, oid_of
from carnet.population.writing.french import age_in_months
from carnet.population.writing.laboratory_paper import printed
from carnet.population.writing.made import Made
from carnet.population.writing.paper import encoded
from carnet.record.document import Code

LOCAL_CODES = oid_of("laboratory-codes")
"""The code system of the invented laboratories' own codes."""

_ANSWERS = {
    "S": Interpretation.SUSCEPTIBLE,
    "I": Interpretation.INTERMEDIATE,
    "R": Interpretation.RESISTANT,
}
_MICROBIOLOGY = "microbiology"


def past_of(context: Context, analysis: str) -> PastValue | None:
    """The last value of an analysis before this document that is a number without a bound."""
    for past in context.records.earlier(context.document, analysis):
        number = number_in(past.value)
        if number is not None:
            return None if number.comparator else PastValue(number.value, cda_time(past.at))
    return None


def _local(known: Analysis) -> Code | None:
    return None if known.loinc else Code(LOCAL_CODES, known.key.upper(), known.label)


def _in_words(known: Analysis, value: str) -> Qualitative:
    """A result in words; one that is not the usual answer is out of the ordinary."""
    said, answers = value.casefold(), {one.casefold() for one in known.answers}
    is_odd = known.normal is not None and said in answers - {known.normal.casefold()}
    return Qualitative(
        label=known.label,
        value=Coded(text=value),
        code=loinc_of(known.loinc),
        local=_local(known),
        interpretation=Interpretation.ABNORMAL if is_odd else None,
        method=known.method,
    )


def _in_numbers(context: Context, known: Analysis, number: Number) -> Result:
    person = context.person
    low, high = known.bounds(person.traits.sex, age_in_months(person.born, context.day))
    return Result(
        label=known.label,
        value=number.value,
        unit=known.unit or "1",
        code=loinc_of(known.loinc),
        local=_local(known),
        low=low or None,
        high=high or None,
        shown_unit=known.shown if known.shown is not None or known.unit else "",
        past=past_of(context, known.key),
        method=known.method,
        comparator=Comparator(number.comparator) if number.comparator else None,
    )


def _measure(context: Context, value: model.Value) -> Measure:
    known = entry(Analysis, value.analysis)
    number = number_in(value.value)
    if number is None:
        return _in_words(known, value.value)
    return _in_numbers(context, known, number)


@cache
def _batteries() -> Mapping[str, tuple[nomenclature.Battery, ...]]:
    """The batteries that an analysis can stand in."""
    found: dict[str, tuple[nomenclature.Battery, ...]] = {}
    for battery in table(nomenclature.Battery).values():
        for analysis in battery.analyses:
            found[analysis] = (*found.get(analysis, ()), battery)
    return found


def _battery_of(analysis: str, measured: set[str]) -> nomenclature.Battery | None:
    """The battery that holds most of what was measured, this analysis and another among it."""
    found = _batteries().get(analysis, ())
    held = {one.key: len(measured & set(one.analyses)) for one in found}
    best = max(found, key=lambda one: (held[one.key], -len(one.analyses)), default=None)
    return best if best is not None and held[best.key] > 1 else None


def _items(context: Context, values: list[model.Value]) -> tuple[Item, ...]:
    """Results in the order of the report, those of a battery together where the first stands."""
    items: list[Item] = []
    waiting = {value.analysis for value in values}
    for value in values:
        if value.analysis not in waiting:
            continue
        battery = _battery_of(value.analysis, waiting)
        if battery is None:
            waiting.discard(value.analysis)
            items.append(_measure(context, value))
            continue
        together = [v for v in values if v.analysis in battery.analyses and v.analysis in waiting]
        waiting -= {v.analysis for v in together}
        measures = tuple(_measure(context, v) for v in together)
        items.append(Battery(battery.label, measures, loinc_of(battery.loinc)))
    return tuple(items)


def _isolates(content: model.Laboratory) -> tuple[Item, ...]:
    return tuple(
        Isolate(
            organism=Coded(text=germ.name),
            results=(Qualitative(label="Numération", value=germ.count),) if germ.count else (),
            antibiogram=tuple(
                Susceptibility(agent=one.antibiotic, stands=_ANSWERS[one.answer])
                for one in germ.antibiogram
            ),
        )
        for germ in content.germs
    )


def _chapter_code(name: str) -> Code:
    return Code(LOINC, *entry(nomenclature.Chapter, name).loinc)


def chapters_of(context: Context, content: model.Laboratory) -> tuple[Chapter, ...]:
    """The chapters in the order of their first value; germs stand in microbiology."""
    by_chapter: dict[str, list[model.Value]] = {}
    for value in content.values:
        by_chapter.setdefault(entry(Analysis, value.analysis).chapter, []).append(value)
    if content.germs:
        by_chapter.setdefault(_MICROBIOLOGY, [])
    made = []
    for name, values in by_chapter.items():
        items = _items(context, values)
        comment = None
        if name == _MICROBIOLOGY:
            items += _isolates(content)
            comment = f"Prélèvement : {content.specimen}" if content.specimen else None
        made.append(Chapter(_chapter_code(name), items, comment))
    return tuple(made)


def write(context: Context, content: model.Laboratory) -> Made:
    """A report with its printed copy, or the paper alone."""
    chapters = chapters_of(context, content)
    pdf = printed(context, content, chapters)
    further = tuple(one.code for one in chapters[1:])
    if context.document.as_pdf:
        return Made(body=encoded(pdf), act=chapters[0].code, further_acts=further)
    body = LaboratoryBody(
        chapters=chapters,
        sampled=cda_time(context.document.at),
        pdf=pdf,
        comment=() if content.comment is None else (content.comment,),
    )
    return Made(body=body, act=chapters[0].code, further_acts=further)
