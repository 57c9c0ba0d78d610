"""The requests of the load, as bytes: cheap to make, since client and server share the cores."""

from __future__ import annotations

import base64
import random
import secrets
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import orjson

from carnet.app import OWN_ISSUER, SIGNING_KEY, audience_of
from carnet.bench import people
from carnet.bench.made import document_ids, unique_id_of
from carnet.bench.manifest import PER_CITIZEN, Manifest
from carnet.bench.templates import Kind, kind_of, subject_values
from carnet.record.identity import OID_INS_NIR_TEST
from carnet.record.uuids import uuid_text
from carnet.usecases.tokens import Signer

Ask = Callable[[], bytes]
"""Gives the next request, head and body."""

FIND, RETRIEVE, FEED = "find", "retrieve", "feed"
EXPECTED = {FIND: b"200", RETRIEVE: b"200", FEED: b"201"}
_LIFETIME = 4 * 3600
_SA07 = "SA07"


class Target(msgspec.Struct, frozen=True):
    """A running server and what its store holds; ``tokens`` are those of the doctors."""

    port: int
    manifest: Manifest
    tokens: tuple[str, ...]


def sign_tokens(directory: Path, store_id: str, public_base: str) -> tuple[str, ...]:
    """An access token for each doctor, under the key of a test store."""
    signer = Signer((directory / SIGNING_KEY).read_bytes())
    made = []
    for number in range(people.DOCTORS):
        doctor = msgspec.structs.replace(people.doctor(number), scopes=frozenset(("user/*.cruds",)))
        made.append(
            signer.sign(
                doctor,
                iss=OWN_ISSUER + store_id,
                audience=audience_of(public_base),
                client_id="carnet-bench",
                jti=secrets.token_hex(16),
                now=int(time.time()),
                lifetime=_LIFETIME,
            )
        )
    return tuple(made)


def asker(what: str, target: Target, seed: int, citizens: Sequence[int] | None = None) -> Ask:
    """The requests of one kind, in an order that follows from ``seed``.

    ``citizens`` are those whose records are asked for, where they are not all (finding only).
    """
    chance = random.Random(seed)
    if what == FIND:
        return _finding(target, chance, citizens)
    if what == RETRIEVE:
        return _retrieving(target, chance)
    return _feeding(target, chance)


def _heads(target: Target, accept: str) -> list[bytes]:
    """The headers of a request, for each doctor."""
    return [
        f" HTTP/1.1\r\nhost: 127.0.0.1:{target.port}\r\naccept: {accept}\r\n"
        f"authorization: Bearer {token}\r\n".encode()
        for token in target.tokens
    ]


def _finding(target: Target, chance: random.Random, among: Sequence[int] | None) -> Ask:
    """ITI-67 for the 20 documents of a citizen, asked by their doctor."""
    heads = [head + b"\r\n" for head in _heads(target, "application/fhir+json")]
    start = f"GET /fhir/DocumentReference?patient.identifier=urn:oid:{OID_INS_NIR_TEST}%7C"
    citizens = target.manifest.citizens(FIND) if among is None else among

    def ask() -> bytes:
        number = chance.choice(citizens)
        asked = f"{start}{people.citizen_ins(number).matricule}&status=current".encode()
        return asked + heads[number % people.DOCTORS]

    return ask


def _retrieving(target: Target, chance: random.Random) -> Ask:
    """ITI-68 for a document of 50 KB."""
    heads = [head + b"\r\n" for head in _heads(target, "text/xml")]
    seed, citizens = target.manifest.key, target.manifest.citizens(RETRIEVE)

    def ask() -> bytes:
        number, place = chance.choice(citizens), int(chance.random() * PER_CITIZEN)
        binary_id = uuid_text(document_ids(seed, number, place)[1])
        return b"GET /fhir/Binary/" + binary_id.encode() + heads[number % people.DOCTORS]

    return ask


class Submission:
    """ITI-105 of one kind of document: only its first kilobytes differ, and are encoded anew."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        tail = kind.xml.tail
        # Base64 works on triples: a tail for each way in which the head may end.
        self._tails = [(tail[:cut], base64.b64encode(tail[cut:])) for cut in range(3)]
        author = kind.writer
        self._resource = orjson.dumps(
            {
                "resourceType": "DocumentReference",
                "contained": [{"resourceType": "Organization", "id": "c", "name": "Essai"}],
                "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:{unique}"},
                "status": "current",
                "type": {"coding": [_coding(kind)]},
                "subject": {
                    "identifier": {
                        "system": f"urn:oid:{OID_INS_NIR_TEST}",
                        "value": "{matricule}",
                    }
                },
                "date": "{made}",
                "author": [
                    {
                        "identifier": {
                            "system": f"urn:oid:{author.identifier.root}",
                            "value": author.identifier.extension,
                        }
                    }
                ],
                "custodian": {"reference": "#c"},
                "content": [
                    {
                        "attachment": {
                            "contentType": "text/xml",
                            "title": kind.entry.title,
                            "data": "{data}",
                        }
                    }
                ],
            }
        )

    def body(self, number: int, unique_id: str, series: str, moment: float) -> bytes:
        """The body for a citizen's new document."""
        when = time.gmtime(moment)
        values = subject_values(people.citizen_ins(number), people.citizen_traits(number))
        values["unique"] = unique_id.encode()
        values["series"] = series.encode()
        values["made_cda"] = time.strftime("%Y%m%d%H%M%S+0000", when).encode()
        values["made"] = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", when).encode()
        head = self._kind.xml.head(values)
        rest, tail = self._tails[-len(head) % 3]
        data = base64.b64encode(head + rest) + tail
        filled = self._resource
        for name in ("unique", "matricule", "made"):
            filled = filled.replace(b"{%s}" % name.encode(), values[name])
        before, _, after = filled.partition(b"{data}")
        return b"".join((before, data, after))


def _coding(kind: Kind) -> dict[str, str]:
    return {"system": f"urn:oid:{kind.entry.type.system}", "code": kind.entry.type.code}


def _feeding(target: Target, chance: random.Random) -> Ask:
    """ITI-105 of a document of 50 KB, new each time, by the citizen's doctor."""
    more = b"content-type: application/fhir+json\r\nprefer: return=minimal\r\ncontent-length: "
    heads = [head + more for head in _heads(target, "application/fhir+json")]
    submissions: dict[int, Submission] = {}
    citizens = target.manifest.citizens(FEED)
    fresh = _fresh_ids()

    def ask() -> bytes:
        number = chance.choice(citizens)
        variant = int(chance.random() * 12) * 2 + number % 2
        found = submissions.get(variant)
        if found is None:
            made = kind_of(variant // 2, number, large=True)
            found = submissions[variant] = Submission(made)
        body = found.body(number, next(fresh), next(fresh), time.time() - 60)
        head = heads[number % people.DOCTORS]
        return b"POST /fhir/DocumentReference%s%d\r\n\r\n%s" % (head, len(body), body)

    return ask


def _fresh_ids() -> Iterator[str]:
    while True:
        yield unique_id_of(uuid.uuid4().bytes)
