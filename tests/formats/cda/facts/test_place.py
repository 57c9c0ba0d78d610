"""Every fact points to the bytes that say it, in whatever encoding the document is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from carnet.formats.cda.facts import read_facts
from tests.corpus import corpus_files
from tests.formats.cda.facts.documents import document, observation, places_of, section

ENTRY = re.compile(r".*?/entry\[\d+\]")
V3 = "{urn:hl7-org:v3}"
AWKWARD = document(
    section(
        "30954-2",
        '<observation classCode="OBS" a="/>"><code code="1-8" codeSystem="é>"/></observation>',
        "<observation><!-- /> --><code code='2-8' codeSystem=\"1>2\"/></observation >",
        '<organizer><component><observation classCode="OBS"><code code="3-8" codeSystem="1"/>'
        "</observation></component></organizer>",
        '<act classCode="ACT"/>',
        text='<content ID="é">été &gt; /&gt; </content>',
    ),
    section("10160-0", observation("48", "1-8"), observation("48", "2-8")),
).decode()
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"]


def encoded(text: str, encoding: str) -> bytes:
    """The same document in another encoding, with its declaration where one is needed."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding == "iso-8859-1" else ""
    return (head + text).encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_slice_is_the_element(encoding: str) -> None:
    data = encoded(AWKWARD, encoding)
    facts = read_facts(data)
    assert len(facts.facts) == 5
    assert [one.reason for one in facts.unread] == ["nothing-said"]
    root = etree.fromstring(AWKWARD.encode())
    for place in places_of(facts):
        codec = encoding if encoding != "utf-16" else "utf-16-le"
        said = data[place.begin : place.end].decode(codec.removesuffix("-sig"))
        assert said.startswith("<")
        assert said.endswith(">")
        found = etree.fromstring(f'<r xmlns="urn:hl7-org:v3">{said}</r>')[0]
        assert canonical(found) == canonical(at(root, place.path))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_tag_may_be_long(encoding: str) -> None:
    long = f"<observation long='{'€' if 'utf' in encoding else 'é'}{'x' * 30_000}'/>"
    data = encoded(document(section("1", long)).decode(), encoding)
    (place,) = places_of(read_facts(data))
    codec = (encoding if encoding != "utf-16" else "utf-16-le").removesuffix("-sig")
    assert data[place.begin : place.end].decode(codec) == long


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.stem)
def test_every_fact_of_the_samples_points_to_bytes_that_say_it(path: Path) -> None:
    data = path.read_bytes()
    read = read_facts(data)
    root = etree.fromstring(data)
    namespaces = " ".join(
        f'xmlns:{prefix}="{uri}"' if prefix else f'xmlns="{uri}"'
        for prefix, uri in root.nsmap.items()
    )
    for place in places_of(read):
        said = data[place.begin : place.end].decode()
        found = etree.fromstring(f"<r {namespaces}>{said}</r>")[0]
        assert canonical(found) == canonical(at(root, place.path)), place.path


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.stem)
def test_every_entry_gives_a_fact_or_says_why_not(path: Path) -> None:
    data = path.read_bytes()
    read = read_facts(data)
    told = {found[0] for place in places_of(read) if (found := ENTRY.match(place.path))}
    for entry in etree.fromstring(data).iter(f"{V3}entry"):
        assert place_of(entry) in told


def canonical(node: etree._Element) -> str:
    """An element with all that is inside, comments and blanks at the end left out."""
    inside = ",".join(canonical(child) for child in node if isinstance(child.tag, str))
    attributes = sorted((str(name), str(value)) for name, value in node.attrib.items())
    return f"{node.tag!s}{attributes}{(node.text or '').strip()}({inside})"


def at(root: etree._Element, path: str) -> etree._Element:
    """The element that a path leads to."""
    steps = path.split("/")[1:]
    node = root
    for step in steps:
        name, _, number = step.partition("[")
        node = node.findall(f"{V3}{name}")[int(number.rstrip("]")) - 1]
    return node


def place_of(node: etree._Element) -> str:
    """The path that leads to an element."""
    parent = node.getparent()
    name = etree.QName(node).localname
    number = 1 if parent is None else [*parent.findall(f"{V3}{name}")].index(node) + 1
    before = "" if parent is None else f"{place_of(parent)}/"
    return f"{before}{name}[{number}]"
