from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.storage.pages import SLOTS, PageBroken, open_page, page_of, seal_page
from carnet.storage.sealing import Sealer
from tests.storage.samples import a_slot

SEALER = Sealer(b"k" * 32, b"r" * 16)
PAGE = [a_slot(number) for number in range(1, SLOTS + 1)]


def test_a_page_comes_back_as_it_was() -> None:
    assert open_page(SEALER, 0, seal_page(SEALER, 0, PAGE)) == PAGE
    assert open_page(SEALER, 7, seal_page(SEALER, 7, [])) == []


def test_a_full_page_is_much_smaller_than_its_resources() -> None:
    longer = [a_slot(n) for n in range(1, SLOTS + 1)]
    size = sum(len(slot.resource) + 100 for slot in longer)
    assert len(seal_page(SEALER, 0, longer)) < size / 3


@pytest.mark.parametrize(("number", "page"), [(1, 0), (32, 0), (33, 1), (64, 1), (65, 2)])
def test_entries_lie_thirty_two_a_page(number: int, page: int) -> None:
    assert page_of(number) == page


@pytest.mark.parametrize(
    ("sealer", "number"),
    [(SEALER, 1), (Sealer(b"x" * 32, b"r" * 16), 0), (Sealer(b"k" * 32, b"s" * 16), 0)],
    ids=["page", "key", "record"],
)
def test_a_page_opens_nowhere_else(sealer: Sealer, number: int) -> None:
    with pytest.raises(PageBroken):
        open_page(sealer, number, seal_page(SEALER, 0, PAGE))


@given(st.data())
def test_a_bit_turned_anywhere_is_seen(data: st.DataObject) -> None:
    page = bytearray(seal_page(SEALER, 0, PAGE[:2]))
    place = data.draw(st.integers(0, 8 * len(page) - 1))
    page[place // 8] ^= 1 << place % 8
    with pytest.raises(PageBroken):
        open_page(SEALER, 0, bytes(page))


@pytest.mark.parametrize("page", [b"", b"\x00", b"\xff" * 40])
def test_bytes_that_are_no_page_are_told(page: bytes) -> None:
    with pytest.raises(PageBroken):
        open_page(SEALER, 0, page)
