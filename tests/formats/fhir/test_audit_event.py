from __future__ import annotations

import base64
from typing import Any

import msgspec
import orjson
import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from fhirclient.models.auditevent import AuditEvent as ClientEvent

from carnet.formats.fhir.audit_event import render
from carnet.record.trace import Act, Outcome, Trace
from tests.formats.fhir.samples import ENTRY_UUID, RECORD_ID

TRACE = Trace(
    id=bytes.fromhex("0123456789abcdef0123456789abcdef"),
    at=1_704_200_000_123_456,
    act=Act.FIND,
    outcome=Outcome.PERMITTED,
    caller="professional",
    actor="1.2.250.1.71.4.2.1|801234567897",
    name="Dr Basile Legris",
    profession="G15_10/SM26",
    structure="1.2.250.1.71.4.2.2|1750099004",
    structure_name="HOPITAL SAINT-ELME",
    software="lps-test",
    on_behalf_of="1.2.250.1.213.1.4.10|279035121518989",
    reason="authorised",
    criteria="patient,type",
)


def rendered(trace: Trace, documents: tuple[str, ...] = ()) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(render(trace, RECORD_ID, documents))
    AuditEvent.model_validate(found)
    ClientEvent(found)
    return found


@pytest.mark.parametrize("act", list(Act))
def test_every_act_can_be_told(act: Act) -> None:
    event = rendered(msgspec.structs.replace(TRACE, act=act))
    assert event["subtype"][1]["code"] == act.value


@pytest.mark.parametrize(
    ("act", "action", "interaction"),
    [
        (Act.FIND, "E", "search"),
        (Act.RETRIEVE, "R", "read"),
        (Act.SUBMIT, "C", "create"),
        (Act.CHANGE_VISIBILITY, "U", "update"),
    ],
)
def test_acts_follow_the_patterns_of_balp(act: Act, action: str, interaction: str) -> None:
    event = rendered(msgspec.structs.replace(TRACE, act=act))
    assert (event["action"], event["subtype"][0]["code"]) == (action, interaction)


def test_the_server_is_destination_of_a_query_and_source_of_a_read() -> None:
    def role_of_server(act: Act) -> str:
        agents = rendered(msgspec.structs.replace(TRACE, act=act))["agent"]
        server = next(a for a in agents if a["who"].get("display") == "Carnet")
        code: str = server["type"]["coding"][0]["code"]
        return code

    assert role_of_server(Act.FIND) == "110152"
    assert role_of_server(Act.RETRIEVE) == "110153"


def test_who_when_what_and_on_whose_behalf_are_said() -> None:
    event = rendered(TRACE, (ENTRY_UUID,))
    assert event["recorded"] == "2024-01-02T12:53:20.123Z"
    assert event["agent"][0]["who"]["identifier"]["value"] == "801234567897"
    assert event["agent"][0]["requestor"] is True
    assert [agent["requestor"] for agent in event["agent"]].count(True) == 1
    told = [item["what"]["reference"] for item in event["entity"] if "what" in item]
    assert told == [f"Patient/{RECORD_ID}", f"DocumentReference/{ENTRY_UUID}"]
    assert base64.b64decode(event["entity"][-1]["query"]) == b"patient,type"


def test_a_refused_act_says_so_with_its_reason() -> None:
    refused = msgspec.structs.replace(TRACE, outcome=Outcome.REFUSED, reason="consent-missing")
    event = rendered(refused)
    assert event["outcome"] == "4"
    assert event["outcomeDesc"] == "consent-missing"


def test_break_glass_is_an_emergency_with_the_reason_that_was_stated() -> None:
    trace = msgspec.structs.replace(
        TRACE, purpose="break-glass", stated_reason="Personne inconsciente"
    )
    event = rendered(trace)
    assert event["purposeOfEvent"][0]["coding"][0]["code"] == "ETREAT"
    assert "Personne inconsciente" in [e.get("valueString") for e in event["extension"]]


def test_a_trace_of_the_machine_needs_no_person() -> None:
    machine = Trace(
        id=bytes(16),
        at=0,
        act=Act.DERIVE,
        outcome=Outcome.PERMITTED,
        caller="machine",
        actor="machine|worker",
    )
    event = rendered(machine)
    assert "extension" not in event
