from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

import orjson
import pytest

from carnet.fhir.body import (
    BODY_LIMIT,
    MEMORY_LIMIT,
    declared_length,
    parse_json,
    parse_resource,
    read_resource,
    read_small,
)
from carnet.fhir.http import Request
from carnet.record.errors import CarnetError
from tests.fhir.test_scanner import HeldSpool

T = TypeVar("T")


class HeldSpools:
    """Makes spools in memory and remembers them."""

    def __init__(self) -> None:
        self.made: list[HeldSpool] = []

    def new(self) -> HeldSpool:
        self.made.append(HeldSpool())
        return self.made[-1]


def run(act: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(act)


def request_of(raw: bytes, step: int = 65_536, declared: bool = True) -> Request:
    async def whole() -> bytes:
        return raw

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(raw), step):
            yield raw[start : start + step]

    headers = {"content-length": str(len(raw))} if declared else {}
    return Request("POST", "/fhir/DocumentReference", "", headers, whole, pieces())


def resource_of(document: bytes) -> bytes:
    data = base64.b64encode(document).decode()
    return orjson.dumps({"status": "current", "content": [{"attachment": {"data": data}}]})


PATH = "content[0].attachment.data"


@pytest.mark.parametrize("size", [1, 5_000, 700_000, 800_000, 3_000_000])
@pytest.mark.parametrize("declared", [True, False])
def test_a_document_leaves_the_resource_whatever_its_size(size: int, declared: bool) -> None:
    document = bytes(i % 251 for i in range(size))
    request = request_of(resource_of(document), declared=declared)
    body = run(read_resource(request, "DocumentReference", HeldSpools()))
    assert body.resource["content"] == [{"attachment": {"data": ""}}]
    assert b"".join(body.contents[PATH].chunks()) == document
    assert body.contents[PATH].size == size
    body.close()


def test_a_small_body_makes_no_spool_and_a_large_one_gives_its_spool_back() -> None:
    spools = HeldSpools()
    run(read_resource(request_of(resource_of(b"x")), "DocumentReference", spools))
    assert spools.made == []
    large = request_of(resource_of(b"x" * MEMORY_LIMIT))
    run(read_resource(large, "DocumentReference", spools)).close()
    assert [spool.is_closed for spool in spools.made] == [True]


def test_a_large_body_that_is_refused_gives_its_spool_back() -> None:
    spools = HeldSpools()
    raw = resource_of(b"x" * MEMORY_LIMIT)[:-1]
    with pytest.raises(CarnetError) as caught:
        run(read_resource(request_of(raw), "DocumentReference", spools))
    assert caught.value.code == "json-truncated"
    assert [spool.is_closed for spool in spools.made] == [True]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "body-empty"),
        (b" \n", "body-empty"),
        (b'{"a":', "json-malformed"),
        (b"\xff\xfe{}", "json-malformed"),
        (b'{"a":"\xe9"}', "json-malformed"),
        (b'{"a":"\\ud800"}', "json-malformed"),
        (b'{"a":NaN}', "json-malformed"),
        (b"[]", "json-not-object"),
        (b"null", "json-not-object"),
        (b'{"a":1,"b":{"c":1,"c":2}}', "json-duplicate-key"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "json-too-deep"),
        (b'{"a":' + b"[" * 4000 + b"]" * 4000 + b"}", "json-too-deep"),
        (b'{"a":' + b"[" * 5000, "json-too-deep"),
        (b'{"a":' + b"9" * 5000 + b"}", "json-malformed"),
        (b'{"content":[{"attachment":{"data":"QQ="}}]}', "base64-invalid"),
        ('{"content":[{"attachment":{"data":"é"}}]}'.encode(), "base64-invalid"),
        (b'{"content":[{"attachment":{"data":""}}]}', "base64-invalid"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_precisely(raw: bytes, code: str) -> None:
    with pytest.raises(CarnetError) as caught:
        parse_resource(raw, "DocumentReference")
    assert caught.value.code == code


def test_a_json_error_says_line_and_column() -> None:
    with pytest.raises(CarnetError) as caught:
        parse_json(b'{\n "a": x}', "Patch")
    assert (caught.value.params["line"], caught.value.params["column"]) == (2, 7)


@pytest.mark.parametrize("escaped", [False, True])
def test_a_name_given_twice_is_found_beside_a_long_document(escaped: bool) -> None:
    data = base64.b64encode(bytes(range(256)) * 40).decode()
    if escaped:
        data = data.replace("/", "\\/")
    raw = f'{{"content":[{{"attachment":{{"data":"{data}","title":"a","title":"b"}}}}]}}'
    with pytest.raises(CarnetError) as caught:
        parse_resource(raw.encode(), "DocumentReference")
    assert caught.value.params["name"] == "title"


def test_data_elsewhere_than_in_an_attachment_stays_for_the_reader_to_refuse() -> None:
    body = parse_resource(b'{"data":"QUFB"}', "DocumentReference")
    assert body.resource == {"data": "QUFB"}
    assert body.contents == {}


@pytest.mark.parametrize("text", ["-1", "1.0", "", "x", "１", "9" * 30])
def test_a_length_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CarnetError) as caught:
        declared_length({"content-length": text})
    assert caught.value.code == "header-malformed"


def test_a_length_over_the_limit_is_refused_at_once() -> None:
    assert declared_length({"content-length": str(BODY_LIMIT)}) == BODY_LIMIT
    with pytest.raises(CarnetError) as caught:
        declared_length({"content-length": str(BODY_LIMIT + 1)})
    assert caught.value.code == "body-too-large"


@pytest.mark.parametrize("declared", [True, False])
def test_a_small_body_has_its_own_limit(declared: bool) -> None:
    assert run(read_small(request_of(b"abc", 2, declared), 3)) == b"abc"
    with pytest.raises(CarnetError) as caught:
        run(read_small(request_of(b"abcd", 2, declared), 3))
    assert caught.value.code == "body-too-large"


def test_an_undeclared_body_is_counted_while_it_streams() -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"content":[{"attachment":{"data":"'
        piece = b"QUFB" * 250_000
        while True:
            yield piece

    class Nowhere(HeldSpool):
        def write(self, data: bytes) -> None:
            pass

    class NowhereSpools(HeldSpools):
        def new(self) -> HeldSpool:
            self.made.append(Nowhere())
            return self.made[-1]

    spools = NowhereSpools()
    request = Request("POST", "/", "", {}, None, endless())
    with pytest.raises(CarnetError) as caught:
        run(read_resource(request, "DocumentReference", spools))
    assert caught.value.code in ("body-too-large", "document-too-large")
    assert spools.made[0].is_closed
