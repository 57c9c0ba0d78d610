"""The Prefer header (RFC 7240) as FHIR R4 §3.1.0.1.7 and §3.1.1.4 use it."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache


class Return(StrEnum):
    """What a change answers."""

    REPRESENTATION = "representation"
    MINIMAL = "minimal"
    OUTCOME = "OperationOutcome"


@lru_cache(maxsize=256)
def is_lenient(prefer: str) -> bool:
    """Whether ``handling=lenient`` is asked; preferences that are not known are left aside."""
    return "handling=lenient" in _parts(prefer)


@lru_cache(maxsize=256)
def wanted_return(prefer: str) -> Return:
    """What to answer; the resource where nothing is asked."""
    for choice in Return:
        if f"return={choice.value}" in _parts(prefer):
            return choice
    return Return.REPRESENTATION


def _parts(prefer: str) -> list[str]:
    return [
        part.strip().replace(" ", "").replace('"', "")
        for group in prefer.split(",")
        for part in group.split(";")
    ]
