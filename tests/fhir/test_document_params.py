from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.fhir.document_params import DOCUMENTS, DocumentSearch, parse_documents
from carnet.record.catalogue import CATALOGUE
from carnet.record.document import Status
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins
from carnet.usecases.requests import DateField, TokenFilter

BASE = "https://carnet.example/fhir"
LOINC = "2.16.840.1.113883.6.1"


def search(raw: str, lenient: bool = False) -> DocumentSearch:
    return parse_documents(raw, BASE, lenient)


def refusal(raw: str, lenient: bool = False) -> tuple[str, str | None]:
    with pytest.raises(CarnetError) as caught:
        search(raw, lenient)
    return caught.value.code, caught.value.element


@pytest.mark.parametrize("value", ["r1", "Patient/r1", f"{BASE}/Patient/r1"])
def test_the_record_is_named_by_id_by_reference_or_by_url(value: str) -> None:
    assert search(f"patient={quote(value, safe='')}").query.record == "r1"


def test_the_record_is_named_by_its_ins() -> None:
    query = search("patient.identifier=urn:oid:1.2.250.1.213.1.4.10%7C279035121518989").query
    assert query.patient == Ins("279035121518989", "1.2.250.1.213.1.4.10")
    assert query.record is None


@pytest.mark.parametrize(
    "value",
    [
        "279035121518989",
        "urn:oid:1.2.3|279035121518989",
        "urn:oid:1.2.250.1.213.1.4.10|12",
        "urn:oid:1.2.250.1.213.1.4.10|279035121518989,urn:oid:1.2.250.1.213.1.4.10|1",
    ],
)
def test_an_ins_that_is_none_is_refused(value: str) -> None:
    assert refusal("patient.identifier=" + quote(value)) == (
        "parameter-invalid",
        "patient.identifier",
    )


def test_without_a_status_only_current_documents_are_meant() -> None:
    assert search("patient=r1").query.statuses == (Status.APPROVED,)
    both = search("patient=r1&status=superseded,current").query.statuses
    assert both == (Status.DEPRECATED, Status.APPROVED)


def test_comma_is_or_and_repetition_is_and() -> None:
    query = search("patient=r1&type=http://loinc.org%7C11488-4,11506-3&type:not=x").query
    assert query.types == (
        TokenFilter(((LOINC, "11488-4"), (None, "11506-3"))),
        TokenFilter(((None, "x"),), negate=True),
    )


def test_an_escaped_comma_belongs_to_the_value() -> None:
    query = search("patient=r1&author.family=a%5C,b,c").query
    assert query.author_families == (("a,b", "c"),)


def test_dates_and_periods_are_ranges() -> None:
    query = search("patient=r1&date=ge2020&creation=lt2021&period=2020-02").query
    fields = [(item.field, item.comparator) for item in query.dates]
    assert fields == [
        (DateField.CREATION, "ge"),
        (DateField.CREATION, "lt"),
        (DateField.PERIOD, "eq"),
    ]


def test_order_count_and_page() -> None:
    query = search("patient=r1&_sort=-period,type&_count=0&_cursor=abc").query
    assert query.sort == ((DateField.PERIOD, True), (DateField.TYPE, False))
    assert (query.count, query.cursor) == (0, "abc")
    assert search("patient=r1").query.sort == ((DateField.CREATION, True),)
    assert search("patient=r1&_summary=count&_count=9").query.count == 0


def test_identifiers_ids_and_archive() -> None:
    query = search("identifier=urn:ietf:rfc:3986%7Curn:oid:1.2.3,x&_id=a,b&isArchived=true").query
    assert query.identifiers == (("urn:ietf:rfc:3986", "urn:oid:1.2.3"), (None, "x"))
    assert (query.ids, query.archived) == (("a", "b"), True)


def test_the_criteria_for_the_trace_hold_names_and_no_value() -> None:
    query = search("patient=r1&type=11488-4&author.family=Secret&_format=json").query
    assert query.criteria == "author.family,patient,type"


def test_a_further_page_has_the_criteria_of_the_first_to_which_its_cursor_is_bound() -> None:
    first = search("patient=a&_count=2").query
    second = search("patient=a&_count=2&_cursor=abc").query
    assert second.cursor == "abc"
    assert first.criteria == second.criteria == "_count,patient"


