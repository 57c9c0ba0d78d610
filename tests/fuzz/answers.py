"""What every answer must hold to, whatever was asked."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson

from carnet.record.catalogue import CATALOGUE
from tests.system.checks import check_resource

FHIR_TYPES = ("application/fhir+json", "application/json")
_PARSED_ANYWAY = 20  # answers of a kind that two foreign libraries parse, and one in fifty after


class Answers:
    """Checks answers and counts them."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.codes: Counter[str] = Counter()
        self.operations: Counter[str] = Counter()

    def check(
        self, status: int, headers: dict[str, str], body: bytes, *, operation: str, is_head: bool
    ) -> None:
        """Assert what holds for every answer of the FHIR face."""
        self.statuses[status] += 1
        self.operations[operation] += 1
        assert status < 500 or status == 503, f"{status} {body[:2000]!r}"
        if status in (429, 503):
            assert headers["retry-after"].isdigit()
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        if is_head or not body:
            assert is_head or status in (200, 201, 304), f"{status} without a body"
            return
        media = headers["content-type"].partition(";")[0]
        if media not in FHIR_TYPES:
            assert status == 200
            return
        resource = orjson.loads(body)
        if status >= 400:
            self._refusal(resource)
        key = f"{operation} {status}"
        self.codes[key] += 1
        if self.codes[key] <= _PARSED_ANYWAY or self.codes[key] % 50 == 0:
            check_resource(resource)

    def _refusal(self, resource: Any) -> None:
        """One code of the catalogue, both languages, nothing of the code's insides."""
        assert resource["resourceType"] == "OperationOutcome"
        (issue,) = resource["issue"]
        code = issue["details"]["coding"][0]["code"]
        assert code in CATALOGUE, code
        self.codes[code] += 1
        assert issue["details"]["text"]
        assert issue["diagnostics"]
        assert "Traceback" not in issue["details"]["text"] + issue["diagnostics"]
