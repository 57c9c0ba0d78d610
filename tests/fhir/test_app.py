"""The application as far as the use cases' door: addresses, methods, tokens, bodies, faults."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import orjson
import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome

from carnet.fhir.app import Limits, build_app
from carnet.fhir.http import Request, Response
from carnet.fhir.routes import REFUSALS, ROUTES
from carnet.fhir.services import LogLine, Services
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import ErrorKind
from carnet.statuses import STATUSES
from tests.fhir.test_body import HeldSpools

JSON = "application/fhir+json"
EVERYTHING = "all"
SCOPES = {EVERYTHING: "user/*.cruds", "other": "user/Slot.cruds"}


class Door:
    """All that stands before the use cases: an address, a log, tokens that name their scopes."""

    public_base = "https://carnet.example"

    def __init__(self) -> None:
        self.spools = HeldSpools()
        self.lines: list[LogLine] = []

    def log(self, line: LogLine) -> None:
        self.lines.append(line)

    async def authenticate(self, token: str) -> Caller:
        return Caller(CallerKind.PROFESSIONAL, scopes=frozenset({SCOPES[token]}))


def send(
    method: str,
    path: str,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    token: str | None = EVERYTHING,
    door: Door | None = None,
    repeated: tuple[str, ...] = (),
) -> Response:
    async def whole() -> bytes:
        return body

    sent = {"content-length": str(len(body))} if body else {}
    if token is not None:
        sent["authorization"] = f"Bearer {token}"
    sent.update(headers or {})
    app = build_app(cast("Services", door or Door()))
    return asyncio.run(app(Request(method, path, query, sent, whole, repeated=repeated)))


def outcome(response: Response) -> str:
    assert isinstance(response.body, bytes)
    found = orjson.loads(response.body)
    OperationOutcome.model_validate(found)
    code: str = found["issue"][0]["details"]["coding"][0]["code"]
    return code


def header(response: Response, name: str) -> str | None:
    return dict(response.headers).get(name)


def test_every_kind_of_refusal_has_its_status() -> None:
    assert set(STATUSES) == set(ErrorKind)


def test_the_capability_statement_needs_no_token_and_names_every_route() -> None:
    response = send("GET", "/fhir/metadata", token=None)
    assert response.status == 200
    assert isinstance(response.body, bytes)
    statement = orjson.loads(response.body)
    CapabilityStatement.model_validate(statement)
    said = {
        (resource["type"], interaction["code"])
        for resource in statement["rest"][0]["resource"]
        for interaction in resource["interaction"]
    }
    assert said == {(r.path.partition("/")[0], r.code) for r in ROUTES if r.code}


def test_head_is_answered_as_get() -> None:
    response = send("HEAD", "/fhir/metadata", token=None)
    assert (response.status, header(response, "content-type")) == (200, JSON)


def test_pretty_is_for_people() -> None:
    response = send("GET", "/fhir/metadata", "_pretty=true", token=None)
    assert isinstance(response.body, bytes)
    assert response.body.count(b"\n") > 50


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/fhir/Nothing", 404, "route-unknown"),
        ("GET", "/other", 404, "route-unknown"),
        ("GET", "/fhir/Patient/a/b", 404, "route-unknown"),
        ("GET", "/fhir//Patient", 400, "path-malformed"),
        ("GET", "/fhir/Patient/../metadata", 400, "path-malformed"),
        ("GET", "/fhir/Patient/a\x00", 400, "path-malformed"),
        ("GET", "/fhir/" + "a" * 600, 400, "path-too-long"),
        ("DELETE", "/fhir/Patient/a", 405, "method-not-allowed"),
        ("OPTIONS", "/fhir/Patient", 405, "method-not-allowed"),
        ("TRACE", "/fhir/metadata", 405, "method-not-allowed"),
        *(
            (item.method, "/fhir/" + item.path.replace("{id}", "a"), 405, item.code)
            for item in REFUSALS
        ),
    ],
)
def test_addresses_and_methods_that_are_not_offered(
    method: str, path: str, status: int, code: str
) -> None:
    response = send(method, path)
    assert (response.status, outcome(response)) == (status, code)


def test_the_methods_of_an_address_are_named() -> None:
    assert header(send("PUT", "/fhir/DocumentReference/a"), "allow") == "GET, HEAD, PATCH"
    assert header(send("DELETE", "/fhir/metadata"), "allow") == "GET, HEAD"


@pytest.mark.parametrize("route", [route for route in ROUTES if route.scopes])
def test_every_route_but_the_statement_wants_a_token_with_its_scope(route: Any) -> None:
    path = "/fhir/" + route.path.replace("{id}", "a")
    nobody = send(route.method, path, token=None)
    assert (nobody.status, outcome(nobody)) == (401, "token-missing")
    assert header(nobody, "www-authenticate") == 'Bearer realm="carnet"'
    other = send(route.method, path, token="other")
    assert (other.status, outcome(other)) == (403, "scope-missing")
    assert "insufficient_scope" in (header(other, "www-authenticate") or "")


@pytest.mark.parametrize(
    "authorization", ["Basic abc", "Bearer", "Bearer a b", "Bearer " + "a" * 9000]
)
def test_a_token_that_is_none_is_refused(authorization: str) -> None:
    response = send("GET", "/fhir/Patient", headers={"authorization": authorization})
    assert (response.status, outcome(response)) == (401, "token-malformed")
    assert 'error="invalid_token"' in (header(response, "www-authenticate") or "")


def test_a_token_in_the_url_is_no_token() -> None:
    response = send("GET", "/fhir/Patient", "access_token=x", token=None)
    assert response.status == 401


@pytest.mark.parametrize(
    ("headers", "query", "status", "code"),
    [
        ({"accept": "application/fhir+xml"}, "", 406, "not-acceptable"),
        ({}, "_format=xml", 406, "not-acceptable"),
        ({}, "a=\x00", 400, "query-malformed"),
        ({}, "a" * 9000, 400, "query-too-long"),
        ({"if-none-exist": "x"}, "", 400, "header-unsupported"),
    ],
)
def test_what_cannot_be_answered_is_refused_before_anything_is_read(
    headers: dict[str, str], query: str, status: int, code: str
) -> None:
    response = send("GET", "/fhir/Patient", query, headers)
    assert (response.status, outcome(response)) == (status, code)


def test_a_header_given_twice_is_refused() -> None:
    response = send("GET", "/fhir/metadata", repeated=("host",))
    assert (response.status, outcome(response)) == (400, "header-repeated")


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"content-type": "application/fhir+xml"}, b"<a/>", 415, "content-type-unsupported"),
        (
            {"content-type": JSON, "content-encoding": "gzip"},
            b"x",
            415,
            "content-encoding-unsupported",
        ),
        ({"content-type": JSON, "content-length": "68000001"}, b"{", 413, "body-too-large"),
        ({"content-type": JSON, "content-length": "x"}, b"{", 400, "header-malformed"),
        ({"content-type": JSON}, b"{", 400, "json-malformed"),
        ({"content-type": JSON}, b"{}", 422, "element-empty"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    response = send("POST", "/fhir/DocumentReference", "", headers, body)
    assert (response.status, outcome(response)) == (status, code)


def test_a_refusal_has_a_reference_that_finds_its_log_line() -> None:
    door = Door()
    response = send("GET", "/fhir/Nothing", door=door)
    reference = header(response, "x-request-id")
    assert reference
    assert isinstance(response.body, bytes)
    assert reference in response.body.decode()
    assert [(line.reference, line.code, line.status) for line in door.lines] == [
        (reference, "route-unknown", 404)
    ]


def test_a_request_id_comes_back_and_a_false_one_does_not() -> None:
    response = send("GET", "/fhir/metadata", headers={"x-request-id": "lps-42"})
    assert header(response, "x-request-id") == "lps-42"
    forged = send("GET", "/fhir/Nothing", headers={"x-request-id": "a b<script>"})
    assert header(forged, "x-request-id") not in (None, "a b<script>")


def test_a_fault_of_carnet_says_no_more_than_its_reference() -> None:
    door = Door()
    # This door leads nowhere: the use case behind the route is missing.
    response = send("GET", "/fhir/Patient/a", door=door)
    assert (response.status, outcome(response)) == (500, "defect")
    assert isinstance(response.body, bytes)
    assert b"Traceback" not in response.body
    assert b"check_record_by_id" not in response.body
    assert door.lines[0].where[-1] == "AttributeError"
    assert "check_record_by_id" not in " ".join(door.lines[0].where)


def test_no_answer_may_be_kept() -> None:
    for path in ("/fhir/metadata", "/fhir/Nothing"):
        response = send("GET", path)
        assert header(response, "cache-control") == "no-store"
        assert header(response, "x-content-type-options") == "nosniff"


def test_bodies_in_flight_are_bounded() -> None:
    async def two() -> tuple[Response, Response]:
        app = build_app(cast("Services", Door()), Limits(bytes_in_flight=1000))
        gate, arrived = asyncio.Event(), asyncio.Event()

        async def slow() -> bytes:
            arrived.set()
            await gate.wait()
            return b"{"

        async def quick() -> bytes:
            return b"{"

        def post(body: Callable[[], Awaitable[bytes]]) -> Request:
            headers = {
                "authorization": "Bearer all",
                "content-type": JSON,
                "content-length": "900",
            }
            return Request("POST", "/fhir/DocumentReference", "", headers, body)

        first = asyncio.create_task(app(post(slow)))
        async with asyncio.timeout(30):
            await arrived.wait()
        second = await app(post(quick))
        gate.set()
        return await first, second

    first, second = asyncio.run(two())
    assert (second.status, outcome(second)) == (503, "busy")
    assert header(second, "retry-after")
    assert outcome(first) == "json-malformed"


def test_a_request_that_never_ends_is_ended() -> None:
    async def endless() -> bytes:
        await asyncio.Event().wait()
        return b""

    headers = {
        "authorization": "Bearer all",
        "content-type": JSON,
        "content-length": "9",
    }
    app = build_app(cast("Services", Door()), Limits(seconds=0.01))
    request = Request("POST", "/fhir/DocumentReference", "", headers, endless)
    response = asyncio.run(app(request))
    assert (response.status, outcome(response)) == (503, "request-timeout")
