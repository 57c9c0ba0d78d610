"""Every rule finds the contradiction that is planted for it, and none in a life that holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from carnet.population.model import (
    Act,
    Dispensation,
    Does,
    Episode,
    Laboratory,
    Letter,
    Life,
    Line,
    Person,
    Prescription,
    Problem,
    Treatment,
    Value,
)
from carnet.population.rules import RULES, contradictions
from carnet.record.identity import Sex
from tests.population import invented
from tests.population.invented import at, bent, document, letter, life, results, with_document


def _person(**changes: object) -> Person:
    return msgspec.structs.replace(life().person, **changes)


def _prescribed(key: str, day: str, line: Line) -> Life:
    content = Prescription(lines=(line,))
    return with_document(document(key, "prescription", day, content, "dr-garrigue"))


def _pregnant(**changes: object) -> Life:
    young = invented.person(born=date(1996, 4, 12))
    episode = Episode(key="grossesse", title="Grossesse", kind="pregnancy", start=date(2025, 6, 1))
    base = Life(person=young, episodes=(episode,))
    return msgspec.structs.replace(base, **changes)


def _birth(day: str) -> Life:
    content = Letter(text=("Accouchement par voie basse d'un garçon de 3 420 g.",))
    one = document("naissance", "birth", day, content, "midwife-delmas")
    return _pregnant(documents=(msgspec.structs.replace(one, episode="grossesse"),))


def _emergency(letter_hour: int, drawn_hour: int) -> Life:
    content = Letter(text=("Amenée pour un malaise, biologie sans anomalie, sortie ce jour.",))
    seen = document("urgences", "emergency", "2025-06-01", content, "dr-nadaud")
    blood = results("nuit", "2025-06-01", potassium="4.1")
    return bent(
        documents=(
            *life().documents,
            msgspec.structs.replace(seen, at=at("2025-06-01", letter_hour)),
            msgspec.structs.replace(
                blood,
                kind="hospital-laboratory",
                ordered_by="dr-nadaud",
                at=at("2025-06-01", drawn_hour),
            ),
        )
    )


SECOND = msgspec.structs.replace(life().treatments[0], key="metformine-bis")
STOPPED = msgspec.structs.replace(life().treatments[0], end=date(2025, 3, 1))
AMOXICILLIN = Line(drug="amoxicillin-1g", dose="1 comprimé matin et soir", days=6)
RAMIPRIL = Line(drug="ramipril-5", dose="1 comprimé le matin", days=30)
TWIN = life().documents[3].content

PLANTED: dict[str, Callable[[], Life]] = {
    "before-birth": lambda: with_document(letter("trop-tot", "1965-12-01", "Rien à signaler.")),
    "after-death": lambda: bent(person=_person(died=date(2025, 5, 1))),
    "not-yet": lambda: with_document(letter("demain", "2026-11-25", "Vue ce jour.")),
    "ends-before-it-begins": lambda: bent(
        problems=(Problem(key="toux", label="Toux", onset=date(2025, 3, 1), end=date(2025, 2, 1)),)
    ),
    "outside-episode": lambda: with_document(letter("avant", "2024-06-03", "Bilan annuel.")),
    "replaced-later": lambda: with_document(
        msgspec.structs.replace(letter("rectif", "2025-06-02", "Rectificatif."), replaces="absente")
    ),
    "read-before-fed": lambda: bent(
        acts=(Act(who="dr-garrigue", does=Does.READ, at=at("2025-05-01"), document="bilan-2"),)
    ),
    "opened-on-sunday": lambda: bent(
        acts=(Act(who="dr-garrigue", does=Does.FIND, at=at("2025-05-18")),)
    ),
    "emergency-before-results": lambda: _emergency(letter_hour=20, drawn_hour=21),
    "treatment-after-dispensing": lambda: _prescribed("tot", "2025-01-15", invented.LINE),
    "dispensed-unprescribed": lambda: with_document(
        document(
            "sans-ordonnance",
            "dispensation",
            "2025-01-22",
            Dispensation(prescription="ordonnance", lines=(RAMIPRIL,)),
            "pharmacist-cadiou",
        )
    ),
    "prescribed-when-ended": lambda: msgspec.structs.replace(
        _prescribed("encore", "2025-06-02", invented.LINE), treatments=(STOPPED,)
    ),
    "allergy-prescribed": lambda: _prescribed("angine", "2025-06-02", AMOXICILLIN),
    "same-drug-twice": lambda: bent(treatments=(*life().treatments, SECOND)),
    "forbidden-in-pregnancy": lambda: _pregnant(
        documents=(
            document(
                "tension",
                "prescription",
                "2025-09-01",
                Prescription(lines=(RAMIPRIL,)),
                "dr-garrigue",
            ),
        )
    ),
    "birth-without-pregnancy": lambda: _birth("2025-09-15"),
    "mother-too-young": lambda: bent(
        person=msgspec.structs.replace(
            invented.person(born=date(1990, 2, 3)), guardians=("camille",)
        )
    ),
    "problem-of-other-sex": lambda: bent(
        person=invented.person(Sex.MALE),
        problems=(Problem(key="sein", label=_of_women(), onset=date(2025, 1, 12)),),
    ),
    "not-their-act": lambda: with_document(
        document("labo-du-coin", "dispensation", "2025-01-22", _given(), "dr-garrigue")
    ),
    "value-impossible": lambda: with_document(results("fou", "2025-06-02", potassium="45")),
    "value-leaps": lambda: with_document(results("saut", "2025-05-26", hba1c="11.5")),
    "kidney-disagrees": lambda: with_document(
        results("rein", "2025-06-02", creatinine="210", gfr="92")
    ),
    "age-disagrees": lambda: with_document(
        letter("age", "2025-06-02", "Je revois cette patiente de 41 ans pour son diabète.")
    ),
    "result-disagrees": lambda: with_document(
        letter("chiffre", "2025-06-02", "Le contrôle est bon, HbA1c à 6,4 % ce mois-ci.")
    ),
    "letters-alike": lambda: with_document(
        document("meme", "consultation", "2025-06-02", TWIN, "dr-garrigue")
    ),
}


def _given() -> Dispensation:
    return Dispensation(prescription="ordonnance", lines=(invented.LINE,))


def _of_women() -> str:
    from carnet.population.codes import Problem as Known
    from carnet.population.codes import table

    return next(one.label for one in table(Known).values() if one.sex is Sex.FEMALE)


def test_a_life_that_holds() -> None:
    assert [str(one) for one in contradictions(life(), invented.who(), invented.TODAY)] == []


def test_every_rule_has_a_contradiction() -> None:
    assert set(PLANTED) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_finds_its_contradiction(rule: str) -> None:
    bad = PLANTED[rule]()
    found = [one.rule for one in RULES[rule](bad, invented.who(), invented.TODAY)]
    assert found
    assert set(found) == {rule}


@pytest.mark.parametrize("words", ["<5", ">=90"])
def test_a_bound_is_a_number(words: str) -> None:
    one = Laboratory(values=(Value("crp", words),))
    bad = with_document(document("borne", "laboratory", "2025-06-02", one, "dr-perrin"))
    assert not list(RULES["value-impossible"](bad, invented.who(), invented.TODAY))


def test_a_target_is_no_result() -> None:
    good = with_document(letter("but", "2025-06-02", "Objectif d'HbA1c inférieure à 7 %."))
    assert not list(RULES["result-disagrees"](good, invented.who(), invented.TODAY))


def test_a_treatment_that_ends_when_the_allergy_shows_is_no_contradiction() -> None:
    first = Treatment(
        key="amoxicilline",
        drug="amoxicillin-1g",
        dose="1 comprimé matin et soir",
        start=date(1990, 2, 27),
        end=date(1990, 3, 1),
        chronic=False,
    )
    good = bent(treatments=(*life().treatments, first))
    assert not list(RULES["allergy-prescribed"](good, invented.who(), invented.TODAY))


def test_an_emergency_letter_after_its_blood_is_no_contradiction() -> None:
    good = _emergency(letter_hour=22, drawn_hour=21)
    assert not list(RULES["emergency-before-results"](good, invented.who(), invented.TODAY))


def test_a_hospital_opens_records_on_sundays() -> None:
    good = bent(acts=(Act(who="dr-nadaud", does=Does.FIND, at=at("2025-05-18")),))
    assert not list(RULES["opened-on-sunday"](good, invented.who(), invented.TODAY))
