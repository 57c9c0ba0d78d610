"""Bodies that are no resource, in memory and as they stream."""

from __future__ import annotations

import pytest

from tests.system.checks import refused
from tests.system.people import (
    GENERALIST,
)
from tests.system.server import FHIR, Node

BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "body-empty"),
    "white space": (b"  \n ", 400, "body-empty"),
    "truncated JSON": (
        b'{"resourceType":"DocumentReference","status":"curr',
        400,
        "json-malformed",
    ),
    "a list": (b"[]", 400, "json-not-object"),
    "a number": (b"1e999", 400, "json-malformed"),
    "no UTF-8": (b'{"status":"\xff\xfe"}', 400, "json-malformed"),
    "a raw NUL": (b'{"status":"a\x00"}', 400, "json-malformed"),
    "a lone surrogate": (
        b'{"resourceType":"DocumentReference","status":"\\ud800"}',
        400,
        "json-malformed",
    ),
    "an integer of a million digits": (b'{"size":' + b"9" * 900_000 + b"}", 400, "json-malformed"),
    "NaN": (b'{"size":NaN}', 400, "json-malformed"),
    "deep nesting": (b'{"a":' * 2000 + b"1" + b"}" * 2000, 400, "json-too-deep"),
    "deeper nesting": (b"[" * 400_000, 400, "json-too-deep"),
    "a name twice": (b'{"status":"current","status":"current"}', 400, "json-duplicate-key"),
    "a name twice, further down": (b'{"a":[{"b":1,"b":2}]}', 400, "json-duplicate-key"),
    "XML": (b"<DocumentReference/>", 400, "json-malformed"),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("path", ["DocumentReference", "Patient", "Consent"])
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_resource(node: Node, name: str, path: str) -> None:
    body, status, code = BODIES[name]
    headers = {"content-type": FHIR}
    response = node.acting(GENERALIST).request("POST", path, content=body, headers=headers)
    refused(response, status, code)


def large(body: bytes, filler: bytes = b" ") -> bytes:
    """A body that is too large for memory, so that it is read as it arrives."""
    return body.replace(b"@", filler * 1_200_000)


LARGE_BODIES: dict[str, tuple[bytes, int, str]] = {
    "a resource that is mostly text": (
        large(b'{"resourceType":"DocumentReference","a":"@"}', b"a"),
        413,
        "body-too-large",
    ),
    "truncated in the document": (
        large(b'{"content":[{"attachment":{"data":"@', b"AAAA"),
        400,
        "json-truncated",
    ),
    "broken base64": (
        large(b'{"content":[{"attachment":{"data":"@!"}}]}', b"AAAA"),
        422,
        "base64-invalid",
    ),
    "padding in the middle": (
        large(b'{"content":[{"attachment":{"data":"AA==@"}}]}', b"AAAA"),
        422,
        "base64-invalid",
    ),
    "two documents of one name": (
        large(b'{"data":"@","data":"@"}', b"AAAA"),
        400,
        "json-duplicate-key",
    ),
    "deep nesting": (large(b'{"a":' * 100 + b'"@"', b"A"), 400, "json-too-deep"),
    "a document in a strange place": (
        large(
            b'{"resourceType":"DocumentReference","status":"current","subject":{"data":"@"}}',
            b"AAAA",
        ),
        422,
        "element-required",
    ),
    "a closing bracket too many": (large(b'}{"data":"@"}', b"AAAA"), 400, "json-malformed"),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", LARGE_BODIES)
def test_a_large_body_that_is_no_resource(node: Node, name: str) -> None:
    body, status, code = LARGE_BODIES[name]
    headers = {"content-type": FHIR}
    client = node.acting(GENERALIST)
    refused(
        client.request("POST", "DocumentReference", content=body, headers=headers), status, code
    )


@pytest.mark.usefixtures("unharmed")
def test_a_document_of_more_than_fifty_million_bytes(node: Node) -> None:
    body = b'{"content":[{"attachment":{"data":"' + b"AAAA" * 16_700_000 + b'"}}]}'
    headers = {"content-type": FHIR}
    response = node.acting(GENERALIST).request(
        "POST", "DocumentReference", content=body, headers=headers
    )
    refused(response, 413, "document-too-large")
