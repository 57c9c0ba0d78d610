"""Fonts: what they lack another one writes, and what nobody holds is refused by name."""

from __future__ import annotations

import pytest

from carnet.formats.pdf.families import family, font
from carnet.record.errors import CarnetError


def test_standard_fonts_write_windows_1252_themselves() -> None:
    helvetica = family("Helvetica").regular
    assert helvetica.runs("Œdème à 37 °C – 12 €") == [(helvetica, "Œdème à 37 °C – 12 €")]


def test_what_a_standard_font_lacks_is_written_by_an_embedded_one_between() -> None:
    helvetica = family("Helvetica").regular
    runs = helvetica.runs("SpO₂ ≥ 97 %")
    assert "".join(piece for _, piece in runs) == "SpO₂ ≥ 97 %"
    assert {used.standard for used, _ in runs} == {"Helvetica", None}
    for used, piece in runs:
        assert used.writable.issuperset(piece)


def test_signs_that_no_text_face_holds_come_from_the_last_resort() -> None:
    runs = family("Garamond").regular.runs("☐ oui")
    assert [used.face.name for used, _ in runs] == ["DejaVuSans", "EBGaramond-Regular"]


def test_accents_that_follow_their_letter_are_put_together() -> None:
    arimo = family("Arimo").regular
    assert arimo.runs("e\u0301te\u0301 ☐")[0] == (arimo, "été ")


@pytest.mark.parametrize("char", ["😀", "漢", "\n", "\ufffe"])
def test_a_character_that_no_face_holds_is_refused_by_its_number(char: str) -> None:
    with pytest.raises(CarnetError) as refused:
        family("Helvetica").regular.runs(f"avant {char} après")
    assert refused.value.code == "character-not-printable"
    assert refused.value.params == {"character": f"U+{ord(char):04X}"}


def test_the_width_of_a_text_is_that_of_its_pieces() -> None:
    arimo = font("Arimo-Regular")
    whole = arimo.width("DFG ≥ 60 ☐")
    assert whole == pytest.approx(
        sum(used.width(piece) for used, piece in arimo.runs("DFG ≥ 60 ☐"))
    )
    assert arimo.width("mm") == pytest.approx(2 * arimo.width("m"))
