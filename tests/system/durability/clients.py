"""What the tests send: invented callers and documents, and HTTP/1.1 as plain as it can be.

One connection a request: what a kill breaks off is one request, and nothing of it is sent again
unseen.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import msgspec

from carnet.formats.fhir import urls
from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import OID_INS_NIR_TEST, Ins, ins_key
from carnet.record.structures import professional, structure
from tests.formats.cda.minimal import changed

FHIR = "application/fhir+json"
ANSWER_SECONDS = 90.0  # after which an answer that has not come is a failure
DOCTOR = Caller(
    CallerKind.PROFESSIONAL,
    name="Ada INVENTEE",
    identifier=professional("810000000009"),
    structure=structure("1990000010"),
    profession="G15_10/SM26",
    sector="SA07",
    scopes=frozenset({"user/*.cruds"}),
)


def person(number: int) -> Ins:
    """An invented citizen's INS, by a number below 1000."""
    matricule = f"2790351215{number:03d}"
    return Ins(f"{matricule}{ins_key(matricule):02d}", OID_INS_NIR_TEST)


def citizen(ins: Ins) -> Caller:
    """A citizen, who reads their own record."""
    return Caller(
        CallerKind.CITIZEN, name="citizen", ins=ins, scopes=frozenset({"patient/*.cruds"})
    )


def opening(ins: Ins) -> bytes:
    """The Patient that opens a record."""
    resource = {
        "resourceType": "Patient",
        "extension": [
            {"url": urls.OPENING_GROUND, "valueCode": "consent"},
            {
                "url": urls.CONSENT_TEXT,
                "extension": [
                    {"url": "id", "valueString": "ouverture"},
                    {"url": "version", "valueString": "1"},
                ],
            },
        ],
        "identifier": [{"use": "official", "system": f"urn:oid:{ins.oid}", "value": ins.matricule}],
        "name": [{"use": "official", "family": "ESSAI", "given": ["CLAIRE"]}],
        "gender": "female",
        "birthDate": "1979-03-28",
    }
    return json.dumps(resource).encode()


def letter(ins: Ins, unique_id: str, title: str = "Lettre") -> bytes:
    """A CDA document of a citizen."""
    return changed(
        ('<id root="1.2.250.1.999.1.1"/>', f'<id root="{unique_id}"/>'),
        ("279035121518989", ins.matricule),
        ("Lettre du cardiologue", title),
    )


def submission(ins: Ins, unique_id: str, document: bytes) -> bytes:
    """The DocumentReference that submits a document (ITI-105)."""
    resource = {
        "resourceType": "DocumentReference",
        "contained": [{"resourceType": "Organization", "id": "o", "name": "Centre inventé"}],
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{unique_id}"},
        "status": "current",
        "subject": {"identifier": {"system": f"urn:oid:{ins.oid}", "value": ins.matricule}},
        "date": "2026-01-05T10:15:00+01:00",
        "author": [
            {"identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810000000009"}}
        ],
        "custodian": {"reference": "#o"},
        "content": [
            {
                "attachment": {
                    "contentType": "text/xml",
                    "title": "Lettre",
                    "data": base64.b64encode(document).decode(),
                }
            }
        ],
    }
    return json.dumps(resource).encode()


class Answer(msgspec.Struct, frozen=True):
    """What came back. ``headers`` have lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Broken(Exception):
    """The connection ended before the whole answer had come: whether it was done is unknown."""


async def send(
    port: int,
    method: str,
    path: str,
    token: str,
    body: bytes = b"",
    accept: str = FHIR,
    kind: str = FHIR,
) -> Answer:
    """One request on a connection of its own. Raises ``Broken``."""
    return (await send_from(port, method, path, token, body, accept, kind))[0]


async def send_from(
    port: int,
    method: str,
    path: str,
    token: str,
    body: bytes = b"",
    accept: str = FHIR,
    kind: str = FHIR,
) -> tuple[Answer, int]:
    """The same, with the port that the request came from. Fails where no answer comes."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await _exchange(port, _head(method, path, token, len(body), accept, kind) + body)
    except TimeoutError:
        raise AssertionError(f"no answer in {ANSWER_SECONDS} s to {method} {path}") from None


async def _exchange(port: int, request: bytes) -> tuple[Answer, int]:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as fault:
        raise Broken from fault
    try:
        writer.write(request)
        await writer.drain()
        own_port: int = writer.get_extra_info("sockname")[1]
        return await _read(reader), own_port
    except (OSError, asyncio.IncompleteReadError, ValueError) as fault:
        raise Broken from fault
    finally:
        writer.close()


def _head(method: str, path: str, token: str, length: int, accept: str, kind: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    lines += [f"Accept: {accept}", "Connection: close"]
    if length:
        lines += [f"Content-Type: {kind}", f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {}
    for line in filter(None, head[1:]):
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = headers.get("content-length")
    body = await reader.readexactly(int(length)) if length else await reader.read()
    return Answer(int(head[0].split()[1]), headers, body)
