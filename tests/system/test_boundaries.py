"""What a caller may not read answers as what does not exist, byte for byte."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from httpx2 import Response

from tests.system.checks import faceless, refused
from tests.system.documents import fresh_id, hiding, letter, simplified
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    Citizen,
    citizen,
    house,
    opening,
    tie,
)
from tests.system.server import Client, Node


class Scene:
    """A record with an open and a hidden document, and a doctor who may read the first."""

    def __init__(self, node: Node) -> None:
        self.who = citizen()
        self.record = node.open_for(self.who)
        node.acting(self.who).post("Consent", tie(self.who, ENDOCRINOLOGIST))
        self.hidden = letter(self.who, GENERALIST)
        stored = node.feed(self.hidden)
        self.id = stored["id"]
        self.binary = stored["content"][0]["attachment"]["url"].rsplit("/", 1)[1]
        patched = node.acting(self.who).patch(f"DocumentReference/{self.id}", hiding())
        self.new_id = patched.json()["id"]
        made = node.acting(self.who).post("Consent", tie(self.who, GENERALIST))
        self.tie = made.json()["id"]


@pytest.fixture(scope="session")
def scene(node: Node) -> Scene:
    return Scene(node)


Ask = Callable[[Client, str], Response]
READS: dict[str, tuple[str, Ask]] = {
    "read": ("id", lambda it, name: it.get(f"DocumentReference/{name}")),
    "read by its new id": ("new_id", lambda it, name: it.get(f"DocumentReference/{name}")),
    "head": ("id", lambda it, name: it.request("HEAD", f"DocumentReference/{name}")),
    "document": ("binary", lambda it, name: it.get(f"Binary/{name}", {"accept": "*/*"})),
    "document as resource": ("binary", lambda it, name: it.get(f"Binary/{name}")),
    "document that one holds": (
        "binary",
        lambda it, name: it.get(f"Binary/{name}", {"if-none-match": "*"}),
    ),
    "hide": ("id", lambda it, name: it.patch(f"DocumentReference/{name}", hiding())),
    "hide a version": (
        "id",
        lambda it, name: it.patch(f"DocumentReference/{name}", hiding(), if_match='W/"99"'),
    ),
    "tie": ("tie", lambda it, name: it.get(f"Consent/{name}")),
    "end a tie": ("tie", lambda it, name: it.delete(f"Consent/{name}")),
    "find by id": ("id", lambda it, name: it.get("DocumentReference", _id=name)),
    "find by logical id": (
        "id",
        lambda it, name: it.get("DocumentReference", identifier=f"urn:uuid:{name}"),
    ),
}


@pytest.mark.parametrize("asking", ["doctor", "stranger", "structure"])
@pytest.mark.parametrize("read", READS)
def test_hidden_and_absent_answer_the_same_bytes(
    node: Node, scene: Scene, read: str, asking: str
) -> None:
    callers = {
        "doctor": ENDOCRINOLOGIST,
        "stranger": citizen().caller,
        "structure": house(),
    }
    client = node.acting(callers[asking])
    attribute, ask = READS[read]
    name, absent = getattr(scene, attribute), str(uuid.uuid4())
    there, nowhere = ask(client, name), ask(client, absent)
    assert there.status_code == nowhere.status_code
    assert there.status_code in (404, 200)
    assert faceless(there, name) == faceless(nowhere, absent)
    kept = ("content-type", "etag", "last-modified", "content-location", "allow", "vary")
    assert [there.headers.get(k) for k in kept] == [nowhere.headers.get(k) for k in kept]


def test_hidden_and_absent_are_alike_by_unique_id(node: Node, scene: Scene) -> None:
    client = node.acting(ENDOCRINOLOGIST)
    absent = fresh_id()

    def asked(name: str) -> list[Response]:
        named = f"urn:ietf:rfc:3986|urn:oid:{name}"
        return [
            client.get("DocumentReference", identifier=f"urn:oid:{name}"),
            client.find(scene.who, identifier=named),
            client.patch(f"DocumentReference?identifier={named}", hiding()),
        ]

    for there, nowhere in zip(asked(scene.hidden.unique_id), asked(absent), strict=True):
        assert there.status_code == nowhere.status_code
        assert faceless(there, scene.hidden.unique_id) == faceless(nowhere, absent)


def test_a_hidden_document_is_replaced_as_one_that_is_absent(node: Node, scene: Scene) -> None:
    client = node.acting(ENDOCRINOLOGIST)
    answers = []
    for name in (scene.id, scene.new_id, str(uuid.uuid4())):
        relates = [{"code": "replaces", "target": {"reference": f"DocumentReference/{name}"}}]
        response = client.submit(letter(scene.who, ENDOCRINOLOGIST), relatesTo=relates)
        refused(response, 422, "replaced-absent")
        answers.append(faceless(response, name))
    assert len(set(answers)) == 1


def test_a_document_of_another_record_is_replaced_as_one_that_is_absent(node: Node) -> None:
    one, other = citizen(), citizen()
    node.open_for(one)
    node.open_for(other)
    elsewhere = node.feed(letter(one, GENERALIST))["id"]
    answers = []
    for name in (elsewhere, str(uuid.uuid4())):
        relates = [{"code": "replaces", "target": {"reference": f"DocumentReference/{name}"}}]
        response = node.acting(GENERALIST).submit(letter(other, GENERALIST), relatesTo=relates)
        refused(response, 422, "replaced-absent")
        answers.append(faceless(response, name))
    assert len(set(answers)) == 1


def by_ins(client: Client, who: Citizen) -> dict[str, Response]:
    """Every way of asking for a record by an INS."""
    query = {"patient.identifier": who.token}
    return {
        "find": client.find(who),
        "history": client.get("AuditEvent", **query),
        "ties": client.get("Consent", **query),
        "make a tie": client.post("Consent", tie(who, GENERALIST)),
        "feed": client.post(
            "DocumentReference", simplified(letter(who, GENERALIST, unique_id="1.2.250.1.999.7"))
        ),
        "open": client.post("Patient", opening(who)),
    }


def test_a_citizen_asking_for_another_gets_one_refusal_known_or_not(node: Node) -> None:
    stranger = node.acting(citizen())
    known, unknown = citizen(), citizen()
    node.open_for(known)
    there, nowhere = by_ins(stranger, known), by_ins(stranger, unknown)
    there["check"] = stranger.get("Patient", identifier=known.token)
    nowhere["check"] = stranger.get("Patient", identifier=unknown.token)
    for name, answer in there.items():
        refused(answer, 403, "not-your-record")
        assert faceless(answer) == faceless(nowhere[name]), name


def test_an_unknown_ins_is_an_empty_answer_to_the_check_and_absent_elsewhere(node: Node) -> None:
    nobody = citizen()
    for caller in (GENERALIST, house()):
        client = node.acting(caller)
        check = client.get("Patient", identifier=nobody.token)
        assert (check.status_code, check.json()["total"]) == (200, 0)
        answers = by_ins(client, nobody)
        assert answers.pop("open").status_code == 201
        for answer in answers.values():
            refused(answer, 404, "record-absent")
        nobody = citizen()


def test_a_patient_id_of_another_and_of_nobody(node: Node) -> None:
    one = citizen()
    record = node.open_for(one)
    stranger = node.acting(citizen())
    refused(node.acting(GENERALIST).get(f"Patient/{uuid.uuid4()}"), 404, "record-absent")
    refused(node.acting(GENERALIST).get("Patient/not-a-uuid"), 404, "record-absent")
    for path in (
        "Patient/{}",
        "DocumentReference?patient={}",
        "AuditEvent?patient={}",
        "Consent?patient={}",
    ):
        absent = str(uuid.uuid4())
        there, nowhere = stranger.get(path.format(record)), stranger.get(path.format(absent))
        assert faceless(there, record) == faceless(nowhere, absent), path
        assert there.status_code == nowhere.status_code
