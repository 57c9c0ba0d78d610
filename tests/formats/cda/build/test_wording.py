"""Days and names in the narrative."""

from __future__ import annotations

import pytest

from carnet.formats.cda.build.wording import french_day, french_name, french_span
from carnet.record.identity import Name


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("20261201", "01/12/2026"),
        ("20261201101500+0100", "01/12/2026"),
        ("202612", "12/2026"),
        ("2026", "2026"),
        (None, "Non connue"),
    ],
)
def test_a_day_is_as_precise_as_the_timestamp(time: str | None, day: str) -> None:
    assert french_day(time, "Non connue") == day


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("20260101", "20260103", "du 01/01/2026 au 03/01/2026"),
        ("20260101", "20260101", "le 01/01/2026"),
        ("20260101", None, "le 01/01/2026"),
        (None, "20260103", "le 03/01/2026"),
        (None, None, ""),
    ],
)
def test_a_span_of_one_day_is_that_day(start: str | None, end: str | None, span: str) -> None:
    assert french_span(start, end) == span


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (Name("ESSAI", "Ada", "MME", "DR"), "Dr Ada ESSAI"),
        (Name("ESSAI", "Ada", suffix="PR"), "Pr Ada ESSAI"),
        (Name("ESSAI", suffix="MC"), "ESSAI"),
        (None, ""),
    ],
)
def test_a_name_has_the_title_that_people_use(name: Name | None, words: str) -> None:
    assert french_name(name) == words
