"""Letters as a scanner or a fax leaves them: pages that are one image, with no text to extract.

The sheets of the letter's style are drawn as dots, turned a little, soiled, and packed as JPEG
(grey) or as a fax does (one bit a dot, ITU-T T.6). What looks like chance follows from a seed.
"""

from __future__ import annotations

import io
import math
from functools import cache, lru_cache

import msgspec
from PIL import Image, ImageChops, ImageDraw

from carnet.formats.pdf.chance import Chance, grain
from carnet.formats.pdf.families import HANDS, font
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.raster import rasterise, typeface
from carnet.formats.pdf.sheet import MM, Sheet
from carnet.formats.pdf.styles import compose

_HAND_INK = "#23306b"
_TILE = 512  # dots a side of the noise that covers a page in tiles


class Scan(msgspec.Struct, frozen=True):
    """How a letter came to be an image.

    ``dots`` is the resolution in dots an inch; ``tilt`` the turn in degrees. ``fax`` is the line
    that a fax prints on top of each page, followed by the page's number; ``annotation`` what
    somebody wrote on the first page by hand. ``quality`` is JPEG's, of grey pages.
    """

    seed: str = ""
    grey: bool = True
    dots: int = 150
    tilt: float = 0.6
    holes: bool = False
    fax: str = ""
    annotation: tuple[str, ...] = ()
    quality: int = 40


def scan_of(seed: str, fax: str = "", annotation: tuple[str, ...] = ()) -> Scan:
    """A scan such as secretaries make, of a kind that the seed gives; a fax has one bit a dot."""
    chance = Chance(f"scan {seed}")
    grey = not fax and chance.below(5) < 3
    return Scan(
        seed=seed,
        grey=grey,
        dots=chance.pick((130, 150, 150)) if grey else chance.pick((150, 200)),
        tilt=round(chance.between(-1.3, 1.3), 2),
        holes=not fax and chance.below(3) == 0,
        fax=fax,
        annotation=annotation,
        quality=chance.pick((34, 40, 46)),
    )


def render_scan(letter: Letter, scan: Scan) -> bytes:
    """The letter as a PDF whose pages are images. Equal input gives equal bytes.

    Equal bytes ask for equal versions of pillow, as its encoders differ between versions. Raises
    ``character-not-printable`` where a character is in no packaged typeface.
    """
    sheets = compose(letter)
    _annotate(sheets[0], scan)
    first, *others = [_soiled(sheet, scan, n, len(sheets)) for n, sheet in enumerate(sheets, 1)]
    file = io.BytesIO()
    first.save(
        file,
        "PDF",
        save_all=True,
        append_images=others,
        resolution=scan.dots,
        creationDate=None,
        modDate=None,
        **({"quality": scan.quality} if scan.grey else {}),
    )
    return file.getvalue()


def _annotate(sheet: Sheet, scan: Scan) -> None:
    """Lines by hand across the upper corner, where there is most white."""
    chance = Chance(f"hand {scan.seed}")
    hand = font(chance.pick(HANDS))
    size, angle = chance.between(15, 19), chance.between(-3, 9)
    x, y = sheet.width * chance.between(0.3, 0.42), sheet.height * chance.between(0.16, 0.2)
    for n, line in enumerate(scan.annotation):
        sheet.write(x, y + n * size * 1.1, hand, size, _HAND_INK, line, angle=angle)


def _soiled(sheet: Sheet, scan: Scan, number: int, total: int) -> Image.Image:
    """The page as grey dots (or black and white ones), with all that happened to it."""
    chance = Chance(f"page {scan.seed} {number}")
    page = rasterise(sheet, scan.dots)
    page = _punched(page, scan) if scan.holes else page
    page = _tilted(page, scan.tilt + chance.between(-0.2, 0.2))
    if scan.fax:
        _fax_line(page, scan, number, total)
    _edges(page, scan, chance)
    if scan.grey:
        return _toned(page, chance)
    return _black_and_white(page, scan, chance)


