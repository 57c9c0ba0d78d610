"""The citizen's decisions over HTTP: consent, block, médecin traitant, representatives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from carnet.app import gate_of
from carnet.formats.fhir import urls
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import Identifier
from carnet.storage.store import Store
from carnet.usecases import sharing
from carnet.usecases.requests import ConsentRequest
from tests.system.checks import code_of, entries, ids, refused
from tests.system.documents import hiding, letter
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    NURSE,
    PSYCHIATRIST,
    Citizen,
    citizen,
    house,
    professional,
    tie,
)
from tests.system.server import Node

_OPERATOR = Caller(CallerKind.OPERATOR, name="registry")


def with_document(node: Node) -> tuple[Citizen, str]:
    """A citizen with one document, and its id."""
    who = citizen()
    node.open_for(who)
    return who, node.feed(letter(who, PSYCHIATRIST))["id"]


def test_consent_is_granted_read_listed_and_ended(node: Node) -> None:
    who, document = with_document(node)
    own, doctor = node.acting(who), node.acting(ENDOCRINOLOGIST)
    refused(doctor.find(who), 403, "consent-missing")
    made = own.post("Consent", tie(who, ENDOCRINOLOGIST))
    assert made.status_code == 201
    assert ids(doctor.find(who)) == [document]
    consent = made.json()
    path = f"Consent/{consent['id']}"
    assert made.headers["location"] == f"{node.base}/{path}"
    assert own.get(path).json() == consent
    assert doctor.get(path).json() == consent
    assert ids(own.get("Consent", **{"patient.identifier": who.token})) == [consent["id"]]
    ended = own.patch(path, [{"op": "replace", "path": "/status", "value": "inactive"}])
    assert (ended.status_code, ended.json()["status"]) == (200, "inactive")
    refused(doctor.find(who), 403, "consent-expired")
    form = own.form("Consent/_search", **{"patient.identifier": who.token, "status": "active"})
    assert form.json()["total"] == 0


def test_a_doctor_attests_the_consent_that_the_citizen_gave(node: Node) -> None:
    who, document = with_document(node)
    doctor = node.acting(ENDOCRINOLOGIST)
    made = doctor.post("Consent", tie(who, ENDOCRINOLOGIST))
    assert made.status_code == 201
    extension = {e["url"]: e.get("valueCode") for e in made.json()["extension"]}
    assert extension[urls.CONSENT_MADE_BY] == "professional"
    assert ids(doctor.find(who)) == [document]
    refused(doctor.post("Consent", tie(who, GENERALIST)), 403, "not-entitled")
    refused(doctor.post("Consent", tie(who, ENDOCRINOLOGIST, "physician")), 403, "not-entitled")
    assert doctor.delete(f"Consent/{made.json()['id']}").status_code == 200
    refused(doctor.find(who), 403, "consent-expired")


def test_consent_to_a_structure_admits_who_acts_in_it(node: Node) -> None:
    who, document = with_document(node)
    house_of = Caller(CallerKind.STRUCTURE, structure=ENDOCRINOLOGIST.structure, name="CH")
    node.acting(who).post("Consent", tie(who, house_of))
    assert ids(node.acting(ENDOCRINOLOGIST).find(who)) == [document]
    elsewhere = msgspec.structs.replace(ENDOCRINOLOGIST, structure=house("1990000010").structure)
    refused(node.acting(elsewhere).find(who), 403, "consent-missing")


def test_consent_with_a_term_ends_by_itself(node: Node) -> None:
    who, _ = with_document(node)
    own = node.acting(who)
    past = {"start": "2020-01-01", "end": "2020-02-01"}
    assert own.post("Consent", tie(who, ENDOCRINOLOGIST, period=past)).status_code == 201
    refused(node.acting(ENDOCRINOLOGIST).find(who), 403, "consent-expired")
    status = node.acting(ENDOCRINOLOGIST).get("Patient", identifier=who.token)
    assert '"expiree"' in status.text
    backwards = {"start": "2026-02-01", "end": "2026-01-01"}
    assert own.post("Consent", tie(who, ENDOCRINOLOGIST, period=backwards)).status_code == 422


def test_block_and_refusal_are_told_alike(node: Node) -> None:
    who, _ = with_document(node)
    own = node.acting(who)
    own.post("Consent", tie(who, ENDOCRINOLOGIST, deny=True))
    blocked = own.post("Consent", tie(who, NURSE, "block", deny=True)).json()
    answers = [node.acting(one).find(who) for one in (ENDOCRINOLOGIST, NURSE)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert {code_of(answer) for answer in answers} == {"refused-by-patient"}
    refused(node.acting(NURSE).submit(letter(who, NURSE)), 403, "refused-by-patient")
    refused(node.acting(NURSE).get(f"Consent/{blocked['id']}"), 404, "consent-absent")
    seen = [
        node.acting(one).get("Patient", identifier=who.token) for one in (ENDOCRINOLOGIST, NURSE)
    ]
    assert all('"refusee"' in answer.text for answer in seen)
    assert own.delete(f"Consent/{blocked['id']}").status_code == 200
    refused(node.acting(NURSE).find(who), 403, "consent-missing")


def test_who_is_blocked_reads_not_even_what_they_wrote(node: Node) -> None:
    who, document = with_document(node)
    author = node.acting(PSYCHIATRIST)
    assert ids(author.find(who)) == [document]
    node.acting(who).post("Consent", tie(who, PSYCHIATRIST, "block", deny=True))
    refused(author.find(who), 403, "refused-by-patient")
    refused(author.get(f"DocumentReference/{document}"), 404, "document-absent")


def test_a_blocked_doctor_does_not_break_the_glass(node: Node) -> None:
    from carnet.record.caller import Purpose

    who, _ = with_document(node)
    node.acting(who).post("Consent", tie(who, NURSE, "block", deny=True))
    urgent = professional("nurse-morvan", Purpose.BREAK_GLASS, "Urgence")
    refused(node.acting(urgent).find(who), 403, "refused-by-patient")


def test_a_structure_finds_just_its_own_documents(node: Node) -> None:
    who, _ = with_document(node)
    own = node.feed(letter(who, ENDOCRINOLOGIST))["id"]
    system = Caller(
        CallerKind.STRUCTURE,
        name="SIH",
        structure=ENDOCRINOLOGIST.structure,
        scopes=frozenset({"system/*.cruds"}),
    )
    assert ids(node.acting(system).find(who)) == [own]


def test_a_professional_reads_their_own_ties_only(node: Node) -> None:
    who, _ = with_document(node)
    own = node.acting(who)
    mine = own.post("Consent", tie(who, ENDOCRINOLOGIST)).json()["id"]
    other = own.post("Consent", tie(who, GENERALIST)).json()["id"]
    doctor = node.acting(ENDOCRINOLOGIST)
    assert ids(doctor.get("Consent", **{"patient.identifier": who.token})) == [mine]
    refused(doctor.get(f"Consent/{other}"), 404, "consent-absent")
    refused(doctor.delete(f"Consent/{other}"), 404, "consent-absent")
    refused(node.acting(citizen()).get(f"Consent/{other}"), 404, "consent-absent")


def test_nobody_makes_ties_in_anothers_record(node: Node) -> None:
    who, _ = with_document(node)
    before = node.stored()
    stranger = citizen()
    refused(
        node.acting(stranger).post("Consent", tie(who, stranger.caller, "delegate")),
        403,
        "not-your-record",
    )
    refused(node.acting(house()).post("Consent", tie(who, house())), 403, "not-entitled")
    refused(
        node.acting(who).post("Consent", tie(who, stranger.caller, "parent")), 403, "not-entitled"
    )
    assert node.stored() == before


def parent_of(node: Node, child: Citizen, parent: Citizen) -> None:
    """The operator notes a parent, from the civil status: no face does."""
    request = ConsentRequest(
        patient=child.ins,
        kind=RelationKind.PARENT,
        actor=Identifier(parent.ins.oid, parent.ins.matricule),
        actor_name=parent.caller.name,
    )

    async def note(store: Store) -> None:
        await sharing.make_tie(gate_of(store, node.settings), _OPERATOR, request)

    node.with_store(note)


def born(years: int, days: int) -> str:
    """A birth date: so many years ago, and days more."""
    today = datetime.now(UTC).date()
    return str(today.replace(year=today.year - years, day=min(today.day, 28)) - timedelta(days))


@pytest.mark.parametrize(("birth_date", "sees"), [(born(18, -5), True), (born(18, 5), False)])
def test_a_parent_reads_until_the_child_is_eighteen(
    node: Node, birth_date: str, sees: bool
) -> None:
    child, parent = citizen(born=birth_date), citizen()
    node.open_for(child)
    document = node.feed(letter(child, GENERALIST))["id"]
    reader = node.acting(parent)
    refused(reader.find(child), 403, "not-your-record")
    parent_of(node, child, parent)
    if not sees:
        refused(reader.find(child), 403, "not-your-record")
        return
    assert ids(reader.find(child)) == [document]
    history = reader.get("AuditEvent", **{"patient.identifier": child.token})
    assert history.status_code == 200


def test_what_the_minor_hides_from_their_parents_is_not_there_for_them(node: Node) -> None:
    child, parent = citizen(born=born(12, 0)), citizen()
    node.open_for(child)
    parent_of(node, child, parent)
    stored = node.feed(letter(child, GENERALIST))
    reader = node.acting(parent)
    before = len(entries(reader.get("AuditEvent", **{"patient.identifier": child.token}).json()))
    code = "INVISIBLE_REPRESENTANTS_LEGAUX"
    hidden = node.acting(child).patch(f"DocumentReference/{stored['id']}", hiding(code))
    assert hidden.status_code == 200
    assert ids(reader.find(child)) == []
    refused(reader.get(f"DocumentReference/{stored['id']}"), 404, "document-absent")
    assert ids(node.acting(child).find(child)) == [hidden.json()["id"]]
    history = reader.get("AuditEvent", **{"patient.identifier": child.token})
    people = [e for e in entries(history.json()) if "worker" not in str(e["agent"])]
    assert before >= 1
    assert not any("change-visibility" in str(event) for event in people)


def test_a_delegate_reads_and_the_tie_ends(node: Node) -> None:
    who, document = with_document(node)
    friend = citizen()
    made = node.acting(who).post("Consent", tie(who, friend.caller, "delegate"))
    assert made.status_code == 201
    reader = node.acting(friend)
    assert ids(reader.find(who)) == [document]
    refused(reader.patch(f"DocumentReference/{document}", hiding()), 403, "not-entitled")
    node.acting(who).delete(f"Consent/{made.json()['id']}")
    refused(reader.find(who), 403, "not-your-record")
