"""The printed laboratory report: a table for each chapter with ranges and earlier results."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.formats.cda.build import (
    Battery,
    Chapter,
    Interpretation,
    Isolate,
    Qualitative,
    Result,
)
from carnet.formats.cda.build.laboratory_model import Item, Measure
from carnet.formats.pdf import Style, Table, render_letter
from carnet.population import model
from carnet.population.codes import Analysis, entry
from carnet.population.writing.context import Context
from carnet.population.writing.french import number_of, short_date
from carnet.population.writing.paper import page

Row = tuple[str, str, str, str, str]
_READ = {
    Interpretation.SUSCEPTIBLE: "Sensible",
    Interpretation.INTERMEDIATE: "Intermédiaire",
    Interpretation.RESISTANT: "Résistant",
}


def range_of(low: str | None, high: str | None) -> str:
    """A reference range as laboratories print it; its bounds belong to it."""
    if low and high:
        return f"{number_of(low)} à {number_of(high)}"
    if low:
        return f"≥ {number_of(low)}"
    return f"≤ {number_of(high)}" if high else ""


class _Past:
    """What the last results were, as printed: bounds and words too, unlike in the entries."""

    def __init__(self, context: Context, content: model.Laboratory) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        for value in content.values:
            past = next(context.records.earlier(context.document, value.analysis), None)
            if past is not None:
                known = entry(Analysis, value.analysis)
                code = known.loinc[0] if known.loinc else known.key.upper()
                self.found[code] = (number_of(past.value), short_date(past.at.date()))
        days = {day for _, day in self.found.values()}
        self.day = next(iter(days)) if len(days) == 1 else None

    @property
    def head(self) -> str:
        """The head of the column, with the day where all are of one."""
        return f"Antériorité {self.day}" if self.day else "Antériorité"

    def of(self, one: Result | Qualitative) -> str:
        """The cell of an analysis, which its code names: labels are not unique."""
        named = one.code or one.local
        value, day = self.found.get(named.code if named else "", ("", ""))
        return f"{value} ({day})" if value and self.day is None else value


def _row(one: Measure, past: _Past) -> Row | None:
    if isinstance(one, Result):
        sign = "" if one.comparator is None else f"{one.comparator.value} "
        value = f"{sign}{number_of(one.value)}"
        return one.label, value, one.unit_label, range_of(one.low, one.high), past.of(one)
    if isinstance(one, Qualitative):
        return one.label, one.words, "", "", past.of(one)
    return None


def _measures(item: Item) -> Iterator[Measure]:
    if isinstance(item, Battery):
        yield from item.results
    elif not isinstance(item, Isolate):
        yield item


def _is_odd(one: Measure) -> bool:
    stands = one.interpretation if isinstance(one, (Result, Qualitative)) else None
    return stands not in (None, Interpretation.NORMAL)


def _table(chapter: Chapter, past: _Past) -> Table | None:
    """What stands in a chapter; a battery is named above its results."""
    rows: list[Row] = []
    bold: set[int] = set()
    for item in chapter.items:
        if isinstance(item, Battery):
            bold.add(len(rows))
            rows.append((item.label.upper(), "", "", "", ""))
        for one in _measures(item):
            row = _row(one, past)
            if row is not None:
                if _is_odd(one):
                    bold.add(len(rows))
                rows.append(row)
    if not rows:
        return None
    heads = ("Examen", "Résultat", "Unité", "Valeurs de référence", past.head)
    return Table(heads, tuple(rows), chapter.code.display, frozenset(bold))


def _germs(chapter: Chapter) -> Iterator[str | Table]:
    """Each germ with its count, and the antibiogram below."""
    for item in chapter.items:
        if isinstance(item, Isolate):
            counts = (one.words for one in item.results if isinstance(one, Qualitative))
            yield f"**Germe identifié : {item.organism.words}** {', '.join(counts)}"
            if item.antibiogram:
                rows = tuple((str(one.agent), _READ[one.stands]) for one in item.antibiogram)
                yield Table(("Antibiotique", "Interprétation"), rows, "Antibiogramme")


def printed(context: Context, content: model.Laboratory, chapters: tuple[Chapter, ...]) -> bytes:
    """The report as PDF."""
    past = _Past(context, content)
    body: list[str | Table] = []
    for chapter in chapters:
        table = _table(chapter, past)
        if table is not None:
            body.append(table)
        body += _germs(chapter)
    if content.comment:
        body.append(f"**Commentaire :** {content.comment}")
    drawn = context.document.at
    fields = [("Prélevé le", f"{short_date(drawn.date())} à {drawn:%H h %M}")]
    if content.specimen:
        fields.append(("Nature", content.specimen))
    made = page(context, tuple(body), style=_style(context), fields=tuple(fields))
    return render_letter(made)


def _style(context: Context) -> Style:
    """Results are printed on the form of a laboratory, whoever prints them."""
    return Style(context.document.style or Style.LABORATORY)
