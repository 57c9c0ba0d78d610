"""Prescriptions: how long, how often renewed, who pays, and the ordonnance on paper."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from carnet.formats.cda.build import (
    GENERIC_ALLOWED,
    NOT_SUBSTITUTABLE,
    EncodedBody,
    PrescriptionBody,
)
from carnet.population.model import Line, Prescription
from carnet.population.writing import prescriptions
from carnet.population.writing.made import Made
from carnet.population.writing.prescriptions import (
    Span,
    end_of,
    sentence_of,
    span_of_line,
    words_of,
)
from tests.population.writing.paper_reading import text_of
from tests.population.writing.samples import (
    CLOPIDOGREL,
    METFORMIN,
    STRIPS,
    context_of,
    document,
    of_key,
    with_documents,
)


def made(*lines: Line, as_pdf: bool = False) -> Made:
    content = Prescription(lines=lines)
    one = document("ordonnance", "prescription", "2025-01-20", content, "dr-garrigue")
    one = msgspec.structs.replace(one, as_pdf=as_pdf)
    return prescriptions.write(context_of("ordonnance", with_documents(one)), content)


def body(*lines: Line) -> PrescriptionBody:
    found = made(*lines).body
    assert isinstance(found, PrescriptionBody)
    return found


@pytest.mark.parametrize(
    ("days", "renewals", "span"),
    [
        (90, 2, Span(30, 90)),
        (90, 0, Span(90, 90)),
        (30, 5, Span(30, 180)),
        (7, 0, Span(7, 7)),
        (84, 2, Span(28, 84)),
        (0, 0, Span(1, 1)),
    ],
)
def test_days_count_renewals_in_where_a_month_is_left_at_a_time(
    days: int, renewals: int, span: Span
) -> None:
    line = Line(drug="metformin-500", days=days, renewals=renewals)
    assert span_of_line(line) == span
    assert (end_of(date(2025, 1, 1), line) - date(2025, 1, 1)).days == span.total


def test_a_line_is_said_as_doctors_write_it() -> None:
    assert words_of(METFORMIN) == "1 comprimé matin et soir, pendant 1 mois, à renouveler 2 fois"
    assert sentence_of(CLOPIDOGREL).endswith(
        "1 comprimé le matin, pendant 3 mois, non substituable (MTE)"
    )
    assert words_of(STRIPS) == "2 par jour, pendant 3 mois, 2 unités"
    assert sentence_of(Line(device="Canne anglaise")) == "Canne anglaise"


def test_medicines_and_devices_stand_apart_under_the_numbers_of_their_lines() -> None:
    found = body(METFORMIN, STRIPS, CLOPIDOGREL)
    context = context_of("ordonnance")
    assert [one.identifier for one in found.medicines] == [
        context.line_id("ordonnance", 1),
        context.line_id("ordonnance", 3),
    ]
    (device,) = found.devices
    assert device.identifier == context.line_id("ordonnance", 2)
    assert (device.device.words, device.quantity) == ("Bandelettes pour lecteur de glycémie", 2)


def test_a_line_states_span_renewals_reason_and_who_pays() -> None:
    first, second = body(METFORMIN, CLOPIDOGREL).medicines
    assert (first.medication.start, first.medication.end) == ("20250120", "20250420")
    assert (first.repeats, second.repeats) == (2, 0)
    assert first.medication.reason is not None
    assert first.medication.reason.words == "Diabète de type 2"
    assert (first.coverage.long_term, second.coverage.long_term) == (True, False)
    assert (first.substitution, first.substitution_reason) == (GENERIC_ALLOWED, None)
    assert (second.substitution, second.substitution_reason) == (NOT_SUBSTITUTABLE, "MTE")


def test_a_product_has_the_codes_that_were_looked_up_and_no_other() -> None:
    metformin, clopidogrel = body(METFORMIN, CLOPIDOGREL).medicines
    assert metformin.medication.product.atc is not None
    assert metformin.medication.product.atc.code == "A10BA02"
    product = clopidogrel.medication.product
    assert product.cis is not None
    assert product.cip is not None


def test_a_long_term_illness_is_prescribed_on_the_form_of_two_zones() -> None:
    two_zones = text_of(body(METFORMIN, CLOPIDOGREL).pdf)
    assert "AFFECTION EXONÉRANTE" in two_zones
    assert two_zones.index("GLUCOPHAGE") < two_zones.index("SANS RAPPORT") or (
        "MALADIES INTERCURRENTES" in two_zones
    )
    assert "AFFECTION EXONÉRANTE" not in text_of(body(CLOPIDOGREL).pdf)


def test_the_ordonnance_shows_patient_age_doses_and_what_may_not_be_replaced() -> None:
    paper = text_of(body(CLOPIDOGREL, STRIPS).pdf)
    for words in ("LEHUIC", "58 ans", "99972101176", "PLAVIX", "NON SUBSTITUABLE", "3 mois"):
        assert words in paper


def test_the_main_act_ends_with_the_longest_line() -> None:
    found = made(Line(drug="metformin-500", dose="1", days=7), METFORMIN)
    assert found.act_end is not None
    assert (found.act_end - of_key("ordonnance").at).days == 90


def test_the_paper_alone_says_the_same() -> None:
    alone = made(METFORMIN, as_pdf=True)
    assert isinstance(alone.body, EncodedBody)
    assert alone.body.data == body(METFORMIN).pdf
    assert alone.act_end == made(METFORMIN).act_end
