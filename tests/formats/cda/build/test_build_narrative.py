"""The words of a section: cells, lists, line breaks, IDs."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build.narrative import Words, bullets, paragraph, paragraphs, table, text


def xml(node: _Element) -> str:
    return etree.tostring(node, encoding="unicode").replace(
        ' xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', ""
    )


def test_a_table_has_headings_and_rows() -> None:
    assert xml(table(("A", "B"), (("1", Words("2", "x", bold=True)),))) == (
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td>"
        '<td><content ID="x" styleCode="Bold">2</content></td></tr></tbody></table>'
    )


def test_a_table_without_headings_has_only_rows() -> None:
    assert xml(table((), (("1",),))) == "<table><tbody><tr><td>1</td></tr></tbody></table>"


def test_a_line_break_is_written_as_such_and_marks_are_escaped() -> None:
    assert xml(paragraph("a < b\nc")) == "<paragraph>a &lt; b<br/>c</paragraph>"
    assert xml(paragraph(Words("a\nb", "x"))) == (
        '<paragraph><content ID="x">a<br/>b</content></paragraph>'
    )


def test_several_words_stand_on_lines_of_their_own() -> None:
    assert xml(paragraph(("a", Words("b", "x")))) == (
        '<paragraph><content>a</content><br/><content ID="x">b</content></paragraph>'
    )


def test_a_list_has_an_item_for_each() -> None:
    assert xml(bullets(("a", "b"))) == "<list><item>a</item><item>b</item></list>"


def test_a_text_holds_its_blocks_and_leaves_absent_ones_out() -> None:
    assert xml(text(None, paragraph("a"))) == "<text><paragraph>a</paragraph></text>"


def test_paragraphs_have_ids_where_an_entry_may_point_to_them() -> None:
    assert xml(paragraphs(("a", "b"), "p")) == (
        '<text><paragraph><content ID="p-0">a</content></paragraph>'
        '<paragraph><content ID="p-1">b</content></paragraph></text>'
    )
    assert xml(paragraphs(("a",))) == "<text><paragraph>a</paragraph></text>"
