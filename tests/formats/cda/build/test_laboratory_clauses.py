"""The reference's clauses on laboratory reports, one by one, of a report that uses them all."""

from __future__ import annotations

import msgspec
import pytest
from lxml.etree import _Element

from carnet.formats.cda.build import (
    Comparator,
    Interpretation,
    LaboratoryBody,
    Result,
    build_document,
)
from carnet.record.errors import CarnetError
from tests.formats.cda.build.header_samples import built, holds
from tests.formats.cda.build.level3_samples import full_laboratory
from tests.formats.cda.build.samples import CITIZEN, DOCTOR, laboratory

L = "1.3.6.1.4.1.19376.1.3"
F2, F3 = "1.2.250.1.213.1.1.2", "1.2.250.1.213.1.1.3"
CHAPTER = f"//h:section[h:templateId/@root='{L}.3.2.1']"
PART = f"//h:section[h:templateId/@root='{L}.3.2.2']"
OBSERVED = f"//h:observation[h:templateId/@root='{F3}.80']"
PERFORMER = "h:documentationOf[1]/h:serviceEvent/h:performer"
ENTITY = f"{PERFORMER}/h:assignedEntity"
HOUSE = f"{ENTITY}/h:representedOrganization"
ISOLATE = f"//h:organizer[@classCode='CLUSTER'][h:templateId/@root='{L}.1.5']"
GERM = f"{ISOLATE}/h:specimen[@typeCode='SPC']/h:specimenRole[@classCode='SPEC']"
TESTED = f"{ISOLATE}/h:component/h:organizer[@classCode='BATTERY']"
SYSTEM = "2.16.840.1.113883.5.83"


def named(words: str) -> str:
    """The observation whose name in the text is as given."""
    return (
        f"{OBSERVED}[substring-after(h:code/h:originalText/h:reference/@value,'#')="
        f"//h:content[.='{words}']/@ID]"
    )


