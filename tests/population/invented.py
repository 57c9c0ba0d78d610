"""A small life that holds together, for tests to bend."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import msgspec

from carnet.population.model import (
    Act,
    Allergy,
    Content,
    Dispensation,
    Document,
    Does,
    Episode,
    Laboratory,
    Letter,
    Life,
    Line,
    Person,
    Place,
    Prescription,
    Problem,
    Treatment,
    Value,
)
from carnet.population.scripts.cast import Cast, cast, matricule
from carnet.population.scripts.moments import PARIS
from carnet.record.identity import OID_INS_NIR_TEST, Ins, Sex, Traits
from carnet.record.lifecycle import RecordState

TODAY = date(2026, 11, 25)
BORN = date(1966, 4, 12)


def at(day: str, hour: int = 10) -> datetime:
    """A moment of an ISO day."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=PARIS).replace(
        hour=hour
    )


def person(sex: Sex = Sex.FEMALE, born: date = BORN) -> Person:
    """Somebody with a record."""
    return Person(
        key="paule",
        ins=Ins(matricule(sex, born, "35238", 412), OID_INS_NIR_TEST),
        traits=Traits(
            birth_family="LEHUIC",
            first_given="PAULE",
            sex=sex,
            birth_date=born.isoformat(),
            birth_place="35238",
            given_names="PAULE",
        ),
        birth_city="RENNES",
        place=Place("5", "rue des Essais", "35000", "RENNES"),
        born=born,
        record=RecordState.OPEN,
        doctor="dr-garrigue",
    )


def document(key: str, kind: str, when: str, content: Content, author: str) -> Document:
    """A document of a day."""
    return Document(
        key=key,
        kind=kind,
        author=author,
        at=at(when),
        title=key,
        content=content,
        episode="diabete",
    )


def letter(key: str, when: str, *text: str) -> Document:
    """A letter of her doctor."""
    return document(key, "consultation", when, Letter(text=text), "dr-garrigue")


def results(key: str, when: str, **values: str) -> Document:
    """A laboratory report."""
    found = tuple(Value(name, value) for name, value in values.items())
    return document(key, "laboratory", when, Laboratory(values=found), "dr-perrin")


LINE = Line(
    drug="metformin-500",
    dose="1 comprimé matin et soir",
    days=90,
    treatment="metformine",
    problem="diabete",
)


@cache
def life() -> Life:
    """Two years of a diabetes."""
    ordered = document(
        "ordonnance", "prescription", "2025-01-20", Prescription(lines=(LINE,)), "dr-garrigue"
    )
    given = document(
        "pharmacie",
        "dispensation",
        "2025-01-21",
        Dispensation(prescription="ordonnance", lines=(LINE,)),
        "pharmacist-cadiou",
    )
    return Life(
        person=person(),
        problems=(Problem(key="diabete", label="Diabète de type 2", onset=date(2025, 1, 12)),),
        allergies=(
            Allergy(
                key="penicilline",
                label="Pénicillines",
                since=date(1990, 3, 1),
                reaction="urticaire",
                avoid=frozenset({"penicillin"}),
            ),
        ),
        treatments=(
            Treatment(
                key="metformine",
                drug="metformin-500",
                dose="1 comprimé matin et soir",
                start=date(2025, 1, 20),
                problem="diabete",
            ),
        ),
        episodes=(
            Episode(
                key="diabete", title="Diabète de type 2", kind="chronic", start=date(2025, 1, 12)
            ),
        ),
        documents=(
            results("bilan-1", "2025-01-13", hba1c="8.2", creatinine="70", gfr="85"),
            ordered,
            given,
            letter(
                "lettre-1",
                "2025-02-03",
                "Patiente de 58 ans, revue pour un diabète découvert en janvier, sans plainte.",
                "HbA1c à 8,2 %. Poids stable, pas de signe de neuropathie, fond d'œil demandé.",
            ),
            results("bilan-2", "2025-05-12", hba1c="7.1"),
            letter(
                "lettre-2",
                "2025-05-20",
                "Bonne tolérance digestive, marche une heure par jour avec sa voisine.",
                "On poursuit la metformine à la même dose et on se revoit à la rentrée.",
            ),
        ),
        acts=(Act(who="dr-garrigue", does=Does.READ, at=at("2025-05-20", 18), document="bilan-2"),),
    )


def bent(**changes: object) -> Life:
    """The life with some of its fields replaced."""
    return msgspec.structs.replace(life(), **changes)


def with_document(one: Document) -> Life:
    """The life with one more document."""
    return bent(documents=(*life().documents, one))


def who() -> Cast:
    """Those who treat her."""
    return cast(TODAY)
