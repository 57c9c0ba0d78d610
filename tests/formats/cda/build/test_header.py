"""Every row of the header's table holds of what the builder writes."""

from __future__ import annotations

import pytest
from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build import DocumentSpec, PatientRole, build_document
from carnet.record.identity import Sex, Traits
from tests.formats.cda.build.samples import PATIENT, laboratory, letter, photograph

NS = {"h": "urn:hl7-org:v3"}
ORDER = (
    "realmCode",
    "typeId",
    "templateId",
    "id",
    "code",
    "title",
    "effectiveTime",
    "confidentialityCode",
    "languageCode",
    "setId",
    "versionNumber",
    "recordTarget",
    "author",
    "informant",
    "custodian",
    "informationRecipient",
    "legalAuthenticator",
    "authenticator",
    "participant",
    "inFulfillmentOf",
    "documentationOf",
    "relatedDocument",
    "componentOf",
    "component",
)
ONCE = [
    name
    for name in ORDER
    if name
    not in {
        "templateId",
        "informant",
        "informationRecipient",
        "authenticator",
        "participant",
        "inFulfillmentOf",
        "documentationOf",
        "relatedDocument",
    }
]
SPECS = {"letter": letter(), "photograph": photograph(), "laboratory": laboratory()}


def built(spec: DocumentSpec) -> _Element:
    return etree.fromstring(build_document(spec))


def one(root: _Element, path: str) -> _Element:
    found = root.findall("/".join(f"h:{step}" for step in path.split("/")), NS)
    assert len(found) == 1, path
    return found[0]


def names(root: _Element) -> list[str]:
    return [etree.QName(child).localname for child in root]


@pytest.fixture(params=sorted(SPECS))
def root(request: pytest.FixtureRequest) -> _Element:
    return built(SPECS[request.param])


def test_elements_come_in_the_order_of_the_header(root: _Element) -> None:
    ranks = [ORDER.index(name) for name in names(root)]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("name", ONCE)
def test_what_is_required_once_stands_once(root: _Element, name: str) -> None:
    assert names(root).count(name) == 1


def test_realm_and_type_are_those_of_france_and_of_cda(root: _Element) -> None:
    assert one(root, "realmCode").get("code") == "FR"
    assert dict(one(root, "typeId").attrib) == {
        "root": "2.16.840.1.113883.1.3",
        "extension": "POCD_HD000040",
    }


def test_level_1_declares_exactly_three_templates() -> None:
    roots = [t.get("root") for t in built(letter()).findall("h:templateId", NS)]
    assert roots == [
        "2.16.840.1.113883.2.8.2.1",
        "1.2.250.1.213.1.1.1.1",
        "1.3.6.1.4.1.19376.1.2.20",
    ]


def test_the_laboratory_report_declares_its_model() -> None:
    found = built(laboratory()).findall("h:templateId", NS)
    assert [(t.get("root"), t.get("extension")) for t in found[2:]] == [
        ("1.3.6.1.4.1.19376.1.3.3", None),
        ("1.2.250.1.213.1.1.1.55", "2024.01"),
    ]


def test_id_set_and_version_are_those_given() -> None:
    root = built(letter())
    assert dict(one(root, "id").attrib) == {"root": "2.25.101"}
    assert dict(one(root, "setId").attrib) == {"root": "2.25.100"}
    assert one(root, "versionNumber").get("value") == "2"


def test_type_title_time_confidentiality_and_language_are_stated(root: _Element) -> None:
    assert one(root, "code").get("displayName")
    assert one(root, "title").text
    assert one(root, "effectiveTime").get("value") == "20260302101500+0100"
    assert dict(one(root, "confidentialityCode").attrib) == {
        "code": "N",
        "displayName": "Normal",
        "codeSystem": "2.16.840.1.113883.5.25",
    }
    assert one(root, "languageCode").get("code") == "fr-FR"


def test_the_patient_is_known_by_the_ins_then_by_local_numbers(root: _Element) -> None:
    ids = root.findall("h:recordTarget/h:patientRole/h:id", NS)
    assert [i.get("root") for i in ids] == ["1.2.250.1.213.1.4.10", "1.2.3.4"]


def test_every_family_and_given_has_the_right_qualifier(root: _Element) -> None:
    name = one(root, "recordTarget/patientRole/patient/name")
    parts = [(etree.QName(p).localname, p.get("qualifier"), p.text) for p in name]
    assert parts == [
        ("family", "BR", "BERTHIER"),
        ("given", None, "CAMILLE ANNE"),
        ("given", "BR", "CAMILLE"),
        ("family", "CL", "MARTIN"),
        ("given", "CL", "CAMILLE"),
    ]


def test_the_traits_that_go_with_an_ins_are_all_there(root: _Element) -> None:
    patient = one(root, "recordTarget/patientRole/patient")
    assert one(patient, "administrativeGenderCode").get("code") == "F"
    assert one(patient, "birthTime").get("value") == "19840621"
    assert one(patient, "birthplace/place/addr/county").text == "35238"
    assert one(patient, "guardian/guardianPerson/name/family").text == "BERTHIER"


