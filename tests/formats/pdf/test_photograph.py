"""Photographs: JPEG files of a fixed size, with ink on the paper, the same bytes every time."""

from __future__ import annotations

import io
from datetime import datetime

import msgspec
import pytest
from PIL import Image

from carnet.formats.pdf import Photograph, Scene, render_photograph

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


@pytest.mark.parametrize("scene", Scene)
def test_every_scene_is_a_photograph_of_the_same_size_with_the_words_in_it(scene: Scene) -> None:
    photo = msgspec.structs.replace(PHOTO, scene=scene, lines=("Date | Valeur", "2/5 | 14/8"))
    other = msgspec.structs.replace(photo, lines=("Date | Valeur", "2/5 | 13/7"))
    assert opened(render_photograph(photo)).size == (900, 1200)
    assert render_photograph(photo) != render_photograph(other)


def test_scenes_and_seeds_give_pictures_of_their_own() -> None:
    pictures = {
        render_photograph(msgspec.structs.replace(PHOTO, scene=scene, seed=seed))
        for scene in Scene
        for seed in ("a", "b")
    }
    assert len(pictures) == 2 * len(Scene)


def test_a_photograph_says_when_it_was_taken_only_where_asked() -> None:
    dated = msgspec.structs.replace(PHOTO, taken=datetime(2026, 5, 3, 18, 20, 11))  # noqa: DTZ001 - a camera's clock knows no zone
    assert not opened(render_photograph(PHOTO)).getexif()
    exif = opened(render_photograph(dated)).getexif()
    assert exif[0x0132] == "2026:05:03 18:20:11"
    assert exif.get_ifd(0x8769)[0x9003] == "2026:05:03 18:20:11"
