"""One life with a document of every kind, on which the writers are tried."""

from __future__ import annotations

from datetime import date
from functools import cache

import msgspec

from carnet.population.making import Made, make
from carnet.population.model import (
    Allergy,
    Content,
    Discharge,
    Dispensation,
    Document,
    Germ,
    Imaging,
    Laboratory,
    Letter,
    Life,
    Line,
    Photo,
    Prescription,
    Problem,
    Reimbursements,
    Susceptibility,
    Synthesis,
    Table,
    Treatment,
    Vaccination,
    VaccinationHistory,
    Value,
)
from carnet.population.reimbursing import reimbursed
from carnet.population.writing.context import Context, written_at
from carnet.record.document import Code
from tests.population.invented import at, bent, person, who

SALT = "test"
CIM10 = "2.16.840.1.113883.6.3"

PROBLEMS = (
    Problem(
        key="diabete",
        label="Diabète de type 2",
        onset=date(2025, 1, 12),
        code=Code(CIM10, "E11", "Diabète sucré de type 2"),
    ),
    Problem(key="appendicite", label="Appendicite", onset=date(1984, 5, 2), end=date(1984, 5, 9)),
    Problem(key="fracture", label="Fracture du poignet", onset=date(2025, 2, 1)),
    Problem(key="infarctus", label="Infarctus", onset=date(1999, 1, 1), family_of="père"),
    Problem(key="sciatique", label="Sciatique", onset=date(2026, 10, 1)),
)
ALLERGIES = (
    Allergy(
        key="penicilline",
        label="Pénicillines",
        since=date(1990, 3, 1),
        reaction="urticaire",
        avoid=frozenset({"penicillin"}),
    ),
    Allergy(key="arachide", label="Arachide", since=date(1975, 3, 1)),
    Allergy(key="lactose", label="Lactose", since=date(2000, 1, 1), intolerance=True),
)
TREATMENTS = (
    Treatment(
        key="metformine",
        drug="metformin-500",
        dose="1 comprimé matin et soir",
        start=date(2025, 1, 20),
        problem="diabete",
    ),
    Treatment(
        key="clopidogrel",
        drug="clopidogrel-75",
        dose="1 comprimé le matin",
        start=date(2020, 1, 20),
        end=date(2026, 9, 1),
    ),
    Treatment(
        key="antibiotique",
        drug="fosfomycin",
        dose="1 sachet en une prise",
        start=date(2025, 6, 2),
        end=date(2025, 6, 3),
        chronic=False,
    ),
)
METFORMIN = Line(
    drug="metformin-500",
    dose="1 comprimé matin et soir",
    days=90,
    renewals=2,
    treatment="metformine",
    problem="diabete",
    long_illness=True,
)
CLOPIDOGREL = Line(
    drug="clopidogrel-75",
    dose="1 comprimé le matin",
    days=90,
    treatment="clopidogrel",
    not_substitutable="MTE",
)
STRIPS = Line(device="Bandelettes pour lecteur de glycémie", dose="2 par jour", days=90, boxes=2)
COUNT = {
    "leukocytes": "6.9",
    "haemoglobin": "10.2",
    "haematocrit": "34.6",
    "mcv": "84",
    "platelets": "288",
}


def values(**said: str) -> tuple[Value, ...]:
    """Values by key."""
    return tuple(Value(key, value) for key, value in said.items())


def document(key: str, kind: str, when: str, content: Content, author: str) -> Document:
    """A document under its key as a title."""
    return Document(
        key=key, kind=kind, author=author, at=at(when), title=key.capitalize(), content=content
    )


LABORATORY = Laboratory(
    values=values(**COUNT, hba1c="8.2", crp="<4", creatinine="70", gfr="85"),
    comment="Prélèvement à jeun.",
)
URINE = Laboratory(
    values=values(**{"urine-leukocytes": "180", "urine-culture": "positive"}),
    specimen="Urines",
    germs=(
        Germ(
            name="Escherichia coli",
            count="10^6 UFC/mL",
            antibiogram=(
                Susceptibility("Amoxicilline", "R"),
                Susceptibility("Fosfomycine", "S"),
                Susceptibility("Ofloxacine", "I"),
            ),
        ),
    ),
)
IMAGING = Imaging(
    exam="head-thorax-ct-contrast",
    indication=("Céphalées inhabituelles.",),
    technique=("Acquisition hélicoïdale avec injection.",),
    findings=("Pas de lésion du parenchyme cérébral.", "Pas de foyer pulmonaire."),
    conclusion=("Examen normal.",),
    comparison="Scanner du 3 mai 2023.",
)
DISCHARGE = Discharge(
    reason="Décompensation d'un diabète",
    course=("Hydratation et insuline pendant deux jours.", "Bonne évolution."),
    follow_up=("HbA1c dans trois mois", "Consultation de diabétologie"),
    on_admission=("clopidogrel",),
    on_leaving=("metformine",),
    problems=("diabete",),
)
LETTER = Letter(
    text=(
        "Je vois ce jour votre patiente pour le suivi de son diabète.",
        "# Examen",
        "TA 132/78 mmHg, poids 74 kg. Pieds sans plaie.",
        Table(("Mesure", "Valeur"), (("HbA1c", "8,2 %"),)),
        "- poursuivre la metformine",
    )
)


