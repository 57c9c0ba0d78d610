"""Invented values that the design page and its examples draw, and a document's invented header."""

from __future__ import annotations

from datetime import date
from typing import Any

from carnet.formats.cda.html import Header, HeaderGroup, HeaderItem, HeaderLine
from carnet.portal import words
from carnet.portal.charts import (
    Document,
    Episode,
    Point,
    Pressure,
    Source,
    Speech,
    life_line,
    pressure,
    range_bar,
    sparkline,
    trend,
    zoom_from,
)
from carnet.portal.manner import Language

_DAYS = ("2024-11-12", "2025-05-20", "2025-11-18", "2026-05-12", "2026-11-18")
_LABORATORY = Source("Laboratoire des Lilas", "#documents")
# Name: unit, low, high, values on those days, the latest mark as reported.
_MEASURES = {
    "hba1c": ("HbA1c", "%", "4", "6", ("7.0", "7.2", "7.9", "7.8", "7.1"), "H"),
    "glycemia": (
        "Glycémie à jeun",
        "g/L",
        "0.70",
        "1.10",
        ("1.3", "1.2", "1.21", "1.07", "1.09"),
        "",
    ),
    "ldl": ("Cholestérol LDL", "g/L", "", "1.00", ("1.32", "1.18", "1.10", "1.03", "0.82"), ""),
    "creatinine": ("Créatinine", "mg/L", "5.0", "11.0", ("8.0", "8.2", "7.9", "8.3", "8.1"), ""),
    "filtration": ("DFG (CKD-EPI)", "mL/min", "60", "", ("84", "82", "83", "80", "78"), ""),
    "potassium": ("Potassium", "mmol/L", "3.5", "5.0", ("4.1", "4.4", "4.0", "4.2", "4.3"), ""),
}


HEADER = Header(
    HeaderLine(
        "CR d’examens biologiques", "", "Dr Anne Petit-Test", "Laboratoire des Lilas", "2026-11-18"
    ),
    (
        HeaderGroup(
            "author",
            (
                HeaderItem("name", "text", ("Dr Anne PETIT-TEST",)),
                HeaderItem("id", "id", ("1.2.250.1.71.4.2.1", "899700000001")),
            ),
        ),
    ),
)


def pictures(language: Language, today: date) -> dict[str, Any]:
    """By name: the range and the small line of each measure, and the larger pictures."""
    with words.speaking(language):
        speech = Speech(language, words.gettext, words.ngettext)
        made: dict[str, Any] = {"range": {}, "spark": {}, "header": HEADER}
        for key, (name, *_) in _MEASURES.items():
            points = _points(key)
            made["range"][key] = range_bar(name, points[-1], speech)
            made["spark"][key] = sparkline(name, points, speech)
        below = Point("2026-11-18", "5", "ng/L", "", "14", comparator="<", source=_LABORATORY)
        made["range"]["below"] = range_bar("Troponine", below, speech)
        made["range"]["alone"] = range_bar("Potassium", Point("2026-11-18", "4.3"), speech)
        made["spark"]["single"] = sparkline("Troponine", [below], speech)
        made["spark"]["nothing"] = sparkline("Potassium", [], speech)
        made["trend"] = trend("HbA1c", _points("hba1c"), speech)
        made["trend_none"] = trend("Potassium", [], speech)
        made["pressure"] = pressure(words.gettext("Tension"), _pressures(), speech)
        made["life"] = life_line(
            _documents(), _episodes(), zoom_from("2016-2026"), today, lambda _: "#images", speech
        )
        return made


def _points(key: str) -> list[Point]:
    _, unit, low, high, values, mark = _MEASURES[key]
    return [
        Point(day, number, unit, low, high, "", mark, _LABORATORY)
        for day, number in zip(_DAYS, values, strict=True)
    ]


def _pressures() -> list[Pressure]:
    values = (("150", "90"), ("148", "88"), ("149", "90"), ("144", "84"), ("138", "82"))
    return [
        Pressure(
            Point(day, high, "mm[Hg]", "", "140", source=_LABORATORY),
            Point(day, low, "mm[Hg]", "", "90", source=_LABORATORY),
        )
        for day, (high, low) in zip(_DAYS, values, strict=True)
    ]


def _documents() -> list[Document]:
    return [
        Document(f"{year}-{month:02}-12", words.gettext("Prise de sang"), "#documents")
        for year in range(2016, 2027)
        for month in range(1, 2 + (year * 7) % 10)
    ]


def _episodes() -> list[Episode]:
    return [
        Episode(words.gettext("Suivi du diabète"), "2019-09", "", "#fil", 24),
        Episode(words.gettext("Opération du genou"), "2026-06-01", "2026-09-02", "#fil", 7),
    ]
