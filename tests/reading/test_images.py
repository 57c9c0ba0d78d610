"""Pictures: made anew from their points, bombs refused, nothing of the file kept beside."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from carnet.reading.model import Picture, Readable, Unreadable
from carnet.record.errors import CarnetError
from tests.reading import samples
from tests.reading.conftest import Asked

BLUE, RED = (20, 60, 200), (200, 30, 40)


def shown(made: Readable) -> Image.Image:
    assert isinstance(made.body, Picture), made.body
    image = Image.open(io.BytesIO(made.body.content))
    assert image.size == (made.body.width, made.body.height)
    assert Image.MIME[image.format or ""] == made.body.media_type
    return image.convert("RGB")


def close(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 40 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/jpeg", samples.picture("JPEG")),
        ("image/png", samples.picture("PNG")),
        ("image/png; name=a", samples.picture("PNG", mode="P")),
        ("image/png", samples.picture("PNG", mode="RGBA")),
        ("image/tiff", samples.picture("TIFF")),
        ("image/tiff", samples.picture("TIFF", mode="CMYK")),
        ("image/gif", samples.picture("GIF", mode="P")),
        ("image/heic", samples.HEIC),
        ("image/jpeg", samples.picture("PNG")),
    ],
    ids=["jpeg", "png", "palette", "alpha", "tiff", "cmyk", "gif", "heic", "png called jpeg"],
)
def test_a_picture_shows_its_points(asked: Asked, media_type: str, content: bytes) -> None:
    image = shown(asked.document(content, media_type))
    assert image.size == (64, 48)
    assert close(image.getpixel((8, 24)), BLUE)
    assert close(image.getpixel((56, 24)), RED)


def test_a_photograph_is_turned_and_tells_nothing_else(asked: Asked) -> None:
    content = samples.photograph()
    assert b"SECRET" in content
    made = asked.document(content, "image/jpeg")
    image = shown(made)
    assert image.size == (48, 64)
    assert close(image.getpixel((24, 8)), BLUE)
    assert isinstance(made.body, Picture)
    assert b"SECRET" not in made.body.content
    assert not Image.open(io.BytesIO(made.body.content)).getexif()


def test_every_turn_of_a_camera_is_followed(asked: Asked) -> None:
    """The corner that is blue before is where the turn puts it after."""
    corners = {
        1: (0, 0),
        2: (1, 0),
        3: (1, 1),
        4: (0, 1),
        5: (0, 0),
        6: (1, 0),
        7: (1, 1),
        8: (0, 1),
    }
    for turn, (right, below) in corners.items():
        image = Image.new("RGB", (32, 32), RED)
        image.paste(BLUE, (0, 0, 16, 16))
        exif = Image.Exif()
        exif[0x0112] = turn
        out = io.BytesIO()
        image.save(out, "PNG", exif=exif.tobytes())
        made = shown(asked.document(out.getvalue(), "image/png"))
        assert close(made.getpixel((8 + 16 * right, 8 + 16 * below)), BLUE), turn


def test_grey_of_sixteen_bits_keeps_its_range(asked: Asked) -> None:
    out = io.BytesIO()
    image = Image.new("I;16", (2, 1))
    image.putpixel((0, 0), 0)
    image.putpixel((1, 0), 65_535)
    image.save(out, "PNG")
    image = shown(asked.document(out.getvalue(), "image/png"))
    assert [image.getpixel((x, 0)) for x in (0, 1)] == [(0, 0, 0), (255, 255, 255)]


def test_a_tiff_has_its_pages(asked: Asked) -> None:
    content = samples.tiff(3)
    made = asked.document(content, "image/tiff")
    assert isinstance(made.body, Picture)
    assert (made.body.page, made.body.pages) == (1, 3)
    third = asked.page(content, "image/tiff", 3)
    assert (third.width, third.page, third.pages) == (202, 3, 3)
    with pytest.raises(CarnetError) as caught:
        asked.page(content, "image/tiff", 4)
    assert caught.value.code == "reading-page-absent"


def test_a_picture_that_moves_shows_its_first_view_and_says_so(asked: Asked) -> None:
    views = [Image.new("RGB", (8, 8), colour) for colour in (BLUE, RED)]
    out = io.BytesIO()
    views[0].save(out, "GIF", save_all=True, append_images=views[1:])
    made = asked.document(out.getvalue(), "image/gif")
    assert shown(made).size == (8, 8)
    assert [each.code for each in made.notices] == ["reading-image-first-only"]


def test_the_largest_picture_that_is_decoded_whole_fits_the_limits(asked: Asked) -> None:
    made = asked.document(samples.picture("PNG", (10_000, 10_000), "RGBA"), "image/png")
    assert shown(made).size == (3_000, 3_000)


def test_a_large_picture_is_shown_smaller_and_says_so(asked: Asked) -> None:
    made = asked.document(samples.picture("PNG", (4_000, 100)), "image/png")
    assert shown(made).size == (3_000, 75)
    assert [(each.code, each.params) for each in made.notices] == [
        ("reading-image-reduced", {"width": "4000", "height": "100"})
    ]


@pytest.mark.parametrize(
    "content",
    [samples.png_bomb(30_000, 30_000), samples.heic_bomb(), samples.png_bomb(2**31 - 1, 1)],
    ids=["png", "heic", "wide"],
)
def test_thirty_thousand_by_thirty_thousand_points_are_refused(
    asked: Asked, content: bytes
) -> None:
    body = asked.document(content, "image/png").body
    assert isinstance(body, Unreadable)
    assert body.code in ("reading-image-too-large", "reading-image-broken")
    if content[:4] == b"\x89PNG":
        assert body.code == "reading-image-too-large"


def test_a_jpeg_of_that_size_is_scaled_while_it_is_decoded(asked: Asked) -> None:
    made = asked.document(samples.jpeg_of(30_000, 30_000), "image/jpeg")
    assert shown(made).size == (3_000, 3_000)
    assert [each.code for each in made.notices] == ["reading-image-reduced"]


def test_a_picture_whose_points_are_missing_or_torn_says_so(asked: Asked) -> None:
    for content in (
        b"",
        b"\x89PNG",
        samples.picture("PNG")[:60],
        samples.png_bomb(9_000, 9_000)[:60],
        samples.HEIC[:300],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html>",
    ):
        assert asked.document(content, "image/png").body == Unreadable("reading-image-broken")


def test_a_comment_that_grows_when_inflated_costs_nothing(asked: Asked) -> None:
    body = asked.document(samples.text_chunk_bomb(), "image/png").body
    assert isinstance(body, Picture) or body == Unreadable("reading-image-broken")


def test_formats_beyond_the_list_are_not_tried(asked: Asked) -> None:
    for form in ("BMP", "ICO", "PPM", "TGA", "WEBP"):
        body = asked.document(samples.picture(form), "image/png").body
        assert body == Unreadable("reading-image-broken"), form
    assert asked.document(samples.picture("WEBP"), "image/webp").body == Unreadable(
        "reading-type-unsupported", {"type": "image/webp"}
    )
