"""Vaccinations: lot, rank and kind of a dose, and all of them in a history."""

from __future__ import annotations

import msgspec
import pytest

from carnet.formats.cda.build import (
    EncodedBody,
    VaccinationHistoryBody,
    VaccinationKind,
    VaccinationNoteBody,
)
from carnet.population.model import Document, Vaccination, VaccinationHistory
from carnet.population.writing import vaccinations
from carnet.population.writing.vaccinations import kind_of
from tests.population.invented import at
from tests.population.writing.paper_reading import text_of
from tests.population.writing.samples import context_of, document, of_key, with_documents


def note(key: str, when: str, vaccine: str, lot: str, rank: int = 1) -> Document:
    given = Vaccination(vaccine=vaccine, lot=lot, rank=rank)
    return document(key, "vaccination", when, given, "dr-garrigue")


HISTORY = document(
    "historique", "vaccination-history", "2025-11-03", VaccinationHistory(), "dr-garrigue"
)


def history(*notes: Document) -> VaccinationHistoryBody:
    known = with_documents(*notes, HISTORY)
    found = vaccinations.write_history(context_of("historique", known), VaccinationHistory()).body
    assert isinstance(found, VaccinationHistoryBody)
    return found


@pytest.mark.parametrize(
    ("vaccine", "rank", "booster", "kind"),
    [
        ("hexyon", 1, False, VaccinationKind.FIRST_SERIES),
        ("hexyon", 2, False, VaccinationKind.FIRST_SERIES),
        ("hexyon", 3, True, VaccinationKind.BOOSTER),
        ("tetanus", 1, False, VaccinationKind.FIRST_SERIES),
        ("vaxigriptetra", 1, False, VaccinationKind.UNSPECIFIED),
        ("comirnaty", 4, True, VaccinationKind.BOOSTER),
    ],
)
def test_every_dose_of_a_first_series_is_one_and_a_yearly_one_is_none(
    vaccine: str, rank: int, booster: bool, kind: VaccinationKind
) -> None:
    assert kind_of(Vaccination(vaccine=vaccine, lot="A", rank=rank, booster=booster)) is kind


def test_a_note_states_its_dose() -> None:
    one = of_key("rappel")
    assert isinstance(one.content, Vaccination)
    found = vaccinations.write_note(context_of("rappel"), one.content).body
    assert isinstance(found, VaccinationNoteBody)
    dose = found.vaccination
    assert (dose.product.lot, dose.rank, dose.kind) == ("B2", 5, VaccinationKind.BOOSTER)
    assert dose.time == "20251102100000+0100"
    assert dose.product.atc is not None
    assert dose.product.atc.code == "J07CA01"
    assert dose.performer is not None
    assert dose.performer.name.family == "GARRIGUE"


def test_a_history_has_every_dose_up_to_its_day_the_oldest_first() -> None:
    found = history(
        note("deux", "2024-10-01", "vaxigriptetra", "B"),
        note("un", "2020-10-01", "revaxis", "A"),
        note("plus-tard", "2026-01-01", "revaxis", "C"),
    )
    assert [one.product.lot for one in found.vaccinations] == ["A", "B"]


def test_a_history_counts_no_copy_and_the_last_version_only() -> None:
    first = note("un", "2024-10-01", "vaxigriptetra", "FAUX")
    right = msgspec.structs.replace(
        note("juste", "2024-10-02", "vaxigriptetra", "B"), replaces="un"
    )
    copy = msgspec.structs.replace(first, key="copie", at=at("2024-12-01"), copy_of="juste")
    found = history(first, right, copy)
    assert [one.product.lot for one in found.vaccinations] == ["B"]


def test_a_correction_that_came_later_is_not_known_yet() -> None:
    first = note("un", "2024-10-01", "vaxigriptetra", "FAUX")
    right = msgspec.structs.replace(
        note("juste", "2026-10-02", "vaxigriptetra", "B"), replaces="un"
    )
    assert [one.product.lot for one in history(first, right).vaccinations] == ["FAUX"]


def test_on_paper_each_dose_is_a_row() -> None:
    notes = (note("un", "2024-10-01", "revaxis", "LOT-A", 4),)
    printed = msgspec.structs.replace(HISTORY, as_pdf=True)
    known = with_documents(*notes, printed)
    content = VaccinationHistory(comment="Carnet perdu.")
    found = vaccinations.write_history(context_of("historique", known), content).body
    assert isinstance(found, EncodedBody)
    paper = text_of(found.data)
    for words in ("01/10/2024", "REVAXIS", "tétanos", "LOT-A", "GARRIGUE", "Carnet perdu."):
        assert words in paper
