"""A document's life over HTTP: opened, fed, found, read, hidden, and the history of it all."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from carnet.formats.fhir import urls
from carnet.record.caller import Purpose
from tests.system.checks import entries, faceless, ids, refused
from tests.system.documents import hiding, letter, simplified
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    NURSE,
    PSYCHIATRIST,
    Citizen,
    citizen,
    house,
    opening,
    professional,
    tie,
)
from tests.system.server import FHIR, Node


def grant(node: Node, who: Citizen, actor: Any, kind: str | None = None, **more: Any) -> str:
    """A tie that the citizen makes; its id."""
    response = node.acting(who).post("Consent", tie(who, actor, kind, **more))
    assert response.status_code == 201, response.text
    made: str = response.json()["id"]
    return made


# Opening


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


# Feeding


def test_feeding_the_same_document_again_changes_nothing(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    one = letter(who, GENERALIST)
    first = node.acting(GENERALIST).submit(one)
    assert first.status_code == 201
    before = node.stored()
    again = node.acting(GENERALIST).submit(one)
    assert again.status_code == 200
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert node.stored() == before


def test_another_document_under_the_same_unique_id_is_refused(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    one = letter(who, GENERALIST)
    node.feed(one)
    other = letter(who, GENERALIST, unique_id=one.unique_id, title="Autre chose")
    before = node.stored()
    refused(node.acting(GENERALIST).submit(other), 409, "unique-id-taken")
    assert node.stored() == before


def test_feeding_is_open_to_whoever_may_not_read(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    node.feed(letter(who, PSYCHIATRIST))
    refused(node.acting(ENDOCRINOLOGIST).find(who), 403, "consent-missing")
    assert len(ids(node.acting(PSYCHIATRIST).find(who))) == 1


def test_a_new_version_replaces_the_old_one(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    first = letter(who, GENERALIST)
    old = node.feed(first)
    second = letter(who, GENERALIST, replaces=first.unique_id)
    new = node.feed(second)
    own = node.acting(who)
    assert ids(own.find(who)) == [new["id"]]
    assert ids(own.find(who, status="superseded")) == [old["id"]]
    assert set(ids(own.find(who, status="current,superseded"))) == {old["id"], new["id"]}
    third = letter(who, GENERALIST)
    relates = [{"code": "replaces", "target": {"reference": f"DocumentReference/{old['id']}"}}]
    response = node.acting(GENERALIST).submit(third, relatesTo=relates)
    refused(response, 409, "replaced-not-current", "DocumentReference.relatesTo[0].target")


def test_who_did_not_write_it_does_not_replace_it(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    old = node.feed(letter(who, GENERALIST))
    grant(node, who, ENDOCRINOLOGIST)
    before = node.stored()
    relates = [{"code": "replaces", "target": {"reference": f"DocumentReference/{old['id']}"}}]
    response = node.acting(ENDOCRINOLOGIST).submit(letter(who, ENDOCRINOLOGIST), relatesTo=relates)
    refused(response, 403, "not-entitled")
    assert node.stored() == before


def test_a_citizen_feeds_their_own_record(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    made = node.feed(letter(who, who.caller, kind="EXPPAT_2"))
    assert ids(node.acting(who).find(who)) == [made["id"]]


# Finding and reading


def test_finding_by_get_and_by_form_gives_the_same(node: Node) -> None:
    who = citizen()
    record = node.open_for(who)
    node.feed(letter(who, GENERALIST, title="Première"))
    node.feed(letter(who, GENERALIST, title="Seconde"))
    own = node.acting(who)
    by_get = own.find(who, status="current")
    by_form = own.form(
        "DocumentReference/_search", **{"patient.identifier": who.token, "status": "current"}
    )
    assert by_get.content == by_form.content
    assert by_get.json()["total"] == 2
    by_id = own.get("DocumentReference", patient=f"Patient/{record}")
    assert ids(by_id) == ids(by_get)


def test_pages_are_linked_and_bound_to_who_asked(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    fed = {node.feed(letter(who, GENERALIST))["id"] for _ in range(5)}
    own = node.acting(who)
    seen: list[str] = []
    page = own.find(who, _count="2")
    while True:
        seen += ids(page)
        links = {link["relation"]: link["url"] for link in page.json()["link"]}
        if "next" not in links:
            break
        page = own.request("GET", links["next"])
    assert set(seen) == fed
    assert len(seen) == 5
    grant(node, who, ENDOCRINOLOGIST)
    stolen = {link["relation"]: link["url"] for link in own.find(who, _count="2").json()["link"]}
    refused(node.acting(ENDOCRINOLOGIST).request("GET", stolen["next"]), 400, "cursor-invalid")


def test_a_document_comes_back_as_it_was_and_is_not_sent_twice(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    one = letter(who, GENERALIST, title="Été / 2026: «résumé»")
    url = node.feed(one)["content"][0]["attachment"]["url"]
    own = node.acting(who)
    got = own.get(url, headers={"accept": "text/xml"})
    assert (got.status_code, got.content) == (200, one.data)
    assert got.headers["content-type"] == "text/xml"
    assert "attachment" in got.headers["content-disposition"]
    assert "/" not in got.headers["content-disposition"].split("filename*")[0]
    tag = got.headers["etag"]
    unchanged = own.get(url, headers={"accept": "*/*", "if-none-match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    other = own.get(url, headers={"accept": "*/*", "if-none-match": '"other"'})
    assert other.status_code == 200
    head = own.request("HEAD", url, headers={"accept": "*/*"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(one.data))
    assert head.headers["etag"] == tag


def test_a_document_as_a_resource_and_in_no_other_type(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    one = letter(who, GENERALIST)
    stored = node.feed(one)
    url = stored["content"][0]["attachment"]["url"]
    own = node.acting(who)
    got = own.get(url, headers={"accept": FHIR})
    binary = got.json()
    assert base64.b64decode(binary["data"]) == one.data
    assert binary["contentType"] == "text/xml"
    assert binary["securityContext"]["reference"].endswith(f"DocumentReference/{stored['id']}")
    assert own.get(url, _format="json").json() == binary
    both = own.get(url, headers={"accept": "application/fhir+json;q=0.5, application/xml"})
    assert both.content == one.data
    refused(own.get(url, headers={"accept": "application/pdf"}), 406, "not-acceptable")


# Hiding


def masked(node: Node) -> tuple[Citizen, str, dict[str, Any]]:
    """A citizen, their Patient.id, and a document that they hid from professionals."""
    who = citizen()
    record = node.open_for(who)
    grant(node, who, ENDOCRINOLOGIST)
    grant(node, who, PSYCHIATRIST, "physician")
    stored = node.feed(letter(who, GENERALIST))
    response = node.acting(who).patch(f"DocumentReference/{stored['id']}", hiding())
    assert response.status_code == 200, response.text
    return who, record, stored


def test_hiding_gives_a_new_id_and_the_old_one_leads_to_it(node: Node) -> None:
    who, _, stored = masked(node)
    own = node.acting(who)
    (current,) = ids(own.find(who))
    assert current != stored["id"]
    by_old = own.get(f"DocumentReference/{stored['id']}")
    assert by_old.status_code == 200
    assert by_old.json()["id"] == current
    assert by_old.headers["content-location"] == f"{node.base}/DocumentReference/{current}"
    by_new = own.get(f"DocumentReference/{current}")
    assert by_new.json() == by_old.json()
    codes = [label["coding"][0]["code"] for label in by_new.json()["securityLabel"]]
    assert set(codes) == {"N", "MASQUE_PS"}
    assert ids(own.get("DocumentReference", _id=stored["id"])) == [current]
    assert (
        by_new.json()["content"][0]["attachment"]["url"]
        == stored["content"][0]["attachment"]["url"]
    )


def test_who_still_sees_a_hidden_document_and_who_does_not(node: Node) -> None:
    who, _, stored = masked(node)
    url = stored["content"][0]["attachment"]["url"]
    for caller in (who, GENERALIST, PSYCHIATRIST):
        client = node.acting(caller)
        assert len(ids(client.find(who))) == 1
        assert client.get(url, headers={"accept": "*/*"}).status_code == 200
    other = node.acting(ENDOCRINOLOGIST)
    assert ids(other.find(who)) == []
    refused(other.get(f"DocumentReference/{stored['id']}"), 404, "document-absent")
    refused(other.get(url, headers={"accept": "*/*"}), 404, "document-absent")


def test_with_and_without_a_hidden_document_others_receive_the_same_bytes(node: Node) -> None:
    who, _, stored = masked(node)
    without = citizen()
    node.open_for(without)
    grant(node, without, ENDOCRINOLOGIST)
    other = node.acting(ENDOCRINOLOGIST)
    queries: list[dict[str, str]] = [
        {},
        {"status": "current,superseded"},
        {"_summary": "count"},
        {"_count": "1"},
        {"security-label": "MASQUE_PS"},
        {"_id": stored["id"]},
        {"author.family": "GARRIGUE"},
        {"_sort": "_lastUpdated"},
    ]
    for query in queries:
        one, two = other.find(who, **query), other.find(without, **query)
        assert one.status_code == two.status_code == 200
        names = (who.ins.matricule, without.ins.matricule)
        assert faceless(one, *names) == faceless(two, *names), query
    for header in ("last-modified", "etag"):
        assert header not in other.find(who).headers


def test_hiding_by_unique_id_and_showing_again(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    grant(node, who, ENDOCRINOLOGIST)
    one = letter(who, GENERALIST)
    node.feed(one)
    own, other = node.acting(who), node.acting(ENDOCRINOLOGIST)
    where = f"DocumentReference?identifier=urn:ietf:rfc:3986|urn:oid:{one.unique_id}"
    hidden = own.patch(where, hiding())
    assert hidden.status_code == 200
    assert ids(other.find(who)) == []
    refused(other.patch(where, hiding("N")), 404, "document-absent")
    shown = own.patch(where, hiding("N"))
    assert shown.status_code == 200
    assert len({hidden.json()["id"], shown.json()["id"]}) == 2
    assert ids(other.find(who)) == [shown.json()["id"]]
    nothing = own.patch(where.replace("2.25.", "2.25.9"), hiding())
    refused(nothing, 404, "document-absent")


def test_a_change_of_a_version_that_has_passed_is_refused(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    stored = node.feed(letter(who, GENERALIST))
    own = node.acting(who)
    path = f"DocumentReference/{stored['id']}"
    refused(own.patch(path, hiding(), if_match='W/"7"'), 412, "version-mismatch")
    tag = own.get(path).headers["etag"]
    assert own.patch(path, hiding(), if_match=tag).status_code == 200
    refused(own.patch(path, hiding("N"), if_match=tag), 412, "version-mismatch")


def test_what_the_caller_may_read_but_not_change_is_refused_as_such(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    grant(node, who, ENDOCRINOLOGIST)
    stored = node.feed(letter(who, GENERALIST))
    response = node.acting(ENDOCRINOLOGIST).patch(
        f"DocumentReference/{stored['id']}", hiding("INVISIBLE_PATIENT")
    )
    refused(response, 403, "not-entitled")


def test_what_waits_for_its_announcement_is_not_there_for_the_citizen(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    grant(node, who, ENDOCRINOLOGIST)
    labels = hiding("INVISIBLE_PATIENT")[0]["value"]
    response = node.acting(GENERALIST).submit(letter(who, GENERALIST), securityLabel=[labels])
    assert response.status_code == 201, response.text
    stored = response.json()
    own = node.acting(who)
    assert ids(own.find(who)) == []
    refused(own.get(f"DocumentReference/{stored['id']}"), 404, "document-absent")
    assert len(ids(node.acting(ENDOCRINOLOGIST).find(who))) == 1
    said = own.get("AuditEvent", **{"patient.identifier": who.token}).text
    assert stored["id"] not in said
    assert "submit" not in said, "the feeding of what waits is not in the citizen's history yet"
    shown = node.acting(GENERALIST).patch(f"DocumentReference/{stored['id']}", hiding("N"))
    assert shown.status_code == 200
    assert len(ids(own.find(who))) == 1


def test_the_matrix_decides_which_types_a_profession_finds(node: Node) -> None:
    from tests.system.documents import WISHES

    who = citizen()
    node.open_for(who)
    report = node.feed(letter(who, GENERALIST))
    wishes = node.feed(letter(who, GENERALIST, kind=WISHES))
    for reader in (ENDOCRINOLOGIST, NURSE):
        grant(node, who, reader)
    assert set(ids(node.acting(ENDOCRINOLOGIST).find(who))) == {report["id"], wishes["id"]}
    assert ids(node.acting(NURSE).find(who)) == [report["id"]]
    refused(node.acting(NURSE).get(f"DocumentReference/{wishes['id']}"), 404, "document-absent")


# History


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


# Purposes


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
