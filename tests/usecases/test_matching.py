"""What only the page of an entry tells: exact times, labels in force, authors."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.storage.pages import Slot
from carnet.usecases.matching import slot_filter
from carnet.usecases.requests import DateField, DateFilter, DocumentQuery, TokenFilter

NOW = 1000


def slot(**changes: Any) -> Slot:
    values: dict[str, Any] = {
        "entry_no": 1,
        "entry_uuid": b"e" * 16,
        "logical_id": b"l" * 16,
        "unique_id": "2.25.1",
        "version": 1,
        "change": 1,
        "status": 1,
        "type_code": "11488-4",
        "class_code": "10",
        "hidden_ps": 0,
        "patient_until": 0,
        "hidden_reps": 0,
        "confidentiality": "N",
        "created": 0.0,
        "started": 0.0,
        "stopped": 0.0,
        "updated": 0.0,
        "resource": b"{}",
    }
    return Slot(**{**values, **changes})


def matches(query: DocumentQuery, candidate: Slot, documents: set[bytes] | None = None) -> bool:
    test = slot_filter(query, documents, NOW)
    assert test is not None
    return test(candidate)


def test_a_query_that_the_columns_answer_opens_no_page() -> None:
    assert slot_filter(DocumentQuery(types=(TokenFilter(((None, "x"),)),)), None, NOW) is None


# Dates: FHIR R4 §3.1.1.4.5, prefixes on ranges, word for word over a grid of instants.

GRID = range(-2, 12)


def oracle(comparator: str, value: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """``value`` is first and last instant of the target, ``wanted`` start and end (not within)."""
    target = set(range(value[0], value[1] + 1))
    search = {instant for instant in GRID if wanted[0] <= instant < wanted[1]}
    above = {instant for instant in GRID if instant >= wanted[1]}
    below = {instant for instant in GRID if instant < wanted[0]}
    contained = target <= search
    return {
        "eq": contained,
        "ne": not contained,
        "gt": bool(target & above),
        "lt": bool(target & below),
        "ge": bool(target & above) or contained,
        "le": bool(target & below) or contained,
    }[comparator]


@given(
    st.sampled_from(["eq", "ne", "gt", "lt", "ge", "le"]),
    st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted),
    st.tuples(st.integers(0, 9), st.integers(1, 3)),
)
def test_periods_compare_as_fhir_says(
    comparator: str, value: list[int], wanted: tuple[int, int]
) -> None:
    begin, length = wanted
    asked = DateFilter(DateField.PERIOD, comparator, float(begin), float(begin + length))
    candidate = slot(started=float(value[0]), stopped=float(value[1]))
    expected = oracle(comparator, (value[0], value[1]), (begin, begin + length))
    assert matches(DocumentQuery(dates=(asked,)), candidate) is expected


@given(
    st.sampled_from(["eq", "ne", "gt", "lt", "ge", "le"]),
    st.sampled_from([DateField.CREATION, DateField.LAST_UPDATED]),
    st.integers(0, 9),
    st.tuples(st.integers(0, 9), st.integers(1, 3)),
)
def test_instants_compare_as_fhir_says(
    comparator: str, field: DateField, value: int, wanted: tuple[int, int]
) -> None:
    begin, length = wanted
    asked = DateFilter(field, comparator, float(begin), float(begin + length))
    name = "created" if field is DateField.CREATION else "updated"
    expected = oracle(comparator, (value, value), (begin, begin + length))
    assert matches(DocumentQuery(dates=(asked,)), slot(**{name: float(value)})) is expected


def test_all_dates_asked_for_must_hold() -> None:
    span = (
        DateFilter(DateField.CREATION, "ge", 10.0, 11.0),
        DateFilter(DateField.CREATION, "lt", 20.0, 21.0),
    )
    query = DocumentQuery(dates=span)
    found = [at for at in (9.0, 10.0, 19.5, 20.0) if matches(query, slot(created=at))]
    assert found == [10.0, 19.5]


# Labels: the level, and the flags in force.

FLAGS: dict[str, dict[str, Any]] = {
    "MASQUE_PS": {"hidden_ps": 1},
    "INVISIBLE_PATIENT": {"patient_until": NOW + 1},
    "INVISIBLE_REPRESENTANTS_LEGAUX": {"hidden_reps": 1},
    "R": {"confidentiality": "R"},
}


@pytest.mark.parametrize("code", FLAGS)
def test_a_label_is_found_where_it_is_in_force(code: str) -> None:
    wanted = DocumentQuery(security_labels=(TokenFilter(((None, code),)),))
    unwanted = DocumentQuery(security_labels=(TokenFilter(((None, code),), negate=True),))
    assert [matches(wanted, slot()), matches(wanted, slot(**FLAGS[code]))] == [False, True]
    assert [matches(unwanted, slot()), matches(unwanted, slot(**FLAGS[code]))] == [True, False]


def test_a_flag_that_is_due_is_no_label_any_more() -> None:
    query = DocumentQuery(security_labels=(TokenFilter(((None, "INVISIBLE_PATIENT"),)),))
    assert not matches(query, slot(patient_until=NOW))


def test_labels_of_one_parameter_are_alternatives_and_parameters_add_up() -> None:
    either = TokenFilter(((None, "R"), (None, "MASQUE_PS")))
    both = (TokenFilter(((None, "R"),)), TokenFilter(((None, "MASQUE_PS"),)))
    masked = slot(hidden_ps=1)
    assert matches(DocumentQuery(security_labels=(either,)), masked)
    assert not matches(DocumentQuery(security_labels=both), masked)
    assert matches(DocumentQuery(security_labels=both), slot(hidden_ps=1, confidentiality="R"))


# Authors: contained resources that ``author`` reaches.

ROLE, PRACTITIONER, HOUSE, PATIENT = "role", "doctor", "house", "patient"
RESOURCE = orjson.dumps(
    {
        "resourceType": "DocumentReference",
        "contained": [
            {
                "resourceType": "PractitionerRole",
                "id": ROLE,
                "practitioner": {"reference": f"#{PRACTITIONER}"},
                "organization": {"reference": f"#{HOUSE}"},
            },
            {
                "resourceType": "Practitioner",
                "id": PRACTITIONER,
                "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810000000009"}],
                "name": [{"family": "L'Héritier-Noël", "given": ["Zoé", "Anne"]}],
            },
            {
                "resourceType": "Organization",
                "id": HOUSE,
                "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1990000010"}],
                "name": "Cabinet",
            },
            {
                "resourceType": "Patient",
                "id": PATIENT,
                "identifier": [{"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279"}],
                "name": [{"family": "MODELE", "given": ["Clara"]}],
            },
        ],
        "subject": {"reference": f"#{PATIENT}"},
        "author": [{"reference": f"#{ROLE}"}],
    }
)
WRITTEN = slot(resource=RESOURCE)


@pytest.mark.parametrize(
    ("families", "found"),
    [
        ((("l'heritier",),), True),
        ((("L HERITIER NOEL",),), True),
        ((("heritier",),), False),  # begins with
        ((("durand", "l’héri"),), True),  # alternatives
        ((("durand",), ("l'heritier",)), False),  # all parameters
        ((("modele",),), False),  # the patient is in the resource and is no author
        ((("cabinet",),), False),  # nor is a structure's name a family
    ],
)
def test_an_author_is_found_by_the_start_of_their_name(
    families: tuple[tuple[str, ...], ...], found: bool
) -> None:
    assert matches(DocumentQuery(author_families=families), WRITTEN) is found


@pytest.mark.parametrize(("given_name", "found"), [("zoe", True), ("anne", True), ("noe", False)])
def test_an_author_is_found_by_each_given_name(given_name: str, found: bool) -> None:
    assert matches(DocumentQuery(author_givens=((given_name,),)), WRITTEN) is found


@pytest.mark.parametrize(
    ("system", "value", "found"),
    [
        ("1.2.250.1.71.4.2.1", "810000000009", True),
        (None, "810000000009", True),
        ("1.2.250.1.71.4.2.2", "1990000010", True),  # in whose name they wrote
        ("1.2.250.1.71.4.2.2", "810000000009", False),
        (None, "81000000000", False),
        ("1.2.250.1.213.1.4.10", "279", False),  # whom it is about
    ],
)
def test_an_author_is_found_by_identifier(system: str | None, value: str, found: bool) -> None:
    query = DocumentQuery(author_identifiers=(TokenFilter(((system, value),)),))
    assert matches(query, WRITTEN) is found


def test_only_the_documents_named_are_kept() -> None:
    assert matches(DocumentQuery(), slot(), {b"l" * 16, b"k" * 16})
    assert not matches(DocumentQuery(), slot(), {b"k" * 16})
    assert not matches(DocumentQuery(), slot(), set())
