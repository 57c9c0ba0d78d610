from __future__ import annotations

import io
import random
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.storage import objects
from carnet.storage.objects import SEGMENT, ObjectBroken
from carnet.storage.sealing import Sealer
from tests.storage.samples import an_entry

SEALER = Sealer(b"k" * 32, b"r" * 16)
ID, ENTRY = b"o" * 16, an_entry()
NOISE = random.Random(1).randbytes(3 * SEGMENT + 12_345)  # does not compress: four segments


def pieces(data: bytes, size: int = 100_000) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def large(data: bytes, sealer: Sealer = SEALER, object_id: bytes = ID) -> bytes:
    return b"".join(objects.seal_pieces(sealer, object_id, ENTRY, pieces(data)))


def opened(sealed: bytes, sealer: Sealer = SEALER, object_id: bytes = ID) -> bytes:
    source = io.BytesIO(sealed)
    assert objects.open_entry(sealer, object_id, source) == ENTRY
    return b"".join(objects.open_chunks(sealer, object_id, source))


def cut(sealed: bytes) -> tuple[bytes, list[bytes]]:
    """The head of an object, and its segments with their lengths."""
    start = 8 + struct.unpack_from("<I", sealed, 4)[0]
    head, segments = sealed[:start], []
    while start < len(sealed):
        end = start + 4 + struct.unpack_from("<I", sealed, start)[0]
        segments.append(sealed[start:end])
        start = end
    return head, segments


@pytest.fixture(scope="module")
def noise() -> bytes:
    return large(NOISE)


@given(st.binary(max_size=2000))
def test_a_small_document_comes_back(data: bytes) -> None:
    assert opened(objects.seal_small(SEALER, ID, ENTRY, data)) == data
    assert opened(large(data)) == data


@pytest.mark.parametrize("size", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 5 * SEGMENT])
def test_a_document_of_any_length_comes_back(size: int) -> None:
    for data in (bytes(size), (NOISE * 2)[:size]):
        assert opened(large(data)) == data
        assert opened(objects.seal_small(SEALER, ID, ENTRY, data[:SEGMENT])) == data[:SEGMENT]


def test_a_large_document_is_handed_out_in_pieces(noise: bytes) -> None:
    assert len(cut(noise)[1]) == 4
    source = io.BytesIO(noise)
    objects.open_entry(SEALER, ID, source)
    found = list(objects.open_chunks(SEALER, ID, source))
    assert b"".join(found) == NOISE
    assert max(map(len, found)) <= 2 * SEGMENT


def test_text_is_compressed_before_it_is_sealed() -> None:
    text = b"Le patient va bien. " * 2_000
    assert len(objects.seal_small(SEALER, ID, ENTRY, text)) < len(text) / 10


def test_the_metadata_is_read_without_the_document(noise: bytes) -> None:
    head, _ = cut(noise)
    assert objects.open_entry(SEALER, ID, io.BytesIO(head)) == ENTRY


@given(st.data())
def test_a_bit_turned_anywhere_is_seen(data: st.DataObject) -> None:
    sealed = bytearray(objects.seal_small(SEALER, ID, ENTRY, b"some health data"))
    place = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(ObjectBroken):
        opened(bytes(sealed))


@given(st.data())
def test_an_object_cut_short_anywhere_is_seen(data: st.DataObject) -> None:
    sealed = objects.seal_small(SEALER, ID, ENTRY, b"some health data")
    with pytest.raises(ObjectBroken):
        opened(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@pytest.mark.parametrize(
    "change",
    [
        lambda head, parts: [head, *parts[:-1]],
        lambda head, parts: [head, *parts[1:]],
        lambda head, parts: [head, parts[0], parts[2], parts[1], parts[3]],
        lambda head, parts: [head, *parts, parts[-1]],
        lambda head, parts: [head, parts[0], parts[0], *parts[2:]],
        lambda head, parts: [head, parts[-1]],
        lambda head, _: [head],
        lambda head, parts: [head, *parts, b"\x00"],
    ],
    ids=["last", "first", "swapped", "again", "doubled", "only-last", "none", "more"],
)
def test_segments_dropped_moved_or_added_are_seen(noise: bytes, change: object) -> None:
    assert callable(change)
    head, parts = cut(noise)
    with pytest.raises(ObjectBroken):
        opened(b"".join(change(head, parts)))


def test_segments_of_another_object_are_seen(noise: bytes) -> None:
    head, parts = cut(noise)
    _, others = cut(large(NOISE, object_id=b"p" * 16))
    with pytest.raises(ObjectBroken):
        opened(head + b"".join((parts[0], others[1], *parts[2:])))


@pytest.mark.parametrize(
    ("sealer", "object_id"),
    [(Sealer(b"x" * 32, b"r" * 16), ID), (Sealer(b"k" * 32, b"s" * 16), ID), (SEALER, b"p" * 16)],
    ids=["key", "record", "object"],
)
def test_an_object_moved_to_another_place_does_not_open(sealer: Sealer, object_id: bytes) -> None:
    sealed = objects.seal_small(SEALER, ID, ENTRY, b"data")
    with pytest.raises(ObjectBroken):
        opened(sealed, sealer, object_id)


@pytest.mark.parametrize("length", [1 << 25, 0xFFFFFFFF])
def test_a_length_beyond_reason_is_not_read(length: int) -> None:
    sealed = bytearray(objects.seal_small(SEALER, ID, ENTRY, b"data"))
    struct.pack_into("<I", sealed, 4, length)
    with pytest.raises(ObjectBroken, match="too long"):
        opened(bytes(sealed))
    sealed = bytearray(objects.seal_small(SEALER, ID, ENTRY, b"data"))
    struct.pack_into("<I", sealed, len(cut(bytes(sealed))[0]), length)
    with pytest.raises(ObjectBroken, match="too long"):
        opened(bytes(sealed))
