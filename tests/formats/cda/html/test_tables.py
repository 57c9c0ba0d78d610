"""Tables of the narrative: headings know their columns, cells know their headings."""

from __future__ import annotations

import re

from carnet.formats.cda.html import NarrativeLimits
from tests.formats.cda.html.told import inside, narrative, reading

_LABEL = re.compile(r'data-label="([^"]*)"')


def labels(html: str) -> list[str]:
    return _LABEL.findall(html)


def test_a_cell_carries_the_words_of_its_heading() -> None:
    html = inside(
        "<table><caption>Bilan</caption><thead><tr><th>Analyse</th><th>Valeur</th></tr></thead>"
        "<tbody><tr><td>Fer</td><td>12</td></tr></tbody></table>"
    )
    head = '<th role="columnheader" scope="col">'
    assert html == (
        '<div class="cda-table"><table role="table"><caption>Bilan</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}Analyse</th>{head}Valeur</th></tr></thead>'
        '<tbody role="rowgroup"><tr role="row"><td role="cell" data-label="Analyse">Fer</td>'
        '<td role="cell" data-label="Valeur">12</td></tr></tbody></table></div>'
    )


def test_headings_in_two_rows_are_joined_and_spans_followed() -> None:
    html = inside(
        '<table><thead><tr><th rowspan="2">Analyse</th><th colspan="2">Avant</th></tr>'
        "<tr><th>mars</th><th>mai</th></tr></thead>"
        "<tbody><tr><td>Fer</td><td>1</td><td>2</td></tr></tbody></table>"
    )
    assert labels(html) == ["Analyse", "Avant \u2013 mars", "Avant \u2013 mai"]


def test_a_heading_over_the_whole_table_labels_no_cell() -> None:
    html = inside(
        '<table><thead><tr><th colspan="2">Hémogramme</th></tr><tr><th/><th>jour</th></tr></thead>'
        "<tbody><tr><td>Fer</td><td>1</td></tr></tbody></table>"
    )
    assert labels(html) == ["jour"]
    assert '<tr role="row" class="cda-over">' in html  # what narrow screens keep in sight
    assert '<td role="cell"></td>' in html  # an empty heading is no heading


def test_a_first_row_of_headings_counts_as_the_head() -> None:
    html = inside(
        "<table><tbody><tr><th>A</th><th>B</th></tr><tr><th>x</th><td>1</td></tr></tbody></table>"
    )
    assert html.count('scope="col"') == 2
    assert html.count('scope="row"') == 1
    assert labels(html) == ["B"]


def test_a_cell_that_spans_rows_moves_those_below() -> None:
    html = inside(
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>"
        '<tr><td rowspan="2">x</td><td>1</td></tr><tr><td>2</td></tr><tr><td>y</td></tr>'
        "</tbody></table>"
    )
    assert labels(html) == ["A", "B", "B", "A"]


def test_spans_that_are_no_number_or_too_large_are_bounded() -> None:
    html = inside(
        '<table><tbody><tr><td colspan="0">a</td><td colspan="x">b</td><td rowspan="-1">c</td>'
        '<td colspan="999999">d</td><td colspan="99999999999999">e</td></tr></tbody></table>'
    )
    assert re.findall(r'(?:col|row)span="(\d+)"', html) == []
    assert 'colspan="1000"' in inside(
        '<table><tbody><tr><td colspan="5000">d</td></tr></tbody></table>'
    )


def test_a_table_inside_a_cell_has_headings_of_its_own() -> None:
    html = inside(
        "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>"
        "<table><thead><tr><th>B</th></tr></thead><tbody><tr><td>2</td></tr></tbody></table>"
        "</td></tr></tbody></table>"
    )
    assert labels(html) == ["A", "B"]


def test_styles_and_alignment_become_classes_of_the_list() -> None:
    html = inside(
        '<table><tbody><tr align="right"><td styleCode="Bold Lrule xColour" align="center">a</td>'
        "</tr></tbody></table>"
    )
    assert '<tr role="row" class="cda-right">' in html
    assert '<td class="cda-bold cda-left-rule cda-center" role="cell">' in html


def test_a_table_of_five_thousand_rows_is_whole() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>v</td></tr>" for n in range(5_000))
    made = narrative(f"<table><thead><tr><th>N</th><th>V</th></tr></thead>"
                     f"<tbody>{rows}</tbody></table>")  # fmt: skip
    assert made.rows == 5_001
    assert not made.cut
    assert made.html.count("<tr ") == 5_001


def test_a_longer_one_is_cut_after_a_whole_row_and_says_so() -> None:
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(50))
    made = reading(f"<table><tbody>{rows}</tbody></table>après", limits=NarrativeLimits(rows=10))
    assert made.narrative is not None
    assert made.narrative.html.count("<tr ") == 10
    assert "après" not in made.narrative.html
    assert [(each.code, each.params) for each in made.notices] == [
        ("reading-narrative-cut", {"rows": "10"})
    ]
