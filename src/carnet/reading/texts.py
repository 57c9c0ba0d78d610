"""RTF and plain text to words. Neither is ever put into a page as markup."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from striprtf import striprtf

from carnet.formats.cda.html.naming import cleaned
from carnet.reading.model import Body, Plain
from carnet.record.errors import CarnetError, Notice

_words: Callable[..., str] = striprtf.rtf_to_text  # its own signature has no types
LONGEST = 1_000_000
"""Characters shown of a text; the rest is cut, and said so."""
_LONGEST_RTF = 20_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Charsets that text may be in; others of Python's are no charsets of text, or cost more than time.
_CHARSETS = frozenset(
    {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
)
_KEPT = frozenset("\n\t")
_CONTROLS = {number: "\ufffd" for number in range(32) if chr(number) not in _KEPT}


def read_plain(content: bytes, charset: str | None) -> tuple[Body, tuple[Notice, ...]]:
    """A text by its byte order mark, the charset declared, UTF-8, or else Windows-1252."""
    text, guessed = _decoded(content, charset)
    body, notices = _shown(text)
    if guessed:
        notices = (Notice("reading-text-guessed"), *notices)
    return body, notices


def read_rtf(content: bytes) -> tuple[Plain, tuple[Notice, ...]]:
    """The words of an RTF. Raises ``CarnetError('reading-rtf-broken')``, or that it is too slow."""
    if not content.lstrip().startswith(b"{\\rtf"):
        raise CarnetError("reading-rtf-broken")
    if len(content) > _LONGEST_RTF:
        raise CarnetError("reading-too-slow")
    try:
        text = _words(content.decode("cp1252", "replace"), errors="replace")
    except (ValueError, LookupError, IndexError, KeyError, AttributeError, RecursionError):
        raise CarnetError("reading-rtf-broken") from None
    body, notices = _shown(text)
    return body, (Notice("reading-rtf-words-only"), *notices)


def rtf_text(content: bytes) -> str | None:
    """The words of an RTF alone; None where it has none. Raises as ``read_rtf``."""
    body, _ = read_rtf(content)
    return body.text if body.text.strip() else None


def without_controls(text: str) -> str:
    """A text whose control characters, but for line breaks and tabs, are signs for such."""
    return text.translate(_CONTROLS)


def _decoded(content: bytes, charset: str | None) -> tuple[str, bool]:
    """The text, and whether its charset had to be guessed."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace"), False
    declared = _known(charset)
    for each in (declared, "utf-8"):
        if each is not None:
            try:
                return content.decode(each), False
            except UnicodeDecodeError:
                continue
    return content.decode("cp1252", "replace"), True


def _known(charset: str | None) -> str | None:
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return None
    return name if name in _CHARSETS else None


def _shown(text: str) -> tuple[Plain, tuple[Notice, ...]]:
    """The words that are shown, with what was done to them."""
    notices: list[Notice] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if len(text) > LONGEST:
        text = text[:LONGEST]
        text = text[: max(text.rfind("\n"), text.rfind(" ")) + 1] or text
        notices.append(Notice("reading-text-cut", params={"count": str(len(text))}))
    text, changed = cleaned(text)
    if changed:
        notices.append(Notice("reading-direction-removed"))
    return Plain(without_controls(text).strip("\n")), tuple(notices)
