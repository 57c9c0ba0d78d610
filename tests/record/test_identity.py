"""INS, its key, the strict traits and the birth date."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import (
    INS_OIDS,
    OID_INS_NIA,
    OID_INS_NIR,
    OID_INS_NIR_TEST,
    TRAIT_LABELS,
    Ins,
    Sex,
    Traits,
    age_on,
    check_birth_date,
    check_ins,
    differing_traits,
    has_right_key,
    ins_key,
    normalise_name,
    parse_ins,
)

NUMBER = "279035121518989"


def code_of(error: pytest.ExceptionInfo[CarnetError]) -> str:
    return error.value.code


@pytest.mark.parametrize("oid", INS_OIDS)
def test_an_ins_is_read_under_each_of_its_oids(oid: str) -> None:
    assert parse_ins(NUMBER, oid) == Ins(NUMBER, oid)


@pytest.mark.parametrize("first", "123478")
def test_first_digits_are_the_same_for_definitive_and_waiting_numbers(first: str) -> None:
    assert parse_ins(first + NUMBER[1:], OID_INS_NIA).matricule[0] == first


@pytest.mark.parametrize(
    "matricule",
    [
        "",
        NUMBER[:-1],
        NUMBER + "0",
        "5" + NUMBER[1:],
        "0" + NUMBER[1:],
        "2790351215189A9",
        "2A9035121518989",
        "279032C21518989",
        "2 79 03 51 215 189 89",
        "٢٧٩٠٣٥١٢١٥١٨٩٨٩",
    ],
)
def test_a_matricule_of_another_form_is_refused(matricule: str) -> None:
    with pytest.raises(CarnetError) as error:
        parse_ins(matricule, OID_INS_NIR, "Patient.identifier")
    assert code_of(error) == "ins-malformed"
    assert error.value.element == "Patient.identifier"


@pytest.mark.parametrize("oid", ["1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.13", "", "1.2.3"])
def test_the_oid_of_another_number_is_refused(oid: str) -> None:
    with pytest.raises(CarnetError) as error:
        parse_ins(NUMBER, oid)
    assert code_of(error) == "ins-oid-unknown"


def test_a_corsican_matricule_is_read_in_either_case_and_kept_in_upper_case() -> None:
    number = "1850" + "52a" + "004123"
    key = f"{ins_key(number.upper()):02d}"
    ins = parse_ins(" " + number + key, OID_INS_NIR)
    assert ins.matricule == number.upper() + key
    assert has_right_key(ins)


@pytest.mark.parametrize(("department", "read_as"), [("2A", "19"), ("2B", "18")])
def test_corsica_is_read_as_19_and_18_for_the_key(department: str, read_as: str) -> None:
    assert ins_key(f"18505{department}004123") == ins_key(f"18505{read_as}004123")


def test_the_key_of_something_else_is_refused() -> None:
    with pytest.raises(CarnetError) as error:
        ins_key("2A90351215189")
    assert code_of(error) == "ins-malformed"


@given(st.from_regex(r"[1-478][0-9]{4}([0-9]{2}|2[AB])[0-9]{6}", fullmatch=True))
def test_exactly_one_key_of_a_hundred_is_right(number: str) -> None:
    right = [k for k in range(100) if has_right_key(Ins(f"{number}{k:02d}", OID_INS_NIR))]
    assert right == [ins_key(number)]


def test_an_ins_with_its_key_passes_without_a_word() -> None:
    assert check_ins(Ins(NUMBER, OID_INS_NIR), accept_test=False, accept_wrong_key=False) == ()


def test_a_test_ins_passes_only_where_the_store_says_so() -> None:
    ins = Ins(NUMBER, OID_INS_NIR_TEST)
    assert check_ins(ins, accept_test=True, accept_wrong_key=False) == ()
    with pytest.raises(CarnetError) as error:
        check_ins(ins, accept_test=False, accept_wrong_key=True)
    assert code_of(error) == "ins-test-refused"


def test_a_wrong_key_is_refused_or_marked_by_a_warning() -> None:
    ins = Ins(NUMBER[:-2] + "00", OID_INS_NIR)
    assert check_ins(ins, accept_test=False, accept_wrong_key=True, element="subject") == (
        Notice("ins-wrong-key", "subject"),
    )
    with pytest.raises(CarnetError) as error:
        check_ins(ins, accept_test=False, accept_wrong_key=False)
    assert code_of(error) == "ins-wrong-key"


def test_eight_samples_all_of_children_carry_a_wrong_key(corpus: Path) -> None:
    wrong = set()
    for path in sorted(corpus.glob("*.xml")):
        header = path.read_text(encoding="utf-8", errors="replace").partition("<patient>")[0]
        ids = re.findall(
            r'<id[^>]*extension="(\d{15})"[^>]*>', header.partition("<recordTarget")[2]
        )
        oids = re.findall(r'root="(1\.2\.250\.1\.213\.1\.4\.(?:8|10))"', header)
        ins = parse_ins(ids[0], oids[0])
        if check_ins(ins, accept_test=True, accept_wrong_key=True):
            wrong.add(path.name)
    assert len(wrong) == 8
    assert all(name.startswith(("CSE-", "OBP-", "SDM-")) for name in wrong)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Lefèvre-d'Ormesson", "LEFEVRE D ORMESSON"),
        ("lefevre  d’ormesson ", "LEFEVRE D ORMESSON"),
        ("Œuvrard", "OEUVRARD"),
        ("straße", "STRASSE"),
        ("JEAN‑LUC", "JEAN LUC"),
    ],
)
def test_names_are_compared_without_accents_case_hyphens_and_apostrophes(
    written: str, compared: str
) -> None:
    assert normalise_name(written) == compared


@given(st.text(max_size=40))
def test_comparing_a_compared_name_again_changes_nothing(name: str) -> None:
    assert normalise_name(normalise_name(name)) == normalise_name(name)


KNOWN = Traits(
    "PAT-TROIS", "DOMINIQUE", Sex.FEMALE, "1979-03-28", "51215", "DOMINIQUE MARIE-LOUISE"
)


def changed(**fields: object) -> Traits:
    values = {name: getattr(KNOWN, name) for name in KNOWN.__struct_fields__} | fields
    return Traits(**values)


def test_spelling_is_no_difference_of_identity() -> None:
    given = changed(birth_family="Pat trois", given_names="Dominique Marie Louise")
    assert differing_traits(KNOWN, given) == ()


@pytest.mark.parametrize(
    ("trait", "field", "value"),
    [
        ("birth_family", "birth_family", "PAT-QUATRE"),
        ("given_names", "first_given", "CLAUDE"),
        ("given_names", "given_names", "DOMINIQUE ANNE"),
        ("sex", "sex", Sex.INDETERMINATE),
        ("birth_date", "birth_date", "1979-03-29"),
        ("birth_date", "birth_date", "1979-04"),
        ("birth_place", "birth_place", "51108"),
    ],
)
def test_each_strict_trait_can_differ(trait: str, field: str, value: object) -> None:
    assert differing_traits(KNOWN, changed(**{field: value})) == (trait,)
    assert trait in TRAIT_LABELS


def test_given_names_count_once() -> None:
    given = changed(first_given="CLAUDE", given_names="CLAUDE ANNE")
    assert differing_traits(KNOWN, given) == ("given_names",)


@pytest.mark.parametrize("birth_date", ["1979", "1979-03"])
def test_a_partial_birth_date_agrees_with_the_dates_it_may_stand_for(birth_date: str) -> None:
    assert differing_traits(KNOWN, changed(birth_date=birth_date)) == ()


def test_absent_traits_and_used_names_do_not_differ() -> None:
    given = changed(birth_place=None, given_names=None, used_family="AUTRE", used_given="NOM")
    assert differing_traits(KNOWN, given) == ()
    assert differing_traits(given, KNOWN) == ()


@pytest.mark.parametrize("value", ["1979", "1979-03", "1979-03-28", "2024-02-29"])
def test_birth_dates_may_be_partial(value: str) -> None:
    assert check_birth_date(value) == value


@pytest.mark.parametrize(
    "value", ["", "79", "1979-13", "1979-00", "2023-02-29", "19790328", "1979-03-28T10", "0000"]
)
def test_a_birth_date_is_a_date_of_the_calendar(value: str) -> None:
    with pytest.raises(CarnetError) as error:
        check_birth_date(value, "birthDate")
    assert code_of(error) == "birth-date-invalid"


@pytest.mark.parametrize(
    ("birth_date", "day", "age"),
    [
        ("1979-03-28", date(2026, 3, 27), 46),
        ("1979-03-28", date(2026, 3, 28), 47),
        ("2008-02-29", date(2026, 2, 28), 17),
        ("2008-02-29", date(2026, 3, 1), 18),
        ("2026-05-01", date(2026, 1, 1), 0),
    ],
)
def test_age_is_in_completed_years(birth_date: str, day: date, age: int) -> None:
    assert age_on(birth_date, day) == age


@pytest.mark.parametrize(
    ("birth_date", "of_age"), [("2008", date(2026, 12, 31)), ("2008-02", date(2026, 3, 1))]
)
def test_a_partial_birth_date_makes_nobody_of_age_too_early(birth_date: str, of_age: date) -> None:
    day_before = date.fromordinal(of_age.toordinal() - 1)
    assert (age_on(birth_date, day_before), age_on(birth_date, of_age)) == (17, 18)
