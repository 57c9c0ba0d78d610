"""Narrative blocks as safe HTML: each element of the schema, and what stands where it must not."""

from __future__ import annotations

import pytest

from carnet.formats.cda.html import NarrativeLimits, html_id, read_html
from carnet.record.errors import CarnetError
from tests.formats.cda.html.told import inside, narrative, reading, section, words
from tests.formats.cda.minimal import changed, structured


def test_a_section_has_its_title_as_a_heading_and_its_text_below() -> None:
    made = narrative("Bonjour")
    assert made.html == (
        '<section class="cda-section"><h3 class="cda-title" id="doc-s-1">Titre</h3>'
        '<div class="cda-text">Bonjour</div></section>'
    )
    assert [(each.id, each.title, each.level) for each in made.sections] == [
        ("doc-s-1", "Titre", 1)
    ]


def test_sections_inside_sections_have_smaller_headings_down_to_the_sixth() -> None:
    body = "<title>5</title><text>fond</text>"
    for level in (4, 3, 2, 1):
        body = f"<title>{level}</title><component><section>{body}</section></component>"
    made = read_html(structured(f"<component><section>{body}</section></component>")).narrative
    assert made is not None
    assert [each.level for each in made.sections] == [1, 2, 3, 4, 5]
    tags = [part[:2] for part in made.html.split("<") if part.startswith("h")]
    assert tags == ["h3", "h4", "h5", "h6", "h6"]


def test_a_section_without_a_title_leaves_no_gap_in_the_levels() -> None:
    inner = "<component><section><title>T</title><text>t</text></section></component>"
    made = read_html(structured(f"<component><section>{inner}</section></component>")).narrative
    assert made is not None
    assert [(each.title, each.level) for each in made.sections] == [("T", 1)]
    assert "<h3" in made.html


def test_paragraphs_breaks_and_marks_of_words() -> None:
    assert inside(
        "<paragraph>un<br/>deux</paragraph>H<sub>2</sub>O m<sup>2</sup> "
        '<content styleCode="Bold">g</content><content styleCode="italics Underline">i</content>'
        '<content styleCode="Emphasis">e</content><content styleCode="BoldItalics">bi</content>'
    ) == (
        "<p>un<br>deux</p>H<sub>2</sub>O m<sup>2</sup> <strong>g</strong><em><u>i</u></em>"
        "<em>e</em><strong><em>bi</em></strong>"
    )


def test_lists_keep_their_order_numbers_and_captions() -> None:
    assert inside(
        "<list><caption>Voici</caption><item>a</item><item>b"
        '<list listType="ordered" styleCode="LittleRoman"><item>c</item></list></item></list>'
    ) == (
        '<p class="cda-caption">Voici</p><ul><li>a</li><li>b<ol type="i"><li>c</li></ol></li></ul>'
    )


def test_ids_are_prefixed_unique_and_found_from_the_ones_of_the_document() -> None:
    html = inside(
        '<content ID="a b">1</content><content ID="a_b">2</content><content ID="a b">3</content>'
        '<paragraph ID="é">4</paragraph>'
    )
    assert html == (
        '<span id="doc-i-a.20.b">1</span><span id="doc-i-a_b">2</span><span>3</span>'
        '<p id="doc-i-.e9.">4</p>'
    )
    assert html_id("a b") == "doc-i-a.20.b"
    assert html_id("é", "left") == "left-i-.e9."


def test_words_marked_as_deleted_are_left_out_and_counted() -> None:
    made = reading('a<content revised="delete">b<content>c</content></content>d')
    assert made.narrative is not None
    assert words(made.narrative.html) == "Titread"
    assert [(each.code, each.params) for each in made.notices] == [
        ("reading-deleted-left-out", {"count": "1"})
    ]


def test_a_web_address_is_followed_and_told_since_the_words_may_lie() -> None:
    assert inside('<linkHtml href="https://exemple.fr/a?b=1&amp;c=2">ameli.fr</linkHtml>') == (
        '<a class="cda-link" href="https://exemple.fr/a?b=1&amp;c=2" target="_blank" '
        'rel="noopener noreferrer">ameli.fr</a> '
        '<span class="cda-address">(https://exemple.fr/a?b=1&amp;c=2)</span>'
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "Documents/DCI.pdf",
        "//exemple.fr/",
        "https://ameli.fr@exemple.fr/",
        "https://аmeli.fr/",  # the first letter is Cyrillic
        "https:exemple.fr",
        "https://exemple.fr\\@ameli.fr/",
        "vbscript:x",
        "file:///etc/passwd",
        "http://[::1",
        "http://exemple.fr:x/",
    ],
)
def test_any_other_address_is_told_and_not_followed(address: str) -> None:
    html = inside(f'<linkHtml href="{address}">voir</linkHtml>')
    assert "<a" not in html
    assert html == f'<span>voir</span> <span class="cda-address">({address})</span>'


