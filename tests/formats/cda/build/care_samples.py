"""Specifications of vaccination, synthesis, discharge and reimbursement documents."""

from __future__ import annotations

from carnet.formats.cda.build import (
    FOOD_ALLERGY,
    PROBLEM,
    Absence,
    Allergy,
    Caregiver,
    Coded,
    DeliveredDevice,
    DeliveredMedicine,
    DeliveredVaccine,
    Device,
    DischargeBody,
    DocumentSpec,
    Dose,
    Encounter,
    HospitalStay,
    LetterStatus,
    Medication,
    Problem,
    Product,
    Quantity,
    ReimbursedAct,
    ReimbursedStay,
    ReimbursementBody,
    Schedule,
    ServiceEvent,
    Structure,
    SynthesisBody,
    Unnamed,
    Vaccination,
    VaccinationHistoryBody,
    VaccinationKind,
    VaccinationNoteBody,
)
from carnet.record.document import Code
from carnet.record.identity import Identifier
from tests.formats.cda.build.level1_samples import DAY, facility, hospital, shown
from tests.formats.cda.build.samples import DOCTOR, HOUSE, PHYSICIAN

CIS = "1.2.250.1.213.2.3.1"
CIP = "1.2.250.1.213.2.3.2"
ATC = "2.16.840.1.113883.6.73"
CIM10 = "2.16.840.1.113883.6.3"
SNOMED = "2.16.840.1.113883.6.96"
EDQM = "0.4.0.127.0.16.1.1.2.1"
TA = "1.2.250.1.213.1.1.4.322"


VACCINE = Product(
    "VACCIN INVENTÉ, suspension injectable",
    cis=Code(CIS, "60000001", "VACCIN INVENTÉ"),
    atc=Code(ATC, "J07AM01", "Anatoxine tétanique"),
    cip=Code(CIP, "3400930000001", "Boîte inventée"),
    lot="LOT-42",
)
INTRAMUSCULAR = Code(EDQM, "20035000", "voie intramusculaire")
BOOSTER = Vaccination(
    "20260302",
    VACCINE,
    DOCTOR,
    DAY,
    VaccinationKind.BOOSTER,
    rank=3,
    route=INTRAMUSCULAR,
    performer=DOCTOR,
    comment="Bien toléré",
)
OLD = Vaccination(None, Product("Vaccin d'autrefois"), DOCTOR, DAY)
FIRST = Vaccination(
    "1985", VACCINE, DOCTOR, DAY, VaccinationKind.FIRST_SERIES, rank=1, route=INTRAMUSCULAR
)


def note() -> DocumentSpec:
    """A vaccination note."""
    return shown("87273-9", title="Note de vaccination", body=VaccinationNoteBody(BOOSTER))


def history() -> DocumentSpec:
    """A vaccination history of three vaccinations, one hardly known."""
    body = VaccinationHistoryBody((FIRST, OLD, BOOSTER))
    return shown("11369-6", title="Historique de vaccinations", body=body)


METFORMIN = Medication(
    Product(
        "MÉDICAMENT INVENTÉ 500 mg, comprimé",
        cis=Code(CIS, "60000002", "MÉDICAMENT INVENTÉ 500 mg"),
        atc=Code(ATC, "A10BA02", "Metformine"),
    ),
    "1 comprimé matin et soir",
    start="20200115",
    end="20260901",
    dose=Dose(Quantity("1", "{tablet}")),
    rate=Dose(Quantity("2", "/d")),
    schedule=Schedule(2),
    route=Code(EDQM, "20053000", "Voie orale"),
    reason=Coded(Code(CIM10, "E11", "Diabète sucré de type 2"), "Diabète de type 2"),
)
HERBS = Medication(Product("Tisane du jardin"), "le soir")
DIABETES = Problem(
    Coded(Code(CIM10, "E11", "Diabète sucré de type 2"), "Diabète de type 2"), "20200110"
)
FATIGUE = Problem(Coded(text="Fatigue inexpliquée"), kind=PROBLEM)
APPENDIX = Problem(
    Coded(Code(CIM10, "K35", "Appendicite aigüe"), "Appendicite opérée"), "1998", "1998"
)
PENICILLIN = Allergy(Coded(Code(ATC, "J01C", "Pénicillines"), "Pénicilline"), since="20010601")
NUTS = Allergy(Coded(text="Noisettes"), kind=FOOD_ALLERGY, active=False)


def synthesis(**changes: object) -> DocumentSpec:
    """A medical synthesis in which every section has something to say."""
    values: dict[str, object] = {
        "problems": (DIABETES, FATIGUE),
        "history": (APPENDIX,),
        "allergies": (PENICILLIN, NUTS),
        "risks": ("Tabac : 10 paquets-années", "Père : infarctus à 52 ans"),
        "vigilance": ("Fonction rénale à surveiller",),
        "treatments": (METFORMIN, HERBS),
    }
    body = SynthesisBody(**{**values, **changes})  # type: ignore[arg-type]  # values of the body
    return shown("SYNTH", title="Synthèse médicale", body=body, author_function=PHYSICIAN)


def bare_synthesis() -> DocumentSpec:
    """A synthesis that says nothing."""
    return shown("SYNTH", title="Synthèse médicale", body=SynthesisBody())


