"""A document with every part that the header's table allows, and how clauses are looked up."""

from __future__ import annotations

import msgspec
from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build import (
    Address,
    Authenticator,
    Authorship,
    Device,
    DocumentSpec,
    FurtherAct,
    Guardian,
    GuardianOrganization,
    Informant,
    Order,
    Participant,
    PatientRole,
    Telecom,
    Translation,
    build_document,
)
from carnet.formats.cda.build.model import ParticipantKind
from carnet.formats.cda.build.people_model import InformantKind
from carnet.record.document import Code
from carnet.record.identity import Identifier, Name
from tests.formats.cda.build.samples import DOCTOR, HOUSE, LOINC, PATIENT, PHYSICIAN, letter

NS = {
    "h": "urn:hl7-org:v3",
    "x": "http://www.w3.org/2001/XMLSchema-instance",
    "d": "urn:dicom-org:ps3-20",
}
SISTER = Code("2.16.840.1.113883.5.111", "SIS", "Soeur")
DICOM = "1.2.840.10008.2.16.4"
MODALITY = Code(DICOM, "121139", "Modalité d'imagerie")
SOFTWARE = Device(
    Identifier("1.2.250.1.71.4.2.1", "518003502400041/1.2.250.1.999.2"),
    "Logiciel inventé",
    "Modèle inventé",
    Code("1.2.250.1.213.1.1.4.6", "DISPOSITIF", "Dispositif"),
    HOUSE,
)
NURSE = msgspec.structs.replace(
    DOCTOR,
    identifier=Identifier("1.2.250.1.71.4.2.1", "899972101184"),
    name=Name("ESSAI", "Alix"),
    profession=None,
    structure=None,
    telecoms=(Telecom("mailto:alix.essai@example.fr", "DIR"), Telecom("fax:0261910102", "EC")),
    other_ids=(Identifier("1.2.250.1.999.3", "A-7"),),
)
FULL_ADDRESS = Address("14", "rue des Tanneurs", "35000", "RENNES", "Escalier A", "FRANCE", (), "H")
LINES = Address(lines=("Résidence des Essais", "14 rue des Tanneurs", "35000 RENNES"), use="TMP")
KINDS_OF_INFORMANT: tuple[InformantKind, ...] = ("ECON", "NOK", "CON", "CAREGIVER", "PAT")
KINDS_OF_PARTICIPANT: tuple[ParticipantKind, ...] = (
    "REF",
    "REFB",
    "INF",
    "RESP",
    "PRF",
    "CON",
    "VRF",
)


def full(**changes: object) -> DocumentSpec:
    """A letter in which nothing optional is missing."""
    patient = PatientRole(
        PATIENT.ins,
        PATIENT.traits,
        FULL_ADDRESS,
        (Telecom("tel:0639980112", "MC"), Telecom(unknown="MSK")),
        "RENNES",
        (
            Guardian(Name("BERTHIER", "Jeanne", "MME"), LINES, (Telecom("tel:0261910103", "H"),)),
            GuardianOrganization(HOUSE),
        ),
        (Identifier("1.2.3.4", "IPP-7"),),
    )
    values: dict[str, object] = {
        "patient": patient,
        "author": NURSE,
        "further_authors": (Authorship(SOFTWARE, "20260302101500+0100", PHYSICIAN),),
        "informants": tuple(
            Informant(kind, Name("NESSAI", "Sophie"), SISTER) for kind in KINDS_OF_INFORMANT
        ),
        "authenticators": (
            Authenticator(DOCTOR, "20260302101700+0100"),
            Authenticator(NURSE, "20260302101800+0100"),
        ),
        "participants": (
            *(Participant(kind, DOCTOR, PHYSICIAN, "20260302") for kind in KINDS_OF_PARTICIPANT),
            Participant("INF", NURSE, role="AGNT"),
            Participant("PRF", NURSE, time="20260303", since="20260302"),
        ),
        "orders": (Identifier("2.25.600"), Order(Identifier("2.25.601"), Identifier("2.25.602"))),
        "further_acts": (
            Code(LOINC, "18719-5", "Biochimie"),
            FurtherAct(
                Code(LOINC, "30746-2", "Imagerie"),
                (Translation(Code(DICOM, "CT", "Tomodensitométrie"), MODALITY),),
                Identifier("2.25.603"),
                "20260302",
                "20260303",
            ),
        ),
    }
    return letter(**{**values, **changes})


def built(spec: DocumentSpec) -> _Element:
    """The document as parsed again."""
    return etree.fromstring(build_document(spec))


def holds(root: _Element, expression: str) -> bool:
    """Whether an XPath over the document is true."""
    return bool(root.xpath(f"boolean({expression})", namespaces=NS))
