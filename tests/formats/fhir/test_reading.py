from __future__ import annotations

from typing import Any

import pytest

from carnet.formats.fhir.reading import Element, is_date, is_date_time
from carnet.record.errors import CarnetError


def refusal(act: Any, *args: Any) -> tuple[str, str | None]:
    with pytest.raises(CarnetError) as caught:
        act(*args)
    return caught.value.code, caught.value.element


def test_a_member_that_nobody_read_is_refused_by_name() -> None:
    element = Element({"title": "x", "colour": "red"}, "Thing")
    assert element.text("title") == "x"
    assert refusal(element.done) == ("element-unknown", "Thing.colour")


def test_an_unknown_modifier_extension_is_refused_for_what_it_is() -> None:
    element = Element({"modifierExtension": [{}]}, "Thing")
    assert refusal(element.done) == ("modifier-extension-unknown", "Thing.modifierExtension")


def test_members_that_were_read_or_left_aside_pass() -> None:
    element = Element({"id": "1", "title": "x", "text": {}}, "Thing")
    element.text("title")
    element.ignore("text")
    element.done()


@pytest.mark.parametrize(
    ("method", "value", "code"),
    [
        ("text", 1, "element-type"),
        ("text", None, "element-type"),
        ("text", " ", "element-empty"),
        ("text", "a\x00b", "element-control-character"),
        ("text", "x" * 4097, "element-too-long"),
        ("boolean", "true", "element-type"),
        ("integer", 1.5, "element-type"),
        ("integer", True, "element-type"),
        ("integer", -1, "element-type"),
        ("integer", 1e30, "element-type"),
        ("date", "2024-02-30", "element-type"),
        ("date_time", "2024-02-03T10:00", "element-type"),
        ("child", [], "element-type"),
        ("child", {}, "element-empty"),
        ("children", {}, "element-type"),
        ("children", [], "element-type"),
        ("children", [1], "element-type"),
        ("texts", ["a", 1], "element-type"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(method: str, value: Any, code: str) -> None:
    element = Element({"m": value}, "Thing")
    found, path = refusal(getattr(element, method), "m")
    assert found == code
    assert path is not None
    assert path.startswith("Thing.m")


@pytest.mark.parametrize("method", ["text", "boolean", "integer", "date", "date_time", "child"])
def test_an_absent_member_is_none(method: str) -> None:
    assert getattr(Element({"a": 1}, "Thing"), method)("m") is None


def test_an_item_of_a_list_is_named_by_its_index() -> None:
    first, second = Element({"m": [{"a": 1}, {"b": 2}]}, "Thing").children("m")
    assert (first.path, second.path) == ("Thing.m[0]", "Thing.m[1]")


def test_a_required_member_is_named() -> None:
    element = Element({"a": 1}, "Thing")
    assert refusal(element.needed_text, "m") == ("element-required", "Thing.m")


@pytest.mark.parametrize("text", ["2024", "2024-02", "2024-02-29", "2000-02-29", "1900-02-28"])
def test_dates_of_the_calendar(text: str) -> None:
    assert is_date(text)
    assert is_date_time(text)


@pytest.mark.parametrize(
    "text", ["24", "2024-13", "2024-2-3", "2023-02-29", "1900-02-29", "2024-04-31", "0000", "2024-"]
)
def test_dates_of_no_calendar(text: str) -> None:
    assert not is_date(text)
    assert not is_date_time(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2024-02-03T10:11:12Z", True),
        ("2024-02-03T10:11:12.123+02:00", True),
        ("2024-02-03T10:11:12", False),
        ("2024-02-03T24:00:00Z", False),
        ("2024-02-03T10:11:12+15:00", False),
    ],
)
def test_a_time_of_day_has_its_offset(text: str, fits: bool) -> None:
    assert is_date_time(text) is fits
