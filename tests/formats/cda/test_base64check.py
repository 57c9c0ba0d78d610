"""Base64 checked as it streams."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.cda.base64check import Base64Check
from carnet.record.errors import CarnetError


def size(*pieces: str) -> int:
    check = Base64Check("/here")
    for piece in pieces:
        check.feed(piece)
    return check.finish()


@given(st.binary(max_size=300), st.integers(1, 50))
def test_whatever_base64_encodes_passes_in_any_pieces(data: bytes, step: int) -> None:
    text = base64.encodebytes(data).decode()
    assert size(*(text[i : i + step] for i in range(0, len(text), step))) == len(data)


@pytest.mark.parametrize("text", ["", "  \n\t", "QQ==", " Q Q\n=\r=", "QUI=", "QUJD"])
def test_blanks_stand_anywhere(text: str) -> None:
    assert size(text) == len(base64.b64decode(text))


@pytest.mark.parametrize(
    "pieces",
    [
        ("A",),
        ("AA",),
        ("AAA",),
        ("AAAA=",),
        ("AA==", "AA=="),
        ("AA=A",),
        ("A=AA", ""),
        ("=",),
        ("====",),
        ("AA=", "A"),
        ("AA==", " ", "A"),
        ("AAA-",),
        ("AAA_",),
        ("AAAé",),
        ("AAA\x0b",),
        ("%PDF",),
        ("data:application/pdf;base64,AAAA",),
    ],
)
def test_broken_base64_is_refused_with_its_place(pieces: tuple[str, ...]) -> None:
    with pytest.raises(CarnetError) as caught:
        size(*pieces)
    assert (caught.value.code, caught.value.element) == ("base64-malformed", "/here")
