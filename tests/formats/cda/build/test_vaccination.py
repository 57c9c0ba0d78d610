"""The vaccination note and history: the reference's row of their sections, clause by clause."""

from __future__ import annotations

import msgspec
import pytest

from carnet.formats.cda.build import DocumentSpec, Vaccination, VaccinationKind, VaccinationNoteBody
from carnet.record.document import Code
from tests.formats.cda.build.care_samples import BOOSTER, EDQM, OLD, VACCINE, history, note
from tests.formats.cda.build.header_samples import built, holds

SECTION = "h:component/h:structuredBody/h:component/h:section"
ENTRY = f"{SECTION}/h:entry[1]/h:substanceAdministration"
MATERIAL = f"{ENTRY}/h:consumable/h:manufacturedProduct/h:manufacturedMaterial"
CLAUSES = {
    "P.1.18.1.2, F.1.46^2023.01": (
        "count(h:templateId)=4 and h:templateId[3]/@root='1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2' and "
        "h:templateId[4][@root='1.2.250.1.213.1.1.1.46' and @extension='2023.01']"
    ),
    "C.1.6+P.3.23+F.2.147 11369-6": (
        f"count({SECTION})=1 and {SECTION}[h:templateId[1]/@root='2.16.840.1.113883.10.20.1.6' and "
        "h:templateId[2]/@root='1.3.6.1.4.1.19376.1.5.3.1.3.23' and "
        "h:templateId[3]/@root='1.2.250.1.213.1.1.2.147' and h:code/@code='11369-6']"
    ),
    "substanceAdministration EVN C.1.24+P.4.12+F.3.45": (
        f"{ENTRY}[@moodCode='EVN' and h:templateId[1]/@root='2.16.840.1.113883.10.20.1.24' and "
        "h:templateId[2]/@root='1.3.6.1.4.1.19376.1.5.3.1.4.12' and "
        "h:templateId[3]/@root='1.2.250.1.213.1.1.3.45']"
    ),
    "note: one": f"count({SECTION}/h:entry)=1",
    "negationInd false": f"{ENTRY}/@negationInd='false'",
    "id": f"count({ENTRY}/h:id[@root])=1",
    "INITIMMUNIZ BOOSTER IMMUNIZ (A5)": (
        f"{ENTRY}/h:code[@code='BOOSTER' and @codeSystem='2.16.840.1.113883.5.4']"
    ),
    "text/reference": f"{ENTRY}/h:text/h:reference/@value='#vac-0'",
    "completed": f"{ENTRY}/h:statusCode/@code='completed'",
    "date": f"{ENTRY}/h:effectiveTime/@value='20260302'",
    "routeCode 0..1 EDQM 20035000 IM": (
        f"{ENTRY}/h:routeCode[@code='20035000' and @codeSystem='0.4.0.127.0.16.1.1.2.1']"
    ),
    "product C.1.53+P.4.7.2+F.3.43": (
        f"{ENTRY}/h:consumable/h:manufacturedProduct["
        "h:templateId[1]/@root='2.16.840.1.113883.10.20.1.53' and "
        "h:templateId[2]/@root='1.3.6.1.4.1.19376.1.5.3.1.4.7.2' and "
        "h:templateId[3]/@root='1.2.250.1.213.1.1.3.43']"
    ),
    "product: code in CIS, with originalText/reference": (
        f"{MATERIAL}/h:code[@codeSystem='1.2.250.1.213.2.3.1']/h:originalText/h:reference/@value"
    ),
    "product with ATC": (
        f"{MATERIAL}/h:code/h:translation[@codeSystem='2.16.840.1.113883.6.73']/@code='J07AM01'"
    ),
    "product: name 1..1": f"count({MATERIAL}/h:name[string()])=1",
    "lotNumberText": f"{MATERIAL}/h:lotNumberText='LOT-42'",
    "author AUT, OP": f"{ENTRY}/h:author[@typeCode='AUT' and @contextControlCode='OP']/h:time",
    "author: id, code, name": (
        f"{ENTRY}/h:author/h:assignedAuthor[h:id/@extension and h:code/@code and "
        "h:assignedPerson/h:name/h:family]"
    ),
    "SUBJ C.1.46+F.3.82 30973-2": (
        f"{ENTRY}/h:entryRelationship[@typeCode='SUBJ']/h:observation["
        "h:templateId[1]/@root='2.16.840.1.113883.10.20.1.46' and "
        "h:templateId[2]/@root='1.2.250.1.213.1.1.3.82' and h:code/@code='30973-2']"
    ),
    "value INT, rank": (
        f"{ENTRY}/h:entryRelationship/h:observation[h:code/@code='30973-2']/h:value["
        "@x:type='INT' and @value='3']"
    ),
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_of_the_vaccination_row_holds(clause: str) -> None:
    assert holds(built(note()), CLAUSES[clause]), clause


def test_a_history_has_more_entries_and_its_own_template_and_main_act() -> None:
    root = built(history())
    assert holds(root, f"count({SECTION}/h:entry)=3")
    assert holds(root, "h:templateId[4][@root='1.2.250.1.213.1.1.1.37' and @extension='2023.01']")
    assert holds(root, "h:documentationOf[1]/h:serviceEvent/h:code/@code='11369-6'")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (VaccinationKind.FIRST_SERIES, "INITIMMUNIZ"),
        (VaccinationKind.BOOSTER, "BOOSTER"),
        (VaccinationKind.UNSPECIFIED, "IMMUNIZ"),
    ],
)
def test_every_kind_of_vaccination_is_writable(kind: VaccinationKind, code: str) -> None:
    given = msgspec.structs.replace(BOOSTER, kind=kind)
    assert holds(built(note_of(given)), f"{ENTRY}/h:code[@code='{code}' and @displayName]")


