"""Words that plainly say otherwise than the entry are kept beside it; anything less is not."""

from __future__ import annotations

import pytest

from carnet.record.facts import Fact
from tests.formats.cda.facts.documents import CIM10, F, observation, only, section

POINTER = '<text><reference value="#w"/></text>'


def measured(words: str, number: str = "58", unit: str = "kg") -> Fact:
    value = f'<value xsi:type="PQ" value="{number}" unit="{unit}"/>'
    made = observation("50", "29463-7", POINTER, value)
    return only(section("8716-3", made, text=f'<content ID="w">{words}</content>'))


@pytest.mark.parametrize(
    ("words", "number", "unit"),
    [("97 kg", "70", "kg"), ("Poids : 97 kg", "70", "kg"), ("0,75", "2.50", ""), ("5", "7", "mm")],
)
def test_another_number_contradicts(words: str, number: str, unit: str) -> None:
    assert measured(words, number, unit).contradicts == (words,)


@pytest.mark.parametrize(
    ("words", "number", "unit"),
    [
        ("58 kg", "58", "kg"),
        ("58,0", "58", "kg"),
        ("1,70 m", "170", "cm"),
        ("100 000", "100000", "/mL"),
        ("Poids", "58", "kg"),
        ("APGAR à 5 min", "10", "{score}"),
        ("le 12/05/2009", "58", "kg"),
        ("entre 50 et 60 kg, plutôt 58 kg", "58", "kg"),
        ("normal (50 - 70)", "58", "kg"),
    ],
)
def test_the_same_number_or_none_does_not(words: str, number: str, unit: str) -> None:
    assert measured(words, number, unit).contradicts == ()


def problem(text: str, *, negated: bool = False, low: str = "20230322") -> Fact:
    denial = ' negationInd="true"' if negated else ""
    made = (
        f'<observation classCode="OBS" moodCode="EVN"{denial}><templateId root="{F}.37"/>{POINTER}'
        f'<effectiveTime><low value="{low}"/></effectiveTime>'
        f'<value xsi:type="CD" code="N10" codeSystem="{CIM10}" displayName="Pyélonéphrite"/>'
        "</observation>"
    )
    return only(section("11348-0", made, text=text))


def row(*cells: str) -> str:
    inside = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<table><tbody><tr>{inside}</tr></tbody></table>"


NAMED = '<content ID="w">Pyélonéphrite</content>'


def test_other_dates_of_the_row_contradict() -> None:
    assert problem(row("11/08/2008", NAMED)).contradicts == ("11/08/2008 | Pyélonéphrite",)
    assert problem(row(NAMED, "du 11/08/2008 au 12/08/2008")).contradicts


@pytest.mark.parametrize(
    "cells",
    [
        ("22/03/2023", NAMED),
        ("2008", NAMED),
        (NAMED, "vu le 11/08/2008 en consultation"),
        ("du 01/01/2001 au 22/03/2023", NAMED),
    ],
)
def test_the_same_date_or_one_among_other_words_does_not(cells: tuple[str, ...]) -> None:
    assert problem(row(*cells)).contradicts == ()


def test_a_date_that_is_less_precise_is_not_compared() -> None:
    assert problem(row("11/08/2008", NAMED), low="2023").contradicts == ()


def test_no_contradicts_what_is_affirmed_and_yes_what_is_denied() -> None:
    assert problem('<content ID="w">Non</content>').contradicts == ("Non",)
    assert problem('<content ID="w">Oui</content>', negated=True).contradicts == ("Oui",)


def test_no_agrees_with_what_is_denied() -> None:
    assert problem('<content ID="w">Non</content>', negated=True).contradicts == ()
    assert problem('<content ID="w">Oui</content>').contradicts == ()
    assert problem(NAMED, negated=True).contradicts == ()
