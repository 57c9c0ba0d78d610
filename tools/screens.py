"""Takes the pictures of ``docs/screens``: pages at 1280 and 360 px, light and dark.

``python tools/screens.py BASE NAME=PATH …`` against a running server, such as
``python tools/screens.py http://127.0.0.1:8000 design=/design``. What moves is still, so that the
same page gives the same bytes; PNG with few colours, small enough to be kept.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

SCREENS = Path(__file__).resolve().parent.parent / "docs" / "screens"
SIZES = {"1280": (1280, 800), "360": (360, 780)}
THEMES = ("light", "dark")
_COLOURS = 128
_FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none"]


def picture(
    browser: Browser, address: str, size: tuple[int, int], theme: str, whole: bool
) -> bytes:
    """A page as a small PNG. ``whole``: to its end, not only its first screen."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="fr-FR",
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    taken = page.screenshot(full_page=whole, animations="disabled", caret="hide")
    context.close()
    return small(taken)


def small(taken: bytes) -> bytes:
    """The same picture with a palette."""
    with Image.open(io.BytesIO(taken)) as image:
        reduced = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    reduced.save(written, "PNG", optimize=True)
    return written.getvalue()


def take(
    browser: Browser, base: str, pages: dict[str, str], folder: Path, *, whole: bool = False
) -> list[Path]:
    """Take all pictures of these pages (name to path); the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, path in pages.items():
        for size, points in SIZES.items():
            for theme in THEMES:
                file = folder / f"{name}-{size}{'' if theme == 'light' else '-dark'}.png"
                file.write_bytes(picture(browser, base + path, points, theme, whole))
                written.append(file)
    return written


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="such as http://127.0.0.1:8000")
    parser.add_argument("pages", nargs="+", metavar="NAME=PATH")
    parser.add_argument("--to", type=Path, default=SCREENS, help="the folder")
    parser.add_argument("--whole", action="store_true", help="whole pages, not the first screen")
    told = parser.parse_args()
    pages = dict(page.split("=", 1) for page in told.pages)
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        written = take(browser, told.base, pages, told.to, whole=told.whole)
        browser.close()
    for file in written:
        sys.stdout.write(f"{file.name} {file.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
