"""Figures and sentences: French signs, the digits as given, no judgement."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from carnet.portal import charts
from carnet.portal.charts import Point, Speech
from carnet.portal.charts.said import change_of, describe, notes_of
from carnet.portal.charts.series import series_of
from carnet.portal.charts.speech import FRENCH, ambient
from carnet.portal.words import speaking
from tests.portal.charts.samples import hba1c, many, mixed, pressures


def plain(text: str) -> str:
    """With common spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("7.10", "7,10"),
        ("-3.5", "−3,5"),
        ("1234", "1234"),
        ("12345.6", "12 345,6"),
        ("0.000001", "0,000001"),
        ("1e3", "1000"),
        ("1e300", "1E+300"),
        ("négatif", "négatif"),
        ("", ""),
    ],
)
def test_a_number_keeps_its_digits(written: str, said: str) -> None:
    assert plain(FRENCH.number(written)) == said


def test_a_number_follows_the_locale() -> None:
    assert Speech("en").number("12345.60") == "12,345.60"


@pytest.mark.parametrize(
    ("value", "said"), [("0.7", "+ 0,7"), ("-0.70", "− 0,70"), ("0.0", "0,0"), ("-0.0", "0,0")]
)
def test_a_change_has_its_sign(value: str, said: str) -> None:
    assert plain(FRENCH.change(Decimal(value))) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("5", "mg/L", "<"), "< 5 mg/L"),
        (("5", "mg/L", ">="), "≥ 5 mg/L"),
        (("140", "mm[Hg]"), "140 mmHg"),
        (("7.1", "%"), "7,1 %"),
        (("12", "furlong"), "12 furlong"),
        (("3", ""), "3"),
    ],
)
def test_a_quantity_is_said_as_given(parts: tuple[str, ...], said: str) -> None:
    assert plain(FRENCH.quantity(*parts)) == said


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (("4", "6"), "4 à 6"),
        (("", "1.00"), "jusqu’à 1,00"),
        (("60", ""), "à partir de 60"),
        (("", "", "négatif"), "négatif"),
        (("", ""), ""),
    ],
)
def test_bounds_are_said_as_given(bounds: tuple[str, ...], said: str) -> None:
    assert plain(FRENCH.range(*bounds)) == said


def test_a_picture_is_said_in_words() -> None:
    assert plain(describe(FRENCH, series_of(hba1c()))) == (
        "5 valeurs, du 12 nov. 2024 au 18 nov. 2026. "
        "Dernière : 7,1 %, bornes indiquées : 4 à 6, signalé « H »."
    )


def test_no_value_is_said_too() -> None:
    assert describe(FRENCH, series_of([])) == "Aucune valeur pour le moment."
    assert describe(FRENCH, series_of([Point("", "3", "")])) == "Aucune valeur datée."


def test_the_change_is_against_the_time_before() -> None:
    change = change_of(FRENCH, series_of(hba1c()))
    assert change.value == Decimal("-0.7")
    assert plain(change.sentence) == "La fois d’avant, le 12 mai 2026 : 7,8 %. Écart : − 0,7."


@pytest.mark.parametrize(
    ("before", "last"),
    [
        (Point("2026-01-01", "5", "mg/L", comparator="<"), Point("2026-02-01", "6", "mg/L")),
        (Point("2026-01-01", "5", "mg/L"), Point("2026-02-01", "0.6", "mg/dL")),
        (Point("2026-01-01", "négatif"), Point("2026-02-01", "6", "")),
        (Point("2026-01-01", "1e200", ""), Point("2026-02-01", "1", "")),
    ],
)
def test_what_cannot_be_compared_is_not_compared(before: Point, last: Point) -> None:
    earlier = Point("2025-01-01", "4", last.unit)
    change = change_of(FRENCH, series_of([earlier, before, last]))
    assert change.value is None
    assert not change.figure
    assert change.sentence.endswith("pas comparable.")


def test_one_value_has_no_change() -> None:
    assert change_of(FRENCH, series_of(hba1c()[:1])).sentence == ""


def test_what_is_left_out_is_said() -> None:
    assert notes_of(FRENCH, series_of(hba1c())) == ()
    assert len(notes_of(FRENCH, series_of(mixed()))) == 3
    thinned = plain(notes_of(FRENCH, series_of(many(10_000)))[0])
    assert re.fullmatch(r"10 000 valeurs, trop pour un dessin : .* soit \d{3} valeurs\.", thinned)


JUDGING = re.compile(
    r"\b(bon|bonne|mauvais|normal|anormal|norme|trop (haut|bas|élevé)|inqui|rassur|danger|grave)",
    re.IGNORECASE,
)


def test_no_sentence_judges() -> None:
    pictures = [charts.trend("HbA1c", hba1c()), charts.trend("CRP", mixed())]
    said = [
        text for each in pictures for text in (each.described, each.change.sentence, *each.notes)
    ]
    said += [charts.range_bar("CRP", point).label for point in mixed()]
    said += [charts.pressure("la tension", pressures()).described]
    assert not [text for text in said if JUDGING.search(text)]


def test_a_page_in_english_says_it_in_english() -> None:
    with speaking("en"):
        assert describe(ambient(), series_of([])) == "No value for now."
        assert ambient().number("7.10") == "7.10"
