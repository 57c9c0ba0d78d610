"""Every row of the reference's header table, clause by clause, of a document that uses them all."""

from __future__ import annotations

import msgspec
import pytest
from lxml.etree import _Element

from carnet.formats.cda.build import Citizen, Encounter, Replaced, ServiceEvent, Unnamed
from carnet.record import vocabulary
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.identity import INS_OIDS, Identifier, Ins, Sex
from carnet.record.visibility import LEVELS
from tests.formats.cda.build.header_samples import (
    KINDS_OF_INFORMANT,
    KINDS_OF_PARTICIPANT,
    NURSE,
    SOFTWARE,
    built,
    full,
    holds,
)
from tests.formats.cda.build.samples import CITIZEN, DOCTOR, HOUSE, PATIENT, letter, photograph

ROLE = "h:recordTarget/h:patientRole"
NAME = f"{ROLE}/h:patient/h:name"
ACT = "h:documentationOf[1]/h:serviceEvent"
MET = "h:componentOf/h:encompassingEncounter"

# Row of the table, clause → XPath that holds.
ROWS = {
    "realmCode 1..1: FR": "count(h:realmCode)=1 and h:realmCode/@code='FR'",
    "typeId 1..1: 2.16.840.1.113883.1.3 POCD_HD000040": (
        "count(h:typeId)=1 and h:typeId[@root='2.16.840.1.113883.1.3' and "
        "@extension='POCD_HD000040']"
    ),
    "templateId 3..*: 2.16.840.1.113883.2.8.2.1, F.1.1, the kind's": (
        "h:templateId[1]/@root='2.16.840.1.113883.2.8.2.1' and "
        "h:templateId[2]/@root='1.2.250.1.213.1.1.1.1' and count(h:templateId)>=3"
    ),
    "templateId: level 1 exactly these two and 1.3.6.1.4.1.19376.1.2.20": (
        "count(h:templateId)=3 and h:templateId[3]/@root='1.3.6.1.4.1.19376.1.2.20'"
    ),
    "id 1..1: root": "count(h:id)=1 and h:id[@root='2.25.101' and not(@extension)]",
    "code 1..1: J07, with displayName": (
        "count(h:code)=1 and h:code[@code='11488-4' and @displayName]"
    ),
    "title 1..1: not null": "count(h:title)=1 and string(h:title) and not(h:title/@nullFlavor)",
    "effectiveTime 1..1: not null": "count(h:effectiveTime)=1 and h:effectiveTime/@value",
    "confidentialityCode 1..1: 2.16.840.1.113883.5.25, displayName": (
        "count(h:confidentialityCode)=1 and h:confidentialityCode["
        "@codeSystem='2.16.840.1.113883.5.25' and @displayName='Normal']"
    ),
    "languageCode 1..1: aa-AA": "count(h:languageCode)=1 and h:languageCode/@code='fr-FR'",
    "setId, versionNumber 1..1": (
        "count(h:setId)=1 and h:setId/@root='2.25.100' and count(h:versionNumber)=1 and "
        "h:versionNumber/@value='2'"
    ),
    "recordTarget/patientRole: id 1..* root+extension": (
        f"count({ROLE}/h:id[@root and @extension])=2"
    ),
    "recordTarget/patientRole: addr, telecom 0..*": (
        f"count({ROLE}/h:addr)=1 and count({ROLE}/h:telecom)=2"
    ),
    "patient/name 1..1": f"count({NAME})=1",
    "patient/name: every family has qualifier BR or CL": (
        f"count({NAME}/h:family[@qualifier='BR'])=1 and count({NAME}/h:family[@qualifier='CL'])=1 "
        f"and count({NAME}/h:family)=2"
    ),
    "patient/name: given BR first, CL used, none all of the birth certificate": (
        f"{NAME}/h:given[@qualifier='BR']='CAMILLE' and {NAME}/h:given[@qualifier='CL']='CAMILLE' "
        f"and {NAME}/h:given[not(@qualifier)]='CAMILLE ANNE'"
    ),
    "administrativeGenderCode 1..1: 2.16.840.1.113883.5.1": (
        f"{ROLE}/h:patient/h:administrativeGenderCode[@code='F' and "
        "@codeSystem='2.16.840.1.113883.5.1']"
    ),
    "birthTime 1..1": f"{ROLE}/h:patient/h:birthTime/@value='19840621'",
    "guardian 0..*: guardianPerson or guardianOrganization": (
        f"count({ROLE}/h:patient/h:guardian)=2 and {ROLE}/h:patient/h:guardian[1]/h:guardianPerson "
        f"and {ROLE}/h:patient/h:guardian[2]/h:guardianOrganization/h:id"
    ),
    "birthplace/place/addr/county: COG": (
        f"{ROLE}/h:patient/h:birthplace/h:place/h:addr/h:county='35238'"
    ),
    "author 1..*": "count(h:author)=2",
    "author: functionCode 0..1 J47": (
        "h:author[1]/h:functionCode/@code='PCP' and h:author[2]/h:functionCode/@code='PCP'"
    ),
    "author: time": "not(h:author[not(h:time/@value)])",
    "author: assignedAuthor id 1..*": "count(h:author[1]/h:assignedAuthor/h:id)=2",
    "author: code 0..1": (
        "not(h:author[1]/h:assignedAuthor/h:code) and h:author[2]/h:assignedAuthor/h:code"
    ),
    "author: assignedPerson or assignedAuthoringDevice": (
        "h:author[1]/h:assignedAuthor/h:assignedPerson and "
        "h:author[2]/h:assignedAuthor/h:assignedAuthoringDevice"
    ),
    "author: manufacturerModelName, softwareName": (
        "h:author[2]//h:manufacturerModelName='Modèle inventé' and "
        "h:author[2]//h:softwareName='Logiciel inventé'"
    ),
    "author: representedOrganization 0..1": (
        "not(h:author[1]//h:representedOrganization) and h:author[2]//h:representedOrganization"
    ),
    "informant/relatedEntity 0..*: code J11": (
        "count(h:informant/h:relatedEntity[h:code/@code='SIS'])=5"
    ),
    "informant/relatedEntity: relatedPerson/name": (
        "not(h:informant/h:relatedEntity[not(h:relatedPerson/h:name/h:family)])"
    ),
    "custodian 1..1: organization id 1..1": ("count(h:custodian)=1 and count(h:custodian//h:id)=1"),
    "custodian: name, telecom, addr 0..1": (
        "count(h:custodian//h:name)=1 and count(h:custodian//h:telecom)=1 and "
        "count(h:custodian//h:addr)=1"
    ),
    "legalAuthenticator 1..1: time, signatureCode S, assignedEntity id 1..1": (
        "count(h:legalAuthenticator)=1 and h:legalAuthenticator[h:time/@value and "
        "h:signatureCode/@code='S' and count(h:assignedEntity/h:id)=1]"
    ),
    "authenticator 0..*: same, id of a professional": (
        "count(h:authenticator)=2 and not(h:authenticator[not(h:time/@value and "
        "h:signatureCode/@code='S' and count(h:assignedEntity/h:id)=1 and "
        "h:assignedEntity/h:id/@root='1.2.250.1.71.4.2.1')])"
    ),
    "participant: functionCode 0..1 J47": (
        "h:participant/h:functionCode[@code='PCP'] and h:participant[not(h:functionCode)]"
    ),
    "participant: time": "h:participant/h:time[@x:type='IVL_TS']/h:low and "
    "h:participant/h:time[@x:type='IVL_TS']/h:high",
    "participant: time or null NA": "h:participant/h:time[@nullFlavor='NA']",
    "participant: associatedEntity PROV, AGNT": (
        "h:participant/h:associatedEntity/@classCode='PROV' and "
        "h:participant/h:associatedEntity/@classCode='AGNT'"
    ),
    "participant: INF PCP = médecin traitant": (
        "h:participant[@typeCode='INF']/h:functionCode[@code='PCP' and "
        "@codeSystem='2.16.840.1.113883.5.88']"
    ),
    "inFulfillmentOf/order 0..*: id 1..1": (
        "count(h:inFulfillmentOf)=2 and not(h:inFulfillmentOf/h:order[count(h:id)!=1])"
    ),
    "inFulfillmentOf/order: ps3-20:accessionNumber": (
        "h:inFulfillmentOf[2]/h:order/d:accessionNumber/@root='2.25.602'"
    ),
    "documentationOf/serviceEvent 1..*: first = main act": (
        "count(h:documentationOf)=3 and h:documentationOf[1]//h:performer"
    ),
    "serviceEvent: effectiveTime/low": f"{ACT}/h:effectiveTime/h:low/@value",
    "serviceEvent: exactly one performer PRF with id": (
        f"count({ACT}/h:performer)=1 and {ACT}/h:performer[@typeCode='PRF']/h:assignedEntity/h:id"
    ),
    "serviceEvent: performer's representedOrganization with standardIndustryClassCode": (
        f"{ACT}/h:performer/h:assignedEntity/h:representedOrganization/h:standardIndustryClassCode"
    ),
    "serviceEvent: others have a code": (
        "not(h:documentationOf[position()>1]/h:serviceEvent[h:performer or not(h:code/@code)])"
    ),
    "relatedDocument 0..1: RPLC": (
        "count(h:relatedDocument)=1 and h:relatedDocument/@typeCode='RPLC'"
    ),
    "relatedDocument: parentDocument id, versionNumber 0..1, no setId": (
        "h:relatedDocument/h:parentDocument[h:id/@root='2.25.99' and h:versionNumber/@value='1' "
        "and not(h:setId)]"
    ),
    "componentOf/encompassingEncounter 1..1: code 0..1": (
        f"count({MET})=1 and {MET}/h:code/@code='AMB'"
    ),
    "encompassingEncounter: effectiveTime": f"{MET}/h:effectiveTime/h:low/@value",
    "encompassingEncounter: responsibleParty 0..1 professional": (
        f"{MET}/h:responsibleParty/h:assignedEntity/h:id/@root='1.2.250.1.71.4.2.1'"
    ),
    "encompassingEncounter: location/healthCareFacility/code J02 with displayName": (
        f"{MET}/h:location/h:healthCareFacility/h:code["
        "@codeSystem='1.2.250.1.71.4.2.4' and @displayName]"
    ),
}


