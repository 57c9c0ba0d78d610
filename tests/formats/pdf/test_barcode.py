"""Bar codes: the symbols that Code 128 prescribes (ISO/IEC 15417, table 1)."""

from __future__ import annotations

import pytest

from carnet.formats.pdf.barcode import bars, draw_bars
from carnet.formats.pdf.sheet import Box, Sheet

START_C, STOP = "211232", "2331112"


def test_a_code_is_start_pairs_check_and_stop() -> None:
    pairs = {"12": "112232", "34": "131123", "56": "331121", "78": "241112"}
    # 105 + 1·12 + 2·34 + 3·56 + 4·78 = 665, which leaves 47 when divided by 103.
    check = "133121"
    expected = "".join([START_C, *pairs.values(), check, STOP])
    assert bars("12345678") == [int(width) for width in expected]


@pytest.mark.parametrize("digits", ["123", "10000000142", "351000148"])
def test_an_odd_number_of_digits_is_itself_and_not_one_with_a_zero(digits: str) -> None:
    made = bars(digits)
    assert made != bars(f"0{digits}")
    # Each symbol is eleven modules wide, the stop thirteen; one changes the set, one ends the code.
    assert sum(made) == 11 * (1 + len(digits) // 2 + 2 + 1) + 13
    assert len(made) == 6 * (1 + len(digits) // 2 + 2 + 1) + 7


def test_bars_fill_their_place_from_edge_to_edge() -> None:
    sheet = Sheet()
    draw_bars(sheet, 50, 20, 120, 17, "10000000142")
    boxes = [mark for mark in sheet.marks if isinstance(mark, Box)]
    assert len(boxes) == len(sheet.marks) == (len(bars("10000000142")) + 1) // 2
    assert boxes[0].x == 50
    assert boxes[-1].x + boxes[-1].width == pytest.approx(170)
    assert {(box.y, box.height, box.fill) for box in boxes} == {(20, 17, "#000000")}
