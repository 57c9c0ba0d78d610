"""SMART v2 scopes against what a route needs (SMART App Launch 2.2 §5.1)."""

from __future__ import annotations

import re
from functools import lru_cache

_SCOPE = re.compile(r"(?:patient|user|system)/([A-Za-z]+|\*)\.(c?r?u?d?s?)")


@lru_cache(maxsize=1024)
def grants(scopes: frozenset[str], needed: tuple[str, ...]) -> bool:
    """Whether one of ``needed`` (such as ``DocumentReference.s``) is granted.

    A scope narrowed by a query (``?category=…``) grants nothing here: a wider reading of it would
    show too much.
    """
    granted: dict[str, set[str]] = {}
    for scope in scopes:
        match = _SCOPE.fullmatch(scope)
        if match:
            granted.setdefault(match[1], set()).update(match[2])
    for need in needed:
        resource, _, letters = need.partition(".")
        held = granted.get(resource, set()) | granted.get("*", set())
        if held.issuperset(letters):
            return True
    return False