@pytest.fixture(scope="module")
def root() -> _Element:
    return built(full())


@pytest.mark.parametrize("clause", ROWS)
def test_a_clause_of_the_header_table_holds(root: _Element, clause: str) -> None:
    assert holds(root, ROWS[clause]), clause


@pytest.mark.parametrize("level", LEVELS)
def test_every_confidentiality_of_the_table_is_writable(level: str) -> None:
    known = Code("2.16.840.1.113883.5.25", level, f"Niveau {level}")
    assert set(LEVELS) == {"L", "M", "N", "R", "U", "V"}
    found = holds(
        built(full(confidentiality=known)),
        f"h:confidentialityCode[@code='{level}' and @displayName='Niveau {level}']",
    )
    assert found


@pytest.mark.parametrize("oid", INS_OIDS)
def test_every_root_of_an_ins_is_writable(oid: str) -> None:
    patient = msgspec.structs.replace(PATIENT, ins=Ins(PATIENT.ins.matricule, oid))
    assert holds(built(full(patient=patient)), f"{ROLE}/h:id[@root='{oid}' and @extension]")


@pytest.mark.parametrize(
    ("sex", "code"), [(Sex.FEMALE, "F"), (Sex.MALE, "M"), (Sex.INDETERMINATE, "UN")]
)
def test_every_sex_is_writable(sex: Sex, code: str) -> None:
    traits = msgspec.structs.replace(PATIENT.traits, sex=sex)
    root = built(full(patient=msgspec.structs.replace(PATIENT, traits=traits)))
    assert holds(root, f"{ROLE}/h:patient/h:administrativeGenderCode[@code='{code}']")


