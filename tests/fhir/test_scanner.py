"""The scanner of large bodies against a JSON parser, cut at any place."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.fhir.scanner import SKELETON_LIMIT, Scanner
from carnet.record.errors import CarnetError


class HeldSpool:
    """A spool in memory."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.is_finished = False
        self.is_closed = False

    @property
    def size(self) -> int:
        return len(self.data)

    def write(self, data: bytes) -> None:
        self.data += data

    def finish(self) -> None:
        self.is_finished = True

    def chunks(self) -> Iterator[bytes]:
        yield bytes(self.data)

    def close(self) -> None:
        self.is_closed = True


def scan(chunks: list[bytes]) -> tuple[Any, dict[str, bytes]]:
    held: list[HeldSpool] = []

    def new() -> HeldSpool:
        held.append(HeldSpool())
        return held[-1]

    scanner = Scanner("Thing", new)
    for chunk in chunks:
        scanner.feed(chunk)
    skeleton = orjson.loads(scanner.finish())
    assert all(spool.is_finished for spool in held)
    return skeleton, {path: bytes(b"".join(s.chunks())) for path, s in scanner.contents.items()}


def cut(raw: bytes, places: list[int]) -> list[bytes]:
    bounds = sorted({0, len(raw), *(place % (len(raw) + 1) for place in places)})
    return [raw[start:end] for start, end in pairwise(bounds)]


def take_out(value: Any, path: str, found: dict[str, bytes]) -> Any:
    """What the scanner should do, on a parsed value."""
    if isinstance(value, dict):
        taken = {}
        for key, item in value.items():
            place = f"{path}.{key}".removeprefix(".")
            if key == "data" and isinstance(item, str):
                found[place] = base64.b64decode(item)
                taken[key] = ""
            else:
                taken[key] = take_out(item, place, found)
        return taken
    if isinstance(value, list):
        return [take_out(item, f"{path}[{i}]", found) for i, item in enumerate(value)]
    return value


NAMES = st.one_of(
    st.text(min_size=1, max_size=6).filter(lambda n: n != "data"), st.just("attachment")
)
DOCUMENTS = st.binary(min_size=1, max_size=60).map(lambda raw: base64.b64encode(raw).decode())
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(NAMES, inner, max_size=3),
        st.tuples(st.dictionaries(NAMES, inner, max_size=2), DOCUMENTS).map(
            lambda pair: {**pair[0], "data": pair[1]}
        ),
    ),
    max_leaves=12,
)


def keys(value: Any) -> bool:
    """Whether a key could make two paths look the same: then the paths cannot be compared."""
    if isinstance(value, dict):
        return any(set(key) & set(".[]") or keys(item) for key, item in value.items())
    return any(keys(item) for item in value) if isinstance(value, list) else False


@given(
    st.dictionaries(NAMES, VALUES, max_size=4),
    st.lists(st.integers(0, 5000), max_size=12),
    st.booleans(),
    st.sampled_from([None, 2]),
)
def test_any_chunking_gives_what_a_parser_gives(
    value: dict[str, Any], places: list[int], ascii_only: bool, indent: int | None
) -> None:
    if keys(value):
        return
    raw = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    expected: dict[str, bytes] = {}
    wanted = take_out(orjson.loads(raw), "", expected)
    assert scan(cut(raw, places)) == (wanted, expected)


@given(st.binary(min_size=1, max_size=300), st.integers(1, 7))
def test_escapes_of_json_inside_base64_are_read(document: bytes, step: int) -> None:
    text = base64.b64encode(document).decode().replace("/", "\\/").replace("+", "\\u002b")
    broken = "\\n".join(text[i : i + 76] for i in range(0, len(text), 76))
    if "\\\n" in broken or broken.endswith("\\"):
        return
    raw = f'{{"data":"{broken}"}}'.encode()
    try:
        parsed = base64.b64decode(orjson.loads(raw)["data"])
    except orjson.JSONDecodeError:
        return  # the line end fell inside an escape: no JSON
    _, contents = scan([raw[i : i + step] for i in range(0, len(raw), step)])
    assert contents == {"data": parsed}


@pytest.mark.parametrize(
    "text",
    ["QQ=", "QQ", "Q", "=", "Q*==", "QQ==QQ==", "QQ-_", "", "  ", "QUF\\u00e9", 'QU\\"F', "QU\\bF"],
)
def test_what_is_no_base64_is_refused_with_its_place(text: str) -> None:
    raw = f'{{"content":[{{"attachment":{{"data":"{text}"}}}}]}}'.encode()
    for step in (1, 3, len(raw)):
        with pytest.raises(CarnetError) as caught:
            scan([raw[i : i + step] for i in range(0, len(raw), step)])
        assert caught.value.code == "base64-invalid"
        assert caught.value.element == "Thing.content[0].attachment.data"


@pytest.mark.parametrize("raw", [b'{"data":"QUFB', b'{"a":"b', b'{"a":[1', b'{"a":{"b":"\\'])
def test_a_body_that_stops_early_is_refused(raw: bytes) -> None:
    with pytest.raises(CarnetError) as caught:
        scan([raw])
    assert caught.value.code == "json-truncated"


def test_a_document_given_twice_is_refused() -> None:
    with pytest.raises(CarnetError) as caught:
        scan([b'{"data":"QUFB","data":"QUFB"}'])
    assert caught.value.code == "json-duplicate-key"


def test_what_is_no_document_is_bounded() -> None:
    with pytest.raises(CarnetError) as caught:
        scan([b'{"title":"' + b"x" * SKELETON_LIMIT + b'"}'])
    assert caught.value.code == "body-too-large"


def test_depth_is_bounded() -> None:
    with pytest.raises(CarnetError) as caught:
        scan([b"[" * 40 + b"]" * 40])
    assert caught.value.code == "json-too-deep"


def test_a_key_with_escapes_is_the_same_key() -> None:
    skeleton, contents = scan([b'{"d\\u0061ta":"QUFB"}'])
    assert (skeleton, contents) == ({"data": ""}, {"data": b"AAA"})


def test_a_document_over_its_limit_is_refused_while_it_arrives() -> None:
    from carnet.fhir.base64_stream import Base64Stream

    stream = Base64Stream(HeldSpool(), "Thing.data", limit=5)
    stream.feed(b"QUFB")
    with pytest.raises(CarnetError) as caught:
        stream.feed(b"QUFB")
    assert caught.value.code == "document-too-large"


def test_closing_gives_back_every_spool() -> None:
    held: list[HeldSpool] = []

    def new() -> HeldSpool:
        held.append(HeldSpool())
        return held[-1]

    scanner = Scanner("Thing", new)
    scanner.feed(b'{"a":{"data":"QUFB"},"data":"QU')
    scanner.close()
    assert [spool.is_closed for spool in held] == [True, True]