@pytest.mark.parametrize("route", ["20035000", "20066000", "20030000", "20020000", "20053000"])
def test_every_route_of_the_row_is_writable(route: str) -> None:
    given = msgspec.structs.replace(BOOSTER, route=Code(EDQM, route, f"voie {route}"))
    root = built(note_of(given))
    assert holds(root, f"{ENTRY}/h:routeCode[@code='{route}']/h:originalText/h:reference")


def note_of(given: Vaccination) -> DocumentSpec:
    return msgspec.structs.replace(note(), body=VaccinationNoteBody(given))


def test_what_nobody_knows_of_an_old_vaccination_is_said_to_be_unknown() -> None:
    root = built(note_of(OLD))
    assert holds(root, f"{ENTRY}/h:effectiveTime[@nullFlavor='UNK' and not(@value)]")
    assert holds(root, f"{MATERIAL}/h:code[@nullFlavor='UNK' and not(@code)]/h:originalText")
    assert holds(root, f"{MATERIAL}/h:code/h:translation[@nullFlavor='UNK' and not(@code)]")
    assert holds(root, f"{MATERIAL}/h:lotNumberText[@nullFlavor='UNK' and not(text())]")
    assert holds(root, f"{ENTRY}//h:value[@x:type='INT' and @nullFlavor='UNK' and not(@value)]")
    assert holds(root, f"not({ENTRY}/h:routeCode) and not({ENTRY}/h:performer)")


def test_who_gave_it_and_what_was_remarked_are_stated_where_known() -> None:
    root = built(note())
    assert holds(root, f"{ENTRY}/h:performer[@typeCode='PRF']/h:assignedEntity/h:id/@extension")
    assert holds(
        root,
        f"{ENTRY}/h:entryRelationship/h:act[h:code/@code='48767-8']/h:text/h:reference"
        "[@value='#vac-0-comment']",
    )


def test_an_author_without_structure_is_written_without_one() -> None:
    alone = msgspec.structs.replace(BOOSTER.author, structure=None)
    root = built(note_of(msgspec.structs.replace(BOOSTER, author=alone)))
    assert holds(root, f"{ENTRY}/h:author/h:assignedAuthor[not(h:representedOrganization)]")


def test_people_read_day_vaccine_lot_rank_and_vaccinator() -> None:
    cells = ["".join(cell.itertext()) for cell in built(note()).iter("{urn:hl7-org:v3}td")]
    assert cells == [
        "02/03/2026",
        VACCINE.name,
        "LOT-42",
        "3",
        "Rappel de vaccin",
        "voie intramusculaire",
        "Dr Hélène GARRIGUE",
        "Bien toléré",
    ]
