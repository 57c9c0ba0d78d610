"""Discharge letters: the days of a stay, how it began, what is taken on leaving."""

from __future__ import annotations

from datetime import date

import msgspec

from carnet.formats.cda.build import Absence, DischargeBody, EncodedBody
from carnet.population.model import Discharge, Document
from carnet.population.writing import stays
from carnet.population.writing.made import Made
from carnet.record.document import Code
from tests.population.invented import at
from tests.population.writing.paper_reading import text_of
from tests.population.writing.samples import (
    DISCHARGE,
    LETTER,
    context_of,
    document,
    of_key,
    with_documents,
)


def made(content: Discharge = DISCHARGE, *before: Document, as_pdf: bool = False) -> Made:
    one = msgspec.structs.replace(of_key("sortie"), content=content, as_pdf=as_pdf)
    return stays.write(context_of("sortie", with_documents(*before, one)), content)


def body(content: Discharge = DISCHARGE, *before: Document) -> DischargeBody:
    found = made(content, *before).body
    assert isinstance(found, DischargeBody)
    return found


def test_a_stay_has_its_first_and_last_day() -> None:
    stay = body().stay
    assert (stay.entry[:8], stay.exit[:8]) == ("20250304", "20250308")
    assert stay.summary == "Hydratation et insuline pendant deux jours.\nBonne évolution."


def test_what_is_taken_on_leaving_and_what_was_stopped() -> None:
    found = body()
    assert not isinstance(found.treatments, Absence)
    (kept,) = found.treatments
    assert (kept.product.name.split()[0], kept.end) == ("GLUCOPHAGE", None)
    assert kept.reason is not None
    assert kept.reason.words == "Diabète de type 2"
    (stopped,) = found.stopped
    assert (stopped.product.name.split()[0], stopped.end) == ("PLAVIX", "20250308")


def test_what_goes_on_is_not_stopped() -> None:
    content = msgspec.structs.replace(DISCHARGE, on_admission=("metformine",))
    assert body(content).stopped == ()


def test_nothing_taken_on_leaving_is_said() -> None:
    content = msgspec.structs.replace(DISCHARGE, on_leaving=(), on_admission=())
    assert body(content).treatments is Absence.NONE_KNOWN


def test_allergies_known_on_leaving_are_named() -> None:
    found = body().allergies
    assert isinstance(found, tuple)
    assert [one.agent.words for one in found] == ["Pénicillines", "Arachide", "Lactose"]


def test_a_stay_begins_at_home_in_emergency_or_in_another_hospital() -> None:
    assert body().stay.entry_mode.words == "Entrée depuis le domicile"
    seen = document("urgences", "emergency", "2025-03-04", LETTER, "dr-nadaud")
    assert body(DISCHARGE, seen).stay.entry_mode.words == "Entrée par le service des urgences"
    early = msgspec.structs.replace(seen, at=at("2025-02-20"))
    assert body(DISCHARGE, early).stay.entry_mode.words == "Entrée depuis le domicile"


def test_a_stay_that_follows_one_elsewhere_is_a_transfer() -> None:
    """The one mode of entry that has a code: the meaning of the others nobody states."""
    elsewhere = document("ailleurs", "hospital-summary", "2025-03-04", LETTER, "dr-belloc")
    elsewhere = msgspec.structs.replace(elsewhere, stay=3)
    mode = body(DISCHARGE, elsewhere).stay.entry_mode
    assert mode.code == Code("2.16.840.1.113883.6.96", "107724000", "transfert d'un(e) patient(e)")


def test_on_paper_the_letter_says_what_is_new() -> None:
    found = made(as_pdf=True).body
    assert isinstance(found, EncodedBody)
    paper = text_of(found.data)
    for words in (
        "Chère Consœur,",
        "4 mars 2025",
        "8 mars 2025",
        "GLUCOPHAGE",
        "nouveau",
        "PLAVIX",
        "Pénicillines",
        "HbA1c dans trois mois",
    ):
        assert words in paper


def test_a_treatment_that_will_end_has_no_end_yet() -> None:
    """Nobody knows on that day that clopidogrel will be stopped in September 2026."""
    content = msgspec.structs.replace(DISCHARGE, on_leaving=("clopidogrel",))
    found = body(content).treatments
    assert isinstance(found, tuple)
    assert found[0].end is None
    assert of_key("sortie").at.date() < date(2026, 9, 1)
