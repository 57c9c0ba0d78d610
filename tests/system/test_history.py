"""The history over HTTP, and what is done under break-glass or regulation."""

from __future__ import annotations

from typing import Any

from carnet.formats.fhir import urls
from carnet.record.caller import Purpose
from tests.system.checks import entries, ids, refused
from tests.system.documents import letter, simplified
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    NURSE,
    PSYCHIATRIST,
    citizen,
    house,
    professional,
    tie,
)
from tests.system.scenes import masked
from tests.system.server import Node


def acts_of(history: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(act, who, outcome) of each line, the oldest first."""
    lines = []
    for event in entries(history):
        act = next(s["code"] for s in event["subtype"] if s["system"] == urls.ACTS)
        who = next(agent for agent in event["agent"] if agent["requestor"])
        lines.append((act, who["who"].get("display", ""), event["outcome"]))
    return lines[::-1]


def test_the_citizen_reads_who_did_what(node: Node) -> None:
    who, record, stored = masked(node)
    other = node.acting(ENDOCRINOLOGIST)
    assert ids(other.find(who)) == []
    refused(other.get(f"DocumentReference/{stored['id']}"), 404, "document-absent")
    refused(node.acting(NURSE).find(who), 403, "consent-missing")
    own = node.acting(who)
    history = own.get("AuditEvent", **{"patient.identifier": who.token})
    people = [line for line in acts_of(history.json()) if line[1] != "worker"]
    assert people == [
        ("open-record", GENERALIST.name, "0"),
        ("grant", who.caller.name, "0"),
        ("name-physician", who.caller.name, "0"),
        ("submit", GENERALIST.name, "0"),
        ("change-visibility", who.caller.name, "0"),
        ("find", ENDOCRINOLOGIST.name, "0"),
        ("read-entry", ENDOCRINOLOGIST.name, "4"),
        ("find", NURSE.name, "4"),
    ]
    assert all(
        event["entity"][0]["what"]["reference"].endswith(record)
        for event in entries(history.json())
    )
    submitted = next(
        e for e in entries(history.json()) if any(s["code"] == "submit" for s in e["subtype"])
    )
    (current,) = ids(own.find(who))
    named = [one["what"]["reference"] for one in submitted["entity"] if "what" in one]
    assert (
        f"{node.base}/DocumentReference/{current}" in named
        or f"DocumentReference/{current}" in named
    )
    structures = [agent["who"].get("display") for agent in submitted["agent"]]
    assert GENERALIST.structure_name in structures


def test_reading_the_history_is_itself_traced(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    own = node.acting(who)
    for reading in range(3):
        lines = acts_of(own.get("AuditEvent", **{"patient.identifier": who.token}).json())
        assert [act for act, _, _ in lines].count("read-history") == reading


def test_history_by_date_and_page_by_page(node: Node) -> None:
    who = citizen()
    record = node.open_for(who)
    own = node.acting(who)
    for _ in range(4):
        own.find(who)
    assert own.get("AuditEvent", patient=record, date="lt2020-01-01").json()["total"] == 0
    page = own.get("AuditEvent", patient=record, date="ge2020-01-01", _count="2")
    assert page.json()["total"] == 6
    seen = [event["id"] for event in entries(page.json())]
    links = {link["relation"]: link["url"] for link in page.json()["link"]}
    following = own.request("GET", links["next"])
    more = [event["id"] for event in entries(following.json())]
    assert len({*seen, *more}) == 4


def test_nobody_else_reads_the_history(node: Node) -> None:
    who, record, _ = masked(node)
    query = {"patient.identifier": who.token}
    assert node.acting(PSYCHIATRIST).get("AuditEvent", **query).status_code == 200
    for caller in (ENDOCRINOLOGIST, GENERALIST, NURSE, house()):
        refused(node.acting(caller).get("AuditEvent", **query), 403, "not-entitled")
    stranger = node.acting(citizen())
    refused(stranger.get("AuditEvent", **query), 403, "not-your-record")
    refused(stranger.get("AuditEvent", patient=record), 403, "not-your-record")


def test_break_glass_opens_with_a_reason_and_shows_no_hidden_document(node: Node) -> None:
    who, _, _ = masked(node)
    seen = node.feed(letter(who, GENERALIST))
    urgent = professional("dr-nadaud", Purpose.BREAK_GLASS, "Inconscient, aux urgences")
    assert ids(node.acting(urgent).find(who)) == [seen["id"]]
    silent = professional("dr-nadaud", Purpose.BREAK_GLASS)
    refused(node.acting(silent).find(who), 403, "reason-required")
    history = node.acting(who).get("AuditEvent", **{"patient.identifier": who.token})
    event = next(
        e
        for e in entries(history.json())
        if e["purposeOfEvent"][0]["text"] == "break-glass" and e["outcome"] == "0"
    )
    assert "Inconscient, aux urgences" in str(event["extension"])


def test_regulation_is_for_doctors(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    seen = node.feed(letter(who, GENERALIST))
    regulator = professional("dr-rivoal", Purpose.REGULATION, "Appel au centre 15")
    assert ids(node.acting(regulator).find(who)) == [seen["id"]]
    nurse = professional("nurse-morvan", Purpose.REGULATION, "Appel au centre 15")
    refused(node.acting(nurse).find(who), 403, "regulation-refused")


def test_break_glass_is_not_for_writing_consents(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    urgent = professional("dr-nadaud", Purpose.BREAK_GLASS, "Inconscient")
    response = node.acting(urgent).post("Consent", tie(who, urgent))
    refused(response, 403, "not-entitled")
    assert simplified(letter(who, urgent))  # feeding stays open
    assert node.acting(urgent).submit(letter(who, urgent)).status_code == 201
