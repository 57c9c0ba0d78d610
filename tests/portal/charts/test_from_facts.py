"""From facts to pictures: as the documents tell them, in one unit where that can be."""

from __future__ import annotations

import pytest

from carnet.clinical.model import Told
from carnet.clinical.series import series_of
from carnet.portal import charts
from carnet.portal.charts import Point, Source
from carnet.portal.charts.from_facts import points_of, pressures_of, value_words
from carnet.record.facts import Bounds, Code, Concept, Kind, Quantity, Range, Ratio, When, Words
from tests.clinical.samples import LOINC, fact, told


def named(one: Told) -> Source:
    return Source("Laboratoire", f"/documents/{one.source.entry_no}")


def points(*said: Told) -> list[Point]:
    return [point for series in series_of(said) for point in points_of(series, named)]


def glucose(number: int, value: Quantity, low: Quantity, high: Quantity) -> Told:
    what = Concept((Code(LOINC, "2345-7", "Glucose"),))
    when = When(f"2026-03-{10 + number:02d}", point=True)
    bounds = (Bounds(Range(low, high)),)
    return told(fact(what=what, value=value, when=when, bounds=bounds), number)


def test_a_result_is_shown_as_it_is_told() -> None:
    assert points(told(fact())) == [
        Point(
            "2026-03-04T08:00:00+01:00",
            "7.1",
            "%",
            "4.0",
            "6.0",
            interpretation="H",
            source=Source("Laboratoire", "/documents/1"),
        )
    ]


def test_a_converted_value_has_its_bounds_converted_and_its_own_words_beside() -> None:
    older = glucose(1, Quantity("90", "mg/dL"), Quantity("70", "mg/dL"), Quantity("110", "mg/dL"))
    newer = glucose(2, Quantity("0.95", "g/L"), Quantity("0.70", "g/L"), Quantity("1.10", ""))
    old, new = points(older, newer)
    assert (new.number, new.unit, new.low, new.high, new.original) == (
        "0.95",
        "g/L",
        "0.70",
        "1.10",
        "",
    )
    assert (float(old.number), old.unit) == (0.9, "g/L")
    assert (float(old.low), float(old.high)) == (0.7, 1.1)
    assert old.original == "90\N{NO-BREAK SPACE}mg/dL"
    table = charts.trend("Glucose", [old, new]).table
    assert table.rows[1][1].text.endswith("(90\N{NO-BREAK SPACE}mg/dL dans le document)")


def test_bounds_in_a_unit_that_cannot_be_converted_stay_words() -> None:
    (point,) = points(
        glucose(1, Quantity("90", "mg/dL"), Quantity("3.9", "mmol/L"), Quantity("6.1", "mmol/L"))
    )
    assert (point.low, point.high) == ("", "")
    assert point.bounds.replace("\N{NO-BREAK SPACE}", " ") == "3,9 mmol/L à 6,1 mmol/L"


def test_one_bound_is_one_bound() -> None:
    bounds = (Bounds(Range(None, Quantity("6.0", "%"))),)
    (point,) = points(told(fact(bounds=bounds)))
    assert (point.low, point.high, point.bounds) == ("", "6.0", "")


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Bounds(Words("négatif")), "négatif"),
        (Bounds(None, text="< 6 selon l’âge"), "< 6 selon l’âge"),
    ],
)
def test_bounds_in_words_stay_words(bounds: Bounds, words: str) -> None:
    (point,) = points(told(fact(bounds=(bounds,))))
    assert (point.low, point.high, point.bounds) == ("", "", words)


def test_a_limit_keeps_its_comparator() -> None:
    (point,) = points(told(fact(value=Quantity("5", "%", "<"))))
    assert (point.number, point.comparator) == ("5", "<")


def test_a_value_that_is_denied_is_told_and_not_drawn() -> None:
    picture = charts.trend("HbA1c", points(told(fact(negated=True))))
    assert picture.empty
    assert "écarté par le document" in picture.table.rows[0][1].text


def test_a_value_without_a_date_of_its_own_is_not_given_one() -> None:
    (point,) = points(told(fact(when=When())))
    assert point.day == ""
    assert charts.trend("HbA1c", [point]).empty


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Concept((Code("x", "POS", "positif"),)), "positif"),
        (Words("non rendu"), "non rendu"),
        (Ratio(Quantity("1"), Quantity("64")), "1/64"),
        (Range(Quantity("4", "mg"), Quantity("6", "mg")), "4 mg à 6 mg"),
        (Range(None, Quantity("6", "mg")), "jusqu’à 6 mg"),
        (None, ""),
    ],
)
def test_any_value_has_words(value: Concept | Words | Ratio | Range | None, words: str) -> None:
    assert value_words(value).replace("\N{NO-BREAK SPACE}", " ") == words


def taking(code: str, value: str, number: int, document: int) -> Told:
    what = Concept((Code(LOINC, code),))
    when = When(f"2026-03-{document:02d}", point=True)
    quantity = Quantity(value, "mm[Hg]")
    return told(
        fact(number, kind=Kind.VITAL, what=what, value=quantity, when=when, bounds=()), document
    )


def test_the_two_values_of_a_taking_are_put_together() -> None:
    said = [
        taking("8480-6", "138", 0, 1),
        taking("8462-4", "82", 1, 1),
        taking("8480-6", "144", 2, 1),
        taking("8462-4", "84", 3, 1),
        taking("8480-6", "150", 0, 2),
        taking("29463-7", "70", 1, 2),
    ]
    found = {
        (one.systolic and one.systolic.number, one.diastolic and one.diastolic.number)
        for one in pressures_of(series_of(said), named)
    }
    assert found == {("138", "82"), ("144", "84"), ("150", None)}


def test_values_of_which_one_is_missing_are_not_put_together() -> None:
    said = [
        taking("8480-6", "138", 0, 1),
        taking("8480-6", "144", 1, 1),
        taking("8462-4", "84", 2, 1),
    ]
    found = pressures_of(series_of(said), named)
    assert len(found) == 3
    assert not [one for one in found if one.systolic and one.diastolic]
