"""The header as data: one line, and all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from carnet.formats.cda.html import Header, HeaderGroup, HeaderItem, read_html
from tests.corpus import corpus_files
from tests.formats.cda.minimal import changed, structured


def header(*changes: tuple[str, str]) -> Header:
    return read_html(changed(*changes)).header


def group(made: Header, role: str) -> HeaderGroup:
    return next(each for each in made.groups if each.role == role)


def test_one_line_says_what_who_when() -> None:
    line = header().line
    assert line.title == "Lettre du cardiologue"
    assert line.author == "MME Ada INVENTEE DR"
    assert line.organization == "Centre inventé"
    assert line.time == "2026-01-05T10:15:00+01:00"


def test_the_document_says_its_own_identity() -> None:
    items = group(header(), "document").items
    assert HeaderItem("id", "id", ("1.2.250.1.999.1.1", "")) in items
    assert HeaderItem("languageCode", "text", ("fr-FR",)) not in items
    assert HeaderItem("languageCode", "code", ("", "fr-FR", "")) in items
    assert HeaderItem("versionNumber", "text", ("1",)) in items


def test_people_places_and_times_are_told_without_the_wrappers_of_the_standard() -> None:
    patient = group(header(), "recordTarget").items
    assert HeaderItem("id", "id", ("1.2.250.1.213.1.4.10", "279035121518989")) in patient
    assert HeaderItem("addr", "text", ("LILLE",)) in patient
    assert HeaderItem("birthTime", "time", ("1979-03-28",)) in patient
    names = {item.key: item.values for item in patient if item.key.startswith("name")}
    assert names == {
        "name": ("CLAIRE ANNE",),
        "name/birth": ("CLAIRE ESSAI",),
        "name/used": ("CLARA MODELE",),
    }
    author = group(header(), "author").items
    assert HeaderItem("name", "text", ("MME Ada INVENTEE DR",)) in author
    act = group(header(), "documentationOf").items
    period = ("2026-01-05T09:30:00+01:00", "2026-01-05T10:00:00+01:00")
    assert HeaderItem("effectiveTime", "period", period) in act


def test_a_time_that_is_none_is_told_as_written() -> None:
    made = header(('<effectiveTime value="20260105101500+0100"/>', '<effectiveTime value="hier"/>'))
    assert made.line.time == "hier"


def test_what_is_not_known_is_marked() -> None:
    made = header(("<addr><city>LILLE</city></addr>", '<addr nullFlavor="UNK"/>'))
    assert HeaderItem("addr", "mark", ("UNK",)) in group(made, "recordTarget").items


def test_a_header_too_long_is_cut_and_says_so() -> None:
    many = "".join(f'<templateId root="1.2.{n}"/><id root="1.{n}"/>' for n in range(3_000))
    made = read_html(changed(('<id root="1.2.250.1.999.1.1"/>', many)))
    assert made.header.cut


def test_a_header_after_a_structured_body_is_the_same() -> None:
    assert read_html(structured("")).header == header()


def test_every_sample_has_a_line_and_names_its_patient() -> None:
    for path in corpus_files():
        made = read_html(path.read_bytes()).header
        assert made.line.title, path.name
        assert made.line.time, path.name
        assert any(item.key.startswith("name") for item in group(made, "recordTarget").items), (
            path.name
        )
        assert not made.cut


_TECHNICAL = ("realmCode", "typeId", "templateId", "component")
_HL7 = "{urn:hl7-org:v3}"
_ATTRIBUTES = ("displayName", "extension", "code", "value")


def _statements(root: etree._Element) -> set[str]:
    """Every word and value of a header, templates aside; times are told in another form."""
    said: set[str] = set()
    for child in root.iterchildren(f"{_HL7}*"):
        if _local(child) not in _TECHNICAL:
            for element in child.iter(f"{_HL7}*"):
                said |= _stated(element)
    return said - {""}


def _stated(element: etree._Element) -> set[str]:
    name = _local(element)
    if name in _TECHNICAL:
        return set()
    values = {one: " ".join((element.get(one) or "").split()) for one in _ATTRIBUTES}
    if "ime" in name + "".join(_local(each) for each in element.iterancestors()):
        del values["value"]
    words = "" if len(element) else " ".join((element.text or "").split())
    return {*values.values(), words}


def _local(element: etree._Element) -> str:
    return str(element.tag).removeprefix(_HL7)


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.name)
def test_nothing_that_the_header_of_a_sample_says_is_left_out(path: Path) -> None:
    made = read_html(path.read_bytes()).header
    told = " | ".join(
        value for group in made.groups for item in group.items for value in item.values
    )
    missing = {each for each in _statements(etree.fromstring(path.read_bytes()))
               if each not in told}  # fmt: skip
    assert not missing
