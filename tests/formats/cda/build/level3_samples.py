"""Specifications of the structured kinds with every part that their models hold."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build import (
    NOT_SUBSTITUTABLE,
    Aborted,
    Addendum,
    Authenticator,
    Battery,
    Chapter,
    Coded,
    Comparator,
    Coverage,
    DispensationBody,
    Dispensed,
    DocumentSpec,
    Dose,
    Exam,
    ImagingBody,
    Interpretation,
    Isolate,
    LaboratoryBody,
    Medication,
    Order,
    PrescribedDevice,
    PrescribedMedicine,
    PrescriptionBody,
    Product,
    Qualitative,
    Quantity,
    Result,
    Schedule,
    ServiceEvent,
    Study,
    SubChapter,
    Susceptibility,
)
from carnet.record.document import Code
from carnet.record.identity import Identifier
from tests.formats.cda.build.samples import (
    DOCTOR,
    GLUCOSE,
    HBA1C,
    LOINC,
    PDF,
    SAMPLED,
    WHITE_CELLS,
    letter,
)

SNOMED = "2.16.840.1.113883.6.96"
DCM = "1.2.840.10008.2.16.4"
EDQM = "0.4.0.127.0.16.1.1.2.1"
FACILITIES = "1.2.250.1.71.4.2.4"
DAY = "20260302100000+0100"
ITEM = "AADC9C14-F1CA-4177-B2C8-A5178D5B3C01"
ITEM_2 = "AADC9C14-F1CA-4177-B2C8-A5178D5B3C02"


def placed(code: str, display: str, **changes: object) -> DocumentSpec:
    """The letter with every part of the header, in another kind of place."""
    place = msgspec.structs.replace(letter().encounter, facility=Code(FACILITIES, code, display))
    return letter(**{"encounter": place, **changes})


ISOLATE = Isolate(
    Coded(Code(SNOMED, "112283007", "Escherichia coli"), "Escherichia coli"),
    (
        Result("Dénombrement de germes", "100000", "/mL", code=Code(LOINC, "51480-2", "Bactéries")),
        Qualitative("Identification", Coded(text="par spectrométrie"), method="MALDI-TOF"),
    ),
    (
        Susceptibility(
            "Amoxicilline",
            Interpretation.RESISTANT,
            Code(LOINC, "20-8", "Amoxicilline"),
            mic=Quantity("0.512", "ug/mL", Comparator.AT_LEAST),
        ),
        Susceptibility("Ampicilline", Interpretation.INTERMEDIATE, mic=Quantity("1", "ug/mL")),
        Susceptibility(
            "Gentamicine", Interpretation.SUSCEPTIBLE, local=Code("2.25.700", "GEN", "Gentamicine")
        ),
    ),
)
CRP = Result(
    "CRP", "5", "mg/L", code=Code(LOINC, "1988-5", "CRP"), high="5", comparator=Comparator.BELOW
)
BLOOD_GROUP = Qualitative(
    "Groupe ABO",
    Coded(Code(SNOMED, "112144000", "Groupe sanguin A"), "A"),
    code=Code(LOINC, "883-9", "Groupe ABO"),
)
NEGATIVE = Qualitative(
    "Antigène HBs",
    Coded(Code(SNOMED, "260385009", "négatif"), "négatif"),
    interpretation=Interpretation.NORMAL,
)
IN_WORDS = Qualitative("Aspect du sérum", "légèrement lactescent", method="visuel")
CLOTTED = Aborted("Plaquettes", "échantillon coagulé", Code(LOINC, "777-3", "Plaquettes"))


def full_laboratory() -> DocumentSpec:
    """A laboratory report with germs, parts of chapters, every kind of value and a comment."""
    biochemistry = Code(LOINC, "18719-5", "Biochimie")
    chapters = (
        Chapter(
            biochemistry, (GLUCOSE, HBA1C, CRP, NEGATIVE, IN_WORDS), "À contrôler.", "Biochimie"
        ),
        Chapter(
            Code(LOINC, "18723-7", "Hématologie"),
            parts=(
                SubChapter(
                    Code(LOINC, "18723-7", "Hématologie"),
                    (Battery("Hémogramme", (WHITE_CELLS, CLOTTED)),),
                    title="Hémogramme",
                ),
                SubChapter(Code(LOINC, "18717-9", "Immuno-hématologie"), (BLOOD_GROUP,), "Carte."),
            ),
        ),
        Chapter(
            Code(LOINC, "18725-2", "Microbiologie"),
            (Qualitative("Coloration de Gram", Coded(text="nombreux Gram -")), ISOLATE),
        ),
        Chapter(Code(LOINC, "18727-8", "Sérologie"), (NEGATIVE,)),
    )
    return placed(
        "SA25",
        "Laboratoire de biologie médicale",
        type=Code(LOINC, "11502-2", "CR d'examens biologiques"),
        title="Compte rendu d'examens biologiques",
        event=ServiceEvent(DAY, DOCTOR, end=DAY, code=biochemistry),
        authenticators=(Authenticator(DOCTOR, DAY),),
        body=LaboratoryBody(chapters, SAMPLED, PDF, ("Prélèvement reçu hors délai.",)),
    )


CHEST = Exam(
    Coded(
        Code(LOINC, "30746-2", "Radiographie du thorax"),
        "Radiographie du thorax de face",
        (Code("1.2.250.1.215.300.1", "ZBQK002", "Radiographie du thorax"),),
    ),
    Coded(Code(DCM, "DX", "Radiographie numérique")),
    Coded(Code(SNOMED, "302551006", "thorax entier"), "Thorax"),
    DAY,
    ("Incidence de face, debout.", "Inspiration complète."),
    (Study("1.2.250.1.999.27.1", "https://images.example.fr/1"), Study("1.2.250.1.999.27.2")),
)
UNCODED = Exam(
    Coded(text="Échographie de la cuisse"),
    Coded(text="Échographie"),
    Coded(text="Cuisse droite"),
    DAY,
    ("Sonde de 7 MHz.",),
)


def imaging(**changes: object) -> DocumentSpec:
    """An imaging report with every section, one examination coded and one not."""
    values: dict[str, object] = {
        "exams": (CHEST, UNCODED),
        "conclusion": ("Pas de foyer.", "Contrôle inutile."),
        "indication": ("Toux fébrile.",),
        "findings": ("Parenchyme normal.", "Pas d'épanchement."),
        "comparison": ("Radiographie de 2024.",),
        "addendum": Addendum(("Relu avec le clinicien.",), DOCTOR, DAY),
        "pdf": PDF,
    }
    body = ImagingBody(**{**values, **changes})  # type: ignore[arg-type]  # values of the body
    return placed(
        "SA08",
        "Cabinet de groupe",
        type=Code(LOINC, "18748-4", "CR d'imagerie médicale"),
        title="Radiographie du thorax",
        event=ServiceEvent(
            DAY, DOCTOR, end=DAY, code=CHEST.act.code, translations=CHEST.translations
        ),
        orders=(Order(Identifier("2.25.600", "984"), Identifier("2.25.601", "105")),),
        body=body,
    )


AMOXICILLIN = Medication(
    Product(
        "AMOXICILLINE ESSAI 500 mg, gélule",
        Code("1.2.250.1.213.2.3.1", "60000001", "AMOXICILLINE ESSAI 500 mg, gélule"),
        Code("2.16.840.1.113883.6.73", "J01CA04", "amoxicilline"),
        Code("1.2.250.1.213.2.3.2", "3400900000001", "AMOXICILLINE ESSAI, 12 gélules"),
    ),
    "2 gélules matin et soir pendant 6 jours",
    "20260302",
    "20260308",
    Dose(Quantity("1", "{capsule}"), Quantity("2", "{capsule}")),
    Dose(Quantity("2000", "mg/d")),
    Schedule(2),
    Code(EDQM, "20053000", "Voie orale"),
    Coded(Code("2.16.840.1.113883.6.3", "J15.9", "Pneumopathie bactérienne"), "Pneumopathie"),
    "Au cours du repas",
)
CREAM = Medication(Product("Préparation : cérat 30 g"), "Une application le soir", "20260302")


def prescription(**changes: object) -> DocumentSpec:
    """A prescription of two medicines and a device."""
    values: dict[str, object] = {
        "written": DAY,
        "pdf": PDF,
        "medicines": (
            PrescribedMedicine(
                ITEM,
                AMOXICILLIN,
                NOT_SUBSTITUTABLE,
                "MTE",
                2,
                Quantity("2", "30009000"),
                Coverage(long_term=True, off_label=True),
                "Délivrer en une fois",
            ),
            PrescribedMedicine(ITEM_2, CREAM),
        ),
        "devices": (
            PrescribedDevice(
                Coded(
                    Code("1.2.250.1.213.2.68", "V0806", "LITS MÉDICAUX"),
                    "Lit médical",
                    (Code("1.2.250.1.215.300.2", "1215702", "lit médical"),),
                ),
                "20260302",
                "20260501",
                1,
                1,
                "À domicile",
                Coverage(work=True),
                "AADC9C14-F1CA-4177-B2C8-A5178D5B3C03",
            ),
            PrescribedDevice(Coded(text="Bande de contention"), "20260302"),
        ),
        "comment": ("Poids : 71 kg.",),
    }
    body = PrescriptionBody(**{**values, **changes})  # type: ignore[arg-type]  # values of the body
    return placed(
        "SA07",
        "Cabinet individuel",
        type=Code(LOINC, "57833-6", "Prescription de produits de santé"),
        title="Prescription de produits de santé",
        event=ServiceEvent(DAY, DOCTOR, end="20260602100000+0200"),
        body=body,
    )


def dispensation(**changes: object) -> DocumentSpec:
    """A dispensation of both medicines, one of them replaced by a generic."""
    values: dict[str, object] = {
        "items": (
            Dispensed(
                ITEM,
                msgspec.structs.replace(AMOXICILLIN.product, lot="A123"),
                Quantity("2", "30009000"),
                "AMOXICILLINE 500 mg",
                AMOXICILLIN.posology,
                "Patient averti",
                "Au cours du repas",
                Code("2.16.840.1.113883.5.1070", "G", "Substitution par un générique"),
                DOCTOR,
                DAY,
            ),
            Dispensed(ITEM_2, CREAM.product, Quantity("1"), CREAM.product.name),
        ),
        "prescription": "2.25.300",
        "pdf": PDF,
    }
    body = DispensationBody(**{**values, **changes})  # type: ignore[arg-type]  # values of the body
    return placed(
        "SA33",
        "Pharmacie d'officine",
        type=Code(LOINC, "60593-1", "Dispensation médicamenteuse"),
        title="Dispensation",
        event=ServiceEvent(DAY, DOCTOR),
        body=body,
    )


LEVEL_3 = {
    "laboratory": full_laboratory(),
    "imaging": imaging(),
    "prescription": prescription(),
    "dispensation": dispensation(),
}