def test_the_link_repeats_what_was_asked_but_the_page() -> None:
    link = search("patient=r1&type:not=a%7Cb&date=ge2020&_cursor=abc").link
    assert link == "patient=r1&type:not=a|b&date=ge2020"
    assert parse_documents(link, BASE, False).query.types[0].negate


@pytest.mark.parametrize(
    ("raw", "code", "element"),
    [
        ("", "parameter-required", "patient"),
        ("status=current", "parameter-required", "patient"),
        ("patient=r1&patient=r1", "parameter-repeated", "patient"),
        (
            "patient=r1&patient.identifier=urn:oid:1.2.250.1.213.1.4.10%7C279035121518989",
            "parameter-repeated",
            "patient",
        ),
        ("patient=r1&foo=1", "parameter-unknown", "foo"),
        ("patient=r1&format=1", "parameter-later", "format"),
        ("patient=r1&_include=DocumentReference:patient", "parameter-later", "_include"),
        ("patient=r1&type:in=x", "parameter-modifier", "type"),
        ("patient=r1&status:not=current", "parameter-modifier", "status"),
        ("patient=r1&type=", "parameter-empty", "type"),
        ("patient=r1&type=a%7Cb%7Cc", "parameter-invalid", "type"),
        ("patient=r1&type=a%7C", "parameter-invalid", "type"),
        ("patient=r1&type=%7Ca", "parameter-invalid", "type"),
        ("patient=r1&type=a,,b", "parameter-invalid", "type"),
        ("patient=r1&author.family=a%5C", "parameter-invalid", "author.family"),
        ("patient=r1&author.family=a%5Cx", "parameter-invalid", "author.family"),
        ("patient=a/b", "parameter-invalid", "patient"),
        ("patient=Device/r1", "parameter-invalid", "patient"),
        ("patient=r1&status=entered-in-error", "parameter-invalid", "status"),
        ("patient=r1&status=http://x%7Ccurrent", "parameter-invalid", "status"),
        ("patient=r1&_count=501", "parameter-invalid", "_count"),
        ("patient=r1&_count=-1", "parameter-invalid", "_count"),
        ("patient=r1&_count=%D9%A1", "parameter-invalid", "_count"),
        ("patient=r1&_sort=title", "parameter-invalid", "_sort"),
        ("patient=r1&_sort=date,-date", "parameter-invalid", "_sort"),
        ("patient=r1&_summary=true", "parameter-invalid", "_summary"),
        ("patient=r1&_total=some", "parameter-invalid", "_total"),
        ("patient=r1&isArchived=yes", "parameter-invalid", "isArchived"),
        ("patient=r1&date=sa2020", "parameter-comparator", "date"),
        ("_id=a/b", "parameter-invalid", "_id"),
        ("patient=r1&x=%ff", "query-malformed", None),
        ("patient=r1&x=%00", "query-malformed", None),
        ("=1", "query-malformed", None),
        ("&".join(f"a{i}=1" for i in range(70)), "query-too-long", None),
    ],
)
def test_a_search_that_is_not_offered_is_refused_by_name(
    raw: str, code: str, element: str | None
) -> None:
    assert refusal(raw) == (code, element)


def test_lenient_leaves_out_what_is_unknown_and_says_so() -> None:
    found = search("patient=r1&foo=1&format=x&type:in=y", lenient=True)
    assert [notice.element for notice in found.left_out] == ["foo", "format", "type"]
    assert {notice.code for notice in found.left_out} == {"parameter-ignored"}
    assert found.query.types == ()
    assert "foo" not in found.link


def test_lenient_still_refuses_a_wrong_value() -> None:
    assert refusal("patient=r1&_count=x", lenient=True) == ("parameter-invalid", "_count")


def outcome(raw: str) -> str:
    """The code of the refusal, empty for a search that was read."""
    try:
        search(raw)
    except CarnetError as error:
        return error.code
    return ""


@given(st.text(max_size=40))
def test_any_query_is_read_or_refused(raw: str) -> None:
    code = outcome(raw)
    assert code in CATALOGUE or not code


@given(st.sampled_from(sorted(DOCUMENTS.params)), st.text(max_size=20))
def test_any_value_of_any_parameter_is_read_or_refused(name: str, value: str) -> None:
    code = outcome(f"patient=r1&{name}={quote(value)}")
    assert code in CATALOGUE or not code
    assert code.startswith(("parameter-", "query-", "identifier-")) or not code
