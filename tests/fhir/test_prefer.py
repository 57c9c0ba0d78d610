from __future__ import annotations

import pytest

from carnet.fhir.prefer import Return, is_lenient, wanted_return


@pytest.mark.parametrize(
    ("prefer", "lenient"),
    [
        ("handling=lenient", True),
        ("return=minimal, handling=lenient", True),
        ("return=minimal; handling = lenient", True),
        ("handling=strict", False),
        ("handling=lenientish", False),
        ("", False),
    ],
)
def test_lenient_is_asked_for_by_name(prefer: str, lenient: bool) -> None:
    assert is_lenient(prefer) is lenient


def test_the_resource_is_answered_where_nothing_else_is_asked() -> None:
    assert wanted_return("") is Return.REPRESENTATION
    assert wanted_return("respond-async") is Return.REPRESENTATION
    assert wanted_return("return=minimal") is Return.MINIMAL
    assert wanted_return("handling=lenient, return=OperationOutcome") is Return.OUTCOME
