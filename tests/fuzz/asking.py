"""Requests made from the OpenAPI description: some as it says, most of them a little wrong."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import quote

import msgspec
import orjson

from tests.fuzz.mutation import RUDE_TEXTS, mutated_bytes, mutated_tree
from tests.fuzz.world import World
from tests.system.documents import hiding, letter, simplified
from tests.system.people import ENDOCRINOLOGIST, GENERALIST, opening, tie

_VALUES: dict[str, tuple[str, ...]] = {
    "status": ("current", "superseded", "active", "inactive"),
    "type": ("11488-4", "http://loinc.org|11488-4", "J07", "a\\,b"),
    "category": ("10", "A03|10"),
    "security-label": ("N", "MASQUE_PS", "V"),
    "date": ("2026", "ge2026-01-05", "lt2027-01", "eq2026-01-05T10:15:00+01:00", "sa2026"),
    "creation": ("2026-01", "ne2026-01-05"),
    "period": ("gt2025", "le2026-12-31T23:59"),
    "author.identifier": ("899972101176", "urn:oid:1.2.250.1.71.4.2.1|899972101176"),
    "author.family": ("GAR", "x"),
    "author.given": ("H",),
    "isArchived": ("true", "false"),
    "_sort": ("-date", "type,-period", "_lastUpdated", "title"),
    "_count": ("0", "1", "50", "500", "501", "-1"),
    "_total": ("accurate", "none"),
    "_summary": ("count", "false", "true"),
    "_cursor": ("AAAA", "QUJD.x"),
    "_format": ("json", "application/fhir+json", "application/json", "json", "xml"),
    "_pretty": ("true", "false"),
    "Prefer": ("return=minimal", "handling=lenient", "return=OperationOutcome, handling=lenient"),
    "If-Match": ('W/"1"', '"2"', "*", "1"),
    "If-None-Match": ("*", '"abc"', 'W/"x", "y"'),
    "X-Request-Id": ("fuzz-1", "a b", "x" * 65),
}
_NAMED = {
    "patient": "record",
    "patient.identifier": "ins",
    "identifier": "unique",
    "_id": "entry",
}
_PATH_IDS = {
    "Patient": "record",
    "DocumentReference": "entry",
    "Binary": "binary",
    "Consent": "tie",
}
_MEDIA = (
    "application/fhir+json",
    "application/json",
    "application/json-patch+json",
    "application/x-www-form-urlencoded",
    "application/fhir+xml",
    "text/plain; charset=latin-1",
    "application/fhir+json; charset=utf-8",
    "",
)
_ACCEPTS = (
    *("application/fhir+json",) * 12,
    *("application/json", "text/xml", "*/*", "a/b;q=x", "text/xml, application/fhir+json;q=0.5"),
)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO")


class Asked(msgspec.Struct, frozen=True):
    """A request as it goes over the wire; ``raw`` where it may not be HTTP at all."""

    wire: bytes
    operation: str
    is_head: bool = False
    raw: bool = False


class Asker:
    """Makes requests of one world by one stream of chance."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self._world = world
        self._chance = chance
        self._operations = [
            (path, method, operation)
            for path, methods in world.api["paths"].items()
            for method, operation in methods.items()
        ]
        self._host = world.base.removeprefix("http://").partition("/")[0]
        self._bodies = self._valid_bodies()

    def ask(self) -> Asked:
        """The next request."""
        path, method, operation = self._chance.choice(self._operations)
        method = method.upper()
        if self._chance.random() < 0.03:
            method = self._chance.choice(_METHODS)
        target = self._target(path, operation)
        headers = self._headers(operation)
        body = self._body(method, operation, headers)
        wire = _wire(method, target, headers, body)
        raw = self._chance.random() < 0.04
        if raw:
            wire = mutated_bytes(self._chance, wire, (b"\r\n", b" ", b":", b"HTTP/1.1"), 2)
        return Asked(wire, operation["operationId"], method == "HEAD", raw)

    def _target(self, path: str, operation: dict[str, Any]) -> bytes:
        kind = path.split("/")[1]
        if "{id}" in path:
            path = path.replace("{id}", self._id(kind))
        query = []
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and self._chance.random() < self._likelihood(parameter):
                name = parameter["name"]
                times = 2 if self._chance.random() < 0.03 else 1
                query += [f"{quote(name)}={self._value(name)}" for _ in range(times)]
        if self._chance.random() < 0.05:
            query.append(self._chance.choice(("x=1", "=", "&", "%", "_include=*", "a%00=b")))
        text = "/fhir" + path + ("?" + "&".join(query) if query else "")
        if self._chance.random() < 0.03:
            odd = self._chance.choice(("//", "/../", "/%2e%2e/", "%2F", "/%252F"))
            text = "/fhir" + text[5:].replace("/", odd, 1)
        return text.encode("utf-8", "surrogatepass")

    def _likelihood(self, parameter: dict[str, Any]) -> float:
        """Searches name their record more often than not, so that they reach it."""
        if parameter["name"] == "patient.identifier" or parameter.get("required"):
            return 0.85
        return 0.06

    def _id(self, kind: str) -> str:
        if self._chance.random() < 0.75:
            return self._chance.choice(self._world.values[_PATH_IDS.get(kind, "entry")])
        return quote(self._chance.choice((*RUDE_TEXTS[:12], "0" * 64, "x" * 600)), errors="replace")

    def _value(self, name: str) -> str:
        bare = name.partition(":")[0]
        known = self._world.values.get(_NAMED.get(bare, ""), ()) or _VALUES.get(bare, ("1",))
        if bare == "identifier" and self._chance.random() < 0.5:
            known = self._world.values["ins"]
        text = self._chance.choice(known)
        if self._chance.random() < 0.1:
            text = self._chance.choice((text + ",", self._chance.choice(RUDE_TEXTS), text * 2))
        return quote(text, errors="replace", safe="" if self._chance.random() < 0.5 else "|:,/")

    def _headers(self, operation: dict[str, Any]) -> list[tuple[str, str]]:
        chance = self._chance
        headers = [("host", self._host), ("accept", chance.choice(_ACCEPTS))]
        if chance.random() < 0.96:
            token = chance.choice(self._world.tokens)
            if chance.random() < 0.05:
                token = mutated_bytes(chance, token.encode(), (b".", b"=")).decode("latin-1")
            headers.append(("authorization", "Bearer " + _plain(token)))
        for parameter in operation["parameters"]:
            if parameter["in"] == "header" and chance.random() < 0.2:
                value = chance.choice(_VALUES[parameter["name"]])
                if chance.random() < 0.1:
                    value = _plain(chance.choice(RUDE_TEXTS))
                headers.append((parameter["name"], value))
                if chance.random() < 0.05:
                    headers.append((parameter["name"], value))
        return headers

    def _body(
        self, method: str, operation: dict[str, Any], headers: list[tuple[str, str]]
    ) -> bytes:
        """A body of the operation's own, changed or not, and headers that go with it."""
        content = operation.get("requestBody", {}).get("content", {})
        chance = self._chance
        if not content and (method in ("GET", "HEAD", "DELETE") or chance.random() < 0.5):
            return b""
        media = chance.choice(list(content) or list(_MEDIA))
        body = self._content(media, operation["operationId"])
        if chance.random() < 0.05:
            media = chance.choice(_MEDIA)
        if media:
            headers.append(("content-type", media))
        if chance.random() < 0.02:
            headers.append(("content-encoding", chance.choice(("gzip", "identity", "br"))))
        return body

    def _content(self, media: str, operation: str) -> bytes:
        chance = self._chance
        if media.startswith("application/x-www-form"):
            names = ("patient", "patient.identifier", "identifier", "status", "_count", "date")
            pairs = (f"{name}={self._value(name)}" for name in names if chance.random() < 0.5)
            return "&".join(pairs).encode()
        tree = self._fresh(chance.choice(self._bodies.get(operation, self._bodies["all"])))
        if chance.random() < 0.6:
            tree = mutated_tree(chance, tree)
        try:
            data = orjson.dumps(tree)
        except TypeError:
            data = b"{}"
        if chance.random() < 0.15:
            return mutated_bytes(chance, data, (b'"data":"', b"[[", b"}", b"\\u0000"))
        return data

    def _fresh(self, tree: Any) -> Any:
        """A document with a uniqueId of its own, so that submissions are not all repetitions."""
        if isinstance(tree, dict) and "masterIdentifier" in tree and self._chance.random() < 0.6:
            unique = f"urn:oid:2.25.{self._chance.getrandbits(120)}"
            return {**tree, "masterIdentifier": {**tree["masterIdentifier"], "value": unique}}
        return tree

    def _valid_bodies(self) -> dict[str, list[Any]]:
        who, minor, nobody = self._world.people
        ending = [{"op": "replace", "path": "/status", "value": "inactive"}]
        letters = [
            simplified(letter(who, GENERALIST)),
            simplified(letter(minor, ENDOCRINOLOGIST)),
            simplified(letter(who, who.caller, kind="EXPPAT_1")),
            _plain_text(simplified(letter(who, GENERALIST))),
        ]
        hides = [hiding(), hiding("N"), hiding("INVISIBLE_PATIENT"), ending]
        consents = [tie(who, GENERALIST), tie(minor, ENDOCRINOLOGIST, "authorisation")]
        openings = [opening(nobody), opening(who)]
        return {
            "post-DocumentReference": letters,
            "post-Patient": openings,
            "post-Consent": consents,
            "patch-DocumentReference": hides,
            "patch-DocumentReference-id": hides,
            "patch-Consent-id": [ending],
            "all": [*letters, *hides, *consents, *openings],
        }


def _plain_text(resource: dict[str, object]) -> dict[str, object]:
    """The same submission with a text in place of a CDA: only what is declared says what it is."""
    attachment = {"contentType": "text/plain", "title": "Texte", "data": "Q29uc3VsdGF0aW9u"}
    return {
        **resource,
        "type": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]},
        "content": [{"attachment": attachment}],
    }


def _plain(text: str) -> str:
    """A text that a header line can hold."""
    return "".join(c for c in text if c.isprintable() and ord(c) < 256)


def _wire(method: str, target: bytes, headers: list[tuple[str, str]], body: bytes) -> bytes:
    if body or method in ("POST", "PUT", "PATCH"):
        headers = [*headers, ("content-length", str(len(body)))]
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1")
    return b"%s %s HTTP/1.1\r\n%s\r\n%s" % (method.encode(), target, lines, body)
