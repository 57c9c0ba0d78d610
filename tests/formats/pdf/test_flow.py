"""Lines and pages: nothing is lost, nothing runs out of its column, pages turn when full."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.pdf.families import family
from carnet.formats.pdf.flow import (
    JUSTIFIED,
    LEFT,
    Flow,
    Frame,
    Type,
    block_height,
    set_block,
    wrap,
)
from carnet.formats.pdf.sheet import Sheet, Text

CUTS = family("Arimo")
KIND = Type(CUTS.regular, CUTS.bold, 10, 14, "#000000")
WORDS = st.lists(st.text("abcdéWœ1,", min_size=1, max_size=30), min_size=1, max_size=60)


def said(lines: list[str]) -> str:
    return "".join(lines).replace(" ", "")


@given(WORDS, st.floats(60, 400))
def test_wrapping_loses_no_word_and_keeps_within_the_width(words: list[str], width: float) -> None:
    lines = wrap(" ".join(words), KIND, width)
    assert said([piece for line in lines for _, piece in line.pieces]) == "".join(words)
    for line in lines:
        assert line.width <= width + 0.01
    assert [line.last for line in lines] == [False] * (len(lines) - 1) + [True]


def test_line_ends_and_tabs_in_a_text_are_spaces() -> None:
    assert wrap("un\ndeux\ttrois\n", KIND, 400) == wrap("un deux trois", KIND, 400)


def test_stars_switch_bold_on_and_off_within_a_line() -> None:
    (line,) = wrap("**Céfixime** 200 mg : **deux** par jour", KIND, 400)
    assert [(used is CUTS.bold, piece) for used, piece in line.pieces] == [
        (True, "Céfixime "),
        (False, "200 mg : "),
        (True, "deux "),
        (False, "par jour"),
    ]


def test_a_justified_line_ends_at_the_right_edge_and_the_last_one_does_not() -> None:
    flow = Flow((400, 400), Frame(0, 0, 300, 400))
    flow.paragraph("mot " * 60, KIND, align=JUSTIFIED)
    texts = [mark for mark in flow.sheet.marks if isinstance(mark, Text)]
    ends = [
        mark.x + mark.font.width(mark.text) * mark.size + mark.gap * mark.text.count(" ")
        for mark in texts
    ]
    assert all(abs(end - 300) < 0.1 for end in ends[:-1])
    assert ends[-1] < 299


def test_spaces_that_bind_widen_with_the_others_and_stay_where_nothing_widens() -> None:
    bound = "5\xa0mg\xa0: " * 40
    for align, kept in ((JUSTIFIED, False), (LEFT, True)):
        flow = Flow((400, 400), Frame(0, 0, 300, 400))
        flow.paragraph(bound, KIND, align=align)
        first = flow.sheet.marks[0]
        assert isinstance(first, Text)
        assert ("\xa0" in first.text) is kept
        end = first.font.width(first.text) * first.size + first.gap * first.text.count(" ")
        assert (abs(end - 300) < 0.1) is not kept


def test_a_full_page_turns_and_the_style_is_asked_for_its_head() -> None:
    heads: list[Sheet] = []
    flow = Flow((400, 200), Frame(0, 0, 300, 200), Frame(0, 50, 300, 200), heads.append)
    flow.block(("ligne",) * 30, KIND)
    assert len(flow.sheets) > 1
    assert heads == flow.sheets[1:]
    for sheet, top in zip(flow.sheets, (0, 50, 50, 50), strict=False):
        for mark in sheet.marks:
            assert isinstance(mark, Text)
            assert top <= mark.y <= 200


def test_what_a_block_takes_is_what_was_foretold() -> None:
    texts = ("un deux trois " * 9, "quatre")
    end = set_block(Sheet(), texts, KIND, 0, 100, 120)
    assert end - 100 == block_height(texts, KIND, 120)
