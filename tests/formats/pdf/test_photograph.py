"""Photographs: JPEG files of a fixed size, with ink on the paper, the same bytes every time."""

from __future__ import annotations

import io

import msgspec
from PIL import Image

from carnet.formats.pdf import Photograph, render_photograph

PHOTO = Photograph("Ordonnance", ("Verres progressifs", "OD +1,25"), ("écrit à la main",))


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_a_photograph_is_a_jpeg_of_the_size_of_a_telephone() -> None:
    image = opened(render_photograph(PHOTO))
    assert (image.format, image.size, image.mode) == ("JPEG", (900, 1200), "RGB")


def test_the_words_leave_ink_on_the_sheet() -> None:
    blank = msgspec.structs.replace(PHOTO, title="", lines=(), handwritten=())
    written = opened(render_photograph(PHOTO)).convert("L").crop((150, 150, 750, 600))
    empty = opened(render_photograph(blank)).convert("L").crop((150, 150, 750, 600))
    assert sum(written.histogram()[:100]) > sum(empty.histogram()[:100]) + 500


def test_accents_are_drawn_and_not_left_as_boxes() -> None:
    plain = msgspec.structs.replace(PHOTO, lines=("eeee",))
    accented = msgspec.structs.replace(PHOTO, lines=("éééé",))
    other = msgspec.structs.replace(PHOTO, lines=("èèèè",))
    assert len({render_photograph(p) for p in (plain, accented, other)}) == 3


def test_a_stamp_changes_the_picture() -> None:
    stamped = msgspec.structs.replace(PHOTO, stamp="OPTIQUE")
    assert render_photograph(stamped) != render_photograph(PHOTO)


def test_equal_photographs_are_equal_bytes() -> None:
    assert render_photograph(PHOTO) == render_photograph(PHOTO)
