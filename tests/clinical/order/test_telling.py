"""Titles, sentences, numbers and names, as people read them."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from carnet.clinical.order.model import Episode, Paper
from carnet.clinical.order.naming import OUTSIDE, name_of
from carnet.clinical.order.numbers import NARROW, month, number, quantity
from carnet.clinical.order.sentences import befores_of, sentence_of
from carnet.clinical.order.titles import official_type, title_of
from tests.clinical.order.papers import (
    CARDIOLOGIST,
    DISPENSATION,
    IMAGING,
    LABORATORY,
    PRESCRIPTION,
    REIMBURSEMENTS,
    VISIT,
    medicine,
    paper,
    result,
)

TODAY = date(2026, 11, 25)


def blood(day: str, value: str, unit: str = "%", code: str = "4548-4") -> Paper:
    return paper("Compte rendu", day, LABORATORY, result(code, "HbA1c", value, unit, on=day))


@pytest.mark.parametrize(
    ("made", "french", "english"),
    [
        (blood("2026-05-02", "7.1"), "Prise de sang", "Blood test"),
        (
            paper("Consultation", "2026-05-02", specialty=CARDIOLOGIST),
            "Lettre du cardiologue",
            "Letter from the heart specialist",
        ),
        (
            paper("X", "2026-05-02", specialty=""),
            "Compte rendu de consultation",
            "Consultation report",
        ),
        (
            paper("Radiographie du genou droit", "2026-05-02", IMAGING),
            "Radio du genou",
            "X-ray of the knee",
        ),
        (paper("Mammographie", "2026-05-02", IMAGING), "Mammographie", "Mammogram"),
        (
            paper("Dispensation", "2026-05-02", DISPENSATION),
            "Médicaments remis",
            "Medicines handed over",
        ),
        (paper("Historique", "2026-05-02", REIMBURSEMENTS), "Remboursements", "Reimbursements"),
    ],
)
def test_titles_people_use(made: Paper, french: str, english: str) -> None:
    assert (title_of(made, "fr"), title_of(made, "en")) == (french, english)


def test_the_official_type_stands_beside() -> None:
    assert official_type(paper("X", "2026-05-02", LABORATORY)) == "CR d'examens biologiques"
    assert official_type(paper("X", "2026-05-02", "unknown-type")) == "unknown-type"


@pytest.mark.parametrize(
    ("written", "unit", "below", "french", "english"),
    [
        ("7.1", "%", "", f"7,1{NARROW}%", "7.1%"),
        (
            "1250000",
            "10*3/mL",
            "",
            f"1{NARROW}250{NARROW}000{NARROW}milliers/mL",
            f"1,250,000{NARROW}milliers/mL",
        ),
        ("5", "mg/L", "<", f"<{NARROW}5{NARROW}mg/L", f"<{NARROW}5{NARROW}mg/L"),
        ("7,10", "mmol/L", "", f"7,10{NARROW}mmol/L", f"7.10{NARROW}mmol/L"),
        ("92", "mL/min/{1.73_m2}", "", f"92{NARROW}mL/min/1,73 m²", f"92{NARROW}mL/min/1,73 m²"),
        ("3", "{copies}/mL", "", f"3{NARROW}copies/mL", f"3{NARROW}copies/mL"),
        ("1", "1", "", "1", "1"),
        ("1/64", "", "", "1/64", "1/64"),
        ("2024", "", "", "2024", "2024"),
    ],
)
def test_numbers_as_people_write_them(
    written: str, unit: str, below: str, french: str, english: str
) -> None:
    assert quantity(written, unit, below, "fr") == french
    assert quantity(written, unit, below, "en") == english


def test_a_month_has_its_year_where_it_is_long_ago() -> None:
    assert month(date(2026, 5, 2), TODAY, "fr") == "mai"
    assert month(date(2025, 5, 2), TODAY, "fr") == "mai 2025"
    assert month(date(2026, 5, 2), TODAY, "en") == "May"
    assert number("0.50", "fr") == "0,50"


def test_a_number_is_compared_with_the_one_before_it_in_the_view() -> None:
    before, now = blood("2026-05-29", "7.8"), blood("2026-09-28", "7.1")
    told = sentence_of(now, befores_of([now, before]), TODAY, "fr")
    assert told.own == f"HbA1c 7,1{NARROW}%"
    assert told.compared == f"elle était de 7,8{NARROW}% en mai"
    assert told.before is not None
    assert told.before.document == before.key
    english = sentence_of(now, befores_of([now, before]), TODAY, "en")
    assert english.compared == "it was 7.8% in May"


def test_without_the_earlier_document_nothing_is_compared() -> None:
    now = blood("2026-09-28", "7.1")
    assert sentence_of(now, befores_of([now]), TODAY, "fr").compared == ""


@pytest.mark.parametrize(
    "other",
    [
        blood("2026-05-29", "61", "mmol/mol"),
        blood("2026-05-29", "7.8", code="59261-8"),
        blood("2026-09-28", "7.8"),
        blood("2026-10-01", "7.8"),
    ],
    ids=["other unit", "other code", "same day", "later"],
)
def test_only_the_same_code_and_unit_of_an_earlier_day_is_compared(other: Paper) -> None:
    now = blood("2026-09-28", "7.1")
    assert sentence_of(now, befores_of([now, other]), TODAY, "fr").compared == ""


def test_a_sentence_joins_its_parts() -> None:
    lines = [medicine(f"X{one}", f"PRODUIT {one}") for one in range(4)]
    made = paper("Ordonnance", "2026-05-02", PRESCRIPTION, *lines)
    assert sentence_of(made, {}, TODAY, "fr").own == "4 lignes : PRODUIT 0, PRODUIT 1, …"
    two = paper(
        "Bilan",
        "2026-05-02",
        LABORATORY,
        result("4548-4", "HbA1c", "7.1", "%"),
        result("2160-0", "Créatinine", "62", "umol/L"),
        result("9", "Autre", "1", "g/L"),
    )
    assert sentence_of(two, {}, TODAY, "fr").own == (
        f"HbA1c 7,1{NARROW}%, Créatinine 62{NARROW}µmol/L et 1 autre résultat"
    )
    visit = paper("Consultation : mal de gorge", "2026-05-02", VISIT)
    assert sentence_of(visit, {}, TODAY, "fr").own == "« mal de gorge »"
    assert sentence_of(paper("Consultation", "2026-05-02"), {}, TODAY, "fr").own == ""


@pytest.mark.parametrize(
    ("topic", "kind", "french", "english"),
    [
        ("pregnancy", "pregnancy", "Grossesse", "Pregnancy"),
        ("diabetes", "chronic", "Suivi du diabète", "Diabetes care"),
        ("knee_operation", "act", "Opération du genou", "Knee operation"),
        ("copd", "stay", "Séjour à l'hôpital : Maladie des bronches (BPCO)", "Hospital stay: COPD"),
        ("stay", "stay", "Séjour à l'hôpital", "Hospital stay"),
    ],
)
def test_episodes_are_named_in_words(topic: str, kind: str, french: str, english: str) -> None:
    episode = Episode(topic, kind, (b"1", b"2"), 0, 1)
    assert (name_of(episode, "fr"), name_of(episode, "en")) == (french, english)
    named = msgspec.structs.replace(episode, name="Mon genou")
    assert name_of(named, "fr") == "Mon genou"
    assert OUTSIDE.fr == "Hors épisode"
