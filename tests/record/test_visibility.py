"""Confidentiality and visibility codes, and the end of INVISIBLE_PATIENT."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.record.document import Code, Flags
from carnet.record.errors import CarnetError
from carnet.record.visibility import (
    LEVELS,
    NORMAL,
    OID_CONFIDENTIALITY,
    OID_VISIBILITY,
    REFUSED_CODES,
    SHARED_LEVELS,
    FlagCode,
    due_date,
    flag_codes,
    flags_of,
    labels,
    level,
    notice_date,
    parse_labels,
)
from carnet.record.vocabulary import value_set

A07_URL = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument"
    "/FHIR/TRE-A07-StatutVisibiliteDocument"
)
A08_URL = (
    "https://mos.esante.gouv.fr/NOS/TRE_A08-HL7Confidentiality/FHIR/TRE-A08-HL7Confidentiality"
)
V3_URL = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
DAY = 86400


def test_codes_and_labels_are_those_of_the_value_sets() -> None:
    j08 = value_set("J08")
    flags = labels(NORMAL, Flags(True, 1, True), 0)[1:]
    assert {c.code for c in j08.concepts} == SHARED_LEVELS | {code.value for code in FlagCode}
    assert all(j08.find(c.code, c.system) == c for c in flags)
    published = value_set("JDV_HL7_Confidentiality_CISIS").concepts
    assert {c.code: c.display for c in published} == LEVELS


@pytest.mark.parametrize("system", [OID_CONFIDENTIALITY, V3_URL, A08_URL, OID_VISIBILITY, ""])
def test_a_level_is_read_under_each_system_it_comes_with(system: str) -> None:
    assert parse_labels((Code(system, "R"),)) == (level("R"), frozenset())


@pytest.mark.parametrize("system", [OID_VISIBILITY, A07_URL, f"urn:oid:{OID_VISIBILITY}", ""])
def test_a_flag_is_read_under_each_system_it_comes_with(system: str) -> None:
    assert parse_labels((Code(system, "MASQUE_PS"),)) == (NORMAL, frozenset({"MASQUE_PS"}))


def test_flags_combine_beside_one_level() -> None:
    codes = tuple(Code(OID_VISIBILITY, flag.value) for flag in FlagCode)
    assert parse_labels((*codes, level("V"))) == (level("V"), frozenset(FlagCode))


def test_nothing_said_is_normal() -> None:
    assert parse_labels(()) == (NORMAL, frozenset())


def test_the_same_level_twice_is_one_level_and_two_levels_are_refused() -> None:
    assert parse_labels((NORMAL, Code(V3_URL, "N"))) == (NORMAL, frozenset())
    with pytest.raises(CarnetError) as error:
        parse_labels((NORMAL, level("R")), "securityLabel")
    assert (error.value.code, error.value.element) == ("confidentiality-repeated", "securityLabel")


@pytest.mark.parametrize("code", sorted(REFUSED_CODES))
def test_codes_outside_the_value_sets_are_refused(code: str) -> None:
    with pytest.raises(CarnetError) as error:
        parse_labels((Code(A07_URL, code),))
    assert error.value.code == "visibility-refused"


@pytest.mark.parametrize(
    "label",
    [Code(OID_VISIBILITY, "X"), Code("1.2.3", "N"), Code(V3_URL, "MASQUE_PS"), Code(V3_URL, "n")],
)
def test_unknown_codes_are_refused(label: Code) -> None:
    with pytest.raises(CarnetError) as error:
        parse_labels((label,))
    assert error.value.code == "visibility-unknown"


def test_labels_say_the_level_first_and_only_flags_in_force() -> None:
    flags = Flags(hidden_from_professionals=True, patient_until=100)
    assert [c.code for c in labels(NORMAL, flags, 99)] == ["N", "MASQUE_PS", "INVISIBLE_PATIENT"]
    assert [c.code for c in labels(NORMAL, flags, 100)] == ["N", "MASQUE_PS"]


@given(st.frozensets(st.sampled_from(FlagCode)), st.sampled_from(sorted(LEVELS)))
def test_labels_come_back_as_they_went(codes: frozenset[FlagCode], code: str) -> None:
    deposited = 1_700_000_000
    flags = flags_of(codes, deposited)
    assert flag_codes(flags, deposited) == codes
    assert parse_labels(labels(level(code), flags, deposited)) == (level(code), codes)


def test_invisible_to_the_patient_ends_after_one_month_and_is_told_after_two_weeks() -> None:
    deposited = int(datetime(2026, 1, 31, 9, 30, tzinfo=UTC).timestamp())
    assert due_date(deposited) == int(datetime(2026, 2, 28, 9, 30, tzinfo=UTC).timestamp())
    assert notice_date(deposited) == deposited + 14 * DAY
    flags = flags_of(frozenset({FlagCode.HIDDEN_FROM_PATIENT}), deposited)
    assert flags == Flags(patient_until=due_date(deposited))
    assert flag_codes(flags, due_date(deposited)) == frozenset()
