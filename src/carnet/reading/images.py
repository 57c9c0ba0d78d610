"""Pictures: decoded within bounds, made anew from their points, nothing else kept.

What a camera or scanner wrote beside the points (place, device, thumbnails, colour profiles) is
left out of the copy; the turn of the camera and the colours are applied first.
"""

from __future__ import annotations

import io
import warnings

import pi_heif
from PIL import Image, ImageCms, UnidentifiedImageError

from carnet.reading.model import Picture
from carnet.record.errors import CarnetError, Notice

MOST_POINTS = 100_000_000
"""Points of a picture that is decoded whole: 400 MB of memory at four bytes a point."""
MOST_POINTS_SCALED = 1_000_000_000
"""Points of a baseline JPEG, which is decoded at an eighth of its size where it is that large."""
LONGEST_SIDE = 3_000
"""Points of the longer side of the copy: more than a screen has, less than a browser minds."""
_LOSSLESS_POINTS = 4_000_000
_FORMATS = ("JPEG", "PNG", "TIFF", "GIF", "HEIF", "MPO")
_QUALITY = 88
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FAULTS = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError,
    EOFError, AttributeError, ZeroDivisionError, RuntimeError,
)  # fmt: skip


def load() -> None:
    """Make the formats known to Pillow."""
    pi_heif.register_heif_opener(thumbnails=False)
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # the bound is ours, and told by name


def read(
    content: bytes, *, page: int, width: int = LONGEST_SIDE
) -> tuple[Picture, tuple[Notice, ...]]:
    """The picture of a page (from 1), at most ``width`` wide.

    Raises ``CarnetError``: ``reading-image-broken``, ``reading-image-too-large``,
    ``reading-page-absent``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow, about metadata that are left out
            return _read(content, page, max(16, min(width, LONGEST_SIDE)))
    except (UnidentifiedImageError, *_FAULTS):
        raise CarnetError("reading-image-broken") from None


def _read(content: bytes, page: int, width: int) -> tuple[Picture, tuple[Notice, ...]]:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        pages = _pages(image)
        if not 1 <= page <= pages:
            raise CarnetError("reading-page-absent", page=page, count=pages)
        if page > 1:
            image.seek(page - 1)
        size = _bounded(image)
        moves = pages == 1 and image.format != "MPO" and getattr(image, "n_frames", 1) > 1
        box = (width, LONGEST_SIDE)
        turn = _turn(image)
        image.draft(None, _fitting(size, box))  # a JPEG decodes at a fraction of its size
        bare = _plain(image)
        bare.thumbnail(box if turn < 5 else (box[1], box[0]), reducing_gap=3.0)
        bare = _turned(bare, turn)
        picture = _encoded(bare, lossy=image.format in ("JPEG", "MPO", "HEIF"))
    notices: tuple[Notice, ...] = ()
    if max(size) > max(picture.width, picture.height):
        told = {"width": str(size[0]), "height": str(size[1])}
        notices = (Notice("reading-image-reduced", params=told),)
    if moves:
        notices = (*notices, Notice("reading-image-first-only"))
    return (
        Picture(picture.content, picture.media_type, picture.width, picture.height, page, pages),
        notices,
    )


def encode(image: Image.Image) -> Picture:
    """A drawn page as a picture."""
    return _encoded(image, lossy=False)


def _pages(image: Image.Image) -> int:
    """Pages of a TIFF or HEIF; what moves has one, its first picture."""
    return int(getattr(image, "n_frames", 1)) if image.format in ("TIFF", "HEIF") else 1


def _bounded(image: Image.Image) -> tuple[int, int]:
    """The size of the picture. Raises ``reading-image-too-large``."""
    width, height = image.size
    scaled = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    if width * height > (MOST_POINTS_SCALED if scaled else MOST_POINTS):
        raise CarnetError("reading-image-too-large", width=width, height=height)
    return width, height


def _fitting(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _plain(image: Image.Image) -> Image.Image:
    """The points in one of the modes L, RGB, RGBA, colours as sRGB."""
    image.load()
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    converted = _coloured(image)
    if converted.mode in ("1", "L"):
        mode = "L"
    elif "transparency" in image.info or converted.mode in ("LA", "PA", "La", "RGBa", "RGBA"):
        mode = "RGBA"
    else:
        mode = "RGB"
    return converted if converted.mode == mode else converted.convert(mode)


def _coloured(image: Image.Image) -> Image.Image:
    """The picture in sRGB where it carries another profile that can be read."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        made = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return made if made is not None else image


def _turn(image: Image.Image) -> int:
    """The orientation that a camera noted; 1 (as it is) where it is none."""
    if image.format == "HEIF":  # its own decoder has turned it already
        return 1
    try:
        turn = image.getexif().get(_ORIENTATION)
    except _FAULTS:
        return 1
    return turn if isinstance(turn, int) else 1


def _turned(bare: Image.Image, turn: int) -> Image.Image:
    """Turned as the camera says (Exif, Orientation)."""
    method = _TURNS.get(turn)
    return bare if method is None else bare.transpose(method)


def _encoded(image: Image.Image, *, lossy: bool) -> Picture:
    """Points only: JPEG for photographs, PNG where lines and letters must stay sharp."""
    image.info = {}
    out = io.BytesIO()
    large = image.width * image.height > _LOSSLESS_POINTS
    if image.mode == "RGB" and (lossy or large):
        image.save(out, "JPEG", quality=_QUALITY, optimize=False)
        media_type = "image/jpeg"
    elif image.mode == "L" and lossy:
        image.save(out, "JPEG", quality=_QUALITY)
        media_type = "image/jpeg"
    else:
        image.save(out, "PNG", compress_level=4)
        media_type = "image/png"
    return Picture(out.getvalue(), media_type, image.width, image.height)
