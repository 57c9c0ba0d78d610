"""What browsers load beside pages: styles, scripts, fonts, icons; under names that never lie.

Addresses carry a hash over all files (``/static/HASH/js/carnet.js``), so that a browser keeps them
for good (RFC 8246) and relative references between them work unchanged. Own files are in
``static/``; those from npm in ``vendor/``, which ``make`` fills and nothing commits.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import zstandard
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from carnet.record.errors import CarnetError

HERE = Path(__file__).resolve().parent
STYLE = "carnet.css"
"""All of ``static/css`` in one file; its references start beside ``vendor`` and ``js``."""

NEEDED = (
    "vendor/font/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "vendor/htmx/htmx.js",
    "vendor/htmx/hx-sse.js",
    "vendor/pdfjs/pdf.mjs",
    "vendor/pdfjs/pdf.worker.mjs",
)
"""Without these of ``vendor`` no page is answered."""

_LAYERS = b"@layer tokens, base, components, pages;\n"
_TYPES = {
    ".bcmap": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".icc": "application/vnd.iccprofile",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".pfb": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PRESSED = frozenset({".css", ".icc", ".js", ".mjs", ".pfb", ".svg", ".ttf", ".wasm"})
_FOREVER = "public, max-age=31536000, immutable"
_ZSTD_LEVEL = 12
_GZIP_LEVEL = 9


class Assets:
    """The files that are served, known by name: no request reaches the file system by its path."""

    def __init__(self, own: Path = HERE / "static", vendor: Path = HERE / "vendor") -> None:
        self._files: dict[str, Path | bytes] = {STYLE: _style(own / "css")}
        self._files |= {name: path for name, path in _under(own) if not name.startswith("css/")}
        self._files |= {f"vendor/{name}": path for name, path in _under(vendor)}
        self._pressed: dict[tuple[str, str], bytes] = {}
        self._icons = _icons(vendor / "icons.json")
        self.hash = _hash(self._files)
        self.missing = tuple(name for name in NEEDED if name not in self._files)
        if not self._icons:
            self.missing += ("vendor/icons.json",)

    def url(self, name: str) -> str:
        """The address of a file below the portal. Raises ``KeyError`` where there is none."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self.hash}/{name}"

    def folder(self) -> str:
        """The address that all files have in common, with a slash at its end."""
        return f"/static/{self.hash}/"

    def drawing(self, icon: str) -> Markup:
        """The elements of an icon of Lucide. Raises ``KeyError`` where there is none."""
        return self._icons[icon]

    async def answer(self, request: Request) -> Response:
        """A file, compressed as the browser takes it. Raises ``page-unknown``.

        A hash of another version of Carnet (a page that was open during an upgrade) gets the file
        as it is now, and must not keep it.
        """
        name = request.path_params["name"]
        content = self._files.get(name)
        if content is None:
            raise CarnetError("page-unknown")
        suffix = Path(name).suffix
        headers = {"cache-control": _FOREVER}
        if request.path_params["hash"] != self.hash:
            headers["cache-control"] = "no-store"
        coding = ""
        if suffix in _PRESSED:
            headers["vary"] = "accept-encoding"
            coding = _coding(request.headers.get("accept-encoding", ""))
        if coding:
            headers["content-encoding"] = coding
        body = await asyncio.to_thread(self._body, name, content, coding)
        return Response(body, media_type=_TYPES[suffix], headers=headers)

    def _body(self, name: str, content: Path | bytes, coding: str) -> bytes:
        """Compressed once, at the first request for it, and kept."""
        pressed = self._pressed.get((name, coding))
        if pressed is not None:
            return pressed
        plain = content if isinstance(content, bytes) else content.read_bytes()
        if not coding:
            return plain
        if coding == "zstd":
            pressed = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(plain)
        else:
            pressed = gzip.compress(plain, _GZIP_LEVEL, mtime=0)
        self._pressed[name, coding] = pressed
        return pressed


def _style(folder: Path) -> bytes:
    """One file of all styles: layers say what wins, not the order of the files."""
    parts = [path.read_bytes() for path in sorted(folder.rglob("*.css"))]
    return b"\n".join([_LAYERS, *parts])


def _under(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files below a folder that a browser may ask for, by their name below it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TYPES and path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _hash(files: dict[str, Path | bytes]) -> str:
    whole = hashlib.sha256()
    for name, content in sorted(files.items(), key=lambda item: item[0]):
        data = content if isinstance(content, bytes) else content.read_bytes()
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()[:16]


def _icons(file: Path) -> dict[str, Markup]:
    if not file.is_file():
        return {}
    drawings = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    # The file is made by `tools/portal_assets.py` from a locked package, each value escaped.
    return {name: Markup(drawing) for name, drawing in drawings.items()}  # noqa: S704


def _coding(accepted: str) -> str:
    """The best coding that a browser takes (RFC 9110 §12.5.3); ``q=0`` refuses one."""
    taken = {}
    for item in accepted.lower().split(","):
        name, _, weight = item.strip().partition(";")
        taken[name.strip()] = weight.replace(" ", "").removeprefix("q=").strip("0.") != "" or (
            not weight
        )
    return next((coding for coding in ("zstd", "gzip") if taken.get(coding)), "")