def _tilted(page: Image.Image, degrees: float) -> Image.Image:
    """The page turned by a small angle: columns shifted up or down, then rows left or right.

    A few dozen strips are moved whole, which costs a tenth of resampling every dot.
    """
    slope = math.tan(math.radians(degrees))
    for across in (True, False):
        length = page.width if across else page.height
        strips = max(1, round(abs(slope) * length))
        turned = Image.new("L", page.size, 255)
        for n in range(strips):
            start, end = length * n // strips, length * (n + 1) // strips
            shift = round((strips - 1) / 2 - n) * (1 if slope > 0 else -1)
            if across:
                turned.paste(page.crop((start, 0, end, page.height)), (start, shift))
            else:
                turned.paste(page.crop((0, start, page.width, end)), (-shift, start))
        page = turned
    return page


def _punched(page: Image.Image, scan: Scan) -> Image.Image:
    """Two holes of a binder (ISO 838: 6 mm wide, 80 mm apart, 12 mm from the edge), seen dark."""
    draw = ImageDraw.Draw(page)
    scale = scan.dots / 72
    radius, x = 3 * MM * scale, 12 * MM * scale
    for offset in (-40, 40):
        y = page.height / 2 + offset * MM * scale
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=70)
        inner = radius * 0.86
        shift = radius * 0.12
        draw.ellipse((x - inner + shift, y - inner + shift, x + inner, y + inner), fill=40)
    return page


def _fax_line(page: Image.Image, scan: Scan, number: int, total: int) -> None:
    """The sender's line, straight above a page that is not."""
    draw = ImageDraw.Draw(page)
    letters = typeface("Cousine-Bold", round(scan.dots * 0.125, 1))
    words = f"{scan.fax}   P.{number:02d}/{total:02d}"
    height = round(scan.dots * 0.24)
    draw.rectangle((0, 0, page.width, height), fill=255)
    draw.text((scan.dots * 0.5, height * 0.8), words, font=letters, fill=0, anchor="ls")


def _edges(page: Image.Image, scan: Scan, chance: Chance) -> None:
    """The dark rim where the paper did not cover the glass, and a streak of dirt on it."""
    draw = ImageDraw.Draw(page)
    if chance.below(2):
        width = round(scan.dots * chance.between(0.02, 0.09))
        left = chance.below(2) == 0
        box = (0, 0, width, page.height) if left else (page.width - width, 0, *page.size)
        draw.rectangle(box, fill=60)
    if not scan.grey and chance.below(3) == 0:
        x = round(page.width * chance.between(0.1, 0.9))
        draw.line((x, 0, x, page.height), fill=0, width=1)


@cache
def _noise(strength: int) -> Image.Image:
    """A tile of noise around middle grey, up to ``strength`` either way."""
    tile = Image.frombytes("L", (_TILE, _TILE), grain("paper", _TILE * _TILE))
    return tile.point([128 - strength + 2 * strength * n // 255 for n in range(256)])


@lru_cache(maxsize=8)
def _covered(size: tuple[int, int], strength: int) -> Image.Image:
    """Noise over a page."""
    cover = Image.new("L", size)
    for x in range(0, size[0], _TILE):
        for y in range(0, size[1], _TILE):
            cover.paste(_noise(strength), (x, y))
    return cover


def _toned(page: Image.Image, chance: Chance) -> Image.Image:
    """Toner that is not black on paper that is not white, with grain."""
    ink, paper = chance.between(18, 70), chance.between(232, 250)
    page = page.point([round(ink + (paper - ink) * n / 255) for n in range(256)])
    return ImageChops.add(page, _covered(page.size, 5), 1, -128)


def _black_and_white(page: Image.Image, scan: Scan, chance: Chance) -> Image.Image:
    """Dots above and below a threshold that wavers, and specks."""
    wavering = ImageChops.add(page, _covered(page.size, 38), 1, -128)
    draw = ImageDraw.Draw(wavering)
    for _ in range(30 + chance.below(60)):
        x, y = chance.below(page.width), chance.below(page.height)
        size = chance.below(max(2, scan.dots // 60))
        draw.rectangle((x, y, x + size, y + size), fill=0)
    level = round(chance.between(120, 175))
    return wavering.point([255 * (n > level) for n in range(256)], "1")
