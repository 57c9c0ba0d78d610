"""Narrative blocks as plain text."""

from __future__ import annotations

from carnet.formats.cda import read_cda
from carnet.formats.cda.narrative import Narrative
from tests.formats.cda.minimal import changed, structured


def narrative(text: str, title: str = "Titre") -> str:
    section = f"<component><section><title>{title}</title><text>{text}</text></section></component>"
    document = read_cda(structured(section), narrative=True)
    assert document.narrative is not None
    return document.narrative


def test_without_asking_there_is_none() -> None:
    section = "<component><section><text>x</text></section></component>"
    assert read_cda(structured(section)).narrative is None


def test_titles_paragraphs_and_breaks_are_lines() -> None:
    text = narrative(
        "Avant<paragraph>un\n  deux</paragraph><paragraph>trois<br/>quatre</paragraph>"
    )
    assert text == "Titre\nAvant\nun deux\ntrois\nquatre"


def test_lists_have_bullets_or_numbers() -> None:
    text = narrative(
        "<list><caption>Liste</caption><item>a</item><item>b<list listType='ordered'>"
        "<item>c</item><item>d</item></list></item></list>"
    )
    assert text == "Titre\nListe\n- a\n- b\n1. c\n2. d"


def test_a_table_row_is_a_line_whatever_its_cells_hold() -> None:
    text = narrative(
        "<table><caption>T</caption><thead><tr><th>Examen</th><th>Valeur</th></tr></thead><tbody>"
        "<tr><td><paragraph>Glucose</paragraph></td><td>5,1<br/>mmol/L</td></tr>"
        "<tr><td/><td><list><item>x</item></list></td></tr></tbody></table>"
    )
    assert text == "Titre\nT\nExamen | Valeur\nGlucose | 5,1 mmol/L\n| - x"


def test_links_footnotes_and_inline_marks() -> None:
    text = narrative(
        'H<sub>2</sub>O <content styleCode="Bold">gras</content> '
        '<linkHtml href="https://exemple.fr/a">voir</linkHtml> '
        '<linkHtml href="#ici">ici</linkHtml> <linkHtml href="b">b</linkHtml>'
        "<footnote>note</footnote>"
    )
    assert text == "Titre\nH2O gras voir (https://exemple.fr/a) ici b (note)"


def test_deleted_text_is_not_shown() -> None:
    text = narrative("a<content revised='delete'>b<content>c</content></content>d")
    assert text == "Titre\nad"


def test_sections_inside_sections_keep_their_order() -> None:
    inner = "<component><section><title>B</title><text>b</text></section></component>"
    outer = f"<component><section><title>A</title><text>a</text>{inner}</section></component>"
    document = read_cda(structured(outer), narrative=True)
    assert document.narrative == "A\na\n\nB\nb"


def test_text_of_entries_is_left_out() -> None:
    section = (
        "<component><section><text>lu</text><entry><act><code><originalText>non lu</originalText>"
        "</code><text>non lu</text></act></entry></section></component>"
    )
    assert read_cda(structured(section), narrative=True).narrative == "lu"


def test_a_body_of_plain_text_is_its_own_narrative() -> None:
    pdf = changed(
        ('mediaType="application/pdf" representation="B64"', 'mediaType="text/plain"'),
    )
    start = pdf.index(b'"text/plain">') + len(b'"text/plain">')
    end = pdf.index(b"</text>", start)
    document = read_cda(
        pdf[:start] + "Première ligne\nSeconde".encode() + pdf[end:], narrative=True
    )
    assert document.narrative == "Première ligne\nSeconde"
    assert document.media_size == len("Première ligne\nSeconde".encode())


def test_what_is_too_long_is_cut_and_says_so() -> None:
    narrative = Narrative(maximum=10)
    for _ in range(5):
        narrative.start("paragraph", {})
        narrative.data("abcdef")
        narrative.end("paragraph")
    assert narrative.cut
    assert narrative.text() == "abcdef\nabc"
    assert len(narrative.text()) == 10


def test_stray_cells_and_ends_do_no_harm() -> None:
    assert narrative("<td>a</td><item>b</item><tr><tr><td>c</td></tr></tr>") == ("Titre\na\n- b\nc")
