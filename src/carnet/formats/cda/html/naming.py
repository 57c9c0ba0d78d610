"""Names and addresses in the HTML that come from a document: ids, links, classes, clean text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

PREFIX = "doc"

_PLAIN = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_OTHER = re.compile(r"[^A-Za-z0-9_-]", re.ASCII)
_LONGEST_ID = 200
_LONGEST_ADDRESS = 2_000
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
_ADDRESS = re.compile(r"https?://[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+", re.ASCII)

# Unicode's explicit directional formatting characters (UAX #9, 2): they make a line read otherwise
# than it is written. Right-to-left scripts do without them.
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Controls that XML allows and HTML has no meaning for (C1); DEL.
_CONTROLS = dict.fromkeys(range(0x7F, 0xA0), "\ufffd")
_STRANGE = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def html_id(given: str, prefix: str = PREFIX) -> str:
    """The id in the HTML of the element that has this ID in the document.

    One to one: no two IDs become one, and none becomes a name that the page itself uses.
    """
    return f"{prefix}-i-{_OTHER.sub(_escaped, given.strip()[:_LONGEST_ID])}"


def section_id(number: int, prefix: str) -> str:
    """The id of the heading of the section of this number."""
    return f"{prefix}-s-{number}"


def footnote_id(number: int, prefix: str, *, call: bool = False) -> str:
    """The id of a footnote, or of the place that calls it."""
    return f"{prefix}-{'c' if call else 'f'}-{number}"


def is_prefix(prefix: str) -> bool:
    """Whether ids may begin with it."""
    return _PLAIN.fullmatch(prefix) is not None


def web_address(text: str) -> str | None:
    """The address, if it may be followed: http or https, a plain host, no user name.

    Hosts outside ASCII are not followed: they can look like another one.
    """
    address = text.strip()
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    return address


def cleaned(text: str) -> tuple[str, bool]:
    """Text without characters that change the direction of others, and whether it had any."""
    if _STRANGE.search(text) is None:
        return text, False
    straight = text.translate(_DIRECTIONS)
    return straight.translate(_CONTROLS), len(straight) != len(text)


def _escaped(found: re.Match[str]) -> str:
    return f".{ord(found[0]):x}."
