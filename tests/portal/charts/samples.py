"""Pictures of invented values in the states that they can be in, and a page that shows them all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from carnet.portal import charts
from carnet.portal.assets import Assets
from carnet.portal.charts import Document, Episode, LifeLine, Point, Pressure, Source, Speech
from carnet.portal.charts.speech import FRENCH
from carnet.portal.rendering import Renderer

TODAY = date(2026, 11, 25)
LAB = Source("Laboratoire des Lilas", "/documents/1")


def environment() -> Environment:
    """The templates as the portal has them."""
    return Renderer(Assets()).environment


def macro(env: Environment, file: str, name: str, *values: object) -> Markup:
    """What a macro of ``templates/charts`` writes."""
    written: Markup = getattr(env.get_template(f"charts/{file}.html").module, name)(*values)
    return written


def hba1c() -> list[Point]:
    """Five values, the bounds of which another laboratory changes."""
    values = (
        ("2024-11-12", "7.0", "4", "6"),
        ("2025-05-20", "7.2", "4", "6"),
        ("2025-11-18", "7.9", "4.1", "6.2"),
        ("2026-05-12", "7.8", "4.1", "6.2"),
        ("2026-11-18", "7.1", "4", "6"),
    )
    return [Point(d, n, "%", low, high, "", "H", LAB) for d, n, low, high in values]


def mixed() -> list[Point]:
    """Another unit, a limit, a word, a month, and no date at all."""
    return [
        Point("2023-02-01", "4", "mg/L", "", "5", source=LAB),
        Point("2023-06-01", "12", "mg/L", "", "5", interpretation="H", source=LAB),
        Point("2023-11-02", "5", "mg/L", "", "5", "<", source=LAB),
        Point("2024-03-01", "0.6", "mg/dL", "", "0.5", source=LAB),
        Point("2024-06", "8", "mg/L", "", "5", source=LAB),
        Point("2025-01-15", "non rendu", "", bounds="moins de 5", source=LAB),
        Point("2025-06-01", "6", "mg/L", "", "5", source=LAB),
        Point("2026-01-01", "7.25", "mg/L", "", "5", source=LAB),
        Point("", "3", "mg/L", "", "5", source=LAB),
    ]


def many(count: int) -> list[Point]:
    """As many values, a day apart, that swing."""
    first = date(1998, 1, 1)
    return [
        Point(
            str(first + timedelta(days=i)), str(80 + i * 37 % 41), "mg/dL", "70", "110", source=LAB
        )
        for i in range(count)
    ]


def pressures() -> list[Pressure]:
    """Takings at the practice; of one only the higher value is known."""
    values = (
        ("2025-01-10", "152", "91"),
        ("2025-06-02", "148", "88"),
        ("2025-12-11", "144", ""),
        ("2026-06-06", "144", "84"),
        ("2026-11-18", "138", "82"),
    )
    return [
        Pressure(
            Point(day, high, "mm[Hg]", "", "140", source=LAB),
            Point(day, low, "mm[Hg]", "", "90", source=LAB) if low else None,
        )
        for day, high, low in values
    ]


def documents() -> list[Document]:
    """A record since 1961, thin at first."""
    titles = (
        "Prise de sang",
        "Lettre du cardiologue",
        "Ordonnance",
        "Compte rendu opératoire du genou",
    )
    days = [date(1961, 4, 12), date(1998, 7, 1), date(2004, 3, 9)]
    days += [date(2016, 1, 20) + timedelta(days=61 * i) for i in range(50)]
    days += [date(2026, 11, 2) + timedelta(days=4 * i) for i in range(6)]
    return [
        Document(str(day), titles[i % 4], f"/documents/{i}", "CR d’examens")
        for i, day in enumerate(days)
    ]


def episodes() -> list[Episode]:
    """A childhood, a chronic disease that goes on, an operation."""
    return [
        Episode("Enfance", "1959-04-12", "1975", "/episodes/1", 1),
        Episode("Suivi du diabète", "2019-03", "", "/episodes/2", 24),
        Episode("Opération du genou", "2026-06-15", "2026-09-02", "/episodes/3", 7),
        Episode("Grossesse", "1984-02-10", "1984-11-20"),
    ]


def link(step: str) -> str:
    """The address of a step of the life line."""
    return f"/ligne?zoom={step}" if step else "/ligne"


def life(zoom: str, speech: Speech = FRENCH) -> LifeLine:
    """A step of the sample's life line."""
    return charts.life_line(documents(), episodes(), charts.zoom_from(zoom), TODAY, link, speech)


RANGES = {
    "HbA1c": Point("2026-11-18", "7.1", "%", "4", "6"),
    "Glycémie": Point("2026-11-18", "1.09", "g/L", "0.70", "1.10"),
    "LDL": Point("2026-11-18", "0.82", "g/L", "", "1.00"),
    "DFG": Point("2026-11-18", "78", "mL/min", "60", ""),
    "CRP": Point("2026-11-18", "5", "mg/L", "", "5", "<"),
    "Ferritine": Point("2026-11-18", "2500", "µg/L", "30", "300"),
    "Excès de base": Point("2026-11-18", "-3.5", "mmol/L", "-2", "2"),
    "TSH": Point("2026-11-18", "2.1", "mUI/L"),
}


def page(env: Environment, speech: Speech = FRENCH) -> str:
    """The body of a page with every picture."""
    rows = []
    for name, point in RANGES.items():
        bar = charts.range_bar(name, point, speech)
        points = [*hba1c(), point] if point.unit == "%" else [point]
        line = charts.sparkline(name, points, speech)
        row = dict.fromkeys(("mark", "change", "since", "source"))
        rows.append(
            row
            | {
                "name": name,
                "value": Markup("{} {}").format(
                    speech.quantity(point.number, point.unit, point.comparator),
                    macro(env, "range", "range_word", bar),
                ),
                "bounds": bar.text,
                "range": macro(env, "range", "range_bar", bar),
                "trend": macro(env, "sparkline", "sparkline", line),
            }
        )
    results: Any = env.get_template("components/result.html").module
    table = results.results("Résultats", rows)
    trends = {
        "HbA1c": hba1c(),
        "CRP": mixed(),
        "Glycémie": many(500),
        "Glucose": many(10_000),
        "Poids": hba1c()[:1],
        "Taille": [],
    }
    pictures = [
        macro(env, "trend", "trend", charts.trend(name, points, speech), f"t{i}", i == 1)
        for i, (name, points) in enumerate(trends.items())
    ]
    tension = charts.pressure("la tension", pressures(), speech)
    pictures.append(macro(env, "pressure", "pressure", tension, "p"))
    for i, zoom in enumerate(("", "2010..2019", "2026", "2026-11")):
        pictures.append(macro(env, "lifeline", "life_line", life(zoom, speech), f"l{i}"))
    cards = "".join(f'<section class="card sample">{picture}</section>' for picture in pictures)
    return f"<h1>Images</h1>{table}{cards}"
