"""The small parts of entries: codes that may be missing, values of every type, acts, people."""

from __future__ import annotations

import pytest
from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build.statements import (
    Value,
    act,
    author,
    coded_as,
    organizer,
    performer,
    related,
    simple_observation,
    value_of,
    when,
)
from carnet.formats.cda.build.values import Coded, Comparator, Quantity
from carnet.record.document import Code
from tests.formats.cda.build.samples import DOCTOR

CODE = Code("2.25.1", "A", "alpha")
ATTRS = 'code="A" displayName="alpha" codeSystem="2.25.1"'
POINTED = '<originalText><reference value="#w"/></originalText>'
XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def xml(node: _Element) -> str:
    written = etree.tostring(node, encoding="unicode")
    return written.replace(' xmlns="urn:hl7-org:v3"', "").replace(XSI, "")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Quantity("5", "mg/L"), '<value xsi:type="PQ" value="5" unit="mg/L"/>'),
        (Quantity("5"), '<value xsi:type="PQ" value="5"/>'),
        (
            Quantity("5", "mg/L", Comparator.BELOW),
            '<value xsi:type="IVL_PQ"><high value="5" unit="mg/L" inclusive="false"/></value>',
        ),
        (
            Quantity("5", "", Comparator.AT_MOST),
            '<value xsi:type="IVL_PQ"><high value="5" inclusive="true"/></value>',
        ),
        (
            Quantity("5", "", Comparator.ABOVE),
            '<value xsi:type="IVL_PQ"><low value="5" inclusive="false"/></value>',
        ),
        (
            Quantity("5", "", Comparator.AT_LEAST),
            '<value xsi:type="IVL_PQ"><low value="5" inclusive="true"/></value>',
        ),
        (True, '<value xsi:type="BL" value="true"/>'),
        (False, '<value xsi:type="BL" value="false"/>'),
        (3, '<value xsi:type="INT" value="3"/>'),
        ("trois", '<value xsi:type="ST">trois</value>'),
        (
            CODE,
            f'<value xsi:type="CD" {ATTRS}>{POINTED}</value>',
        ),
        (
            Coded(text="alpha"),
            f'<value xsi:type="CD" nullFlavor="UNK">{POINTED}</value>',
        ),
    ],
)
def test_a_value_has_the_type_of_what_it_is(value: Value, written: str) -> None:
    assert xml(value_of(value, "w")) == written


def test_a_code_that_is_not_known_is_null_with_the_words_that_name_it() -> None:
    unknown = Coded(text="une chose", translations=(CODE,))
    assert xml(coded_as("code", unknown, null="NA")) == (
        '<code nullFlavor="NA"><originalText>une chose</originalText>'
        '<translation code="A" displayName="alpha" codeSystem="2.25.1"/></code>'
    )
    assert xml(coded_as("code", Coded())) == '<code nullFlavor="UNK"/>'


def test_a_moment_that_is_not_known_says_why() -> None:
    assert xml(when("2026")) == '<effectiveTime value="2026"/>'
    assert xml(when(None, "UNK")) == '<effectiveTime nullFlavor="UNK"/>'


def test_a_simple_observation_has_all_that_the_reference_asks_of_it() -> None:
    made = simple_observation(("2.25.9",), "ID", Coded(CODE), "w", value=value_of(True))
    assert dict(made.attrib) == {"classCode": "OBS", "moodCode": "EVN"}
    assert [etree.QName(child).localname for child in made] == [
        *("templateId",) * 3,
        "id",
        "code",
        "text",
        "statusCode",
        "effectiveTime",
        "value",
    ]
    assert [t.get("root") for t in made[:3]] == [
        "1.3.6.1.4.1.19376.1.5.3.1.4.13",
        "1.2.250.1.213.1.1.3.48",
        "2.25.9",
    ]


def test_an_organizer_and_an_act_leave_out_what_they_are_not_given() -> None:
    assert xml(organizer("BATTERY", (), None, None)) == (
        '<organizer classCode="BATTERY" moodCode="EVN"><statusCode code="completed"/></organizer>'
    )
    bare = act((), None, None, mood="DEF", status_code=None)
    assert xml(bare) == '<act classCode="ACT" moodCode="DEF"/>'
    assert xml(related("SUBJ", bare, inverted=True)).startswith(
        '<entryRelationship typeCode="SUBJ" inversionInd="true">'
    )


def test_author_and_performer_of_an_entry_are_people_with_their_place() -> None:
    wrote, did = author(DOCTOR, "2026"), performer(DOCTOR, kind="SPRF")
    assert [etree.QName(child).localname for child in wrote] == ["time", "assignedAuthor"]
    assert [etree.QName(child).localname for child in did] == ["assignedEntity"]
    assert did.get("typeCode") == "SPRF"
    assert [etree.QName(c).localname for c in performer(DOCTOR, "2026")] == [
        "time",
        "assignedEntity",
    ]
