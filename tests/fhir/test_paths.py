from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.fhir.http import fold_headers
from carnet.fhir.paths import REQUEST_ID, check_headers, check_query, segments
from carnet.record.errors import CarnetError


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/fhir", ()),
        ("/fhir/", ()),
        ("/fhir/Patient", ("Patient",)),
        ("/fhir/Patient/a-1.b", ("Patient", "a-1.b")),
        ("/fhir/DocumentReference/_search", ("DocumentReference", "_search")),
    ],
)
def test_the_parts_below_the_prefix(path: str, parts: tuple[str, ...]) -> None:
    assert segments(path, "/fhir") == parts


@pytest.mark.parametrize(
    "path",
    ["//fhir/Patient", "/fhir//Patient", "/fhir/../x", "/fhir/Patient/..", "/fhir/./x",
     "/fhir/a%2e", "/fhir/a b", "/fhir/a\x00b", "/fhir/é", "/fhir/a\\b", "fhir", "*", "/fhir/a;b"],
)  # fmt: skip
def test_a_path_with_tricks_is_refused(path: str) -> None:
    with pytest.raises(CarnetError) as caught:
        segments(path, "/fhir")
    assert caught.value.code == "path-malformed"


@pytest.mark.parametrize("path", ["/", "/fhirx", "/other/Patient", "/FHIR/Patient"])
def test_outside_of_the_prefix_there_is_nothing(path: str) -> None:
    with pytest.raises(CarnetError) as caught:
        segments(path, "/fhir")
    assert caught.value.code == "route-unknown"


def test_lengths_are_bounded() -> None:
    with pytest.raises(CarnetError) as caught:
        segments("/fhir/" + "a" * 600, "/fhir")
    assert caught.value.code == "path-too-long"
    check_query("a=" + "b" * 8000)
    with pytest.raises(CarnetError) as caught:
        check_query("a" * 8193)
    assert caught.value.code == "query-too-long"


@pytest.mark.parametrize("query", ["a=\x00", "a=é", "a=\x7f", "a=b c"])
def test_a_query_is_plain_characters(query: str) -> None:
    with pytest.raises(CarnetError) as caught:
        check_query(query)
    assert caught.value.code == "query-malformed"


@given(st.text(max_size=40))
def test_any_path_is_read_or_refused(path: str) -> None:
    try:
        parts = segments(path, "/fhir")
    except CarnetError:
        return
    assert not set(parts) & {"", ".", ".."}


def test_lists_are_joined_and_single_headers_may_stand_once() -> None:
    headers, repeated = fold_headers([("Accept", "a"), ("ACCEPT", "b"), ("via", "x"), ("via", "y")])
    assert (headers, repeated) == ({"accept": "a, b", "via": "x"}, ())
    headers, repeated = fold_headers([("authorization", "a"), ("Authorization", "b")])
    with pytest.raises(CarnetError) as caught:
        check_headers(headers, repeated)
    assert caught.value.params == {"name": "authorization"}


def test_a_conditional_create_is_refused_and_not_ignored() -> None:
    with pytest.raises(CarnetError) as caught:
        check_headers({"if-none-exist": "identifier=x"}, ())
    assert caught.value.code == "header-unsupported"


@pytest.mark.parametrize("text", ["a b", "a\r\nb", "", "x" * 65, "<script>"])
def test_a_request_id_cannot_carry_anything_else(text: str) -> None:
    assert not REQUEST_ID.fullmatch(text)
    assert REQUEST_ID.fullmatch("lps_1.2-3")
