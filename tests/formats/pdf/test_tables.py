"""Tables: columns share the width, heads return on each page, rows stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.pdf.families import family
from carnet.formats.pdf.flow import Flow, Frame, Type
from carnet.formats.pdf.model import Table
from carnet.formats.pdf.sheet import Text
from carnet.formats.pdf.tables import Grid, column_widths, set_table

CUTS = family("Arimo")
KIND = Type(CUTS.regular, CUTS.bold, 9, 12, "#000000")
GRID = Grid(KIND.strong(), KIND, "grid", "#333333", "#cccccc")


@given(st.lists(st.text("abc ", min_size=0, max_size=200), min_size=1, max_size=6))
def test_columns_fill_the_width_and_none_disappears(cells: list[str]) -> None:
    table = Table(("T",) * len(cells), (tuple(cells),))
    widths = column_widths(table, GRID, 480)
    assert sum(widths) == pytest.approx(480)
    assert min(widths) > 6


def test_a_narrow_column_keeps_its_words_on_one_line_beside_a_long_one() -> None:
    table = Table(("N°", "Texte"), (("12", "mot " * 100),))
    assert column_widths(table, GRID, 300)[0] >= CUTS.bold.width("N°") * 9


def test_given_shares_make_tables_of_as_many_columns_line_up() -> None:
    grid = GRID._replace(shares=(3, 1))
    assert column_widths(Table(("a", "b"), ()), grid, 400) == [300, 100]
    assert len(column_widths(Table(("a", "b", "c"), ()), grid, 400)) == 3


def test_heads_stand_on_every_page_and_each_row_on_one() -> None:
    rows = tuple((f"ligne{n}", "mot " * 20) for n in range(40))
    flow = Flow((300, 300), Frame(10, 10, 290, 290))
    set_table(flow, Table(("Examen", "Résultat"), rows), GRID)
    assert len(flow.sheets) > 2
    seen: list[str] = []
    for sheet in flow.sheets:
        words = [mark.text for mark in sheet.marks if isinstance(mark, Text)]
        assert words.count("Examen") == 1
        seen.extend(word for word in words if word.startswith("ligne"))
        assert max(mark.y for mark in sheet.marks if isinstance(mark, Text)) <= 290
    assert seen == [f"ligne{n}" for n in range(40)]