CLAUSES = {
    "title exactly": 'h:title="Compte rendu d\'examens biologiques"',
    "performer L.3.1.7": f"{PERFORMER}/h:templateId/@root='{L}.3.1.7'",
    "performer: time": f"{PERFORMER}/h:time/*/@value",
    "performer: addr, telecom, person's name": (
        f"{ENTITY}[h:addr and h:telecom and h:assignedPerson/h:name/h:family]"
    ),
    "performer: organization id, name, telecom, addr": (
        f"{HOUSE}[h:id/@root and string(h:name) and h:telecom and h:addr]"
    ),
    "responsibleParty: id, code, family": (
        "h:componentOf/h:encompassingEncounter/h:responsibleParty/h:assignedEntity["
        "h:id/@extension and h:code/@code and h:assignedPerson/h:name/h:family]"
    ),
    "authenticator L.3.1.5: addr, telecom": (
        f"h:authenticator[h:templateId/@root='{L}.3.1.5']/h:assignedEntity[h:addr and h:telecom]"
    ),
    "sections only: chapter, copy, comment": (
        "count(h:component/h:structuredBody/h:component/h:section)="
        f"count({CHAPTER}[h:templateId/@root='{F2}.70'])"
        f"+count(//h:section[h:templateId/@root='{F2}.243'])"
        f"+count(//h:section[h:templateId/@root='{F2}.73'])"
    ),
    "chapter 1..*: biochemistry": f"{CHAPTER}/h:code/@code='18719-5'",
    "chapter 1..*: haematology": f"{CHAPTER}/h:code/@code='18723-7'",
    "chapter 1..*: microbiology": f"{CHAPTER}/h:code/@code='18725-2'",
    "chapter 1..*: serology": f"{CHAPTER}/h:code/@code='18727-8'",
    "chapter: text + one entry, or only sub-sections": (
        f"count({CHAPTER})=count({CHAPTER}[h:text and count(h:entry)=1 and not(h:component)])"
        f"+count({CHAPTER}[h:component and not(h:text) and not(h:entry)])"
    ),
    "sub-section L.3.2.2+F.2.71 of text + one entry": (
        f"count({PART})=2 and count({PART}[h:templateId/@root='{F2}.71' and h:text and "
        "count(h:entry)=1])=2"
    ),
    "entry DRIV, itself L.1+F.3.21, > act > COMP": (
        f"not(({CHAPTER}|{PART})/h:entry[not(@typeCode='DRIV' and h:templateId/@root='{L}.1' and "
        f"h:templateId/@root='{F3}.21' and h:act/h:entryRelationship/@typeCode='COMP')])"
    ),
    "observation L.1.6+F.3.80": (
        f"{OBSERVED} and not({OBSERVED}[not(h:templateId/@root='{L}.1.6')])"
    ),
    "observation: originalText": (
        f"not({OBSERVED}[not(h:code/h:originalText/h:reference/@value)])"
    ),
    "observation: completed": f"{named('CRP')}/h:statusCode/@code='completed'",
    "observation: aborted": f"{named('Plaquettes')}[h:statusCode/@code='aborted' and not(h:value)]",
    "value PQ UCUM": f"{OBSERVED}/h:value[@x:type='PQ' and @value='8.40' and @unit='mmol/L']",
    "value with comparator": (
        f"{named('CRP')}/h:value[@x:type='IVL_PQ'][not(h:low)]"
        "/h:high[@value='5' and @unit='mg/L' and @inclusive='false']"
    ),
    "value CD, coded": (
        f"{named('Groupe ABO')}/h:value[@x:type='CD' and @code='112144000']"
        "/h:originalText/h:reference/@value"
    ),
    "value CD, words alone": (
        f"{named('Coloration de Gram')}/h:value[@x:type='CD' and @nullFlavor='UNK']"
        "/h:originalText/h:reference/@value"
    ),
    "value ST": (
        f"{named('Aspect du sérum (visuel)')}/h:value[@x:type='ST']='légèrement lactescent'"
    ),
    "interpretationCode 2.16.840.1.113883.5.83": (
        f"//h:interpretationCode and not(//h:interpretationCode[@codeSystem!='{SYSTEM}'])"
    ),
    "referenceRange 0..1": (
        f"{OBSERVED}/h:referenceRange and not({OBSERVED}[count(h:referenceRange)>1])"
    ),
    "BATTERY L.1.4+F.3.78": (
        f"//h:organizer[@classCode='BATTERY'][h:templateId/@root='{L}.1.4' and "
        f"h:templateId/@root='{F3}.78' and h:statusCode/@code='completed']"
    ),
    "isolate CLUSTER L.1.5+F.3.79": f"{ISOLATE}[h:templateId/@root='{F3}.79']",
    "isolate: specimen SPC/SPEC/MIC, SCT": (
        f"{GERM}[h:id/@root]/h:specimenPlayingEntity[@classCode='MIC']"
        "/h:code[@code='112283007' and @codeSystem='2.16.840.1.113883.6.96']/h:originalText"
    ),
    "isolate: BATTERY 18769-0": (
        f"{TESTED}[h:templateId/@root='{F3}.78']/h:code[@code='18769-0']/h:originalText"
    ),
    "antibiogram: at least 0.512, resistant": (
        f"{named('Amoxicilline')}[h:interpretationCode/@code='R']"
        "/h:value/h:low[@value='0.512' and @inclusive='true']"
    ),
    "antibiogram: a concentration, intermediate": (
        f"{named('Ampicilline')}[h:interpretationCode/@code='I']/h:value[@value='1']"
    ),
    "antibiogram: without concentration, the words of the reading": (
        f"{named('Gentamicine')}[h:interpretationCode/@code='S' and "
        "h:code/h:translation/@code='GEN']/h:value[@x:type='CD']/h:originalText/h:reference"
    ),
    "comment": f"//h:section[h:templateId/@root='{F2}.73']/h:code/@code='55112-7'",
}


