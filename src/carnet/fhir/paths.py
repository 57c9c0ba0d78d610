"""What a URL may look like: refused before anything else is read.

granian decodes percent signs before it hands the path over, so ``%2F`` arrives as ``/`` and counts
as one: this face routes and decides on the decoded path alone, and nothing in front of it may
decide on another reading. What still holds a percent sign was encoded twice.
"""

from __future__ import annotations

import re

from carnet.record.errors import CarnetError

PATH_LIMIT = 512
QUERY_LIMIT = 8192
_PLAIN = re.compile(r"(?:/[A-Za-z0-9$_.-]+)*/?")
_QUERY = re.compile(r"[!-~]*")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def segments(path: str, prefix: str) -> tuple[str, ...]:
    """The parts of a path below ``prefix``, such as ``("Patient", "abc")``.

    Raises ``path-too-long``, ``path-malformed`` (``..``, ``//``, NUL, anything but plain
    characters) and ``route-unknown`` outside of the prefix.
    """
    if len(path) > PATH_LIMIT:
        raise CarnetError("path-too-long", limit=PATH_LIMIT)
    if not _PLAIN.fullmatch(path):
        raise CarnetError("path-malformed")
    parts = path.strip("/").split("/")
    if "." in parts or ".." in parts:
        raise CarnetError("path-malformed")
    if path != prefix and not path.startswith(prefix + "/"):
        raise CarnetError("route-unknown")
    below = path[len(prefix) :].strip("/")
    return tuple(below.split("/")) if below else ()


def check_query(query: str) -> None:
    """Refuse a query too long or with characters that a URL cannot hold.

    Raises ``query-too-long``, ``query-malformed``.
    """
    if len(query) > QUERY_LIMIT:
        raise CarnetError("query-too-long", limit=QUERY_LIMIT)
    if not _QUERY.fullmatch(query):
        raise CarnetError("query-malformed")


def check_headers(headers: dict[str, str], repeated: tuple[str, ...]) -> None:
    """Refuse a header that stands twice where only one can count. Raises ``header-repeated``."""
    if repeated:
        raise CarnetError("header-repeated", name=repeated[0])
    if "if-none-exist" in headers:
        raise CarnetError("header-unsupported", name="If-None-Exist")
