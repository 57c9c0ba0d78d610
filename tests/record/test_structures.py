"""Numbers of professionals and structures and their keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.record.errors import Notice
from carnet.record.identity import OID_PROFESSIONAL, OID_STRUCTURE, Identifier
from carnet.record.structures import actor_key, is_luhn, luhn_warnings, professional, structure


def test_a_bare_rpps_and_one_with_its_type_digit_are_the_same_actor() -> None:
    assert actor_key(professional("01234567897")) == actor_key(professional("801234567897"))
    assert actor_key(professional("801234567897")) == f"{OID_PROFESSIONAL}|801234567897"


@pytest.mark.parametrize(
    "identifier",
    [
        structure("01234567897"),
        professional("8012345678977"),
        professional("648238549"),
        Identifier("1.2.3", "01234567897"),
    ],
)
def test_other_numbers_name_their_actor_as_they_stand(identifier: Identifier) -> None:
    assert actor_key(identifier) == f"{identifier.root}|{identifier.extension}"


@pytest.mark.parametrize(
    "identifier",
    [
        professional("801234567897"),
        structure("1120456736"),
        structure("318003502400041"),
        structure("2732829320"),
    ],
)
def test_a_right_key_gives_no_warning(identifier: Identifier) -> None:
    assert luhn_warnings(identifier) == ()


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        (professional("801234567898"), "RPPS"),
        (structure("1120456737"), "FINESS"),
        (structure("2732829321"), "SIREN"),
        (structure("318003502400042"), "SIRET"),
    ],
)
def test_a_wrong_key_is_a_warning_that_names_the_kind(identifier: Identifier, kind: str) -> None:
    expected = Notice("luhn-key", "author", {"kind": kind})
    assert luhn_warnings(identifier, "author") == (expected,)


@pytest.mark.parametrize(
    "identifier",
    [
        structure("12A0000001"),  # a Corsican FINESS
        structure("12B0000001"),
        professional("10100997245"),
        professional("8012345678971"),
        professional("318003502400041/7"),
        structure("101235555"),
        structure("801234567"),
        Identifier("1.2.250.1.71", "801234567890"),
        Identifier(OID_STRUCTURE),
    ],
)
def test_odd_forms_have_no_key_to_check(identifier: Identifier) -> None:
    assert luhn_warnings(identifier) == ()


def test_post_offices_have_a_rule_of_their_own() -> None:
    branch = "35600000000056"
    assert not is_luhn(branch)
    assert sum(map(int, branch)) % 5 == 0
    assert luhn_warnings(structure("3" + branch)) == ()
    assert luhn_warnings(structure("335600000000057")) != ()


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_exactly_one_last_digit_is_the_key(digits: str) -> None:
    assert sum(is_luhn(digits + last) for last in "0123456789") == 1
