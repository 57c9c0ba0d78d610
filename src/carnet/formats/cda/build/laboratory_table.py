"""What people read of a laboratory report: tables of a chapter, and their cells in French.

The name of item 2 has the ID ``P-2``, a member of a battery or isolate ``P-2-0``, an antibiotic
``P-2-abg-0`` under ``P-2-abg``; the words of a value that is no quantity end in ``-value``.
"""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.laboratory_model import (
    Aborted,
    Battery,
    Interpretation,
    Isolate,
    Item,
    Measure,
    Qualitative,
    Result,
    Susceptibility,
)
from carnet.formats.cda.build.narrative import Cell, Words, row, table
from carnet.formats.cda.build.values import Quantity
from carnet.formats.cda.build.xml import append, element

_HEADS = ("Examen", "Résultat", "Valeurs de référence", "Antérieur")
_ISOLATE_HEADS = ("Examen", "Résultat", "Interprétation")


def _french(value: str) -> str:
    """A decimal as French readers write it."""
    return value.replace(".", ",")


def range_text(result: Result) -> str:
    """The reference range in words, without unit; empty where there is none."""
    if result.low is not None and result.high is not None:
        return f"{_french(result.low)} à {_french(result.high)}"
    if result.low is not None:
        return f"> {_french(result.low)}"
    return "" if result.high is None else f"< {_french(result.high)}"


def quantity_text(value: Quantity, unit: str | None = None) -> str:
    """A quantity as French readers write it ("< 5 mg/L"); ``unit`` in place of the UCUM unit."""
    sign = "" if value.comparator is None else f"{value.comparator} "
    return f"{sign}{_french(value.value)} {value.unit if unit is None else unit}".strip()


def value_text(result: Result) -> str:
    """The value with its unit as French readers write it."""
    return quantity_text(result.quantity, result.unit_label)


def past_text(result: Result) -> str:
    """The earlier value and its day; empty where there is none."""
    if result.past is None:
        return ""
    day = result.past.time
    return f"{_french(result.past.value)} ({day[6:8]}/{day[4:6]}/{day[0:4]})"


def _shown(measure: Measure, name: str) -> Cell:
    """The cell of the value; what stands out of its range is bold."""
    if isinstance(measure, Aborted):
        return Words(f"Non réalisé : {measure.reason}", f"{name}-value")
    bold = measure.interpretation not in {None, Interpretation.NORMAL}
    if isinstance(measure, Qualitative):
        return Words(measure.words, f"{name}-value", bold)
    return Words(value_text(measure), bold=True) if bold else value_text(measure)


def _label(measure: Measure) -> str:
    return measure.label if measure.method is None else f"{measure.label} ({measure.method})"


def _cells(measure: Measure, name: str) -> tuple[Cell, ...]:
    label, shown = Words(_label(measure), name), _shown(measure, name)
    if isinstance(measure, Result):
        return label, shown, range_text(measure), past_text(measure)
    return label, shown, "", ""


def _title(words: Words, columns: int) -> _Element:
    """A row of one cell over all columns."""
    made = row((words,))
    made[0].set("colspan", str(columns))
    return made


def _battery(battery: Battery, name: str) -> list[_Element]:
    title = _title(Words(battery.label, name, bold=True), len(_HEADS))
    members = (row(_cells(r, f"{name}-{index}")) for index, r in enumerate(battery.results))
    return [title, *members]


def _susceptible(tested: Susceptibility, name: str) -> _Element:
    shown = "" if tested.mic is None else quantity_text(tested.mic)
    return row((Words(tested.agent, name), shown, Words(tested.stands.label, f"{name}-value")))


def isolate_table(isolate: Isolate, name: str) -> _Element:
    """The table of a germ: its name, its results, its antibiogram."""
    rows = [_title(Words(isolate.organism.words, name, bold=True), len(_ISOLATE_HEADS))]
    for index, measure in enumerate(isolate.results):
        place = f"{name}-{index}"
        stands = None if isinstance(measure, Aborted) else measure.interpretation
        words = "" if stands is None else stands.label
        rows.append(row((Words(_label(measure), place), _shown(measure, place), words)))
    if isolate.antibiogram:
        rows.append(_title(Words("Antibiogramme", f"{name}-abg", bold=True), len(_ISOLATE_HEADS)))
    rows.extend(_susceptible(t, f"{name}-abg-{n}") for n, t in enumerate(isolate.antibiogram))
    made = table(_ISOLATE_HEADS, ())
    append(made[-1], *rows)
    return made


def chapter_text(items: tuple[Item, ...], comment: str | None, prefix: str) -> _Element:
    """The text of a chapter or part of one: a table of results, one a germ, the comment."""
    rows: list[_Element] = []
    isolates: list[_Element] = []
    for number, item in enumerate(items):
        name = f"{prefix}-{number}"
        if isinstance(item, Isolate):
            isolates.append(isolate_table(item, name))
        elif isinstance(item, Battery):
            rows.extend(_battery(item, name))
        else:
            rows.append(row(_cells(item, name)))
    made = element("text")
    if rows:
        results = table(_HEADS, ())
        append(results[-1], *rows)
        made.append(results)
    append(made, *isolates)
    return append(made, None if comment is None else element("paragraph", comment))