def test_with_an_ins_the_birthplace_is_required() -> None:
    traits = msgspec.structs.replace(PATIENT.traits, birth_place=None)
    with pytest.raises(CarnetError) as refused:
        built(full(patient=msgspec.structs.replace(PATIENT, traits=traits)))
    assert refused.value.code == "cda-trait-missing"
    assert str(refused.value.element).endswith("/birthplace/place/addr/county")


@pytest.mark.parametrize("kind", KINDS_OF_INFORMANT)
def test_every_kind_of_informant_is_writable(root: _Element, kind: str) -> None:
    assert holds(root, f"count(h:informant/h:relatedEntity[@classCode='{kind}'])=1")


@pytest.mark.parametrize("kind", KINDS_OF_PARTICIPANT)
def test_every_kind_of_participant_is_writable(root: _Element, kind: str) -> None:
    assert holds(root, f"h:participant[@typeCode='{kind}']/h:associatedEntity/h:id")


@pytest.mark.parametrize("function", vocabulary.value_set("J47").concepts, ids=lambda c: c.code)
def test_every_function_of_j47_is_writable(function: Code) -> None:
    author = built(full(author_function=function))
    assert holds(author, f"h:author[1]/h:functionCode[@code='{function.code}' and @displayName]")


@pytest.mark.parametrize("mode", ["IMP", "EMER", "AMB", "FLD", "HH", "VR", "EXTERNE", "SEANCE"])
def test_every_mode_of_an_encounter_is_writable(mode: str) -> None:
    system = "1.2.250.1.213.1.1.4.2.291" if len(mode) > 4 else "2.16.840.1.113883.5.4"
    met = Encounter("20260302", Code("1.2.250.1.71.4.2.4", "SA01", "Hôpital"))
    root = built(full(encounter=msgspec.structs.replace(met, mode=Code(system, mode, mode))))
    assert holds(root, f"{MET}/h:code[@code='{mode}' and @codeSystem='{system}']")


