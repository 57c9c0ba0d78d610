"""Scans: images of pages with nothing to extract, ink where words are, the same bytes each time."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from PIL import Image
from pypdf import PdfReader

from carnet.formats.pdf import Scan, Style, render_scan, scan_of
from carnet.record.errors import CarnetError
from tests.formats.pdf.samples import HOSPITAL, SAMPLES

GREY = Scan(seed="gris", grey=True, dots=100)
FAX = Scan(seed="fax", grey=False, dots=100, fax="03/05/2026 10:12  02 99 00 00 15")


def images(pdf: bytes) -> list[Image.Image]:
    pages = PdfReader(io.BytesIO(pdf), strict=True).pages
    assert all(len(page.images) == 1 for page in pages)
    return [page.images[0].image.convert("L") for page in pages if page.images[0].image]


def ink(image: Image.Image) -> float:
    """The share of dark dots."""
    return sum(image.histogram()[:110]) / (image.width * image.height)


@pytest.mark.parametrize("scan", [GREY, FAX])
def test_a_scan_has_a_page_for_each_of_the_letter_and_no_text(scan: Scan) -> None:
    reader = PdfReader(io.BytesIO(render_scan(HOSPITAL, scan)), strict=True)
    assert len(reader.pages) == 2
    assert [page.extract_text().strip() for page in reader.pages] == ["", ""]
    assert b"/Font" not in render_scan(HOSPITAL, scan)
    assert not reader.metadata
    assert [float(page.mediabox.height) for page in reader.pages] == pytest.approx(
        [842, 842], abs=1
    )


@pytest.mark.parametrize("style", sorted(SAMPLES))
@pytest.mark.parametrize("scan", [GREY, FAX])
def test_words_are_dark_on_light_paper(scan: Scan, style: Style) -> None:
    for image in images(render_scan(SAMPLES[style], scan)):
        assert 0.002 < ink(image) < 0.25


def test_a_grey_scan_is_a_jpeg_and_a_fax_has_one_bit_a_dot() -> None:
    assert b"/DCTDecode" in render_scan(HOSPITAL, GREY)
    fax = render_scan(HOSPITAL, FAX)
    assert b"/CCITTFaxDecode" in fax
    assert re.search(rb"/BitsPerComponent 1\s", fax)
    assert {level for image in images(fax) for level, n in enumerate(image.histogram()) if n} == {
        0,
        255,
    }


def test_the_fax_line_stands_on_top_of_every_page() -> None:
    without = msgspec.structs.replace(FAX, fax="")
    for sent, plain in zip(
        images(render_scan(HOSPITAL, FAX)), images(render_scan(HOSPITAL, without)), strict=True
    ):
        strip = (0, 0, sent.width * 3 // 4, sent.width // 40)
        assert ink(sent.crop(strip)) > ink(plain.crop(strip)) + 0.02


def test_somebody_wrote_on_the_first_page_only() -> None:
    written = msgspec.structs.replace(GREY, annotation=("Vu le 12", "à classer"))
    plain, noted = images(render_scan(HOSPITAL, GREY)), images(render_scan(HOSPITAL, written))
    assert ink(noted[0]) > ink(plain[0])
    assert noted[1].tobytes() == plain[1].tobytes()


def test_a_handwritten_character_that_no_face_holds_is_refused() -> None:
    with pytest.raises(CarnetError) as refused:
        render_scan(HOSPITAL, msgspec.structs.replace(GREY, annotation=("😀",)))
    assert refused.value.code == "character-not-printable"


def test_holes_of_a_binder_are_dark_discs_near_the_left_edge() -> None:
    holes = msgspec.structs.replace(GREY, holes=True, tilt=0.0)
    whole = msgspec.structs.replace(holes, holes=False)
    # 12 mm from the edge and 40 mm above the middle of a page of 297 mm, at 100 dots an inch.
    x, y = 47, 585 - 157
    box = (x - 4, y - 4, x + 4, y + 4)
    punched = images(render_scan(SAMPLES[Style.CERTIFICATE], holes))[0].crop(box)
    intact = images(render_scan(SAMPLES[Style.CERTIFICATE], whole))[0].crop(box)
    assert ink(punched) > 0.9
    assert ink(intact) == 0


@pytest.mark.parametrize("tilt", [-1.2, 1.2])
def test_a_page_lies_askew_by_its_tilt(tilt: float) -> None:
    """The line between the two zones of the form rises or falls across the page."""
    letter = SAMPLES[Style.BIZONE]
    image = images(render_scan(letter, msgspec.structs.replace(GREY, tilt=tilt)))[0]

    def first_dark(x: int) -> int:
        column = image.crop((x, 680, x + 1, 790)).tobytes()
        return next(n for n, level in enumerate(column) if level < 130)

    rise = first_dark(120) - first_dark(700)
    expected = 580 * 0.021 * (1 if tilt > 0 else -1)
    assert abs(rise - expected) < 5


def test_seeds_give_scans_of_every_kind() -> None:
    scans = [scan_of(str(n)) for n in range(200)]
    assert {scan.grey for scan in scans} == {True, False}
    assert {scan.holes for scan in scans} == {True, False}
    assert len({scan.tilt for scan in scans}) > 100
    assert not any(scan_of(str(n), fax="0299").grey for n in range(50))


def test_a_page_is_as_large_as_scanned_pages_are() -> None:
    for n in range(6):
        for style in (Style.HOSPITAL, Style.CLASSIC, Style.LABORATORY):
            pdf = render_scan(SAMPLES[style], scan_of(str(n)))
            size = len(pdf) / len(images(pdf))
            assert 8_000 < size < 190_000


def test_equal_scans_are_equal_bytes_and_another_seed_is_another_page() -> None:
    assert render_scan(HOSPITAL, FAX) == render_scan(HOSPITAL, FAX)
    other = msgspec.structs.replace(FAX, seed="autre")
    assert render_scan(HOSPITAL, other) != render_scan(HOSPITAL, FAX)