def test_a_link_inside_the_document_leads_to_the_words_that_are_there() -> None:
    html = inside('<linkHtml href="#x">ici</linkHtml><linkHtml href="#y">rien</linkHtml>'
                  '<content ID="x">là</content>')  # fmt: skip
    rel = 'rel="noopener noreferrer"'
    assert html == (
        f'<a href="#doc-i-x" {rel}>ici</a><a {rel}>rien</a><span id="doc-i-x">là</span>'
    )


def test_a_footnote_stands_below_the_text_and_each_call_leads_to_it() -> None:
    html = inside(
        'Voir<footnote ID="n">la <content styleCode="Bold">note</content></footnote> et encore'
        '<footnoteRef IDREF="n"/> et <footnoteRef IDREF="m"/>'
    )
    rel = 'rel="noopener noreferrer"'
    assert html == (
        f'Voir<sup><a id="doc-c-1" href="#doc-f-1" {rel}>[1]</a></sup> et encore'
        f'<sup><a href="#doc-f-1" {rel}>[1]</a></sup> et <span class="cda-missing">[m]</span>'
        '<div class="cda-footnotes"><div class="cda-footnote" id="doc-f-1">'
        f'<a href="#doc-c-1" {rel}>[1]</a> <span id="doc-i-n">la <strong>note</strong></span>'
        "</div></div>"
    )


def test_markup_that_is_no_narrative_is_left_out_and_other_gives_its_words() -> None:
    made = reading("<script>alert(1)</script><iframe>x</iframe><b>gras</b><div>bloc</div>")
    assert made.narrative is not None
    assert words(made.narrative.html) == "Titre gras bloc"
    assert [(each.code, each.params["count"]) for each in made.notices] == [
        ("reading-markup-left-out", "2")
    ]


def test_elements_of_other_namespaces_are_left_out() -> None:
    made = reading(
        '<x:table xmlns:x="http://www.w3.org/1999/xhtml"><x:tr/></x:table>'
        '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>x</m:mi></m:math>reste'
    )
    assert made.narrative is not None
    assert words(made.narrative.html) == "Titrereste"


def test_words_cannot_become_markup() -> None:
    html = inside("&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; <![CDATA[<img src=x>]]>")
    assert html == "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; &lt;img src=x&gt;"


def test_characters_that_turn_others_round_are_taken_out_and_told() -> None:
    made = reading("5 mg \u202edeux\u202c \u2067x\u2069")
    assert made.narrative is not None
    assert words(made.narrative.html) == "Titre5 mg deux x"
    assert [each.code for each in made.notices] == ["reading-direction-removed"]


def test_words_astray_in_lists_and_tables_are_kept() -> None:
    assert inside("<list>a<item>b</item></list>") == "<ul><li>a</li><li>b</li></ul>"
    html = inside("<table>x<tbody>y<tr>z<td>1</td></tr></tbody></table><td>seul</td>")
    assert words(html) == "xyz1 seul"
    assert html.index("z") < html.index("<table ")


def test_a_long_narrative_is_cut_at_a_word_and_says_so() -> None:
    made = reading(f"<paragraph>{'mot ' * 100}</paragraph><paragraph>fin</paragraph>",
                   limits=NarrativeLimits(characters=200))  # fmt: skip
    assert made.narrative is not None
    assert made.narrative.cut
    assert made.narrative.html.endswith('mot <span class="cda-cut">…</span></p></div></section>')
    assert "fin" not in made.narrative.html
    assert [each.code for each in made.notices] == ["reading-narrative-cut"]


def test_nothing_is_cut_below_the_limits() -> None:
    made = narrative("<paragraph>" + "mot " * 100 + "</paragraph>")
    assert not made.cut
    assert "cda-cut" not in made.html


def test_a_document_whose_body_is_a_file_has_no_narrative() -> None:
    made = read_html(changed())
    assert made.narrative is None
    assert made.body is not None
    assert made.body.media_type == "application/pdf"


def test_what_is_no_cda_is_refused() -> None:
    for data, code in (
        (b"<a/>", "cda-not-a-document"),
        (b"<a", "xml-truncated"),
        (b"<!DOCTYPE a []><a/>", "xml-dtd-refused"),
        (b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "cda-body-missing"),
    ):
        with pytest.raises(CarnetError) as caught:
            read_html(data)
        assert caught.value.code == code


@pytest.mark.parametrize("options", [{"prefix": '"><script>'}, {"media": "//x/"}, {"media": "x"}])
def test_a_caller_cannot_hand_in_a_prefix_or_address_that_is_none(options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="prefix"):
        read_html(structured(section("x")), **options)  # type: ignore[arg-type]  # only texts
