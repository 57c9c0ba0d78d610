"""Every style: all that the letter says can be read back, on numbered pages, in few bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import msgspec
import pytest
from pypdf import PdfReader

from carnet.formats.pdf import Letter, Style, Table, look_of, render_letter
from carnet.record.errors import CarnetError
from tests.formats.pdf.samples import SAMPLES, dressed

SIGNS = "≥ ≤ µ œ Œ → α β ± ² ³ ₂ ⁶ ° – … € ŷ ☐ ✓ « » \u00a0: 37\u202f°C ᵉ"
STYLES = sorted(SAMPLES)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf), strict=True).pages]


def bare(text: str) -> str:
    """Without white space, and in capitals: forms print some titles so."""
    return re.sub(r"\s", "", text).upper()


def said(letter: Letter) -> Iterator[str]:
    """What must be on the paper, whatever the style."""
    yield from letter.patient[:1]
    yield from letter.signature
    yield letter.title
    yield letter.footer
    yield letter.place_and_date
    for part in letter.body:
        if isinstance(part, Table):
            yield from part.heads
            yield from (cell for row in part.rows for cell in row)
        elif isinstance(part, str):
            yield re.sub(r"^(# |- |\[.\] |---$)", "", part).replace("**", "")


@pytest.mark.parametrize("house", ["a", "b", "c", "d"])
@pytest.mark.parametrize("style", STYLES)
def test_all_that_is_said_can_be_read_back_with_its_accents(style: Style, house: str) -> None:
    letter = dressed(SAMPLES[style], f"{style}{house}")
    # A line of text per visual line: a break over two pages has footers between.
    found = bare(" ".join(pages(render_letter(letter))))
    for words in said(letter):
        for sentence in re.split(r"(?<=[.;:]) ", words):
            if len(SAMPLES[style].body) < 12 or len(sentence) < 60:
                assert bare(sentence) in found, sentence


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("font", range(5))
def test_signs_beyond_windows_1252_are_printed_in_every_face(style: Style, font: int) -> None:
    look = msgspec.structs.replace(look_of(style), font=font)
    letter = msgspec.structs.replace(SAMPLES[style], body=(SIGNS,), look=look)
    assert bare(SIGNS) in bare(" ".join(pages(render_letter(letter))))


@pytest.mark.parametrize("style", STYLES)
def test_a_sign_that_no_face_holds_is_refused_and_not_left_out(style: Style) -> None:
    letter = msgspec.structs.replace(SAMPLES[style], body=("Tout va bien 😀",))
    with pytest.raises(CarnetError) as refused:
        render_letter(letter)
    assert refused.value.code == "character-not-printable"
    assert refused.value.params == {"character": "U+1F600"}


def test_styles_are_different_papers_for_the_same_words() -> None:
    letter = SAMPLES[Style.CLASSIC]
    papers = {render_letter(msgspec.structs.replace(letter, style=style)) for style in Style}
    assert len(papers) == len(Style) >= 8


@pytest.mark.parametrize("style", [s for s in STYLES if s is not Style.TICKET])
def test_a_long_letter_in_any_style_goes_on_over_pages_that_name_the_patient(style: Style) -> None:
    letter = msgspec.structs.replace(SAMPLES[style], body=("Une phrase de plus. " * 40,) * 14)
    if not letter.patient:
        letter = msgspec.structs.replace(letter, patient=("Mme Camille BERTHIER",))
    texts = pages(render_letter(letter))
    assert len(texts) > 1
    if style not in {Style.CLASSIC, Style.CERTIFICATE}:
        assert all(letter.patient[0].split()[-1] in text for text in texts)
    assert bare(" ".join(texts)).count("PHRASEDEPLUS.") > 540


NUMBERED = {
    Style.CLASSIC: "Page {}/{}",
    Style.CLINIC: "{} sur {}",
    Style.HOSPITAL: "Page {}/{}",
    Style.LABORATORY: "Page {}/{}",
    Style.IMAGING: "Page {}/{}",
    Style.EMERGENCY: "Page {}/{}",
    Style.SCHOOL: "{}/{}",
}


@pytest.mark.parametrize("style", sorted(NUMBERED))
def test_pages_say_which_they_are_and_how_many_there_are(style: Style) -> None:
    letter = msgspec.structs.replace(SAMPLES[style], body=("Une phrase de plus. " * 40,) * 14)
    texts = pages(render_letter(letter))
    for n, text in enumerate(texts, 1):
        assert NUMBERED[style].format(n, len(texts)) in text


def test_the_zones_of_an_ordonnancier_bizone_keep_apart_what_they_hold() -> None:
    (text,) = pages(render_letter(SAMPLES[Style.BIZONE]))
    order = ("AFFECTION EXONÉRANTE", "MALADIES INTERCURRENTES")
    assert all(words in text for words in order)
    reader = PdfReader(io.BytesIO(render_letter(SAMPLES[Style.BIZONE])))
    heights: dict[str, float] = {}

    def visit(words: str, _cm: object, matrix: list[float], _font: object, _size: object) -> None:
        for name in ("METFORMINE", "PARACÉTAMOL", "(MALADIES"):
            if name in words:
                heights[name] = matrix[5]

    reader.pages[0].extract_text(visitor_text=visit)
    assert heights["METFORMINE"] > heights["(MALADIES"] > heights["PARACÉTAMOL"]


def test_a_ticket_is_a_strip_as_long_as_its_text() -> None:
    short, long = SAMPLES[Style.TICKET], SAMPLES[Style.TICKET]
    long = msgspec.structs.replace(long, body=long.body * 3)
    sizes = [
        PdfReader(io.BytesIO(render_letter(letter))).pages[0].mediabox for letter in (short, long)
    ]
    assert sizes[0].width == sizes[1].width < 230
    assert sizes[0].height < sizes[1].height


@pytest.mark.parametrize("style", STYLES)
def test_a_page_costs_few_bytes(style: Style) -> None:
    pdf = render_letter(dressed(SAMPLES[style], "octets"))
    assert len(pdf) < 45_000 * len(pages(pdf))
