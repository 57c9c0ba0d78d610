"""When a tie is in force."""

from __future__ import annotations

import pytest

from carnet.record.access.model import Relation, RelationKind

NOW = 1_800_000_000


@pytest.mark.parametrize("kind", list(RelationKind))
def test_a_tie_is_in_force_from_its_start_until_its_end(kind: RelationKind) -> None:
    tie = Relation(kind, start=NOW, end=NOW + 10)
    assert [tie.holds(NOW + after) for after in (0, 9, 10)] == [True, True, False]
    assert Relation(kind, start=NOW).holds(NOW + 10**9)


@pytest.mark.parametrize("kind", list(RelationKind))
def test_a_clock_that_is_behind_unmakes_no_author_and_begins_nothing_early(
    kind: RelationKind,
) -> None:
    assert Relation(kind, start=NOW).holds(NOW - 7200) == (kind is RelationKind.AUTHOR)