STAY = HospitalStay(
    entry="20260220",
    exit="20260302",
    entry_mode=Coded(Code(SNOMED, "107724000", "transfert d'un(e) patient(e)")),
    summary="Décompensation d'un diabète",
    exit_mode=Coded(text="Domicile"),
    adverse_events="Aucun",
    resistant_looked_for=True,
    resistant_found="Aucun",
    transfusion=False,
    transfusion_accidents="Aucun",
    blood_products=False,
    blood_product_events="Aucun",
)


def discharge(**changes: object) -> DocumentSpec:
    """A letter at discharge with all its sections."""
    values: dict[str, object] = {
        "reason": "Hyperglycémie sévère",
        "stay": STAY,
        "treatments": (METFORMIN,),
        "stopped": (HERBS,),
        "expected": ("Échographie attendue",),
        "follow_up": ("Revoir le médecin traitant sous huit jours",),
        "allergies": Absence.NONE_KNOWN,
    }
    body = DischargeBody(**{**values, **changes})  # type: ignore[arg-type]  # values of the body
    return hospital("11490-0", title="Lettre de liaison à la sortie", body=body)


def bare_discharge() -> DocumentSpec:
    """The four required sections and no more."""
    stay = HospitalStay("20260220", "20260302", Coded(text="Programmée"), "Sans particularité")
    body = DischargeBody("Bilan", stay, Absence.NOT_STATED, LetterStatus.IN_PROGRESS)
    return hospital("11490-0", title="Lettre de liaison à la sortie", body=body)


INSURANCE = Structure(
    Identifier("1.2.250.1.71.4.2.2", "318003502400041"),
    "Assurance inventée",
    Code("1.2.250.1.213.1.1.4.9", "AMO", "Organisme d'assurance maladie obligatoire"),
)
FEED = Device(
    Identifier("1.2.250.1.71.4.2.1", "518003502400041/1.2.250.1.999.2"),
    INSURANCE.name,
    profession=Code(
        "1.2.250.1.213.1.1.4.6", "ALIM_AM", "Alimentation auto à partir du SI de l'Ass Maladie"
    ),
    structure=INSURANCE,
)
PHARMACY = Caregiver("PHARMACIE INVENTÉE", Identifier("1.2.250.1.71.4.2.2", "1359910080"))
PRESCRIBER = Caregiver(
    HOUSE.name, HOUSE.identifier, DOCTOR.name, DOCTOR.identifier, DOCTOR.profession
)
CLINIC = Caregiver("CLINIQUE INVENTÉE")
BDM = "1.2.250.1.215.200.1.1.1"
ACTS = "1.2.250.1.215.200.3.4"


def _act(code: str, label: str, *performers: Caregiver) -> ReimbursedAct:
    return ReimbursedAct(label, "20260115", Code(ACTS, code, label), performers)


def reimbursement() -> DocumentSpec:
    """A list of reimbursements with one section of each kind."""
    body = ReimbursementBody(
        mention="Ces données viennent des remboursements.",
        medicines=(
            DeliveredMedicine(
                "MEDICAMENT INVENTE CPR",
                "20260112",
                PHARMACY,
                2,
                Code(BDM, "3400930000002", "MEDICAMENT INVENTE CPR"),
                Code("1.2.250.1.215.200.1.2.1", "A10", "MEDICAMENTS DU DIABETE"),
                (Code("1.2.250.1.215.200.1.3.1", "1", "METFORMINE"),),
                PRESCRIBER,
                "20260111",
                repackaged=True,
            ),
            DeliveredMedicine("PREPARATION", "20260113", PHARMACY),
        ),
        vaccines=(
            DeliveredVaccine(
                "VACCIN INVENTE",
                "20260114",
                PHARMACY,
                Code(BDM, "3400930000001", "VACCIN INVENTE"),
                Code("1.2.250.1.215.200.1.2.2", "J07AM01", "ANATOXINE TETANIQUE"),
                PRESCRIBER,
            ),
        ),
        devices=(
            DeliveredDevice(
                "PANSEMENTS INVENTES",
                "20260114",
                PHARMACY,
                3,
                Code("1.2.250.1.215.200.2.1", "1397790", "PANSEMENTS INVENTES"),
                Identifier("2.16.840.1.113883.3.3719", "{01}00000000000000"),
                PRESCRIBER,
                "20260111",
            ),
        ),
        stays=(
            ReimbursedStay(
                "Intervention inventée, niveau 1",
                "20251201",
                CLINIC,
                "20251204",
                Code("1.2.250.1.215.200.3.1", "1940", "Intervention inventée, niveau 1"),
            ),
        ),
        care=(_act("G", "CONSULTATION", PRESCRIBER), _act("FTR", "FORFAIT", CLINIC)),
        radiology=(_act("QEQJ001", "remno sein", PRESCRIBER),),
        biology=(_act("1208", "T.S.H.", CLINIC, PHARMACY),),
    )
    return shown(
        "REMB",
        title="Données de remboursement",
        author=FEED,
        author_function=None,
        custodian=INSURANCE,
        authenticator=FEED,
        event=ServiceEvent(
            "20250901000000+0200", Unnamed(INSURANCE.setting), end="20260301000000+0100"
        ),
        encounter=Encounter(None, facility("SA24")),
        participants=(),
        recipients=(),
        orders=(),
        body=body,
    )


LEVEL_3 = {
    "note": note,
    "history": history,
    "synthesis": synthesis,
    "bare synthesis": bare_synthesis,
    "discharge": discharge,
    "bare discharge": bare_discharge,
    "reimbursement": reimbursement,
}
