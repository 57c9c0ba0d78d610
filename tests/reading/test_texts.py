"""RTF and plain text: words only."""

from __future__ import annotations

import pytest

from carnet.reading.model import Plain, Readable, Unreadable
from tests.reading import samples
from tests.reading.conftest import Asked


def text(made: Readable) -> str:
    assert isinstance(made.body, Plain), made.body
    return made.body.text


@pytest.mark.parametrize(
    ("media_type", "content", "guessed"),
    [
        ("text/plain; charset=ISO-8859-1", "été".encode("latin-1"), False),
        ('text/plain;charset="utf-8"', "été".encode(), False),
        ("text/plain", "été".encode(), False),
        ("text/plain", "été".encode("utf-8-sig"), False),
        ("text/plain", "\ufeffété".encode("utf-16-le"), False),
        ("text/plain", "été".encode("cp1252"), True),
        ("text/plain; charset=utf-8", "été".encode("cp1252"), True),
        ("text/plain; charset=rot13", "été".encode(), False),
        ("text/plain; charset=unknown", "été".encode(), False),
    ],
)
def test_text_is_read_by_its_charset(
    asked: Asked, media_type: str, content: bytes, guessed: bool
) -> None:
    made = asked.document(content, media_type)
    assert text(made) == "été"
    assert [each.code for each in made.notices] == (["reading-text-guessed"] if guessed else [])


def test_text_stays_text(asked: Asked) -> None:
    content = b"<script>alert(1)</script>\r\n\x00\x1b[31mfin"
    assert text(asked.document(content, "text/plain")) == (
        "<script>alert(1)</script>\n\ufffd\ufffd[31mfin"
    )


def test_a_long_text_is_cut_at_a_line_and_says_so(asked: Asked) -> None:
    made = asked.document(b"0123456789\n" * 200_000, "text/plain")
    assert len(text(made)) <= 1_000_000
    assert text(made).endswith("9")
    assert [each.code for each in made.notices] == ["reading-text-cut"]


def test_characters_that_turn_others_round_are_taken_out(asked: Asked) -> None:
    made = asked.document("dose \u202e05\u202c mg".encode(), "text/plain")
    assert text(made) == "dose 05 mg"
    assert [each.code for each in made.notices] == ["reading-direction-removed"]


def test_rtf_gives_its_words(asked: Asked) -> None:
    for media_type in ("text/rtf", "application/rtf"):
        made = asked.document(samples.RTF, media_type)
        lines = text(made).split("\n")
        assert lines[0] == "Ordonnance"
        assert lines[1] == "Paracétamol 500 mg"
        assert lines[-1] == "≤ 3 par jour"
        assert "Inconnu" not in text(made)
        assert [each.code for each in made.notices] == ["reading-rtf-words-only"]


@pytest.mark.parametrize("content", [b"", b"bonjour", b"PK\x03\x04"])
def test_rtf_that_is_none_says_so(asked: Asked, content: bytes) -> None:
    assert asked.document(content, "text/rtf").body == Unreadable("reading-rtf-broken")


def test_rtf_within_itself_without_end_ends(asked: Asked) -> None:
    body = asked.document(b"{\\rtf1" + b"{" * 100_000 + b"x", "text/rtf").body
    assert isinstance(body, Plain | Unreadable)
