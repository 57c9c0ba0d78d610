"""What people read of a laboratory report: one table a chapter, and its cells in French."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.laboratory_model import Chapter, Interpretation, Result
from carnet.formats.cda.build.xml import append, element


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


def value_text(result: Result) -> str:
    """The value with its unit as French readers write it."""
    return f"{_french(result.value)} {result.unit_label}".strip()


def past_text(result: Result) -> str:
    """The earlier value and its day; empty where there is none."""
    if result.past is None:
        return ""
    day = result.past.time
    return f"{_french(result.past.value)} ({day[6:8]}/{day[4:6]}/{day[0:4]})"


def _cell(tag: str, text: str, identifier: str | None = None) -> _Element:
    if identifier is None:
        return element(tag, text)
    return element(tag, element("content", text, attrs={"ID": identifier}))


def _row(result: Result, name: str) -> _Element:
    label = result.label if result.method is None else f"{result.label} ({result.method})"
    flagged = result.interpretation in (Interpretation.HIGH, Interpretation.LOW)
    value = value_text(result)
    shown = element("td", element("content", value, attrs={"styleCode": "Bold"}))
    return element(
        "tr",
        _cell("td", label, name),
        shown if flagged else element("td", value),
        element("td", range_text(result)),
        element("td", past_text(result)),
    )


def chapter_table(chapter: Chapter, prefix: str) -> _Element:
    """The table of a chapter; the name of item 2 has the ID ``prefix-2``, in a battery ``-2-0``."""
    heads = ("Examen", "Résultat", "Valeurs de référence", "Antérieur")
    body = element("tbody")
    for number, item in enumerate(chapter.items):
        name = f"{prefix}-{number}"
        if isinstance(item, Result):
            body.append(_row(item, name))
            continue
        title = element("content", item.label, attrs={"ID": name, "styleCode": "Bold"})
        body.append(element("tr", element("td", title, attrs={"colspan": "4"})))
        for index, result in enumerate(item.results):
            body.append(_row(result, f"{name}-{index}"))
    table = element("table", element("thead", element("tr", *(_cell("th", h) for h in heads))))
    return append(table, body)
