from __future__ import annotations

from enum import Enum

import pytest

from carnet.record.access.model import RelationKind
from carnet.record.document import Status
from carnet.record.lifecycle import RecordState
from carnet.storage import codes


@pytest.mark.parametrize(
    ("kind", "numbers", "back"),
    [
        (RecordState, codes.STATES, codes.STATE_OF),
        (Status, codes.STATUSES, codes.STATUS_OF),
        (RelationKind, codes.RELATIONS, codes.RELATION_OF),
    ],
)
def test_every_word_has_a_number_of_its_own(
    kind: type[Enum], numbers: dict[Enum, int], back: dict[int, Enum]
) -> None:
    assert set(numbers) == set(kind)
    assert {word: back[number] for word, number in numbers.items()} == {w: w for w in kind}


def test_settings_are_separate_bits() -> None:
    assert sum(codes.RecordSettings) == codes.RecordSettings(15)
