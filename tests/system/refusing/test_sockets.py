"""Tricks with request line, headers and framing, over a socket: what HTTP clients never send."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator

import msgspec
import pytest

from tests.system.people import GENERALIST
from tests.system.refusing.changes import Scene
from tests.system.server import Node

HUNDRED_MEGABYTES = 100_000_000


class Said(msgspec.Struct, frozen=True):
    """What came back before the connection ended: 0 where nothing did."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """Carnet's code of a refusal; empty where the server itself refused."""
        if not self.body.startswith(b"{"):
            return ""
        found: str = json.loads(self.body)["issue"][0]["details"]["coding"][0]["code"]
        return found


@contextlib.contextmanager
def line_to(node: Node) -> Iterator[socket.socket]:
    """A connection to the node."""
    with socket.create_connection(("127.0.0.1", node.server.port), timeout=30) as line:
        yield line


def answer(line: socket.socket) -> Said:
    """The next answer on a connection; a broken connection is an answer too."""
    with line.makefile("rb") as file, contextlib.suppress(ConnectionError):
        first = file.readline().split()
        if len(first) < 2:
            return Said(0, {}, b"")
        headers = {}
        while (one := file.readline().strip()) != b"":
            name, _, value = one.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        return Said(int(first[1]), headers, file.read(length))
    return Said(0, {}, b"")


def raw(node: Node, request: bytes) -> Said:
    """What a node says to these bytes."""
    with line_to(node) as line:
        line.sendall(request)
        return answer(line)