@pytest.fixture(scope="module")
def root() -> _Element:
    return built(full_laboratory())


@pytest.mark.parametrize("clause", CLAUSES)
def test_the_clause_holds(root: _Element, clause: str) -> None:
    assert holds(root, CLAUSES[clause])


def test_the_title_is_the_fixed_one_whatever_is_given() -> None:
    renamed = msgspec.structs.replace(laboratory(), title="Bilan")
    assert built(renamed).findtext("{*}title") == "Compte rendu d'examens biologiques"


@pytest.mark.parametrize(
    "performer",
    [
        CITIZEN,
        msgspec.structs.replace(DOCTOR, structure=None),
        msgspec.structs.replace(DOCTOR, profession=None),
    ],
)
def test_a_performer_without_place_is_refused(performer: object) -> None:
    spec = laboratory()
    event = msgspec.structs.replace(spec.event, performer=performer)
    with pytest.raises(CarnetError) as refused:
        build_document(msgspec.structs.replace(spec, event=event))
    assert (refused.value.code, refused.value.element) == ("cda-element-missing", "performer")


def test_a_responsible_party_without_profession_is_refused() -> None:
    spec = laboratory()
    nobody = msgspec.structs.replace(DOCTOR, profession=None)
    met = msgspec.structs.replace(spec.encounter, responsible=nobody)
    with pytest.raises(CarnetError) as refused:
        build_document(msgspec.structs.replace(spec, encounter=met))
    assert refused.value.element == "responsibleParty/assignedEntity/code"


def test_the_results_of_a_chapter_are_its_quantities_wherever_they_stand() -> None:
    body = full_laboratory().body
    assert isinstance(body, LaboratoryBody)
    labels = [[result.label for result in chapter.results] for chapter in body.chapters]
    assert labels == [
        ["Glycémie à jeun", "HbA1c", "CRP"],
        ["Leucocytes"],
        ["Dénombrement de germes"],
        [],
    ]


@pytest.mark.parametrize(
    ("comparator", "value", "low", "high", "stands"),
    [
        (None, "5", "2", "8", Interpretation.NORMAL),
        (None, "1", "2", "8", Interpretation.LOW),
        (None, "9", "2", "8", Interpretation.HIGH),
        (None, "2", "2", "2", Interpretation.NORMAL),
        (None, "2", None, None, None),
        (Comparator.BELOW, "5", None, "5", Interpretation.NORMAL),
        (Comparator.BELOW, "2", "2", "8", Interpretation.LOW),
        (Comparator.BELOW, "5", "2", "8", None),
        (Comparator.AT_MOST, "2", "2", None, None),
        (Comparator.AT_MOST, "8", None, "8", Interpretation.NORMAL),
        (Comparator.ABOVE, "8", "2", "8", Interpretation.HIGH),
        (Comparator.ABOVE, "2", "2", None, Interpretation.NORMAL),
        (Comparator.ABOVE, "5", "2", "8", None),
        (Comparator.AT_LEAST, "8", None, "8", None),
        (Comparator.AT_LEAST, "9", "2", "8", Interpretation.HIGH),
    ],
)
def test_a_bound_is_judged_only_where_it_is_certain(
    comparator: Comparator | None,
    value: str,
    low: str | None,
    high: str | None,
    stands: Interpretation | None,
) -> None:
    result = Result("x", value, "mg/L", low=low, high=high, comparator=comparator)
    assert result.interpretation is stands


def test_people_read_bounds_germs_and_what_was_not_done(root: _Element) -> None:
    cells = ["".join(td.itertext()) for td in root.iter("{urn:hl7-org:v3}td")]
    for words in (
        "< 5 mg/L",
        "≥ 0,512 ug/mL",
        "Non réalisé : échantillon coagulé",
        "Escherichia coli",
        "Résistant",
        "légèrement lactescent",
    ):
        assert words in cells
