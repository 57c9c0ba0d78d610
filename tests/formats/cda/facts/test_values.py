"""Values of entries become values of facts as written; what says nothing becomes nothing."""

from __future__ import annotations

import pytest

from carnet.record.facts import Code, Concept, Fact, Quantity, Range, Ratio, Words
from tests.formats.cda.facts.documents import (
    LOINC,
    SNOMED,
    observation,
    only,
    read,
    section,
    value_of,
)

IN_OTHER_UNITS = (
    '<value xsi:type="PQ" value="1.2" unit="g/L"><translation value="6.7" code="mmol/L"/></value>'
)
TRANSLATED = (
    '<value xsi:type="CD" code="A" codeSystem="1.2" displayName="un">'
    '<translation code="B" codeSystem="1.3"/></value>'
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('<value xsi:type="PQ" value="1.950" unit="m[IU]/L"/>', Quantity("1.950", "m[IU]/L")),
        ('<value xsi:type="PQ" value="0.9"/>', Quantity("0.9")),
        ('<value xsi:type="INT" value="3"/>', Quantity("3")),
        ('<value xsi:type="REAL" value="2.0"/>', Quantity("2.0")),
        ('<value xsi:type="BL" value="true"/>', Words("true")),
        ('<value xsi:type="ST">  Infection   aiguë </value>', Words("Infection aiguë")),
        ('<value xsi:type="TS" value="20221201"/>', Words("20221201")),
        ('<value xsi:type="IVL_TS" value="20240903"/>', Words("20240903")),
        (
            '<value xsi:type="IVL_TS"><low value="2020"/><high value="2021"/></value>',
            Words("2020/2021"),
        ),
        (
            '<value xsi:type="RTO"><numerator value="1"/><denominator value="64"/></value>',
            Ratio(Quantity("1"), Quantity("64")),
        ),
        (
            TRANSLATED,
            Concept((Code("1.2", "A", "un"), Code("1.3", "B"))),
        ),
        (
            '<value xsi:type="CD" nullFlavor="OTH"><originalText>rare</originalText></value>',
            Concept(text="rare", null="OTH"),
        ),
        (
            '<value xsi:type="PQ" nullFlavor="OTH"><translation value="7" code="mg"/></value>',
            Quantity("7", "mg"),
        ),
        (
            IN_OTHER_UNITS,
            Quantity("1.2", "g/L", "", (Quantity("6.7", "mmol/L"),)),
        ),
        ('<value value="12" unit="g"/>', Quantity("12", "g")),
        ('<value code="A" codeSystem="1.2"/>', Concept((Code("1.2", "A"),))),
    ],
)
def test_a_value_is_kept_as_it_is_written(written: str, value: object) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize(
    "written",
    [
        '<value xsi:type="CD" nullFlavor="UNK"/>',
        '<value xsi:type="PQ" nullFlavor="NA"/>',
        '<value xsi:type="IVL_PQ"><low nullFlavor="NA"/><high nullFlavor="PINF"/></value>',
        '<value xsi:type="RTO"><numerator value="1"/></value>',
        "<value/>",
    ],
)
def test_a_value_that_says_nothing_is_none(written: str) -> None:
    assert value_of(written) is None


@pytest.mark.parametrize(
    ("ends", "value"),
    [
        ('<high value="5" unit="g" inclusive="false"/>', Quantity("5", "g", "<")),
        ('<high value="5" unit="g" inclusive="true"/>', Quantity("5", "g", "<=")),
        ('<low value="5" unit="g" inclusive="false"/>', Quantity("5", "g", ">")),
        ('<low value="5" unit="g"/>', Quantity("5", "g", ">=")),
        ('<low value="1"/><high value="2"/>', Range(Quantity("1"), Quantity("2"))),
        ('<low value="3"/><high value="3"/>', Quantity("3")),
        ('<low nullFlavor="NINF"/><high value="9"/>', Quantity("9", "", "<=")),
        ('<center value="4" unit="mm"/>', Quantity("4", "mm")),
    ],
)
def test_one_end_of_an_interval_is_a_bound(ends: str, value: object) -> None:
    """An end that is not said to be out is in (HL7 v3, IVL: ``inclusive`` is true by default)."""
    assert value_of(f'<value xsi:type="IVL_PQ">{ends}</value>') == value


def test_a_number_that_cannot_be_read_stays_as_words() -> None:
    assert value_of('<value xsi:type="PQ" value="1,95" unit="g"/>') == Words("1,95")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("&lt;1.0 mg/L", Quantity("1.0", "mg/L", "<")),
        ("≥ 12,5 g/L", Quantity("12.5", "g/L", ">=")),
        ("7.2", Quantity("7.2")),
        ("entre 3 et 5 mg", Words("entre 3 et 5 mg")),
        ("3 à 5", Words("3 à 5")),
        ("négatif", Words("négatif")),
    ],
)
def test_a_result_written_as_text_is_a_number_only_where_it_is_nothing_else(
    text: str, value: object
) -> None:
    written = observation("80", "1988-5", f'<value xsi:type="ED">{text}</value>')
    assert only(section("18719-5", written)).value == value


def test_two_values_are_two_facts() -> None:
    values = '<value xsi:type="INT" value="1"/><value xsi:type="INT" value="2"/>'
    facts = read(section("30954-2", observation("48", "1-8", values))).facts
    assert [fact.value for fact in facts] == [Quantity("1"), Quantity("2")]


def bounded(inside: str) -> Fact:
    ranged = f"<referenceRange><observationRange>{inside}</observationRange></referenceRange>"
    value = '<value xsi:type="PQ" value="4" unit="g"/>'
    return only(section("18719-5", observation("80", "1-8", value, ranged)))


def test_a_reference_range_stands_beside_the_value() -> None:
    fact = bounded(
        '<value xsi:type="IVL_PQ"><low value="3" unit="g"/><high value="5" unit="g"/></value>'
        '<interpretationCode code="N" codeSystem="2.16.840.1.113883.5.83" displayName="Normal"/>'
    )
    (bounds,) = fact.bounds
    assert bounds.value == Range(Quantity("3", "g"), Quantity("5", "g"))
    assert bounds.meaning is not None
    assert bounds.meaning.codes[0].code == "N"


def test_a_reference_range_may_have_one_end_or_be_words() -> None:
    (below,) = bounded('<value xsi:type="IVL_PQ"><high value="5" unit="g"/></value>').bounds
    assert below.value == Range(None, Quantity("5", "g"))
    (words,) = bounded("<text>inférieur à 5 g</text>").bounds
    assert (words.value, words.text) == (None, "inférieur à 5 g")
    assert bounded("<text>(texte libre)</text>").bounds == ()


def test_a_qualifier_says_what_a_general_code_means() -> None:
    general = (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.52"/>'
        f'<code code="11345-6" codeSystem="{LOINC}" displayName="Autre élément social">'
        f'<qualifier><value code="1" codeSystem="{SNOMED}" displayName="Profession"/></qualifier>'
        '</code><value xsi:type="ST">boulanger</value></observation>'
    )
    fact = only(section("29762-2", general))
    assert fact.what.label == "Profession"
    assert fact.what.qualifiers == (Code(SNOMED, "1", "Profession"),)


def test_a_qualifier_narrows_any_other_code() -> None:
    concept = Concept((Code("1.2", "M", "Masse"),), qualifiers=(Code("1.2", "G", "gauche"),))
    assert concept.label == "Masse (gauche)"
