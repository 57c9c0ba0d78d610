"""Puts what the pages bring to the browser into the package: fonts, icons, htmx, pdf.js.

``tools/portal`` names the npm packages and locks them; ``make`` installs them there and calls this,
which copies the few files that are served into ``src/carnet/portal/vendor`` (never committed).
"""

from __future__ import annotations

import json
import shutil
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "tools" / "portal" / "node_modules"
VENDOR = ROOT / "src" / "carnet" / "portal" / "vendor"
_FONT = "@fontsource-variable/atkinson-hyperlegible-next"

SERVED = {
    "font": (
        (f"{_FONT}/LICENSE", "LICENSE"),
        (f"{_FONT}/files/*.woff2", ""),
    ),
    "htmx": (
        ("htmx.org/LICENSE", "LICENSE"),
        ("htmx.org/dist/htmx.min.js", "htmx.js"),
        ("htmx.org/dist/ext/hx-sse.min.js", "hx-sse.js"),
    ),
    "pdfjs": (
        ("pdfjs-dist/LICENSE", "LICENSE"),
        ("pdfjs-dist/build/pdf.min.mjs", "pdf.mjs"),
        ("pdfjs-dist/build/pdf.worker.min.mjs", "pdf.worker.mjs"),
        ("pdfjs-dist/cmaps/*", "cmaps"),
        ("pdfjs-dist/iccs/*", "iccs"),
        ("pdfjs-dist/standard_fonts/*", "standard_fonts"),
        ("pdfjs-dist/wasm/*jbig2*", "wasm"),
        ("pdfjs-dist/wasm/*openjpeg*", "wasm"),
        ("pdfjs-dist/wasm/*qcms*", "wasm"),
        ("pdfjs-dist/wasm/LICENSE*", "wasm"),
    ),
}
"""By folder: what is taken from which package, and the name (or the folder) that it gets."""


def copy_served(modules: Path, target: Path) -> None:
    """Copy the files that are served. Raises ``FileNotFoundError`` where a package lacks one."""
    for folder, sources in SERVED.items():
        for pattern, name in sources:
            found = sorted(modules.glob(pattern))
            if not found:
                raise FileNotFoundError(pattern)
            for source in found:
                place = target / folder / name
                file = place / source.name if "*" in pattern else place
                file.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, file)


def write_icons(modules: Path, target: Path) -> None:
    """Write every icon of Lucide into one file: name to the elements of its drawing."""
    nodes = json.loads((modules / "lucide-static" / "icon-nodes.json").read_text(encoding="utf-8"))
    drawings = {name: "".join(map(_element, parts)) for name, parts in sorted(nodes.items())}
    text = json.dumps(drawings, separators=(",", ":"))
    (target / "icons.json").write_text(text, encoding="utf-8")
    shutil.copyfile(modules / "lucide-static" / "LICENSE", target / "icons.LICENSE")


def _element(node: list[object]) -> str:
    name, attributes = node
    if not isinstance(name, str) or not isinstance(attributes, dict):
        raise TypeError(node)
    written = (f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{''.join(written)}/>"


def main() -> None:
    """Fill the folder anew."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    copy_served(MODULES, fresh)
    write_icons(MODULES, fresh)
    fresh.rename(VENDOR)


if __name__ == "__main__":
    main()