def test_an_encounter_without_time_says_so() -> None:
    met = Encounter(None, Code("1.2.250.1.71.4.2.4", "SA24", "Organisme de sécurité sociale"))
    assert holds(built(full(encounter=met)), f"{MET}/h:effectiveTime[@nullFlavor='NA' and not(*)]")


def test_an_encounter_may_have_an_end_alone() -> None:
    met = Encounter(None, Code("1.2.250.1.71.4.2.4", "SA01", "Hôpital"), end="20260302")
    assert holds(built(full(encounter=met)), f"{MET}/h:effectiveTime[h:high and not(h:low)]")


def test_the_main_act_may_have_no_code_and_a_performer_without_name() -> None:
    setting = Code("1.2.250.1.213.1.1.4.9", "AMO", "Organisme d'assurance maladie obligatoire")
    root = built(full(event=ServiceEvent("20260302", Unnamed(setting))))
    assert holds(root, f"{ACT}[not(h:code)]/h:performer/h:assignedEntity[h:id/@nullFlavor='NA']")
    assert holds(root, f"{ACT}//h:standardIndustryClassCode[@code='AMO']")


def test_a_main_act_whose_setting_nobody_knows_is_refused() -> None:
    with pytest.raises(CarnetError) as refused:
        built(full(event=ServiceEvent("20260302", NURSE)))
    assert refused.value.code == "cda-element-missing"


def test_a_translation_of_an_act_names_its_aspect(root: _Element) -> None:
    assert holds(
        root,
        "h:documentationOf[3]/h:serviceEvent[h:id and h:effectiveTime/h:high]/h:code/h:translation"
        "[@code='CT']/h:qualifier/h:name[@code='121139']",
    )


def test_a_parent_may_be_named_by_its_id_alone() -> None:
    root = built(full(replaced=Replaced("2.25.99")))
    assert holds(root, "h:relatedDocument/h:parentDocument[h:id and not(h:versionNumber)]")


def test_a_device_signs_under_its_name_since_an_entity_has_no_device() -> None:
    root = built(full(authenticator=SOFTWARE))
    assert holds(
        root,
        "h:legalAuthenticator/h:assignedEntity[h:id]/h:assignedPerson/h:name"
        "[h:family='Logiciel inventé' and not(h:given)]",
    )


def test_the_custodian_of_a_citizens_own_document_is_the_public_one() -> None:
    assert holds(built(photograph()), "h:custodian//h:id[@root='1.2.250.1.213.4.1']")


@pytest.mark.parametrize("who", [DOCTOR, CITIZEN])
def test_the_legal_authenticator_is_a_professional_or_the_citizen(who: object) -> None:
    root = built(letter(authenticator=who))
    expected = "1.2.250.1.213.1.4.10" if isinstance(who, Citizen) else "1.2.250.1.71.4.2.1"
    assert holds(root, f"h:legalAuthenticator/h:assignedEntity/h:id[@root='{expected}']")


def test_structures_and_orders_keep_their_identifiers() -> None:
    known = Identifier("1.2.250.1.999.4", "DEM-12")
    assert HOUSE.identifier.root == "1.2.250.1.71.4.2.2"
    root = built(full(orders=(known,)))
    assert holds(root, "h:inFulfillmentOf/h:order/h:id[@extension='DEM-12']")
