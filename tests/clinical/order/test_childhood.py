"""Childhood, birth, programmes of access to care, rounds of screening, photos of an illness."""

from __future__ import annotations

from typing import Any

from carnet.clinical.order.episodes import episodes_of
from carnet.clinical.order.model import Paper
from tests.clinical.order.papers import (
    DISCHARGE,
    IMAGING,
    LABORATORY,
    PRESCRIPTION,
    days,
    medicine,
    paper,
    result,
)

EXAMINATION, NEWBORN, VACCINATION, HISTORY = "59283-2", "78489-2", "87273-9", "11369-6"
NURSE, CERTIFICATE, PHOTO, CARE = "34120-6", "89601-9", "EXPPAT_2", "11506-3"
HOSPITAL: dict[str, Any] = {"structure": "hospital", "hospital": True}


def groups(*papers: Paper) -> dict[str, set[str]]:
    """The titles of each episode by its topic."""
    titles = {one.key: one.title for one in papers}
    return {each.topic: {titles[key] for key in each.members} for each in episodes_of(papers)}


def child(title: str, day: str, kind: str, born: str = "2025-01-10", **said: Any) -> Paper:
    return paper(title, day, kind, born=days(born), **said)


def test_examinations_vaccinations_and_papers_of_an_infant_are_one() -> None:
    papers = [
        child("Examen du 2e mois", "2025-03-10", EXAMINATION),
        child("Vaccination hexavalente", "2025-03-10", VACCINATION),
        child("Visite de la puéricultrice", "2025-04-10", NURSE, author="nurse"),
        child("Certificat pour la crèche", "2025-09-01", CERTIFICATE),
        child("Historique des vaccinations", "2025-10-01", HISTORY),
    ]
    assert groups(*papers) == {"childhood": {one.title for one in papers}}


def test_an_illness_of_a_child_keeps_its_papers() -> None:
    illness = [
        child("Consultation : otite", "2025-06-01", "11488-4"),
        child("Ordonnance", "2025-06-01", PRESCRIPTION),
        child("Photo : la température", "2025-06-03", PHOTO),
    ]
    checks = [child(f"Examen du {month}e mois", f"2025-0{month}-20", EXAMINATION) for month in "49"]
    assert groups(*illness, *checks) == {
        "otitis": {one.title for one in illness},
        "childhood": {one.title for one in checks},
    }


def test_vaccinations_of_adults_stand_alone_and_so_does_their_list() -> None:
    papers = [
        child("Rappel", "2026-01-10", VACCINATION, born="1990-01-01"),
        child("Grippe", "2026-02-10", VACCINATION, born="1990-01-01"),
        child("Historique des vaccinations", "2026-03-10", HISTORY, born="1990-01-01"),
    ]
    assert episodes_of(papers) == []


def test_vaccinations_of_the_young_need_an_examination_beside_them() -> None:
    doses = [
        child(f"Papillomavirus, {dose}", f"2023-0{dose}-10", VACCINATION, born="2011-01-01")
        for dose in (1, 7)
    ]
    assert episodes_of(doses) == []
    examined = child("Examen de l'enfant", "2023-08-10", EXAMINATION, born="2011-01-01")
    assert [len(one.members) for one in episodes_of([*doses, examined])] == [3]


def test_the_stay_in_which_its_patient_was_born_is_an_episode_of_its_own() -> None:
    birth = [
        child("Lettre de liaison", "2025-01-10", DISCHARGE, to="2025-01-13", **HOSPITAL),
        child("Examen du nouveau-né en maternité", "2025-01-11", NEWBORN, **HOSPITAL),
    ]
    later = [child(f"Examen du {month}e mois", f"2025-0{month}-10", EXAMINATION) for month in "24"]
    assert groups(*birth, *later) == {
        "newborn": {one.title for one in birth},
        "childhood": {one.title for one in later},
    }


def test_a_programme_of_access_to_care_takes_what_it_asks_for_and_treats() -> None:
    programme = [
        paper("Permanence d'accès aux soins", "2026-01-10", "11488-4", author="a"),
        paper("Accueil à la permanence d'accès aux soins", "2026-01-05", NURSE, author="b"),
        paper("Analyses", "2026-02-01", LABORATORY, author="c", structure="lab"),
        paper("Plaie de jambe", "2026-02-20", CARE, author="b"),
        paper("Rattrapage : tétanos", "2026-03-01", VACCINATION, author="b"),
    ]
    elsewhere = paper("Radiographie", "2026-09-01", IMAGING, author="d", structure="other")
    assert groups(*programme, elsewhere) == {"access": {one.title for one in programme}}


def test_single_tests_for_cancers_are_one_round_of_screening() -> None:
    breast = paper("Mammographie de dépistage", "2026-01-10", IMAGING)
    cervix = paper("Test HPV", "2026-05-10", LABORATORY)
    late = paper("Test immunologique fécal", "2028-01-10", LABORATORY)
    assert groups(breast, cervix, late) == {"screening": {breast.title, cervix.title}}


def test_tests_of_one_lasting_illness_are_one_where_nothing_else_speaks_of_it() -> None:
    def tests(day: str) -> Paper:
        tsh = result("3016-3", "Thyréostimuline (TSH)", "2.1", "m[IU]/L")
        return paper(f"Analyses du {day}", day, LABORATORY, tsh)

    first, second = tests("2025-01-10"), tests("2026-01-10")
    assert groups(first, second) == {"thyroid": {first.title, second.title}}


def test_a_renewal_for_one_illness_belongs_to_it() -> None:
    visit = paper("Consultation : diabète de type 2", "2025-01-01")
    metformin = medicine("A10BA02", "METFORMINE")
    renewed = paper("Ordonnance", "2026-01-01", PRESCRIPTION, metformin)
    assert groups(visit, renewed) == {"diabetes": {visit.title, renewed.title}}


def test_a_renewal_is_about_what_the_visit_was_that_began_its_medicine() -> None:
    sertraline = medicine("N06AB06", "SERTRALINE")
    papers = [
        paper("Consultation : psychotraumatisme", "2026-01-26"),
        paper("Ordonnance", "2026-01-26", PRESCRIPTION, sertraline),
        paper("Consultation de suivi", "2026-08-25"),
        paper("Ordonnance ", "2026-08-25", PRESCRIPTION, sertraline),
    ]
    assert groups(*papers) == {"trauma": {one.title for one in papers}}
