"""OperationOutcome from refusals and warnings: one catalogue for all faces (FHIR R4 §3.1.0.1.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump
from carnet.record.catalogue import CATALOGUE
from carnet.record.errors import CarnetError, ErrorEntry, Notice

INFORMATION = "information"
WARNING = "warning"
ERROR = "error"


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def issue(
    code: str,
    element: str | None,
    params: Mapping[str, object],
    severity: str,
    reference: str | None = None,
) -> dict[str, object]:
    """One issue: Carnet's code, French text with its remedy, English diagnostics, the place.

    ``reference`` finds the log line of the refusal.
    """
    entry: ErrorEntry = CATALOGUE[code]
    values = _Blank(params)
    french = f"{entry.french} {entry.remedy_french}".format_map(values).strip()
    english = f"{entry.english} {entry.remedy_english}".format_map(values).strip()
    if reference:
        english += f" [reference {reference}]"
    out: dict[str, object] = {
        "severity": severity,
        "code": entry.issue,
        "details": {"coding": [{"system": urls.ERRORS, "code": code}], "text": french},
        "diagnostics": english,
    }
    if element:
        out["expression"] = [element]
    return out


def of_error(error: CarnetError, reference: str | None) -> bytes:
    """The outcome of a refusal."""
    found = issue(error.code, error.element, error.params, ERROR, reference)
    return dump({"resourceType": "OperationOutcome", "issue": [found]})


def of_notices(notices: Sequence[Notice]) -> bytes:
    """The outcome of what was accepted: its warnings, or one information that all is well."""
    issues = [issue(item.code, item.element, item.params, WARNING) for item in notices]
    if not issues:
        issues = [{"severity": INFORMATION, "code": "informational"}]
    return dump({"resourceType": "OperationOutcome", "issue": issues})
