"""The insurance's lists: what it paid for, as far as it knows, and nothing of a copy."""

from __future__ import annotations

from datetime import date

import msgspec

from carnet.formats.cda.build import ReimbursementBody
from carnet.population.model import Reimbursements
from carnet.population.reimbursing import reimbursed
from carnet.population.writing import reimbursements
from tests.population.invented import at
from tests.population.writing.samples import (
    context_of,
    life,
    of_key,
    with_documents,
    xml_of,
)

SINCE, UNTIL = date(2025, 1, 1), date(2026, 6, 1)


def body() -> ReimbursementBody:
    content = of_key("remboursements").content
    assert isinstance(content, Reimbursements)
    found = reimbursements.write(context_of("remboursements"), content).body
    assert isinstance(found, ReimbursementBody)
    return found


def test_what_was_given_is_listed_by_day() -> None:
    lines = reimbursed(life(), SINCE, UNTIL)
    assert [(one.kind, one.day.isoformat()) for one in lines] == [
        ("medicine", "2025-01-21"),
        ("medicine", "2025-01-21"),
        ("stay", "2025-03-04"),
        ("imaging", "2025-04-10"),
        ("vaccine", "2025-10-20"),
        ("vaccine", "2025-11-02"),
    ]
    assert lines[0].prescriber == "dr-garrigue"
    assert lines[0].prescribed == date(2025, 1, 20)
    assert lines[2].until == date(2025, 3, 8)


def test_a_period_ends_before_its_last_day() -> None:
    assert reimbursed(life(), date(2025, 1, 21), date(2025, 1, 22)) != ()
    assert reimbursed(life(), date(2025, 1, 20), date(2025, 1, 21)) == ()


def test_a_document_sent_twice_or_corrected_was_paid_once() -> None:
    scan = of_key("radio")
    copy = msgspec.structs.replace(scan, key="copie", at=at("2025-04-12"), copy_of="radio")
    later = msgspec.structs.replace(scan, key="corrige", at=at("2025-04-13"), replaces="radio")
    assert len(reimbursed(with_documents(scan, copy, later), SINCE, UNTIL)) == 1


def test_each_kind_stands_in_its_section_with_who_delivered_it() -> None:
    found = body()
    assert [one.label.split()[0] for one in found.medicines] == ["PLAVIX", "GLUCOPHAGE"]
    assert [one.label.split(",")[0] for one in found.vaccines] == ["VAXIGRIPTETRA", "REVAXIS"]
    (stay,) = found.stays
    assert (stay.start, stay.end) == ("20250304", "20250308")
    (scan,) = found.radiology
    assert scan.code.code == "ACQH004"


def test_the_insurance_knows_the_pharmacy_and_not_the_pharmacist() -> None:
    medicine = body().medicines[0]
    assert medicine.supplier.structure == "Pharmacie du Canal"
    assert medicine.supplier.name is None
    assert medicine.prescriber is not None
    assert medicine.prescriber.name is not None
    assert medicine.prescriber.name.family == "GARRIGUE"


def test_an_examination_without_code_of_the_list_of_acts_is_not_on_it() -> None:
    content = msgspec.structs.replace(of_key("radio").content, exam="knee-x-ray")
    known = with_documents(msgspec.structs.replace(of_key("radio"), content=content))
    paid = Reimbursements(since=SINCE, lines=reimbursed(known, SINCE, UNTIL))
    listed = msgspec.structs.replace(of_key("remboursements"), content=paid)
    found = reimbursements.write(
        context_of("remboursements", with_documents(*known.documents, listed)), paid
    ).body
    assert isinstance(found, ReimbursementBody)
    assert found.radiology == ()


def test_the_list_says_what_it_is_worth() -> None:
    assert reimbursements.MENTION.encode() in xml_of("remboursements").replace(b"&apos;", b"'")
