"""What a check finds: findings for the reader, suspicions until a second look confirms them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from carnet.record.catalogue import remedy, sentence
from carnet.record.errors import CarnetError
from carnet.storage.batch import Step

Progress = Callable[[str, int], None]
"""Told now and then: which stage (``journal``, ``records``, ``objects``, ``directories``), how
many of it are done."""


class Severity(StrEnum):
    """How much a finding matters; ``damage`` alone makes the command fail."""

    DAMAGE = "damage"
    REPAIRED = "repaired"
    INFO = "info"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was found. ``record`` is the record id in hex; ``where`` names the place.

    A place is made of words and numbers: ``chain 0 seq 12``, ``entry 3``, ``object <id>``,
    ``stream ledger seq 40``. The words come from the catalogue, by ``code``.
    """

    code: str
    severity: Severity
    record: str | None
    where: str
    french: str
    english: str
    remedy_french: str
    remedy_english: str

    def line(self) -> dict[str, str | None]:
        """The finding as one JSON object, for ``--json``."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "record": self.record,
            "where": self.where,
            "french": self.french,
            "english": self.english,
            "remedy_french": self.remedy_french,
            "remedy_english": self.remedy_english,
        }


def finding(
    code: str, severity: Severity, record_id: bytes | None, where: str, **params: object
) -> Finding:
    """A finding with the words of its code."""
    error = CarnetError(code, where, **params)
    return Finding(
        code=code,
        severity=severity,
        record=record_id.hex() if record_id else None,
        where=where,
        french=sentence(error, "fr"),
        english=sentence(error, "en"),
        remedy_french=remedy(error, "fr"),
        remedy_english=remedy(error, "en"),
    )


class Mend(msgspec.Struct, frozen=True):
    """How something that is missing can be made again, and the code that says it was."""

    step: Step
    code: str


class Suspicion(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a record found. It becomes a finding if a fresh look finds it again."""

    code: str
    where: str
    severity: Severity = Severity.DAMAGE
    params: dict[str, object] = {}
    mend: Mend | None = None

    @property
    def key(self) -> tuple[str, str]:
        """By what two looks are compared."""
        return self.code, self.where


def damage(code: str, where: str, **params: object) -> Suspicion:
    """A suspicion of damage."""
    return Suspicion(code=code, where=where, params=params)
