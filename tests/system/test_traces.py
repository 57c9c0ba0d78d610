"""Whoever passes the gate leaves a trace: every route and command, permitted or refused."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from httpx2 import Response

from carnet.cli import COMMANDS
from carnet.fhir.routes import ROUTES, Route
from carnet.record.trace import Act
from tests.system.checks import refused
from tests.system.clinical import TYPES, telling
from tests.system.documents import hiding, letter, simplified
from tests.system.durability.server import CARNET
from tests.system.people import ENDOCRINOLOGIST, GENERALIST, PSYCHIATRIST, citizen, opening, tie
from tests.system.server import FHIR, Client, Node


class Scene:
    """A record in which every route has something to answer.

    ``kind`` is the type of resource that is asked for: where it tells facts, documents of level 3
    are fed, and ``fact`` is the id of one of that type.
    """

    def __init__(self, node: Node, kind: str = "") -> None:
        self.node = node
        self.who = citizen()
        self.record = node.open_for(self.who)
        self.letter = letter(self.who, GENERALIST)
        stored = node.feed(self.letter)
        self.id = stored["id"]
        self.binary = stored["content"][0]["attachment"]["url"]
        made = node.acting(self.who).post("Consent", tie(self.who, PSYCHIATRIST))
        self.tie = made.json()["id"]
        self.query = {"patient.identifier": self.who.token}
        self.fact = ""
        if kind in TYPES:
            for one in telling(self.who):
                node.feed(one)
            node.settled()
            found = node.acting(self.who).get(kind, **self.query).json()
            self.fact = found["entry"][0]["resource"]["id"]


Ask = Callable[[Client, Scene], Response]
ASKS: dict[tuple[str, str], tuple[Ask, Act]] = {
    ("GET", "Patient"): (lambda it, s: it.get("Patient", identifier=s.who.token), Act.CHECK_RECORD),
    ("POST", "Patient/_search"): (
        lambda it, s: it.form("Patient/_search", identifier=s.who.token),
        Act.CHECK_RECORD,
    ),
    ("GET", "Patient/{id}"): (lambda it, s: it.get(f"Patient/{s.record}"), Act.CHECK_RECORD),
    ("POST", "Patient"): (lambda it, s: it.post("Patient", opening(s.who)), Act.OPEN_RECORD),
    ("GET", "DocumentReference"): (lambda it, s: it.find(s.who), Act.FIND),
    ("POST", "DocumentReference/_search"): (
        lambda it, s: it.form("DocumentReference/_search", **s.query),
        Act.FIND,
    ),
    ("POST", "DocumentReference"): (
        lambda it, s: it.post("DocumentReference", simplified(s.letter)),
        Act.SUBMIT,
    ),
    ("GET", "DocumentReference/{id}"): (
        lambda it, s: it.get(f"DocumentReference/{s.id}"),
        Act.READ_ENTRY,
    ),
    ("PATCH", "DocumentReference/{id}"): (
        lambda it, s: it.patch(f"DocumentReference/{s.id}", hiding("N")),
        Act.CHANGE_VISIBILITY,
    ),
    ("PATCH", "DocumentReference"): (
        lambda it, s: it.patch(
            f"DocumentReference?identifier=urn:ietf:rfc:3986|urn:oid:{s.letter.unique_id}",
            hiding("N"),
        ),
        Act.CHANGE_VISIBILITY,
    ),
    ("GET", "Binary/{id}"): (lambda it, s: it.get(s.binary), Act.RETRIEVE),
    ("GET", "AuditEvent"): (lambda it, s: it.get("AuditEvent", **s.query), Act.READ_HISTORY),
    ("POST", "AuditEvent/_search"): (
        lambda it, s: it.form("AuditEvent/_search", **s.query),
        Act.READ_HISTORY,
    ),
    ("POST", "Consent"): (lambda it, s: it.post("Consent", tie(s.who, GENERALIST)), Act.GRANT),
    ("GET", "Consent"): (lambda it, s: it.get("Consent", **s.query), Act.READ_CONSENT),
    ("POST", "Consent/_search"): (
        lambda it, s: it.form("Consent/_search", **s.query),
        Act.READ_CONSENT,
    ),
    ("GET", "Consent/{id}"): (lambda it, s: it.get(f"Consent/{s.tie}"), Act.READ_CONSENT),
    ("PATCH", "Consent/{id}"): (
        lambda it, s: it.patch(
            f"Consent/{s.tie}", [{"op": "replace", "path": "/status", "value": "inactive"}]
        ),
        Act.END_GRANT,
    ),
    ("DELETE", "Consent/{id}"): (lambda it, s: it.delete(f"Consent/{s.tie}"), Act.END_GRANT),
}


def _find_facts(kind: str) -> Ask:
    return lambda it, s: it.get(kind, **s.query)


def _find_facts_by_form(kind: str) -> Ask:
    return lambda it, s: it.form(f"{kind}/_search", **s.query)


def _read_fact(kind: str) -> Ask:
    return lambda it, s: it.get(f"{kind}/{s.fact}")


for _kind in TYPES:
    ASKS["GET", _kind] = (_find_facts(_kind), Act.READ_FACTS)
    ASKS["POST", f"{_kind}/_search"] = (_find_facts_by_form(_kind), Act.READ_FACTS)
    ASKS["GET", f"{_kind}/{{id}}"] = (_read_fact(_kind), Act.READ_FACTS)
ASKS["GET", "Provenance"] = (
    lambda it, s: it.get("Provenance", target=f"Observation/{s.fact}"),
    Act.READ_FACTS,
)
ASKS["POST", "Provenance/_search"] = (
    lambda it, s: it.form("Provenance/_search", target=f"Observation/{s.fact}"),
    Act.READ_FACTS,
)
ASKS["GET", "Provenance/{id}"] = (lambda it, s: it.get(f"Provenance/{s.fact}.p"), Act.READ_FACTS)

# They say what the server can do, and nothing of anybody.
SILENT = {("GET", "metadata"), ("GET", "openapi.json")}


def test_every_route_is_walked() -> None:
    assert {(route.method, route.path) for route in ROUTES} == ASKS.keys() | SILENT


def key(route: Route) -> str:
    return f"{route.method} {route.path}"


def scene_of(node: Node, route: Route) -> Scene:
    kind = route.path.partition("/")[0]
    return Scene(node, "Observation" if kind == "Provenance" else kind)


WALKED = [route for route in ROUTES if (route.method, route.path) in ASKS]


@pytest.mark.parametrize("route", WALKED, ids=key)
def test_a_route_that_answers_leaves_one_trace(node: Node, route: Route) -> None:
    scene = scene_of(node, route)
    ask, act = ASKS[route.method, route.path]
    # Feeding and opening are a professional's; all else the citizen does.
    caller = GENERALIST if act in (Act.SUBMIT, Act.OPEN_RECORD) else scene.who
    before = node.traces(scene.who.ins)
    response = ask(node.acting(caller), scene)
    assert response.status_code in (200, 201), response.text
    added = node.traces(scene.who.ins)[len(before) :]
    assert [(trace.act, trace.outcome) for trace in added] == [(act, "permitted")]


@pytest.mark.parametrize("route", WALKED, ids=key)
def test_a_route_that_refuses_leaves_one_trace(node: Node, route: Route) -> None:
    scene = scene_of(node, route)
    ask, act = ASKS[route.method, route.path]
    stranger = citizen()
    before = node.traces(scene.who.ins)
    response = ask(node.acting(stranger), scene)
    if route.code == "search-type" and route.path.startswith("Provenance"):
        assert response.json()["total"] == 0  # as where nothing is
    else:
        assert response.status_code in (403, 404), response.text
    (trace,) = node.traces(scene.who.ins)[len(before) :]
    assert (trace.act, trace.outcome) == (act, "refused")
    assert trace.actor.endswith(stranger.ins.matricule)


def test_head_and_an_unchanged_document_are_reads_too(node: Node) -> None:
    scene = Scene(node)
    own = node.acting(scene.who)
    tag = own.get(scene.binary).headers["etag"]
    before = node.traces(scene.who.ins)
    assert own.request("HEAD", scene.binary).status_code == 200
    assert own.get(scene.binary, {"if-none-match": tag}).status_code == 304
    added = node.traces(scene.who.ins)[len(before) :]
    assert [trace.act for trace in added] == [Act.RETRIEVE, Act.RETRIEVE]


def test_a_find_names_every_entry_that_it_returned(node: Node) -> None:
    scene = Scene(node)
    node.feed(letter(scene.who, PSYCHIATRIST))
    node.acting(scene.who).find(scene.who, _count="1")
    assert len(node.traces(scene.who.ins)[-1].entries) == 1
    node.acting(scene.who).find(scene.who)
    assert set(node.traces(scene.who.ins)[-1].entries) == {1, 2}
    node.acting(scene.who).find(scene.who, _summary="count")
    assert node.traces(scene.who.ins)[-1].entries == ()
    assert "patient.identifier" in (node.traces(scene.who.ins)[-1].criteria or "")


def test_refusals_about_no_record_leave_no_trace_in_any(node: Node) -> None:
    before = node.count("trace") if node.engine == "postgresql" else None
    client = node.acting(ENDOCRINOLOGIST)
    refused(client.get(f"DocumentReference/{uuid.uuid4()}"), 404, "document-absent")
    refused(client.find(citizen()), 404, "record-absent")
    if before is not None:
        assert node.count("trace") == before


# Commands


ON_STORES = {
    "verify": ["--json"],
    "token": ["--ins", "284063523811202"],
    "settings": [],
}
ELSEWHERE = {
    "demo": "makes invented people through the use cases (tests/population)",
    "serve": "the routes above",
    "feed": "the next test",
    "backup": "copies ciphertext, opens no record (tests/cli)",
    "restore": "the same, into a store that was not (tests/cli)",
    "keys": "rotates the master key: bucket keys only (tests/cli)",
    "db": "migrates schemas: no content (tests/storage)",
    "worker": "leases, and the machine's own door (test_the_worker_reads_no_more…)",
    "bench": "made rows in stores of its own",
}


def test_every_command_is_walked() -> None:
    assert set(COMMANDS) == ON_STORES.keys() | ELSEWHERE.keys()


def run(node: Node, *words: str) -> str:
    """What a command says on the node's store, beside the running server."""
    environment = {**node.server.environment, "LC_ALL": "C.UTF-8"}
    command = [str(CARNET), words[0], *words[1:], "--data", str(node.directory)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("command", ON_STORES)
def test_a_command_tells_nothing_of_anybody_and_changes_nothing(node: Node, command: str) -> None:
    who = citizen("ZEPHYRIN")
    node.open_for(who)
    node.feed(letter(who, GENERALIST, title="Mirabelliose"))
    node.settled()
    before = (node.stored(), node.traces(who.ins))
    said = run(node, command, *ON_STORES[command])
    for word in ("ZEPHYRIN", who.ins.matricule, "Mirabelliose", "GARRIGUE"):
        assert word not in said
    assert (node.stored(), node.traces(who.ins)) == before


def test_feed_passes_the_gate_as_the_operator(node: Node, tmp_path: Path) -> None:
    who = citizen()
    file = tmp_path / "letter.xml"
    file.write_bytes(letter(who, GENERALIST).data)
    run(node, "feed", str(file))
    acts = [(trace.act, trace.caller, trace.name) for trace in node.traces(who.ins)]
    assert acts == [
        (Act.OPEN_RECORD, "operator", "import"),
        (Act.SUBMIT, "operator", "import"),
    ]
    assert FHIR in node.acting(who).find(who).headers["content-type"]