@pytest.mark.parametrize(("sex", "code"), [(Sex.MALE, "M"), (Sex.INDETERMINATE, "UN")])
def test_sex_is_written_by_its_cda_code(sex: Sex, code: str) -> None:
    traits = Traits("N", "P", sex, "1984", "35238")
    root = built(letter(patient=PatientRole(PATIENT.ins, traits)))
    patient = one(root, "recordTarget/patientRole/patient")
    assert one(patient, "administrativeGenderCode").get("code") == code
    assert one(patient, "birthTime").get("value") == "1984"


def test_an_unknown_address_or_telephone_says_that_it_is_unknown() -> None:
    root = built(letter(patient=PatientRole(PATIENT.ins, PATIENT.traits)))
    role = one(root, "recordTarget/patientRole")
    assert dict(one(role, "addr").attrib) == {"nullFlavor": "UNK"}
    assert dict(one(role, "telecom").attrib) == {"nullFlavor": "UNK"}


def test_what_is_unknown_of_a_guardian_is_left_out() -> None:
    guardian = one(built(letter()), "recordTarget/patientRole/patient/guardian")
    assert names(guardian) == ["guardianPerson"]


def test_the_author_has_time_id_profession_name_and_structure() -> None:
    author = one(built(letter()), "author")
    assert names(author) == ["functionCode", "time", "assignedAuthor"]
    assigned = one(author, "assignedAuthor")
    assert one(assigned, "id").get("extension") == "899972101176"
    assert one(assigned, "code").get("code") == "G15_10/SM26"
    person = one(assigned, "assignedPerson/name")
    assert names(person) == ["prefix", "given", "family", "suffix"]
    assert one(assigned, "representedOrganization/name").text == "Cabinet <A> & B"


def test_the_legal_authenticator_signs() -> None:
    signed = one(built(letter()), "legalAuthenticator")
    assert names(signed) == ["time", "signatureCode", "assignedEntity"]
    assert one(signed, "signatureCode").get("code") == "S"


def test_the_custodian_is_a_structure_or_the_citizens_own() -> None:
    path = "custodian/assignedCustodian/representedCustodianOrganization/id"
    assert one(built(letter()), path).get("extension") == "1359910072"
    assert dict(one(built(photograph()), path).attrib) == {"root": "1.2.250.1.213.4.1"}


def test_the_main_act_comes_first_and_alone_has_a_performer() -> None:
    events = built(letter()).findall("h:documentationOf/h:serviceEvent", NS)
    assert names(events[0]) == ["id", "code", "effectiveTime", "performer"]
    assert one(events[0], "effectiveTime/low").get("value") == "20260302100000+0100"
    setting = one(
        events[0], "performer/assignedEntity/representedOrganization/standardIndustryClassCode"
    )
    assert setting.get("code") == "AMBULATOIRE"
    assert [names(event) for event in events[1:]] == [["code"]]


def test_a_participant_without_time_says_so() -> None:
    first, second = built(letter()).findall("h:participant", NS)
    assert first.get("typeCode") == "INF"
    assert one(first, "functionCode").get("code") == "PCP"
    assert dict(one(first, "time").attrib) == {"nullFlavor": "NA"}
    assert one(second, "time/high").get("value") == "20260220"
    assert one(second, "associatedEntity").get("classCode") == "PROV"


def test_a_replacement_names_the_parent_by_id_and_version() -> None:
    related = one(built(letter()), "relatedDocument")
    assert related.get("typeCode") == "RPLC"
    parent = one(related, "parentDocument")
    assert names(parent) == ["id", "versionNumber"]
    assert one(parent, "id").get("root") == "2.25.99"


def test_a_first_version_replaces_nothing() -> None:
    assert built(photograph()).find("h:relatedDocument", NS) is None


def test_the_encounter_has_its_mode_times_and_kind_of_place() -> None:
    meeting = one(built(letter()), "componentOf/encompassingEncounter")
    assert names(meeting) == ["code", "effectiveTime", "responsibleParty", "location"]
    place = one(meeting, "location/healthCareFacility")
    assert one(place, "code").get("code") == "SA08"
    assert one(place, "location/name").text == "Cabinet <A> & B"


def test_a_citizens_document_has_the_citizen_everywhere() -> None:
    root = built(photograph())
    for path in ("author/assignedAuthor", "legalAuthenticator/assignedEntity"):
        who = one(root, path)
        assert one(who, "id").get("root") == "1.2.250.1.213.1.4.10"
        assert one(who, "code").get("code") == "EXP_PATIENT"
        assert who.find("h:representedOrganization", NS) is None
    meeting = one(root, "componentOf/encompassingEncounter")
    assert names(meeting) == ["effectiveTime", "location"]
    assert one(meeting, "location/healthCareFacility/code").get("code") == "EXP_PATIENT"


def test_a_laboratory_names_performer_prescriber_and_recipient_under_its_templates() -> None:
    root = built(laboratory())
    performer = one(root.findall("h:documentationOf", NS)[0], "serviceEvent/performer")
    assert names(performer) == ["templateId", "time", "assignedEntity"]
    assert one(performer, "templateId").get("root") == "1.3.6.1.4.1.19376.1.3.3.1.7"
    informant, prescriber = root.findall("h:participant", NS)
    assert informant.find("h:templateId", NS) is None
    assert one(prescriber, "templateId").get("root") == "1.3.6.1.4.1.19376.1.3.3.1.6"
    to = one(root, "informationRecipient/intendedRecipient")
    assert one(to, "templateId").get("root") == "1.3.6.1.4.1.19376.1.3.3.1.4"
