"""Opening a record over HTTP: who may, what is said again, what is a conflict."""

from __future__ import annotations

import pytest

from tests.system.checks import refused
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    citizen,
    house,
    opening,
    professional,
)
from tests.system.server import Node


def test_a_doctor_opens_a_record_and_opening_again_finds_it_open(node: Node) -> None:
    who = citizen()
    doctor = node.acting(GENERALIST)
    opened = doctor.post("Patient", opening(who))
    assert opened.status_code == 201
    again = node.acting(ENDOCRINOLOGIST).post("Patient", opening(who))
    assert again.status_code == 200
    assert again.json()["id"] == opened.json()["id"]
    assert opened.headers["location"] == f"{node.base}/Patient/{opened.json()['id']}"


def test_a_structure_opens_a_record(node: Node) -> None:
    assert node.open_for(citizen(), house())


@pytest.mark.parametrize("key", ["physio-lorin", "nurse-morvan", "pharmacist-cadiou"])
def test_every_health_profession_opens_a_record(node: Node, key: str) -> None:
    assert node.open_for(citizen(), professional(key))


def test_a_citizen_opens_no_record_for_another(node: Node) -> None:
    before = node.stored()
    refused(node.acting(citizen()).post("Patient", opening(citizen())), 403, "not-your-record")
    assert node.stored() == before


def test_other_traits_are_a_conflict_that_names_them(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    before = node.stored()
    other = opening(who, birthDate="1984-06-16")
    response = node.acting(GENERALIST).post("Patient", other)
    refused(response, 409, "ins-traits-differ")
    assert "1984" not in response.text, "what is known of a person is not told"
    assert node.stored() == before


def test_an_opposed_record_is_not_opened(node: Node) -> None:
    from carnet.app import gate_of
    from carnet.storage.store import Store
    from carnet.usecases import lifecycle
    from carnet.usecases.requests import OpeningGround, OpeningRequest

    who = citizen()

    async def oppose(store: Store) -> None:
        request = OpeningRequest(who.ins, who.traits, OpeningGround.CONSENT)
        await lifecycle.oppose(gate_of(store, node.settings), who.caller, request)

    node.with_store(oppose)
    before = node.stored()
    response = node.acting(GENERALIST).post("Patient", opening(who))
    refused(response, 409, "opening-opposed")
    assert node.stored() == before