def _documents() -> tuple[Document, ...]:
    lab = document("bilan", "laboratory", "2025-01-13", LABORATORY, "dr-perrin")
    letter = document("courrier", "specialist-letter", "2025-02-03", LETTER, "dr-belloc")
    stay = document("sortie", "discharge", "2025-03-08", DISCHARGE, "dr-nadaud")
    history = document(
        "vaccinations", "vaccination-history", "2025-11-03", VaccinationHistory(), "dr-garrigue"
    )
    replace = msgspec.structs.replace
    return (
        replace(lab, ordered_by="dr-garrigue"),
        document(
            "ordonnance",
            "prescription",
            "2025-01-20",
            Prescription(lines=(METFORMIN, CLOPIDOGREL, STRIPS)),
            "dr-garrigue",
        ),
        document(
            "pharmacie",
            "dispensation",
            "2025-01-21",
            Dispensation(prescription="ordonnance", lines=(CLOPIDOGREL, METFORMIN, STRIPS)),
            "pharmacist-cadiou",
        ),
        replace(letter, to="dr-garrigue"),
        replace(letter, key="scan", at=at("2025-02-04"), content=replace(LETTER, scan=True)),
        document("urgences", "emergency", "2025-03-04", LETTER, "dr-nadaud"),
        replace(stay, stay=4, to="dr-garrigue"),
        document("radio", "imaging", "2025-04-10", IMAGING, "dr-sorel"),
        document(
            "bilan-2",
            "laboratory",
            "2025-05-12",
            Laboratory(values=values(hba1c="7.1", crp="12", creatinine="72")),
            "dr-perrin",
        ),
        document("ecbu", "laboratory", "2025-06-01", URINE, "dr-perrin"),
        document(
            "grippe",
            "vaccination",
            "2025-10-20",
            Vaccination(vaccine="vaxigriptetra", lot="A1"),
            "pharmacist-cadiou",
        ),
        document(
            "rappel",
            "vaccination",
            "2025-11-02",
            Vaccination(vaccine="revaxis", lot="B2", rank=5, booster=True),
            "dr-garrigue",
        ),
        history,
        document("resume", "synthesis", "2026-01-12", Synthesis(risks=("Tabac",)), "dr-garrigue"),
        document(
            "directives",
            "advance-directives",
            "2026-02-01",
            Letter(text=("Je ne veux pas d'acharnement.",)),
            "paule",
        ),
        document(
            "photo",
            "patient-photo",
            "2026-02-02",
            Photo(title="Mes tensions", lines=("lundi   14   8", "mardi   13   8")),
            "paule",
        ),
        msgspec.structs.replace(
            letter, key="copie", at=at("2026-03-01"), copy_of="courrier", sender="dr-garrigue"
        ),
        replace(
            lab,
            key="bilan-corrige",
            at=at("2025-01-13"),
            content=replace(LABORATORY, comment="Corrigé."),
            replaces="bilan",
        ),
    )


@cache
def life() -> Life:
    """The life, with the list of what was reimbursed of it."""
    known = bent(
        person=person(),
        problems=PROBLEMS,
        allergies=ALLERGIES,
        treatments=TREATMENTS,
        episodes=(),
        documents=_documents(),
        acts=(),
    )
    since, until = date(2025, 1, 1), date(2026, 6, 1)
    paid = Reimbursements(since=since, lines=reimbursed(known, since, until))
    listed = document("remboursements", "reimbursements", "2026-06-01", paid, "insurance")
    return msgspec.structs.replace(known, documents=(*known.documents, listed))


@cache
def made() -> Made:
    """The life with its documents and their truth."""
    return make(life(), who(), SALT)


def xml_of(key: str, of: Made | None = None) -> bytes:
    """The bytes of one of its documents."""
    return next(one.xml for one in (of or made()).written if one.key == key)


def with_documents(*documents: Document, **changes: object) -> Life:
    """The life with only those documents, and with other fields replaced."""
    return msgspec.structs.replace(life(), documents=documents, **changes)


def remade(*documents: Document, **changes: object) -> Made:
    """The same, made."""
    return make(with_documents(*documents, **changes), who(), SALT)


def of_key(key: str) -> Document:
    """A document of the life."""
    found = life().document(key)
    assert found is not None
    return found


def context_of(key: str, known: Life | None = None) -> Context:
    """What a writer of that document is given."""
    known = known or life()
    one = known.document(key)
    assert one is not None
    return Context(known, who(), one, SALT, written_at(one))
