"""HTML cut into tags and texts: joined it is what it was, and only its own texts are open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.portal.pieces import pieces_of

TAGS = ("<p>", "</p>", "<a href='x>y'>", "</a>", '<b title="<">', "<br>", "<h2 id=x>", "</h2>")
BITS = ("<", ">", "&lt;", "mot", " ", "é", "<!--", "-->", '"', "'", "<sup>", "</")
fragments = st.sampled_from((*TAGS, *BITS))
pages = st.lists(fragments, max_size=40).map("".join)


def opened(html: str) -> list[str]:
    return [piece.text for piece in pieces_of(html) if piece.open]


@given(pages | st.text(max_size=80))
def test_pieces_joined_are_the_page(html: str) -> None:
    assert "".join(piece.text for piece in pieces_of(html)) == html


@given(pages)
def test_no_tag_is_open(html: str) -> None:
    assert not [text for text in opened(html) if "<" in text]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>un <b>mot</b></p>", ["un ", "mot"]),
        ("<a href=x>lien</a> après", [" après"]),
        ("<h3>titre</h3><p>corps</p>", ["corps"]),
        ("<a><b>x</b></a>y", ["y"]),
        ("<p title='a > b'>x</p>", ["x"]),
        ("<!-- <p>non</p> -->oui", ["oui"]),
        ("avant <p", ["avant "]),
        ("avant <!-- sans fin", ["avant "]),
        ("</a>x", ["x"]),
        ("<svg><text>3</text></svg>x", ["x"]),
    ],
)
def test_links_headings_and_tags_are_closed(html: str, texts: list[str]) -> None:
    assert opened(html) == texts


def test_a_paragraph_ends_with_its_element() -> None:
    assert [piece.breaks for piece in pieces_of("<p>a</p><i>b</i><br>c")] == [
        *(True, False, True),
        *(False, False, False, False, False),
    ]


@pytest.mark.parametrize(
    ("html", "glued"),
    [
        ("<b>Hb</b>A1c", [(False, True), (True, False)]),
        ("Hb<br>A1c", [(False, False), (False, False)]),
        ("<td>Hb</td><td>A1c</td>", [(False, False), (False, False)]),
        ("<b>Hb</b> A1c", [(False, False), (False, False)]),
        ("a<b>b</b>c", [(False, True), (True, True), (True, False)]),
    ],
)
def test_a_word_that_tags_cut_is_known(html: str, glued: list[tuple[bool, bool]]) -> None:
    found = [(piece.glued_before, piece.glued_after) for piece in pieces_of(html) if piece.open]
    assert found == glued
