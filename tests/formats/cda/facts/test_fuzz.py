"""Whatever a document holds: a refusal of the catalogue or facts within bounds, never a crash."""

from __future__ import annotations

import re

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carnet.formats.cda.facts import read_facts
from carnet.formats.cda.facts.context import MAXIMUM
from carnet.record.errors import CarnetError
from carnet.record.facts import Facts
from tests.corpus import corpus_files
from tests.formats.cda.facts.documents import places_of

SEEDS = [path.read_bytes() for path in corpus_files() if path.stat().st_size < 70_000]
ATTRIBUTE = re.compile(rb'="[^"]*"')
TAG = re.compile(rb"<(?!/|\?|!)[^>]*/>")
ODD = [b"", b"-", b"NaN", b"1e999", b"9" * 400, b"20233112", b"#", b"&#233;" * 300, b"-0,5"]
ROUNDS = 200

Step = tuple[str, int, int, bytes]

mutations = st.lists(
    st.tuples(
        st.sampled_from(("attribute", "drop", "double", "move", "byte")),
        st.integers(0, 1_000_000),
        st.integers(0, 1_000_000),
        st.sampled_from(ODD),
    ),
    min_size=1,
    max_size=12,
)


def mutated(data: bytes, steps: list[Step]) -> bytes:
    """A document after some changes, most of which leave it well formed."""
    for step in steps:
        data = changed(data, step) or data
    return data


def changed(data: bytes, step: Step) -> bytes:
    kind, where, other, odd = step
    if kind == "byte":
        place = where % len(data)
        return data[:place] + bytes([other % 256]) + data[place + 1 :]
    pattern = ATTRIBUTE if kind == "attribute" else TAG
    places = [found.span() for found in pattern.finditer(data)]
    if not places:
        return data
    begin, end = places[where % len(places)]
    from_, to = places[other % len(places)]
    new = {
        "attribute": b'="' + odd + b'"',
        "drop": b"",
        "double": data[begin:end] * 3,
        "move": data[from_:to],
    }
    return data[:begin] + new[kind] + data[end:]


def tried(data: bytes) -> None:
    """Read it: a refusal must be one of those told, facts must be whole and point into it."""
    code = "read"
    read = Facts()
    try:
        read = read_facts(data)
    except CarnetError as error:
        code = error.code
    assert code == "read" or code.startswith(("xml-", "cda-"))
    assert len(read.facts) <= MAXIMUM
    assert [fact.number for fact in read.facts] == list(range(len(read.facts)))
    for place in places_of(read):
        assert 0 < place.begin < place.end <= len(data)
        assert data[place.begin : place.begin + 1] == b"<"
        assert data[place.end - 1 : place.end] == b">"
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(read), type=Facts) == read


@settings(max_examples=ROUNDS, deadline=None)
@given(st.sampled_from(SEEDS), mutations)
def test_any_mutation_is_read_or_refused(data: bytes, steps: list[Step]) -> None:
    tried(mutated(data, steps))


@settings(max_examples=ROUNDS, deadline=None)
@given(st.binary(max_size=400))
@example(b"\xff\xfe<\0a\0/\0>\0")
@example(b'<?xml version="1.0" encoding="utf-7"?><a/>')
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    tried(data)
