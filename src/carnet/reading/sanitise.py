"""A copy of a PDF that only shows: no script, action, form, file, remote address or medium.

ISO 32000-1: actions (12.6), annotations (12.5), forms (12.7), embedded files (7.11.4), reference
XObjects (8.10.4), external streams (7.3.8.2). What annotations draw is drawn into the page first;
of the annotations themselves only links within the document stay. From the catalogue and pages
only what is listed here stays; the rest is searched through for what acts.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import msgspec
import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from carnet.record.errors import CarnetError

_CATALOGUE = frozenset(
    {
        "/Type", "/Version", "/Pages", "/PageLabels", "/Outlines", "/Dests", "/Names", "/Lang",
        "/StructTreeRoot", "/MarkInfo", "/OCProperties",
    }
)  # fmt: skip
_PAGE = frozenset(
    {
        "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox",
        "/ArtBox", "/Contents", "/Rotate", "/Group", "/Annots", "/StructParents", "/Tabs",
        "/UserUnit", "/Kids", "/Count",
    }
)  # fmt: skip
_PARTS = {
    "/JS": "actions",
    "/JavaScript": "actions",
    "/OpenAction": "actions",
    "/AA": "actions",
    "/EmbeddedFiles": "files",
    "/AF": "files",
    "/EF": "files",
    "/Collection": "files",
    "/XFA": "forms",
    "/AcroForm": "forms",
    "/RichMediaContent": "media",
    "/RichMediaSettings": "media",
    "/Ref": "references",
    "/OPI": "references",
}
"""Keys that act, wherever they stand, and what they were: ``reading-pdf-…-removed`` says it."""
_LINKS = frozenset({"/URI", "/GoToR", "/GoToE"})
_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms")
_DEEPEST = 60


class Copy(msgspec.Struct, frozen=True):
    """The copy; what sorts of things were taken out of it; how many links led outside."""

    pdf: bytes
    removed: frozenset[str]
    links: int


class _Found:
    """What was taken out."""

    def __init__(self) -> None:
        self.removed: set[str] = set()
        self.links = 0


def sanitised(content: bytes) -> Copy:
    """The copy. Raises ``CarnetError``: ``reading-pdf-encrypted``, ``reading-pdf-broken``."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            found = _Found()
            _look_for_parts(pdf, found)
            _flatten(pdf, found)
            _keep_listed(pdf)
            _take_out_actions(pdf, found)
            out = io.BytesIO()
            pdf.save(
                out,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
    except pikepdf.PasswordError:
        raise CarnetError("reading-pdf-encrypted") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, OverflowError):
        raise CarnetError("reading-pdf-broken") from None
    return Copy(out.getvalue(), frozenset(found.removed), found.links)


def _look_for_parts(pdf: pikepdf.Pdf, found: _Found) -> None:
    """Name what the catalogue holds that the copy will not."""
    root = pdf.Root
    for key in ("/OpenAction", "/AA", "/Collection", "/AF"):
        if key in root and not (key == "/OpenAction" and _stays(root[key])):
            found.removed.add(_PARTS[key])
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary) and ("/XFA" in form or len(form.get("/Fields", ()))):
        found.removed.add("forms")
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        for key in ("/JavaScript", "/EmbeddedFiles"):
            if key in names:
                found.removed.add(_PARTS[key])


def _stays(action: Object) -> bool:
    """Whether an action only goes to a place in the document."""
    return not isinstance(action, Dictionary) or action.get("/S") == Name.GoTo


def _flatten(pdf: pikepdf.Pdf, found: _Found) -> None:
    """Draw what annotations show into the pages; keep links within the document."""
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if annotations is None:
            continue
        kept = [each for each in _array(annotations) if _inner_link(each, found)]
        if kept:
            page.obj["/Annots"] = Array(kept)
        else:
            del page.obj["/Annots"]


def _inner_link(annotation: Object, found: _Found) -> bool:
    if not isinstance(annotation, Dictionary):
        return False
    action = annotation.get("/A")
    sort = action.get("/S") if isinstance(action, Dictionary) else None
    if annotation.get("/Subtype") != Name.Link:
        if annotation.get("/Subtype") in (Name.RichMedia, Name.Screen, Name.Movie, Name.Sound):
            found.removed.add("media")
        elif annotation.get("/Subtype") == Name.FileAttachment:
            found.removed.add("files")
        if sort is not None and sort != Name.GoTo:
            found.removed.add("actions")
        return False
    if sort is None:
        return "/Dest" in annotation
    if str(sort) in _LINKS:
        found.links += 1
    elif sort != Name.GoTo:
        found.removed.add("actions")
    return sort == Name.GoTo


def _keep_listed(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    for key in list(root.keys()):
        if key not in _CATALOGUE:
            del root[key]
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        for key in list(names.keys()):
            if key != "/Dests":
                del names[key]
    for page in pdf.pages:
        for key in list(page.obj.keys()):
            if key not in _PAGE:
                del page.obj[key]
    for key in list(pdf.trailer.keys()):
        if key == "/Info":
            del pdf.trailer[key]


def _take_out_actions(pdf: pikepdf.Pdf, found: _Found) -> None:
    """Search all that is left: scripts and actions in outlines, streams kept elsewhere, files."""
    for held in pdf.objects:
        for each in _inside(held, _DEEPEST):
            _disarm(each, found)


def _disarm(held: Object, found: _Found) -> None:
    for key, part in _PARTS.items():
        if key in held:
            del held[key]
            found.removed.add(part)
    action = held.get("/A")
    if isinstance(action, Dictionary) and "/S" in action:
        if action.get("/S") != Name.GoTo:
            if str(action.get("/S")) in _LINKS:
                found.links += 1
            else:
                found.removed.add("actions")
            del held["/A"]
        elif "/Next" in action:
            del action["/Next"]
            found.removed.add("actions")
    if isinstance(held, Stream):
        for key in _OUTSIDE:
            if key in held:
                del held[key]
                found.removed.add("references")


def _inside(held: object, depth: int) -> Iterator[Object]:
    """An object's dictionaries and streams, itself included, without following references."""
    if depth == 0:
        raise CarnetError("reading-pdf-broken")
    if isinstance(held, Array):
        for each in _array(held):
            if not each.is_indirect:
                yield from _inside(each, depth - 1)
    elif isinstance(held, Dictionary | Stream):
        yield held
        for key in list(held.keys()):
            inner: object = held.get(key)
            if isinstance(inner, Object) and not inner.is_indirect:
                yield from _inside(inner, depth - 1)


def _array(given: object) -> list[Object]:
    """The objects of an array; its numbers and truth values are none."""
    items: list[object] = list(given) if isinstance(given, Array) else []
    return [each for each in items if isinstance(each, Object)]
