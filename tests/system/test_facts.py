"""What documents say, over FHIR: read by machines, seen by who may read the document, traced."""

from __future__ import annotations

import json
import warnings
from importlib import import_module
from typing import Any

import msgspec
import pytest

from carnet.fhir.resources.facts import FACT_RESOURCES
from carnet.record.trace import Act
from tests.system.checks import refused
from tests.system.clinical import TYPES, telling
from tests.system.documents import hiding, letter
from tests.system.people import GENERALIST, PSYCHIATRIST, Citizen, citizen, tie
from tests.system.server import Client, Node


@pytest.fixture
def told(node: Node) -> Citizen:
    """A citizen whose documents tell facts of every type."""
    who = citizen()
    node.open_for(who)
    for one in telling(who):
        node.feed(one)
    node.settled()
    return who


def parsed(resource: dict[str, Any]) -> None:
    kind = str(resource["resourceType"])
    module = import_module(f"fhir.resources.R4B.{kind.lower()}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own deprecated parts
        getattr(module, kind).model_validate_json(json.dumps(resource))


def find(client: Client, kind: str, who: Citizen, **query: str) -> dict[str, Any]:
    response = client.get(kind, **{"patient.identifier": who.token, **query})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    parsed(found)
    return found


def resources(bundle: dict[str, Any], mode: str = "match") -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle.get("entry", ()) if e["search"]["mode"] == mode]


def test_every_type_is_found_read_and_led_back_to_its_bytes(node: Node, told: Citizen) -> None:
    own = node.acting(told)
    for kind in TYPES:
        found = resources(find(own, kind, told))
        assert found, kind
        for resource in found:
            parsed(resource)
            assert own.get(f"{kind}/{resource['id']}").json() == resource
    observation = resources(find(own, "Observation", told))[0]
    (origin,) = resources(own.get("Provenance", target=f"Observation/{observation['id']}").json())
    parsed(origin)
    assert own.get(f"Provenance/{origin['id']}").json() == origin
    (entity,) = origin["entity"]
    reference = own.get(entity["what"]["reference"]).json()
    document = own.get(reference["content"][0]["attachment"]["url"], {"accept": "*/*"}).content
    parts = {one["url"]: one for one in entity["extension"][0]["extension"]}
    place = slice(parts["begin"]["valueUnsignedInt"], parts["end"]["valueUnsignedInt"])
    code = observation["code"]["coding"][0]["code"]
    assert document[place].startswith(b"<observation")
    assert code.encode() in document[place]


def test_searches_take_code_category_and_date_and_pages(node: Node, told: Citizen) -> None:
    own = node.acting(told)
    everything = find(own, "Observation", told)
    laboratory = find(own, "Observation", told, category="laboratory")
    assert 0 < laboratory["total"] <= everything["total"]
    assert find(own, "Observation", told, category="survey")["total"] == 0
    code = resources(laboratory)[0]["code"]["coding"][0]
    by_code = find(own, "Observation", told, code=f"{code['system']}|{code['code']}")
    assert 0 < by_code["total"] < everything["total"]
    assert find(own, "Observation", told, date="lt1900")["total"] == 0
    assert find(own, "Observation", told, date="gt1900")["total"] > 0
    page = find(own, "Observation", told, _count="2")
    seen = [one["id"] for one in resources(page)]
    while follow := next((x["url"] for x in page["link"] if x["relation"] == "next"), None):
        page = own.get(follow).json()
        seen += [one["id"] for one in resources(page)]
    assert seen == [one["id"] for one in resources(find(own, "Observation", told, _count="500"))]
    with_origins = find(own, "Condition", told, _revinclude="Provenance:target")
    assert len(resources(with_origins, "include")) == len(resources(with_origins))


def test_unknown_and_wrong_parameters_are_refused(node: Node, told: Citizen) -> None:
    own = node.acting(told)
    whose = {"patient.identifier": told.token}
    refused(own.get("Observation"), 400, "parameter-required")
    refused(own.get("Observation", **whose, flavour="x"), 400, "parameter-unknown")
    refused(own.get("Observation", **whose, _sort="date"), 400, "parameter-later")
    refused(own.get("Procedure", **whose, category="x"), 400, "parameter-later")
    refused(own.get("Observation", **whose, _revinclude="x"), 400, "parameter-invalid")
    refused(own.get("Observation", **whose, _cursor="x"), 400, "cursor-invalid")
    refused(own.get("Provenance", target="Patient/x"), 400, "parameter-invalid")
    refused(own.get("Provenance"), 400, "parameter-required")
    refused(own.get("Condition/nothing"), 404, "fact-absent")
    observation = resources(find(own, "Observation", told))[0]["id"]
    refused(own.get(f"Condition/{observation}"), 404, "fact-absent")


def test_a_hidden_document_takes_its_facts_along(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    fed = node.feed(telling(who)[0])
    node.settled()
    own, friend = node.acting(who), node.acting(PSYCHIATRIST)
    own.post("Consent", tie(who, PSYCHIATRIST))
    before = resources(find(friend, "Observation", who))
    assert before
    changed = own.patch(f"DocumentReference/{fed['id']}", hiding("MASQUE_PS"))
    assert changed.status_code == 200, changed.text
    assert find(friend, "Observation", who)["total"] == 0
    assert "entry" not in find(friend, "DiagnosticReport", who)
    name = f"Observation/{before[0]['id']}"
    refused(friend.get(name), 404, "fact-absent")
    assert friend.get("Provenance", target=name).json()["total"] == 0
    assert own.get(name).status_code == 200
    assert node.acting(GENERALIST).get(name).status_code == 200  # who wrote it


def test_a_replaced_document_tells_nothing_any_more(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    first = telling(who)[0]
    node.feed(first)
    node.settled()
    own = node.acting(who)
    assert find(own, "Observation", who)["total"] > 0
    node.feed(letter(who, GENERALIST, replaces=first.unique_id))
    node.settled()
    assert find(own, "Observation", who)["total"] == 0


def test_reading_facts_is_traced_with_the_documents(node: Node, told: Citizen) -> None:
    node.acting(told).get("Observation", **{"patient.identifier": told.token})
    trace = node.traces(told.ins)[-1]
    assert trace.act is Act.READ_FACTS
    assert trace.entries == (1,)
    assert trace.criteria == "Observation,patient.identifier"


def test_a_scope_of_another_type_opens_nothing(node: Node, told: Citizen) -> None:
    caller = msgspec.structs.replace(told.caller, scopes=frozenset({"user/Observation.rs"}))
    client = node.acting(caller)
    whose = {"patient.identifier": told.token}
    assert client.get("Observation", **whose).status_code == 200
    for kind in set(FACT_RESOURCES) - {"Observation"}:
        refused(client.get(kind, **whose), 403, "scope-missing")
    with_origins = client.get("Observation", **whose, _revinclude="Provenance:target")
    refused(with_origins, 403, "scope-missing")
