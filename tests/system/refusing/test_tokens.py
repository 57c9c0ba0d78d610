"""Tokens that vouch for nobody: expired, foreign, forged."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable

import msgspec
import pytest

from carnet.app import OWN_ISSUER, SIGNING_KEY, audience_of
from carnet.record.caller import Caller
from carnet.record.trace import Act
from carnet.storage.facts import stored_facts
from carnet.usecases.tokens import Signer, new_signing_key
from tests.system.checks import refused
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    citizen,
    opening,
)
from tests.system.refusing.changes import Scene
from tests.system.server import Client, Node


def signed(
    node: Node,
    caller: Caller,
    *,
    audience: str | None = None,
    issuer: str | None = None,
    key: bytes | None = None,
    now: int | None = None,
    lifetime: int = 600,
) -> str:
    """A token of which something may be wrong."""
    facts = stored_facts(node.directory, node.database)
    return Signer(key or (node.directory / SIGNING_KEY).read_bytes()).sign(
        caller,
        iss=issuer or OWN_ISSUER + facts["id"],
        audience=audience or audience_of(node.server.base),
        client_id="test",
        jti=secrets.token_hex(16),
        now=int(time.time()) if now is None else now,
        lifetime=lifetime,
    )


def forged(token: str, part: int, **members: object) -> str:
    """A token whose header (0) or claims (1) say something else under the same signature."""
    parts = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(parts[part] + "=="))
    said.update(members)
    parts[part] = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return ".".join(parts)


TOKENS: dict[str, tuple[Callable[[Node], str], int, str]] = {
    "expired": (
        lambda node: signed(node, GENERALIST, now=int(time.time()) - 7200),
        401,
        "token-expired",
    ),
    "of tomorrow": (
        lambda node: signed(node, GENERALIST, now=int(time.time()) + 86400),
        401,
        "token-not-yet-valid",
    ),
    "for another server": (
        lambda node: signed(node, GENERALIST, audience="https://other.example/fhir"),
        401,
        "token-audience",
    ),
    "of a foreign issuer": (
        lambda node: signed(node, GENERALIST, issuer="https://elsewhere.example"),
        401,
        "token-foreign-issuer",
    ),
    "of a foreign key": (
        lambda node: signed(node, GENERALIST, key=new_signing_key()),
        401,
        "token-key-unknown",
    ),
    "unsigned": (
        lambda node: forged(signed(node, GENERALIST), 0, alg="none").rpartition(".")[0] + ".",
        401,
        "token-malformed",
    ),
    "of no algorithm": (
        lambda node: forged(signed(node, GENERALIST), 0, alg="none"),
        401,
        "token-algorithm",
    ),
    "by a shared secret": (
        lambda node: forged(signed(node, GENERALIST), 0, alg="HS256"),
        401,
        "token-algorithm",
    ),
    "with a key of its own": (
        lambda node: forged(signed(node, GENERALIST), 0, jwk={"kty": "EC"}),
        401,
        "token-header",
    ),
    "of another person": (
        lambda node: forged(signed(node, GENERALIST), 1, sub="someone"),
        401,
        "token-invalid",
    ),
    "of the operator": (
        lambda node: forged(signed(node, GENERALIST), 1, carnet_caller={"kind": "operator"}),
        401,
        "token-invalid",
    ),
    "that is none": (lambda _: "nonsense", 401, "token-malformed"),
    "that is too long": (lambda _: "a" * 20_000, 401, "token-malformed"),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_vouches_for_nobody(node: Node, scene: Scene, name: str) -> None:
    make, status, code = TOKENS[name]
    client = Client(node.base + "/", make(node))
    response = client.find(scene.who)
    client.close()
    refused(response, status, code)
    assert response.headers["www-authenticate"].startswith('Bearer realm="carnet"')


@pytest.mark.usefixtures("unharmed")
def test_a_token_without_the_scope_is_forbidden(node: Node, scene: Scene) -> None:
    reading = msgspec.structs.replace(GENERALIST, scopes=frozenset({"user/DocumentReference.rs"}))
    client = node.acting(reading)
    assert client.find(scene.who).status_code == 200
    refused(client.submit(scene.letter), 403, "scope-missing")
    refused(client.post("Patient", opening(citizen())), 403, "scope-missing")


def test_no_token_makes_an_operator_or_a_machine(node: Node, scene: Scene) -> None:
    from carnet.record.caller import CallerKind

    for kind in (CallerKind.OPERATOR, CallerKind.MACHINE):
        caller = Caller(kind, name="root", scopes=frozenset({"system/*.cruds"}))
        refused(node.acting(caller).find(scene.who), 401, "token-caller")


def test_refusals_are_acts_of_the_record(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    refused(node.acting(ENDOCRINOLOGIST).find(who), 403, "consent-missing")
    last = node.traces(who.ins)[-1]
    assert (last.act, last.outcome, last.reason) == (Act.FIND, "refused", "consent-missing")
