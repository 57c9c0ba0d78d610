"""Results as a laboratory reports them: ``7.1``, ``<5``, ``négatif``."""

from __future__ import annotations

import re

import msgspec

_SIGNS = {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "≤": "≤", "≥": "≥"}
_NUMBER = re.compile(r"(<=|>=|[<>≤≥])?\s*(-?\d+(?:\.\d+)?)")


class Number(msgspec.Struct, frozen=True):
    """A decimal string with a point; ``comparator`` (<, ≤, ≥, >) where only a bound is known."""

    value: str
    comparator: str = ""


def number_in(reported: str) -> Number | None:
    """The number of a result, None where the result is words (``1/80``, ``négatif``)."""
    found = _NUMBER.fullmatch(reported.strip())
    return None if found is None else Number(found[2], _SIGNS.get(found[1] or "", ""))
