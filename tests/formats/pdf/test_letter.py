"""Letters as PDF: whole files, extractable text, numbered pages, the same bytes every time."""

from __future__ import annotations

import re

import msgspec

from carnet.formats.pdf import Letter, Letterhead, Table, render_letter
from tests.formats.pdf.reading import page_count, text_of

LETTER = Letter(
    letterhead=Letterhead("Cabinet <A> & B", ("1, rue de l'Œuvre",), "Dr Zoé ÉLAN", ("Médecin",)),
    place_and_date="Rennes, le 3 mai 2026",
    title="Compte rendu de consultation",
    patient=("Mme Camille BERTHIER",),
    body=(
        "# Conclusion",
        "Le débit est de 60 mL/min/1,73 m², sans œdème.",
        "- Metformine 500 mg",
        Table(("Mesure", "Valeur"), (("Poids", "62 kg"),), title="Mesures"),
    ),
    recipient=("Dr Hélène GARRIGUE",),
    greeting="Chère Consœur,",
    closing="Bien confraternellement.",
    signature=("Dr Zoé ÉLAN",),
    footer="Démonstration",
)


def test_a_letter_is_a_whole_pdf_file() -> None:
    pdf = render_letter(LETTER)
    assert pdf.startswith(b"%PDF-1.")
    assert pdf.rstrip().endswith(b"%%EOF")
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF", pdf)
    assert start is not None
    assert pdf[int(start.group(1)) :].startswith(b"xref")


def test_all_that_is_said_can_be_read_back() -> None:
    text = text_of(render_letter(LETTER)).replace(" ", "")
    for words in (
        "Cabinet <A> & B",
        "1, rue de l'Œuvre",
        "Dr Zoé ÉLAN",
        "Rennes, le 3 mai 2026",
        "Compte rendu de consultation",
        "Mme Camille BERTHIER",
        "Dr Hélène GARRIGUE",
        "Chère Consœur,",
        "Conclusion",
        "60 mL/min/1,73 m², sans œdème.",
        "– Metformine 500 mg",
        "Mesures",
        "62 kg",
        "Bien confraternellement.",
        "Démonstration",
        "Page 1/1",
    ):
        assert words.replace(" ", "") in text


def test_fonts_are_standard_ones_with_a_known_encoding() -> None:
    pdf = render_letter(LETTER)
    fonts = re.findall(rb"/BaseFont /([A-Za-z-]+)", pdf)
    assert set(fonts) <= {b"Helvetica", b"Helvetica-Bold"}
    assert pdf.count(b"/Encoding /WinAnsiEncoding") == len(fonts)


def test_a_long_letter_numbers_all_its_pages() -> None:
    long = msgspec.structs.replace(LETTER, body=("Une phrase de plus. " * 40,) * 20)
    pdf = render_letter(long)
    pages = page_count(pdf)
    assert pages > 1
    text = text_of(pdf)
    assert all(f"Page {n}/{pages}" in text for n in range(1, pages + 1))


def test_equal_letters_are_equal_bytes() -> None:
    assert render_letter(LETTER) == render_letter(LETTER)
    other = msgspec.structs.replace(LETTER, title="Autre")
    assert render_letter(LETTER) != render_letter(other)
