"""Letters as PDF: whole files, extractable text, numbered pages, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys

import msgspec
import pytest
from PIL import Image
from pypdf import PdfReader

from carnet.formats.pdf import (
    Letter,
    Letterhead,
    Look,
    Picture,
    Table,
    render_letter,
    render_photograph,
    render_scan,
    scan_of,
)
from carnet.formats.pdf.photograph import Photograph
from tests.formats.pdf.reading import page_count, text_of
from tests.formats.pdf.samples import SAMPLES, dressed

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


def test_letters_that_differ_in_one_word_have_identifiers_of_their_own() -> None:
    letters = [msgspec.structs.replace(LETTER, body=(word,)) for word in ("abc", "bcd", "abc")]
    files = (PdfReader(io.BytesIO(render_letter(letter)), strict=True) for letter in letters)
    one, other, again = (file.trailer["/ID"] for file in files)
    assert one == again != other


ALL_DIGESTS = """
from tests.formats.pdf.test_letter import digests
print(digests())
"""


def digests() -> str:
    """One digest over every style, a scan of it, and a photograph."""
    whole = hashlib.sha256()
    for style, letter in SAMPLES.items():
        whole.update(render_letter(dressed(letter, style)))
        whole.update(render_scan(letter, scan_of(style)))
    whole.update(render_photograph(Photograph("Note", ("une ligne",))))
    return whole.hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_another_process_makes_the_same_bytes(hash_seed: str) -> None:
    other = subprocess.run(
        [sys.executable, "-c", ALL_DIGESTS],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "SOURCE_DATE_EPOCH": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == digests()


def test_an_embedded_font_gives_its_text_back_character_by_character() -> None:
    letter = msgspec.structs.replace(
        LETTER, look=Look(font=1), body=("Ça œuvre à 37 °C : 5 µg → ≥ 3,2 mmol/L «\u202fŷ\u202f»",)
    )
    pdf = render_letter(letter)
    (page,) = PdfReader(io.BytesIO(pdf), strict=True).pages
    assert "Ça œuvre à 37 °C : 5 µg → ≥ 3,2 mmol/L «\u202fŷ\u202f»" in page.extract_text()
    assert re.findall(rb"/FontName /[A-Z]{6}\+Arimo-Regular", pdf)


def test_cuts_of_one_family_are_embedded_each_under_its_name() -> None:
    letter = msgspec.structs.replace(LETTER, look=Look(font=3), body=("Un **mot gras** suit.",))
    fonts = re.findall(rb"/FontName /[A-Z]{6}\+(OpenSans-[A-Za-z]+)", render_letter(letter))
    assert sorted(fonts) == [b"OpenSans-Bold", b"OpenSans-Regular"]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_bullets_and_signs_come_back_from_standard_and_embedded_fonts(number: int) -> None:
    letter = msgspec.structs.replace(
        LETTER, look=Look(font=number), body=("• 5 µg – (œuf) \\ œdème ± 2 € ≥ 1 · ½",)
    )
    (page,) = PdfReader(io.BytesIO(render_letter(letter)), strict=True).pages
    assert "•5µg–(œuf)\\œdème±2€≥1·½" in page.extract_text().replace(" ", "")


def test_justified_text_keeps_its_spaces() -> None:
    text = "Les mots d'un texte justifié restent séparés les uns des autres. " * 8
    letter = msgspec.structs.replace(LETTER, look=Look(font=1, justified=True), body=(text,))
    (page,) = PdfReader(io.BytesIO(render_letter(letter))).pages
    assert "restent séparés les uns" in " ".join(page.extract_text().split())


def test_a_letter_tells_its_title_author_and_language_and_no_date() -> None:
    pdf = render_letter(LETTER)
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    assert reader.metadata is not None
    assert reader.metadata.title == "Compte rendu de consultation"
    assert reader.metadata.author == "Dr Zoé ÉLAN"
    assert reader.metadata.creation_date is None
    assert reader.metadata.modification_date is None
    assert b"/Lang (fr-FR)" in pdf


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_picture_stands_in_the_text_as_the_file_it_was(mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (40, 20), 128).save(buffer, "JPEG")
    letter = msgspec.structs.replace(
        LETTER, body=("Avant", Picture(buffer.getvalue(), 60, "Tracé du jour"), "Après")
    )
    pdf = render_letter(letter)
    assert buffer.getvalue() in pdf
    (page,) = PdfReader(io.BytesIO(pdf), strict=True).pages
    assert [image.image.size for image in page.images if image.image] == [(40, 20)]
    assert re.search(r"Avant\s+Tracé du jour\s+Après", page.extract_text())


def test_a_signature_is_drawn_and_follows_from_its_seed() -> None:
    unsigned, one, other = (
        render_letter(msgspec.structs.replace(LETTER, scribble=seed)) for seed in ("", "a", "b")
    )
    assert len({unsigned, one, other}) == 3
    assert text_of(one) == text_of(unsigned)


def test_a_stamp_can_be_read_back() -> None:
    stamped = msgspec.structs.replace(LETTER, stamp=("Dr Zoé ÉLAN", "RPPS 10000000142"))
    assert (
        "RPPS 10000000142" in PdfReader(io.BytesIO(render_letter(stamped))).pages[0].extract_text()
    )
