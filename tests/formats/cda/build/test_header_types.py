"""Every form that the reference's table of types allows can be written."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from carnet.formats.cda.build import (
    Address,
    GuardianOrganization,
    PatientRole,
    Structure,
    Telecom,
)
from carnet.formats.cda.build.people_model import AddressUse, TelecomUse, Unknown
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier, Name
from tests.formats.cda.build.header_samples import FULL_ADDRESS, LINES, built, full, holds
from tests.formats.cda.build.samples import DOCTOR, HOUSE, PATIENT, letter

ROLE = "h:recordTarget/h:patientRole"
CLAUSES = {
    "professional: id 1.2.250.1.71.4.2.1, 8 + RPPS": (
        "h:legalAuthenticator/h:assignedEntity/h:id[@root='1.2.250.1.71.4.2.1'"
        " and @extension='899972101176']"
    ),
    "professional: code J01 with displayName": (
        "h:legalAuthenticator/h:assignedEntity/h:code[@codeSystem='1.2.250.1.213.1.1.4.5'"
        " and @code='G15_10/SM26' and @displayName]"
    ),
    "structure: id 1.2.250.1.71.4.2.2, 1 + FINESS": (
        "h:custodian//h:id[@root='1.2.250.1.71.4.2.2' and @extension='1359910072']"
    ),
    "structure: standardIndustryClassCode J04 with displayName": (
        "h:documentationOf[1]//h:standardIndustryClassCode[@codeSystem='1.2.250.1.213.1.1.4.9'"
        " and @displayName]"
    ),
    "name: family 1..1": "not(//*[self::h:assignedPerson or self::h:relatedPerson or "
    "self::h:associatedPerson or self::h:guardianPerson]/h:name[count(h:family)!=1])",
    "name: given, prefix, suffix 0..1": "not(//*[self::h:assignedPerson or self::h:relatedPerson "
    "or self::h:associatedPerson or self::h:guardianPerson]/h:name[count(h:given)>1 or "
    "count(h:prefix)>1 or count(h:suffix)>1])",
    "name: prefix M or MME, suffix DR, PR": (
        "h:legalAuthenticator//h:name[h:prefix='MME' and h:suffix='DR']"
    ),
    "addr: each part 0..1": f"{ROLE}/h:addr[count(h:houseNumber)=1 and count(h:streetName)=1 and "
    "count(h:unitID)=1 and count(h:postalCode)=1 and count(h:city)=1 and count(h:country)=1]",
    "addr: or streetAddressLine 0..7": (
        f"{ROLE}/h:patient/h:guardian[1]/h:addr[@use='TMP' and count(*)=3 and "
        "count(h:streetAddressLine)=3]"
    ),
    "addr: or nullFlavor UNK": "h:informant[1]//h:addr[@nullFlavor='UNK' and not(*)]",
    "telecom: tel:, mailto:, fax:": (
        "h:author[1]//h:telecom[@value='mailto:alix.essai@example.fr' and @use='DIR'] and "
        "h:author[1]//h:telecom[@value='fax:0261910102' and @use='EC'] and "
        f"{ROLE}/h:telecom[@value='tel:0639980112' and @use='MC']"
    ),
    "telecom: or nullFlavor": f"{ROLE}/h:telecom[@nullFlavor='MSK' and not(@value)]",
    "time: seconds and offset": "h:effectiveTime[@value='20260302101500+0100']",
    "dates: 8 digits": f"{ROLE}/h:patient/h:birthTime[@value='19840621']",
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_of_the_table_of_types_holds(clause: str) -> None:
    assert holds(built(full()), CLAUSES[clause]), clause


@pytest.mark.parametrize("identifier", ["1359910072", "343123456700017"])
def test_a_structure_is_known_by_finess_or_by_siret(identifier: str) -> None:
    known = msgspec.structs.replace(HOUSE, identifier=Identifier("1.2.250.1.71.4.2.2", identifier))
    root = built(full(custodian=known))
    assert holds(root, f"h:custodian//h:id[@extension='{identifier}']")


@pytest.mark.parametrize("use", get_args(AddressUse))
def test_every_use_of_an_address_is_writable(use: AddressUse) -> None:
    place = Address("1", "rue Vide", "35000", "RENNES", use=use)
    root = built(full(patient=PatientRole(PATIENT.ins, PATIENT.traits, place)))
    assert holds(root, f"{ROLE}/h:addr[@use='{use}']")


@pytest.mark.parametrize("use", get_args(TelecomUse))
def test_every_use_of_a_telecom_is_writable(use: TelecomUse) -> None:
    known = (Telecom("tel:0261910101", use),)
    root = built(full(patient=PatientRole(PATIENT.ins, PATIENT.traits, telecoms=known)))
    assert holds(root, f"{ROLE}/h:telecom[@use='{use}' and @value='tel:0261910101']")


@pytest.mark.parametrize("flavor", get_args(Unknown))
def test_every_null_flavour_of_a_telecom_is_writable(flavor: Unknown) -> None:
    unknown = (Telecom(unknown=flavor),)
    root = built(full(patient=PatientRole(PATIENT.ins, PATIENT.traits, telecoms=unknown)))
    assert holds(root, f"{ROLE}/h:telecom[@nullFlavor='{flavor}' and not(@value)]")


def test_parts_come_in_one_order_and_lines_stand_alone() -> None:
    assert FULL_ADDRESS.lines == ()
    root = built(full())
    parts = root.xpath(f"{ROLE}/h:addr/*", namespaces={"h": "urn:hl7-org:v3"})
    assert [part.tag.split("}")[1] for part in parts] == [
        "houseNumber",
        "streetName",
        "unitID",
        "postalCode",
        "city",
        "country",
    ]
    assert LINES.city is None


def test_an_address_of_eight_lines_is_refused() -> None:
    too_long = Address(lines=tuple(f"ligne {number}" for number in range(8)))
    with pytest.raises(CarnetError) as refused:
        built(full(patient=PatientRole(PATIENT.ins, PATIENT.traits, too_long)))
    assert refused.value.code == "cda-address-malformed"


def test_an_address_of_parts_and_lines_at_once_is_refused() -> None:
    mixed = Address("14", "rue des Tanneurs", lines=("14 rue des Tanneurs",))
    with pytest.raises(CarnetError) as refused:
        built(full(patient=PatientRole(PATIENT.ins, PATIENT.traits, mixed)))
    assert refused.value.code == "cda-address-malformed"


def test_somebody_without_family_name_is_refused() -> None:
    nameless = msgspec.structs.replace(DOCTOR, name=Name(given="Hélène"))
    with pytest.raises(CarnetError) as refused:
        built(full(authenticator=nameless))
    assert refused.value.code == "cda-element-missing"


def test_a_guardian_organization_has_a_structure() -> None:
    other = Structure(Identifier("1.2.250.1.71.4.2.2", "1350000018"), "Service", Code("1", "S"))
    guardian = GuardianOrganization(other, FULL_ADDRESS, (Telecom("tel:0261910103", "WP"),))
    patient = msgspec.structs.replace(PATIENT, guardians=(guardian,))
    root = built(letter(patient=patient))
    assert holds(
        root,
        f"{ROLE}/h:patient/h:guardian[h:addr and h:telecom]/h:guardianOrganization"
        "[h:id and h:name='Service']",
    )
