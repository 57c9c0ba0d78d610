from __future__ import annotations

import msgspec
import pytest

from carnet.storage.journal import GENESIS, JournalBody, MovedHead, decode, encode, mac

BODY = JournalBody((MovedHead(b"r" * 16, 1, 7, b"l" * 12),), (b"a bad token",))
ROW = (b"k" * 32, GENESIS, b"stream", 1, 1_767_225_600_000_000, encode(BODY))


def test_a_row_says_what_was_put_into_it() -> None:
    assert decode(encode(BODY)) == BODY


def test_a_row_that_is_none_is_told() -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(b"\xc1")


@pytest.mark.parametrize(
    ("place", "value"),
    list(enumerate([b"x" * 32, b"\x01" * 32, b"another", 2, 5, encode(JournalBody(()))])),
    ids=["key", "previous", "stream", "seq", "at", "body"],
)
def test_the_mac_holds_every_part(place: int, value: object) -> None:
    changed: list[object] = list(ROW)
    changed[place] = value
    assert len(mac(*ROW)) == 32
    assert mac(*changed) != mac(*ROW)  # type: ignore[arg-type]  # one part replaced by its like
