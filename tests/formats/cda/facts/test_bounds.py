"""Great, deep, empty and level 1 documents: bounded, and nothing dropped without a word."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from carnet.formats.cda.facts import read_facts
from carnet.formats.cda.facts.context import MAXIMUM
from carnet.record.errors import CarnetError
from carnet.record.facts import Facts
from tests.corpus import corpus_files
from tests.formats.cda.facts.documents import F, document, observation, read, section

RESULT = observation(
    "80",
    "718-7",
    '<effectiveTime value="20240112"/><value xsi:type="PQ" value="13.4" unit="g/dL"/>',
    '<interpretationCode code="N" codeSystem="2.16.840.1.113883.5.83"/>',
)


def battery(results: int) -> bytes:
    members = f"<component>{RESULT}</component>" * results
    made = f'<organizer classCode="BATTERY"><templateId root="{F}.78"/>{members}</organizer>'
    return document(section("18723-7", made))


def test_ten_thousand_results_are_all_read() -> None:
    read = read_facts(battery(10_000))
    assert (len(read.facts), read.cut) == (10_000, False)
    assert read.facts[-1].number == 9_999
    assert read.facts[-1].place.path.endswith("component[10000]/observation[1]")


def test_what_is_beyond_the_bound_is_said_to_be_cut() -> None:
    read = read_facts(battery(MAXIMUM + 1))
    assert (len(read.facts), read.cut) == (MAXIMUM, True)


def test_many_entries_are_read_piece_by_piece() -> None:
    """More elements than may wait: what a first section points to further down is not awaited."""
    first = section("18723-7", *([RESULT] * 9_000))
    read = read_facts(document(first, section("8716-3", observation("50", "8302-2"))))
    assert (len(read.facts), read.cut) == (9_001, False)


def test_entries_without_facts_are_bounded_too() -> None:
    read = read_facts(document(section("1", *(["<encounter/>"] * (MAXIMUM + 5)))))
    assert (len(read.unread), read.cut) == (MAXIMUM, True)


def test_a_document_too_deep_is_refused() -> None:
    nested = "<act><entryRelationship>" * 60 + "</entryRelationship></act>" * 60
    with pytest.raises(CarnetError, match="xml-too-deep"):
        read_facts(document(section("1", nested)))


def test_embedded_contents_are_not_held() -> None:
    file = f'<observationMedia><value representation="B64">{"QUJD" * 2_000_000}</value>'
    data = document(section("1", f"{file}</observationMedia>", RESULT))
    tracemalloc.start()
    read = read_facts(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(read.facts) == 1
    assert peak < 1_000_000


def test_a_narrative_without_ids_is_not_held() -> None:
    text = f"<paragraph>{'mot ' * 2_000_000}</paragraph>"
    data = document(section("1", RESULT, text=text))
    tracemalloc.start()
    read_facts(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


SAYING = ("code", "codeSystem", "value", "unit", "displayName", "root", "extension", "nullFlavor")


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.stem)
def test_documents_that_say_nothing_but_why_not_give_nothing_wrong(path: Path) -> None:
    """Every code, number, time, template and word left out: what is left are null flavours."""
    root = etree.fromstring(path.read_bytes())
    for node in root.iter("{*}*"):
        for name in SAYING:
            node.attrib.pop(name, None)
        node.set("nullFlavor", "NI")
        node.text = node.tail = None
    read = read_facts(etree.tostring(root))
    assert all(not fact.what.codes and fact.value is None for fact in read.facts)
    assert all(not fact.when.start and not fact.place.said for fact in read.facts)


@pytest.mark.parametrize(
    "body", ['<nonXMLBody><text representation="B64">QUJD</text></nonXMLBody>', ""]
)
def test_a_document_of_level_1_gives_nothing(body: str) -> None:
    head, _, tail = document().partition(b"<structuredBody>")
    data = head + body.encode() + tail.replace(b"</structuredBody>", b"")
    assert read_facts(data) == Facts()


def test_what_is_no_cda_is_refused() -> None:
    for data in (b"<a/>", b'<ClinicalDocument xmlns="urn:autre"/>'):
        with pytest.raises(CarnetError, match="cda-not-a-document"):
            read_facts(data)
    for data in (b"", b"<", b"%PDF-1.4", b"<!DOCTYPE a><a/>"):
        with pytest.raises(CarnetError, match="xml-"):
            read_facts(data)


def test_the_same_bytes_give_the_same_facts() -> None:
    assert read(section("18723-7", RESULT)) == read(section("18723-7", RESULT))
