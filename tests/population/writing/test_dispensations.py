"""Dispensations: each line answers a line of the prescription, by its id."""

from __future__ import annotations

import msgspec
import pytest

from carnet.formats.cda.build import DispensationBody, EncodedBody
from carnet.population.model import Dispensation, Document, Line
from carnet.population.writing import dispensations
from carnet.population.writing.context import oid_of
from carnet.population.writing.made import Made
from carnet.record.identity import Identifier
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


def pharmacy(*lines: Line, of: str = "ordonnance") -> Document:
    content = Dispensation(prescription=of, lines=lines)
    return document("pharmacie", "dispensation", "2025-01-21", content, "pharmacist-cadiou")


def made(one: Document, *before: Document) -> Made:
    assert isinstance(one.content, Dispensation)
    known = with_documents(*(before or (of_key("ordonnance"),)), one)
    return dispensations.write(context_of("pharmacie", known), one.content)


def body(*lines: Line) -> DispensationBody:
    found = made(pharmacy(*lines)).body
    assert isinstance(found, DispensationBody)
    return found


def test_a_line_has_the_id_of_the_line_it_answers_in_any_order() -> None:
    context = context_of("ordonnance")
    items = body(CLOPIDOGREL, METFORMIN).items
    assert [one.item for one in items] == [
        context.line_id("ordonnance", 2),
        context.line_id("ordonnance", 1),
    ]
    assert [one.product.name.split()[0] for one in items] == ["PLAVIX", "GLUCOPHAGE"]


def test_a_pharmacy_may_give_another_number_of_boxes() -> None:
    (item,) = body(msgspec.structs.replace(METFORMIN, boxes=3)).items
    assert item.item == context_of("ordonnance").line_id("ordonnance", 1)
    assert item.quantity.value == "3"


def test_it_names_prescription_prescriber_and_day() -> None:
    found = made(pharmacy(METFORMIN))
    assert isinstance(found.body, DispensationBody)
    uid = oid_of(context_of("ordonnance").name)
    assert found.body.prescription == uid
    assert found.orders == (Identifier(uid),)
    (item,) = found.body.items
    assert item.prescriber is not None
    assert item.prescriber.name.family == "GARRIGUE"
    assert item.prescribed_at == "20250120100000+0100"


def test_devices_stand_on_the_ticket_only() -> None:
    found = body(METFORMIN, STRIPS)
    assert len(found.items) == 1
    assert found.pdf is not None
    assert "BANDELETTES" in text_of(found.pdf)
    assert isinstance(made(pharmacy(STRIPS)).body, EncodedBody)


def test_the_ticket_says_what_how_many_how_and_who_pays() -> None:
    paper = text_of(body(METFORMIN).pdf or b"")
    for words in ("GLUCOPHAGE", "Metformine", "matin et soir", "GARRIGUE", "20/01/2025", "ALD"):
        assert words in paper
    assert "ALD" not in text_of(body(CLOPIDOGREL).pdf or b"")


def test_what_was_never_prescribed_is_not_given() -> None:
    with pytest.raises(LookupError, match="was not prescribed"):
        made(pharmacy(Line(drug="paracetamol-500")))
    with pytest.raises(LookupError, match="is no prescription"):
        made(pharmacy(METFORMIN, of="bilan"), of_key("bilan"))
