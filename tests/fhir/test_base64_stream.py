"""Base64 is as strict whole as in pieces: padding makes the last group four characters, no more."""

from __future__ import annotations

import pytest

from carnet.fhir.base64_stream import Base64Stream, decode
from carnet.record.errors import CarnetError
from tests.fhir.test_scanner import HeldSpool


def streamed(text: str, step: int) -> bytes:
    sink = HeldSpool()
    stream = Base64Stream(sink, "data")
    for at in range(0, len(text), step):
        stream.feed(text[at : at + step].encode())
    stream.finish()
    sink.finish()
    return b"".join(sink.chunks())


@pytest.mark.parametrize("text", ["Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm 9v\nYg==".replace("\n", " ")])
@pytest.mark.parametrize("step", [1, 3, 4, 100])
def test_a_padded_text_reads_alike_both_ways(text: str, step: int) -> None:
    assert streamed(text, step) == decode(text, "data")


@pytest.mark.parametrize(
    "text", ["", "Zm9v=", "Zm9v==", "Zm9v====", "Zm9", "Zm9vYg", "A===", "Z=m9"]
)
@pytest.mark.parametrize("step", [1, 3, 4, 100])
def test_wrong_padding_is_refused_both_ways(text: str, step: int) -> None:
    with pytest.raises(CarnetError) as whole:
        decode(text, "data")
    with pytest.raises(CarnetError) as pieces:
        streamed(text, step)
    assert (whole.value.code, pieces.value.code) == ("base64-invalid", "base64-invalid")