def request(target: str, *headers: str, method: str = "GET", version: str = "HTTP/1.1") -> bytes:
    """A request in bytes; ``Host`` and an end are added."""
    lines = [f"{method} {target} {version}", "Host: 127.0.0.1", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


TARGETS: dict[str, tuple[str, int, str]] = {
    "up": ("/fhir/../fhir/metadata", 400, "path-malformed"),
    "up, encoded": ("/fhir/%2e%2e/%2e%2e/etc/passwd", 400, "path-malformed"),
    "up, encoded twice": ("/fhir/%252e%252e/metadata", 400, "path-malformed"),
    "a NUL": ("/fhir/metadata%00", 400, "path-malformed"),
    "a NUL in an id": ("/fhir/DocumentReference/a%00b", 400, "path-malformed"),
    "a line end": ("/fhir/metadata%0d%0aX-Evil:%201", 400, "path-malformed"),
    "two slashes": ("/fhir//metadata", 400, "path-malformed"),
    "a backslash": ("/fhir%5cmetadata", 400, "path-malformed"),
    "an overlong slash": ("/fhir/%c0%af", 400, "path-malformed"),
    "not UTF-8": ("/fhir/%ff%fe", 400, "path-malformed"),
    "letters of another script": ("/fhir/P%D0%B0tient", 400, "path-malformed"),
    "a semicolon": ("/fhir/Patient;a=b", 400, "path-malformed"),
    "the face's name and more": ("/fhirmetadata", 404, "route-unknown"),
    "an endless path": ("/fhir/" + "a" * 2000, 400, "path-too-long"),
    "an endless query": ("/fhir/metadata?" + "a=b&" * 3000, 400, "query-too-long"),
    "a query that is no UTF-8": ("/fhir/metadata?a=%ff", 400, "query-malformed"),
    "a NUL in a query": ("/fhir/metadata?a=%00", 400, "query-malformed"),
    "a surrogate in a query": ("/fhir/metadata?a=%ed%a0%80", 400, "query-malformed"),
    "no name": ("/fhir/metadata?=b", 400, "query-malformed"),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", TARGETS)
def test_a_target_that_plays_a_trick(node: Node, name: str) -> None:
    target, status, code = TARGETS[name]
    said = raw(node, request(target))
    assert (said.status, said.code) == (status, code)
    assert "x-evil" not in said.headers


BEARER = "Authorization: Bearer x"
HEADERS: dict[str, tuple[bytes, tuple[int, ...], str]] = {
    "two tokens": (request("/fhir/metadata", BEARER, BEARER), (400,), "header-repeated"),
    "two types": (
        request(
            "/fhir/Patient",
            "Content-Type: a/b",
            "Content-Type: a/c",
            "Content-Length: 0",
            method="POST",
        ),
        (400,),
        "header-repeated",
    ),
    "two lengths": (
        request("/fhir/Patient", "Content-Length: 5", "Content-Length: 6", method="POST"),
        (400,),
        "",
    ),
    "a negative length": (
        request("/fhir/Patient", "Content-Length: -5", method="POST"),
        (400,),
        "",
    ),
    "a length in words": (
        request("/fhir/Patient", "Content-Length: many", method="POST"),
        (400,),
        "",
    ),
    "a length without end": (
        request("/fhir/Patient", "Content-Length: " + "9" * 40, method="POST"),
        (400,),
        "",
    ),
    "a length and chunks": (
        request("/fhir/Patient", "Content-Length: 5", "Transfer-Encoding: chunked", method="POST")
        + b"0\r\n\r\n",
        (400, 401),
        "",
    ),
    "broken chunks": (
        request("/fhir/Patient", "Transfer-Encoding: chunked", method="POST") + b"zz\r\nhello",
        (400, 401, 0),
        "",
    ),
    "an unknown coding": (
        request("/fhir/Patient", "Transfer-Encoding: gzip, chunked", method="POST") + b"0\r\n\r\n",
        (400, 401, 501),
        "",
    ),
    "a NUL in a header": (request("/fhir/metadata", "X-A: a\x00b"), (400,), ""),
    "a folded header": (request("/fhir/metadata", "X-A: a\r\n b"), (400,), ""),
    "a header without a name": (request("/fhir/metadata", ": a"), (400,), ""),
    "a space before the colon": (request("/fhir/metadata", "X-A : a"), (400,), ""),
    "an endless header": (request("/fhir/metadata", "X-A: " + "a" * 400_000), (400, 431, 0), ""),
    "thousands of headers": (
        request("/fhir/metadata", *(f"X-{n}: a" for n in range(5000))),
        (400, 431, 0),
        "",
    ),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00", (400, 0), ""),
    "another version": (request("/fhir/metadata", version="HTTP/3.7"), (400, 0), ""),
    "an id with a line end": (
        request("/fhir/nothing", "X-Request-Id: a\tb"),
        (404,),
        "route-unknown",
    ),
    "an If-Match that is none": (
        request("/fhir/Patient", "If-None-Exist: a=b", method="POST"),
        (400,),
        "header-unsupported",
    ),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", HEADERS)
def test_headers_and_framing_that_play_a_trick(node: Node, name: str) -> None:
    sent, statuses, code = HEADERS[name]
    said = raw(node, sent)
    assert said.status in statuses
    if code:
        assert said.code == code


@pytest.mark.usefixtures("unharmed")
def test_methods_that_are_none_of_ours(node: Node) -> None:
    for method in ("TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get", "BREW"):
        said = raw(node, request("/fhir/metadata", method=method))
        assert said.status in (400, 405), method
        overridden = request("/fhir/metadata", f"X-HTTP-Method-Override: {method}")
        assert raw(node, overridden).status == 200


@pytest.mark.usefixtures("unharmed")
def test_the_host_of_a_request_is_never_believed(node: Node) -> None:
    asked = [
        b"GET /fhir/metadata HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /fhir/metadata HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: evil.example\r\n\r\n",
        b"GET http://evil.example/fhir/metadata HTTP/1.1\r\nHost: x\r\n\r\n",
    ]
    for one in asked:
        said = raw(node, one)
        assert said.status == 200
        assert b"evil.example" not in said.body
        assert "evil.example" not in str(said.headers)


def posting(node: Node, *headers: str, target: str = "/fhir/DocumentReference") -> bytes:
    """The head of a submission by a doctor, whose body is still to come."""
    token = node.server.token(GENERALIST)
    mine = (f"Authorization: Bearer {token}", "Content-Type: application/fhir+json")
    return request(target, *mine, *headers, method="POST")


@pytest.mark.usefixtures("unharmed")
def test_a_hundred_megabytes_are_refused_before_they_come(node: Node) -> None:
    with line_to(node) as line:
        line.sendall(posting(node, f"Content-Length: {HUNDRED_MEGABYTES}"))
        said = answer(line)
    assert (said.status, said.code) == (413, "body-too-large")


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("filler", [b" ", b"A"], ids=["nothing", "a document"])
def test_a_hundred_megabytes_in_chunks_are_refused_on_the_way(node: Node, filler: bytes) -> None:
    begin = b'{"content":[{"attachment":{"data":"' if filler == b"A" else b"{"
    chunk = filler * 1_000_000
    with line_to(node) as line:
        line.sendall(posting(node, "Transfer-Encoding: chunked"))
        line.sendall(b"%x\r\n%s\r\n" % (len(begin), begin))
        with contextlib.suppress(ConnectionError):
            for _ in range(HUNDRED_MEGABYTES // len(chunk)):
                line.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            line.sendall(b"0\r\n\r\n")
        said = answer(line)
    # Who still sends when the answer is out may lose it with the connection.
    assert (said.status, said.code) in {
        (413, "body-too-large"),
        (413, "document-too-large"),
        (0, ""),
    }


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("sent", [0, 500, 2_000_000])
def test_who_goes_away_in_the_middle_leaves_nothing_behind(node: Node, sent: int) -> None:
    with line_to(node) as line:
        line.sendall(posting(node, "Content-Length: 4000000"))
        line.sendall(b'{"content":[{"attachment":{"data":"' + b"A" * sent)
    spool = node.directory / "spool"
    assert not spool.exists() or not list(spool.iterdir())


@pytest.mark.usefixtures("unharmed")
def test_a_form_is_bounded(node: Node, scene: Scene) -> None:
    client = node.acting(GENERALIST)
    from tests.system.checks import refused

    response = client.form("DocumentReference/_search", patient=scene.record, type="a" * 100_000)
    refused(response, 413, "body-too-large")
