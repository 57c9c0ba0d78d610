"""What belongs together, by rules that a person would give too."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.clinical.order.episodes import episodes_of
from carnet.clinical.order.folds import FoldSort, folds_of
from carnet.clinical.order.model import Paper
from tests.clinical.order.papers import (
    BIRTH,
    CARDIOLOGIST,
    DISCHARGE,
    DISPENSATION,
    EMERGENCY,
    IMAGING,
    LABORATORY,
    MIDWIFE,
    OPERATION,
    PREGNANCY,
    PRESCRIPTION,
    REIMBURSEMENTS,
    medicine,
    paper,
    result,
)

HOSPITAL: dict[str, Any] = {"structure": "hospital", "hospital": True}


def together(*papers: Paper) -> set[frozenset[str]]:
    """The titles of each episode."""
    titles = {one.key: one.title for one in papers}
    return {frozenset(titles[key] for key in each.members) for each in episodes_of(papers)}


def topics_of(*papers: Paper) -> list[tuple[str, str]]:
    return [(one.topic, one.kind) for one in episodes_of(papers)]


def test_a_visit_its_prescription_and_what_the_pharmacy_gave() -> None:
    visit = paper("Consultation : mal de gorge", "2026-03-01")
    ordered = paper("Ordonnance", "2026-03-01", PRESCRIPTION, medicine("N02BE01", "DOLIPRANE"))
    given_ = paper(
        "Dispensation", "2026-03-02", DISPENSATION, author="pharmacist", orders=(ordered.unique_id,)
    )
    assert together(visit, ordered, given_) == {
        frozenset({"Consultation : mal de gorge", "Ordonnance", "Dispensation"})
    }


def test_two_sore_throats_are_two() -> None:
    first = [
        paper("Consultation : mal de gorge", "2026-01-01"),
        paper("Test rapide d'angine", "2026-01-02", "96173-0"),
    ]
    second = [
        paper("Consultation : mal de gorge", "2026-06-01"),
        paper("Test rapide d'angine", "2026-06-02", "96173-0"),
    ]
    assert len(episodes_of([*first, *second])) == 2


def test_an_illness_that_lasts_is_one_over_the_years() -> None:
    papers = [
        paper("Consultation : diabète de type 2", f"{year}-03-01") for year in range(2020, 2026)
    ]
    assert topics_of(*papers) == [("diabetes", "chronic")]


def test_a_pregnancy_ends_with_its_weeks_after_the_birth_and_another_is_another() -> None:
    one = [
        paper("Consultation de suivi de grossesse", "2024-02-01", PREGNANCY, specialty=MIDWIFE),
        paper("Compte rendu d'accouchement", "2024-06-01", BIRTH, **HOSPITAL),
        paper("Consultation", "2024-06-20", specialty=MIDWIFE),
    ]
    other = [
        paper("Suivi de grossesse", "2025-11-01", PREGNANCY, specialty=MIDWIFE),
        paper("Accouchement", "2026-02-01", BIRTH, **HOSPITAL),
    ]
    assert [len(each.members) for each in episodes_of([*one, *other])] == [2, 3]


def test_a_stay_holds_the_papers_of_its_days_and_house() -> None:
    stay = [
        paper("Passage aux urgences : douleur abdominale", "2026-04-01", EMERGENCY, **HOSPITAL),
        paper("Compte rendu opératoire : appendicectomie", "2026-04-02", OPERATION, **HOSPITAL),
        paper("Examens", "2026-04-02", LABORATORY, **HOSPITAL),
        paper("Lettre de liaison", "2026-04-01", DISCHARGE, to="2026-04-04", **HOSPITAL),
    ]
    elsewhere = paper("Consultation : mal de dos", "2026-04-20")
    assert together(*stay, elsewhere) == {frozenset(one.title for one in stay)}
    assert topics_of(*stay) == [("appendix", "act")]


def test_a_stay_for_an_illness_that_was_known_is_an_episode_of_its_own() -> None:
    before = [paper("Consultation : BPCO", f"2025-0{month}-01") for month in (1, 4, 7)]
    stay = [
        paper("Passage aux urgences : BPCO", "2026-04-01", EMERGENCY, **HOSPITAL),
        paper("Lettre de liaison : BPCO", "2026-04-01", DISCHARGE, to="2026-04-05", **HOSPITAL),
    ]
    assert topics_of(*before, *stay) == [("copd", "stay"), ("copd", "chronic")]


def test_a_specialist_who_says_no_more_writes_about_what_the_record_has() -> None:
    known = paper("Consultation : fibrillation atriale", "2025-01-01")
    letter = paper("Consultation annuelle", "2026-01-10", specialty=CARDIOLOGIST, author="b")
    other = paper("Consultation annuelle du médecin", "2026-01-10", author="c")
    assert together(known, letter, other) == {frozenset({known.title, letter.title})}


def test_a_renewal_for_several_illnesses_belongs_to_none() -> None:
    papers = [
        paper("Consultation : diabète de type 2", "2026-01-01"),
        paper("Consultation : hypertension artérielle", "2026-02-01"),
        paper(
            "Ordonnance",
            "2026-01-01",
            PRESCRIPTION,
            medicine("A10BA02", "METFORMINE"),
            medicine("C08CA01", "AMLODIPINE"),
        ),
    ]
    assert episodes_of(papers) == []


def test_reimbursements_and_summaries_belong_to_nothing() -> None:
    papers = [
        paper("Diabète", "2026-01-01", kind) for kind in (REIMBURSEMENTS, "SYNTH", "EXPPAT_2")
    ]
    assert episodes_of([*papers, *papers[:0]]) == []


TITLES = (
    "Consultation : mal de dos",
    "Consultation : diabète de type 2",
    "Consultation",
    "Ordonnance",
    "Compte rendu opératoire : cataracte",
    "Passage aux urgences : chute",
    "Radiographie du poignet",
)
KINDS = ("11488-4", PRESCRIPTION, LABORATORY, DISCHARGE, EMERGENCY, OPERATION, IMAGING, BIRTH, "x")
many = st.lists(
    st.builds(
        paper,
        st.sampled_from(TITLES),
        st.sampled_from(["2025-12-01", "2026-01-01", "2026-01-03", "2026-02-01"]),
        st.sampled_from(KINDS),
        structure=st.sampled_from(["a", "b"]),
        hospital=st.booleans(),
        home=st.booleans(),
        specialty=st.sampled_from([CARDIOLOGIST, MIDWIFE, "G15_10/SM26", ""]),
    ),
    max_size=14,
)


@given(many, st.randoms(use_true_random=False))
def test_a_document_is_in_one_episode_at_most_whatever_the_order_of_the_list(
    papers: list[Paper], chance: random.Random
) -> None:
    found = episodes_of(papers)
    members = [key for one in found for key in one.members]
    assert len(members) == len(set(members))
    assert all(len(one.members) > 1 for one in found)
    assert set(members) <= {one.key for one in papers}
    shuffled = list(papers)
    chance.shuffle(shuffled)
    assert episodes_of(shuffled) == found


@given(many)
def test_folds_lose_nothing_and_hold_a_document_once(papers: list[Paper]) -> None:
    folds = folds_of(papers)
    members = [key for fold in folds for key in fold.members]
    assert len(members) == len(set(members))
    assert all(fold.head in fold.members for fold in folds)


def test_the_same_content_from_two_senders_is_folded_and_counted() -> None:
    said = result("4548-4", "HbA1c", "7.1", "%")
    first = paper("Bilan", "2026-01-01", LABORATORY, said, created=1.0)
    copy = paper("Bilan", "2026-01-01", LABORATORY, said, created=2.0, author="other")
    folds = folds_of([copy, first])
    assert [(one.sort, one.head, one.members) for one in folds] == [
        (FoldSort.SAME, first.key, (first.key, copy.key))
    ]


def test_the_same_bytes_are_folded() -> None:
    papers = [paper("Scan", "2026-01-01", sha="same"), paper("Scan", "2026-02-01", sha="same")]
    assert [len(fold.members) for fold in folds_of(papers)] == [2]


@pytest.mark.parametrize(
    "other",
    [
        result("4548-4", "HbA1c", "7.2", "%"),
        result("4548-4", "HbA1c", "7.1", "mmol/mol"),
        result("4548-4", "HbA1c", "7.1", "%", below="<"),
        result("59261-8", "HbA1c", "7.1", "%"),
    ],
)
def test_two_different_results_are_never_folded(other: object) -> None:
    one = paper("Bilan", "2026-01-01", LABORATORY, result("4548-4", "HbA1c", "7.1", "%"))
    two = paper("Bilan", "2026-01-01", LABORATORY, other)  # type: ignore[arg-type]  # a fact
    assert folds_of([one, two]) == []


def test_the_same_result_of_two_days_is_two_results() -> None:
    said = result("4548-4", "HbA1c", "7.1", "%")
    papers = [paper("Bilan", f"2026-01-0{day}", LABORATORY, said) for day in (1, 2)]
    assert folds_of(papers) == []


def test_reimbursements_are_one_line_with_all_of_them_behind() -> None:
    papers = [paper("Historique", f"2026-0{month}-01", REIMBURSEMENTS) for month in (1, 2, 3)]
    (fold,) = folds_of(papers)
    assert (fold.sort, fold.head) == (FoldSort.NOISE, papers[-1].key)
    assert fold.members == tuple(one.key for one in papers)
