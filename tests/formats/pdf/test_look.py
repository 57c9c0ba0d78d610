"""Looks: thousands of houses differ, each always the same, all readable."""

from __future__ import annotations

from carnet.formats.pdf import look_of
from carnet.formats.pdf.ornaments import LOGOS


def test_thousands_of_houses_have_papers_of_their_own() -> None:
    assert len({look_of(f"35000{n}") for n in range(3000)}) > 2950


def test_a_house_keeps_its_paper() -> None:
    assert look_of("350001234") == look_of("350001234")


def test_white_words_can_be_read_on_every_accent() -> None:
    for n in range(300):
        accent = look_of(str(n)).accent
        red, green, blue = (int(accent[k : k + 2], 16) / 255 for k in (1, 3, 5))
        light = [
            c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
        ]
        luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
        assert 1.05 / (luminance + 0.05) >= 2.5


def test_every_logo_is_used_and_some_houses_have_none() -> None:
    logos = {look_of(str(n)).logo for n in range(400)}
    assert logos == {"", *LOGOS}
