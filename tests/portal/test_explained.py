"""Words explained where they stand: the text stays as it is, doubt stays doubt."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as reader
from markupsafe import Markup

from carnet.portal.assets import Assets
from carnet.portal.explained import Explainer, folded, meaning
from carnet.portal.rendering import Renderer
from carnet.portal.words import speaking
from carnet.record.words import words
from tests.portal.test_pieces import pages

COMPONENT = Renderer(Assets()).environment.get_template("components/word.html").module.word  # type: ignore[attr-defined]  # a macro
EXPLAINER = Explainer(COMPONENT)
BY_NAME = {word.written: word for word in words()}


def simple(text: Markup, _meaning: Markup, _id: str, _full: Markup) -> Markup:
    """A mark that can be taken away again."""
    return Markup("\ue100{}\ue101").format(text)


SIMPLE = Explainer(simple)


def marked(html: str) -> list[str]:
    return re.findall("\ue100([^\ue101]*)", SIMPLE.html(html, "w"))


def without_marks(html: str) -> str:
    return re.sub("[\ue100\ue101]", "", html)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("un diabète de type 2", ["diabète"]),
        ("Diabete, DIABÈTE et diabètes", ["Diabete"]),
        ("des accidents vasculaires cérébraux", ["accidents vasculaires cérébraux"]),
        ("un accident  vasculaire\ncérébral", ["accident  vasculaire\ncérébral"]),
        ("angine de poitrine puis angine", ["angine de poitrine", "angine"]),
        ("l’HTA et l'HbA1c", ["HTA", "HbA1c"]),
        ("un oedeme", ["oedeme"]),
        ("un œdème", ["œdème"]),
        ("un oede\u0300me", ["oede\u0300me"]),
        ("les anti-inflammatoires", ["anti-inflammatoires"]),
        ("les anti\u2011inflammatoires", ["anti\u2011inflammatoires"]),
        ("dosage du CA&nbsp;15-3", ["CA&nbsp;15-3"]),
        ("AT/MP", ["AT/MP"]),
        ("IRM.", ["IRM"]),
    ],
)
def test_a_word_is_found(text: str, found: list[str]) -> None:
    assert marked(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "un hta",  # an abbreviation counts as it is written
        "HTAP2",  # no whole word
        "le prédiabète, un pré-diabète, diabète-x",
        "<b>Hb</b>A1c",
        "<b>diabèt</b>es",
        "K+",  # a single letter
        "PAS DE FUMEUR DANS LA MAISON",  # in capitals, PAS is a word
        "&amp; &lt; &Ca;",
        "anti -inflammatoire",
        '<a href="/x">diabète</a>',
        "<h2>Diabète</h2>",
        "<button>IRM</button>",
        "<p title='diabète' id=IRM class=HTA>",
        "<!-- diabète -->",
    ],
)
def test_what_is_no_such_word_is_left_alone(text: str) -> None:
    assert marked(text) == []
    assert SIMPLE.html(text, "w") == text


def test_capitals_do_not_hide_terms() -> None:
    assert marked("RECHERCHE DE DIABÈTE DANS LA FAMILLE") == ["DIABÈTE"]


def test_abbreviations_alone_are_no_shouting() -> None:
    assert marked("HTA, BPCO") == ["HTA", "BPCO"]


@pytest.mark.parametrize(
    ("html", "times"),
    [
        ("<p>IRM, <i>IRM</i>.</p>", 1),
        ("<p>IRM</p><p>IRM</p>", 2),
        ("<ul><li>IRM<li>IRM</ul>", 2),
        ("<table><tr><td>IRM<td>IRM<tr><td>IRM</table>IRM", 2),
        ("<table><tr><td><p>IRM</p><td>IRM</table>", 2),
    ],
)
def test_a_word_is_marked_once_a_paragraph_and_once_a_table(html: str, times: int) -> None:
    assert marked(html) == ["IRM"] * times


def test_ids_are_unique_and_begin_as_told() -> None:
    page = EXPLAINER.html("<p>IRM, HTA</p><p>IRM</p>", "resultat")
    assert re.findall(r' id="([^"]+)"', page) == ["resultat-1", "resultat-2", "resultat-3"]
    assert re.findall(r'popovertarget="([^"]+)"', page) == [
        "resultat-1",
        "resultat-2",
        "resultat-3",
    ]


def test_plain_text_is_escaped() -> None:
    assert SIMPLE.text("<script>IRM</script> & l'IRM", "w") == Markup(
        "&lt;script&gt;\ue100IRM\ue101&lt;/script&gt; &amp; l&#39;IRM"
    )


def test_an_ambiguous_abbreviation_shows_all_its_senses_and_is_never_expanded() -> None:
    page = EXPLAINER.text("ACR", "w")
    assert "Peut vouloir dire" in page
    assert "arrêt cardiorespiratoire" in page
    assert "American College of Radiology" in page
    assert "<strong>" not in page, "no sense is said to be the one"
    assert "Peut vouloir dire" in meaning(BY_NAME["TA"]), "one sense is not sure either"


def test_a_sure_abbreviation_is_said_in_full_with_its_explanation() -> None:
    page = EXPLAINER.text("HTA", "w")
    assert "<strong>" in page
    assert "hypertension artérielle" in page
    assert BY_NAME["hypertension artérielle"].explanation in page


def test_a_meaning_is_french_in_an_english_page_and_says_so() -> None:
    with speaking("en"):
        page = reader.fragment_fromstring(EXPLAINER.text("ACR", "w"), create_parent=True)
    assert [node.text for node in page.iterfind(".//span[@lang='fr']")]
    assert not page.findall(".//button[@lang]"), "the word itself is in the language of its text"


def test_every_word_is_found_where_it_stands_alone() -> None:
    missing = [
        word.written for word in words() if len(word.written) > 1 and not marked(word.written)
    ]
    assert missing == []


def texts_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", page))


@given(st.text(max_size=200))
def test_plain_text_reads_as_before(text: str) -> None:
    text = without_marks(text)
    assert unescape(without_marks(SIMPLE.text(text, "w"))) == text


named = st.sampled_from([word.written for word in words()])
sentences = st.lists(named | st.sampled_from([" ", "-", "&amp;", "<b>", "</b>", "<p>", "&nbsp;"]))


@given(pages | sentences.map("".join))
def test_html_without_its_marks_is_what_it_was(html: str) -> None:
    assert without_marks(SIMPLE.html(html, "w")) == html


@given(sentences.map("".join))
def test_marks_do_not_overlap_or_cross_tags(html: str) -> None:
    page = SIMPLE.html(html, "w")
    assert re.fullmatch("(?:[^\ue100\ue101]|\ue100[^\ue100\ue101<>]+\ue101)*", page)


@example("㋌")
@given(st.text(max_size=40))
def test_folding_folds_no_further(text: str) -> None:
    assert folded(folded(text)) == folded(text)


HOSTILE = {
    "tags": "<" * 50_000,
    "quotes": "<\"'<'\"" * 10_000,
    "attributes": "<a '" * 10_000,
    "hyphens": "anti-" * 20_000,
    "references": "&amp;" * 20_000,
    "comments": "<!--" * 9_000,
    "begins": "accident vasculaire " * 5_000,
    "spaces": "accident" + " " * 100_000,
    "marks": "<p>IRM" * 2_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_come_back_whole(kind: str) -> None:
    assert without_marks(SIMPLE.html(HOSTILE[kind], "w")) == HOSTILE[kind]
