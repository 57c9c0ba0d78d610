"""Specifications that the builder's tests share."""

from __future__ import annotations

from carnet.formats.cda.build import (
    Actor,
    Address,
    Battery,
    Chapter,
    Citizen,
    DocumentSpec,
    EncodedBody,
    Encounter,
    Guardian,
    LaboratoryBody,
    Participant,
    PastValue,
    PatientRole,
    Recipient,
    Replaced,
    Result,
    ServiceEvent,
    Structure,
    Telecom,
)
from carnet.record.document import Code
from carnet.record.identity import Identifier, Ins, Name, Sex, Traits

LOINC = "2.16.840.1.113883.6.1"
PDF = b"%PDF-1.4\nnot a real one, but bytes\n%%EOF\n"
SAMPLED = "20260302074500+0100"

HOUSE = Structure(
    identifier=Identifier("1.2.250.1.71.4.2.2", "1359910072"),
    name="Cabinet <A> & B",
    setting=Code("1.2.250.1.213.1.1.4.9", "AMBULATOIRE", "Ambulatoire"),
    address=Address("6", "place des Tilleuls", "35000", "RENNES"),
    telecoms=(Telecom("tel:0261910101", "WP"),),
)
DOCTOR = Actor(
    identifier=Identifier("1.2.250.1.71.4.2.1", "899972101176"),
    name=Name("GARRIGUE", "Hélène", "MME", "DR"),
    profession=Code(
        "1.2.250.1.213.1.1.4.5", "G15_10/SM26", "Médecin - Qualifié en Médecine Générale (SM)"
    ),
    structure=HOUSE,
    telecoms=HOUSE.telecoms,
)
PATIENT = PatientRole(
    ins=Ins("284063523811202", "1.2.250.1.213.1.4.10"),
    traits=Traits(
        birth_family="BERTHIER",
        first_given="CAMILLE",
        sex=Sex.FEMALE,
        birth_date="1984-06-21",
        birth_place="35238",
        given_names="CAMILLE ANNE",
        used_family="MARTIN",
    ),
    address=Address("14", "rue des Tanneurs", "35000", "RENNES"),
    telecoms=(Telecom("tel:0639980112", "MC"),),
    birth_city="RENNES",
    guardians=(Guardian(Name("BERTHIER", "Jeanne", "MME")),),
    local_ids=(Identifier("1.2.3.4", "IPP-7"),),
)
CITIZEN = Citizen(
    PATIENT.ins,
    Name("MARTIN", "Camille", "MME"),
    Code("1.2.250.1.213.1.1.4.6", "EXP_PATIENT", "Expression personnelle du patient"),
    Code("1.2.250.1.213.1.1.4.6", "EXP_PATIENT", "Expression personnelle du patient"),
)
AMBULATORY = Code("2.16.840.1.113883.5.4", "AMB", "Ambulatoire (hors établissement)")
PHYSICIAN = Code("2.16.840.1.113883.5.88", "PCP", "Médecin traitant")


def letter(**changes: object) -> DocumentSpec:
    """A consultation report with every optional part of the header."""
    values: dict[str, object] = {
        "unique_id": "2.25.101",
        "set_id": "2.25.100",
        "version_number": 2,
        "type": Code(LOINC, "11488-4", "CR ou fiche de consultation ou de visite"),
        "title": "Consultation « de suivi » <1>",
        "created": "20260302101500+0100",
        "patient": PATIENT,
        "author": DOCTOR,
        "authored": "20260302101500+0100",
        "custodian": HOUSE,
        "authenticator": DOCTOR,
        "authenticated": "20260302101600+0100",
        "event": ServiceEvent(
            "20260302100000+0100",
            DOCTOR,
            end="20260302101000+0100",
            code=Code(LOINC, "11488-4", "CR"),
            identifier=Identifier("2.25.500"),
        ),
        "encounter": Encounter(
            "20260302100000+0100",
            Code("1.2.250.1.71.4.2.4", "SA08", "Cabinet de groupe"),
            end="20260302101000+0100",
            mode=AMBULATORY,
            responsible=DOCTOR,
            place_name=HOUSE.name,
            place_address=HOUSE.address,
        ),
        "body": EncodedBody("application/pdf", PDF),
        "author_function": PHYSICIAN,
        "further_acts": (Code(LOINC, "18719-5", "Biochimie"),),
        "participants": (
            Participant("INF", DOCTOR, PHYSICIAN),
            Participant("REF", DOCTOR, time="20260220"),
        ),
        "recipients": (Recipient(DOCTOR),),
        "orders": (Identifier("2.25.600"),),
        "replaced": Replaced("2.25.99", 1),
    }
    return DocumentSpec(**{**values, **changes})  # type: ignore[arg-type]  # values of the spec


def photograph() -> DocumentSpec:
    """A document of the citizen's own."""
    return letter(
        author=CITIZEN,
        authenticator=CITIZEN,
        custodian=None,
        event=ServiceEvent("20260302100000+0100", CITIZEN),
        encounter=Encounter(
            "20260302100000+0100",
            Code("1.2.250.1.213.1.1.4.6", "EXP_PATIENT", "Expression personnelle du patient"),
        ),
        body=EncodedBody("image/jpeg", b"\xff\xd8\xff\xd9"),
        type=Code("1.2.250.1.213.1.1.4.12", "EXPPAT_2", "Autre document du patient"),
        author_function=None,
        further_acts=(),
        participants=(),
        recipients=(),
        orders=(),
        replaced=None,
    )


GLUCOSE = Result(
    "Glycémie à jeun",
    "8.40",
    "mmol/L",
    code=Code(LOINC, "40193-5", "Glucose à jeun"),
    low="3.90",
    high="6.10",
    past=PastValue("7.10", "20251203074500+0100"),
    method="enzymatique",
)
HBA1C = Result(
    "HbA1c",
    "8.9",
    "%",
    local=Code("2.25.700", "HBA1C", "Hémoglobine glyquée"),
    high="6.0",
    past=PastValue("9.4", "20251203074500+0100"),
)
WHITE_CELLS = Result(
    "Leucocytes", "3.1", "10*9/L", code=Code(LOINC, "6690-2", "Leucocytes"), low="4.0"
)
COMMENT = Result("Sans intervalle", "1", "{score}", shown_unit="")


def laboratory() -> DocumentSpec:
    """A laboratory report of two chapters, with and without LOINC codes."""
    chapters = (
        Chapter(Code(LOINC, "18719-5", "Biochimie"), (GLUCOSE, HBA1C, COMMENT), "À contrôler."),
        Chapter(Code(LOINC, "18723-7", "Hématologie"), (Battery("Hémogramme", (WHITE_CELLS,)),)),
    )
    return letter(
        type=Code(LOINC, "11502-2", "CR d'examens biologiques"),
        title="Compte rendu d'examens biologiques",
        body=LaboratoryBody(chapters, SAMPLED, PDF),
    )
