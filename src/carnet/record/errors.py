"""Refusals as values of one catalogue: each has a stable code, two sentences, a remedy.

Every face renders the same entry in its own form (OperationOutcome, SOAP fault, a page). The
entries themselves stand in ``catalogue.py``.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ErrorKind(StrEnum):
    """What family a refusal belongs to; a face maps it to its own status."""

    SYNTAX = "syntax"  # cannot be read at all
    RULE = "rule"  # readable, but against a rule
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    ABSENT = "absent"
    CONFLICT = "conflict"
    PRECONDITION = "precondition"
    METHOD = "method"
    NOT_ACCEPTABLE = "not-acceptable"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    THROTTLED = "throttled"
    SLOW = "slow"  # the client took too long to say it
    BUSY = "busy"
    FULL = "full"  # no room to store it
    DEFECT = "defect"  # a fault of Carnet itself


class ErrorEntry(msgspec.Struct, frozen=True):
    """One line of the catalogue. ``{name}`` in a sentence is filled from the error's params."""

    kind: ErrorKind
    issue: str  # FHIR IssueType
    french: str
    english: str
    remedy_french: str
    remedy_english: str


class CarnetError(Exception):
    """A refusal of the catalogue.

    ``code`` is a key of ``catalogue.CATALOGUE``; ``element`` says where in the input (a FHIRPath,
    an XPath, a parameter name); ``params`` fill the sentences and must never hold health data.
    """

    def __init__(self, code: str, element: str | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.element = element
        self.params = params

    def __str__(self) -> str:
        where = f" at {self.element}" if self.element else ""
        return f"{self.code}{where}"


class Notice(msgspec.Struct, frozen=True):
    """A warning: the input was accepted and marked. Same catalogue as the refusals."""

    code: str
    element: str | None = None
    params: dict[str, str] = {}
