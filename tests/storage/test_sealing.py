from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.storage.sealing import NONCE, TAG, SealBroken, Sealer

KEY, RECORD = b"k" * 32, b"r" * 16


@given(st.binary(max_size=300), st.binary(max_size=20))
def test_what_is_sealed_opens_in_its_place(data: bytes, name: bytes) -> None:
    sealed = Sealer(KEY, RECORD).seal(b"kind", name, data)
    assert len(sealed) == NONCE + len(data) + TAG
    assert Sealer(KEY, RECORD).unseal(b"kind", name, sealed) == data


@pytest.mark.parametrize(
    ("sealer", "kind", "name"),
    [
        (Sealer(b"x" * 32, RECORD), b"kind", b"name"),
        (Sealer(KEY, b"s" * 16), b"kind", b"name"),
        (Sealer(KEY), b"kind", b"name"),
        (Sealer(KEY, RECORD), b"another", b"name"),
        (Sealer(KEY, RECORD), b"kind", b"other"),
    ],
    ids=["key", "record", "store", "kind", "name"],
)
def test_it_opens_nowhere_else(sealer: Sealer, kind: bytes, name: bytes) -> None:
    sealed = Sealer(KEY, RECORD).seal(b"kind", b"name", b"data")
    with pytest.raises(SealBroken):
        sealer.unseal(kind, name, sealed)


@given(st.data())
def test_a_bit_turned_anywhere_breaks_the_seal(data: st.DataObject) -> None:
    sealed = bytearray(Sealer(KEY, RECORD).seal(b"kind", b"name", b"some health data"))
    place = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(SealBroken):
        Sealer(KEY, RECORD).unseal(b"kind", b"name", bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, NONCE, NONCE + TAG - 1])
def test_bytes_too_few_are_a_broken_seal(length: int) -> None:
    with pytest.raises(SealBroken):
        Sealer(KEY, RECORD).unseal(b"kind", b"name", bytes(length))


def test_the_same_data_is_never_sealed_alike() -> None:
    sealer = Sealer(KEY, RECORD)
    assert len({sealer.seal(b"kind", b"name", b"data") for _ in range(50)}) == 50
