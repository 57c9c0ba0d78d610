from __future__ import annotations

import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.clinical.units import convert, factor_of, number_of, written


@pytest.mark.parametrize(
    ("number", "unit", "wanted", "found"),
    [
        ("0.88", "g/L", "mg/dL", "88"),
        ("88", "mg/dL", "g/L", "0.88"),
        ("4.890", "mmol/L", "umol/L", "4890"),
        ("5.2", "10*9/L", "/mm3", "5200"),
        ("5.2", "10*3/uL", "10*9/L", "5.2"),
        ("2.5", "m[IU]/L", "u[iU]/mL", "2.5"),
        ("90", "min", "h", "1.5"),
        ("150", "[lb_av]", "kg", "68.04"),
        ("30", "U/L", "ukat/L", "0.5"),
        ("7.10", "%", "%", "7.10"),
    ],
)
def test_units_of_one_dimension_are_converted(
    number: str, unit: str, wanted: str, found: str
) -> None:
    converted = convert(Decimal(number), unit, wanted)
    assert converted is not None
    assert written(converted) == found


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [
        ("mmol/L", "g/L"),  # mass and amount of substance
        ("mmol/mol", "%"),  # HbA1c: IFCC and NGSP differ by more than a factor
        ("%", "1"),
        ("mL/min", "mL/min/{1.73_m2}"),
        ("meq/L", "mmol/L"),
        ("mosm/L", "mmol/L"),
        ("[iU]/L", "[USP'U]/L"),
        ("[iU]/L", "/L"),
        ("[CFU]/mL", "/mL"),
        ("G/L", "10*9/L"),  # what French laboratories write for giga is gauss to UCUM
        ("u/L", "g/L"),  # and what they write for U an atomic mass
        ("Cel", "[degF]"),
        ("", "g/L"),
        ("g/L", ""),
        ("g par litre", "g/L"),
        ("{cells}", "/L"),
        ("[pH]", "1"),
        ("g/L" * 50, "g/L"),
    ],
)
def test_other_units_stay_apart(unit: str, wanted: str) -> None:
    assert convert(Decimal(1), unit, wanted) is None
    assert convert(Decimal(1), wanted, unit) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_a_document_calls_a_unit_never_raises(unit: str, wanted: str) -> None:
    found = factor_of(unit, wanted)
    assert found is None or found > 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7.10", "7.10"),
        (" 7,1 ", "7.1"),
        ("-2", "-2"),
        ("", None),
        ("sept", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e400", None),
        ("7.1.2", None),
    ],
)
def test_a_number_keeps_its_digits(text: str, number: str | None) -> None:
    found = number_of(text)
    assert (written(found) if found is not None else None) == number


def test_the_libraries_are_not_loaded_where_units_agree() -> None:
    loaded = "ucumvert" in sys.modules
    assert convert(Decimal(1), "mystery", "mystery") == 1
    assert ("ucumvert" in sys.modules) is loaded
