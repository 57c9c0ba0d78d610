"""Draws what a telephone's photograph of a paper looks like, as JPEG.

No camera and no chance: a table, a thing on it a little askew, words, a shadow. Equal input gives
equal bytes with equal versions of pillow.
"""

from __future__ import annotations

import io
from datetime import datetime
from enum import StrEnum

import msgspec
from PIL import Image, ImageFilter

from carnet.formats.pdf import scenes

_SIZE = (900, 1200)
_MAKE, _MODEL, _DATE, _EXIF, _TAKEN = 0x010F, 0x0110, 0x0132, 0x8769, 0x9003


class Scene(StrEnum):
    """What lies on the table, and which table."""

    DESK = "desk"  # a printed sheet on a wooden desk
    KITCHEN = "kitchen"  # a printed sheet on a checked oilcloth, with a cup
    LOG = "log"  # squared paper, all by hand: blood pressure, glycaemia, pain
    VACCINATION = "vaccination"  # a page of an old booklet, ruled, stamped
    BOX = "box"  # a box of medicine


class Photograph(msgspec.Struct, frozen=True):
    """What stands on the thing; ``tilt`` is its turn in degrees, ``stamp`` a round stamp's word.

    In scenes ``log`` and ``vaccination`` a ``|`` in a line goes to the next column. ``taken``,
    when given, stands in the file (EXIF) with the name of an invented camera; else the file says
    nothing of its origin. ``seed`` varies hand, colours and light.
    """

    title: str
    lines: tuple[str, ...]
    handwritten: tuple[str, ...] = ()
    stamp: str | None = None
    tilt: float = 2.5
    quality: int = 78
    scene: Scene = Scene.DESK
    seed: str = ""
    taken: datetime | None = None


def _thing(photograph: Photograph) -> Image.Image:
    match photograph.scene:
        case Scene.LOG:
            return scenes.log(
                photograph.title, (*photograph.lines, *photograph.handwritten), photograph.seed
            )
        case Scene.VACCINATION:
            return scenes.vaccination(
                photograph.title,
                photograph.lines,
                photograph.handwritten,
                photograph.stamp,
                photograph.seed,
            )
        case Scene.BOX:
            return scenes.box(photograph.title, photograph.lines, photograph.seed)
        case _:
            return scenes.sheet(
                photograph.title,
                photograph.lines,
                photograph.handwritten,
                photograph.stamp,
                photograph.seed,
            )


def _exif(taken: datetime) -> Image.Exif:
    written = taken.strftime("%Y:%m:%d %H:%M:%S")
    exif = Image.Exif()
    exif[_MAKE], exif[_MODEL], exif[_DATE] = "Invented", "Pocket 1", written
    exif.get_ifd(_EXIF)[_TAKEN] = written
    return exif


def render_photograph(photograph: Photograph) -> bytes:
    """The photograph as a JPEG file of 900 by 1200 points."""
    covered = photograph.scene in {Scene.KITCHEN, Scene.BOX}
    table = scenes.oilcloth if covered else scenes.desk
    picture = table(_SIZE, photograph.seed).copy()
    turned = _thing(photograph).rotate(
        photograph.tilt, resample=Image.Resampling.BILINEAR, expand=True
    )
    left = (_SIZE[0] - turned.width) // 2
    top = (_SIZE[1] - turned.height) // 2
    shadow = Image.new("L", _SIZE, 0)
    shadow.paste(turned.getchannel("A").point(lambda a: a // 2), (left + 14, top + 18))
    dark = Image.new("RGB", _SIZE, (30, 20, 12))
    picture.paste(dark, (0, 0), shadow.filter(ImageFilter.BoxBlur(10)))
    picture.paste(turned, (left, top), turned)
    buffer = io.BytesIO()
    options = {} if photograph.taken is None else {"exif": _exif(photograph.taken)}
    picture.save(buffer, "JPEG", quality=photograph.quality, optimize=False, **options)
    return buffer.getvalue()
