"""Laboratory reports of the demo: values of a script to chapters, and those to a printed report."""

from __future__ import annotations

import uuid

from carnet.formats.cda.build import Battery, Chapter, PastValue, Result
from carnet.formats.cda.build.laboratory_table import past_text, range_text, value_text
from carnet.formats.pdf import Table
from carnet.population.demo.scripts import (
    AnalysisScript,
    ChapterScript,
    DocumentScript,
    analyses,
)
from carnet.record.document import Code
from carnet.record.identity import Sex

LOINC = "2.16.840.1.113883.6.1"
LOCAL_CODES = f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, 'carnet-demo/laboratory-codes').int}"
"""The code system of the invented laboratory's own codes."""

Past = dict[str, PastValue]


def _bounds(analysis: AnalysisScript, sex: Sex) -> tuple[str | None, str | None]:
    by_sex = analysis.range_f if sex is Sex.FEMALE else analysis.range_m
    low, high = by_sex or analysis.range
    return low or None, high or None


def _loinc(pair: tuple[str, str] | None) -> Code | None:
    return None if pair is None else Code(LOINC, *pair)


def _result(name: str, value: str, sex: Sex, past: Past) -> Result:
    analysis = analyses().analysis[name]
    low, high = _bounds(analysis, sex)
    code = _loinc(analysis.loinc)
    local = None if code else Code(LOCAL_CODES, name.upper(), analysis.label)
    return Result(
        label=analysis.label,
        value=value,
        unit=analysis.unit,
        code=code,
        local=local,
        low=low,
        high=high,
        shown_unit=analysis.shown,
        past=past.get(name),
        method=analysis.method,
    )


def _item(name: str, value: str | dict[str, str], sex: Sex, past: Past) -> Battery | Result:
    if isinstance(value, str):
        return _result(name, value, sex, past)
    battery = analyses().battery[name]
    results = tuple(_result(n, value[n], sex, past) for n in battery.analyses if n in value)
    return Battery(battery.label, results, _loinc(battery.loinc))


def chapter(script: ChapterScript, sex: Sex, past: Past) -> Chapter:
    """A chapter with the ranges of that sex and the earlier values of the same patient."""
    code, label = analyses().chapter[script.code]
    items = tuple(_item(name, value, sex, past) for name, value in script.results.items())
    return Chapter(Code(LOINC, code, label), items, script.comment)


def remember(script: DocumentScript, time: str, past: Past) -> None:
    """Keeps the values of a report as the earlier ones of the next."""
    for part in script.chapters:
        for name, value in part.results.items():
            measured = {name: value} if isinstance(value, str) else value
            past.update({n: PastValue(v, time) for n, v in measured.items()})


def printed(part: Chapter) -> list[str | Table]:
    """A chapter as the printed report shows it: a table, then the biologist's comment."""
    rows: list[tuple[str, ...]] = []
    bold: set[int] = set()
    for result in part.results:
        flag = result.interpretation
        mark = "" if flag is None or flag.value == "N" else f" ({flag.value})"
        if mark:
            bold.add(len(rows))
        shown = (result.label, value_text(result) + mark, range_text(result), past_text(result))
        rows.append(shown)
    heads = ("Examen", "Résultat", "Référence", "Antérieur")
    table = Table(heads, tuple(rows), part.code.display, frozenset(bold))
    return [table] if part.comment is None else [table, part.comment]
