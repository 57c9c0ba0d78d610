"""What an operator may decide otherwise."""

from __future__ import annotations

from carnet.record.access import AccessSettings, Action, decide, parse_matrix
from tests.record.access.situations import NOW, caller, entry, record


def test_who_is_blocked_feeds_where_the_operator_holds_feeding_to_be_ordered_by_law() -> None:
    blocked, settings = record("block", "-"), AccessSettings(block_stops_feeding=False)
    assert decide(caller("doctor"), blocked, Action.FEED, now=NOW, settings=settings).permitted
    assert not decide(caller("doctor"), blocked, Action.FEED, now=NOW).permitted
    assert not decide(caller("doctor"), blocked, Action.FIND, now=NOW, settings=settings).permitted


def test_the_physician_blocks_unless_the_operator_says_no() -> None:
    named, settings = record("physician", "-"), AccessSettings(physician_may_block=False)
    assert decide(caller("doctor"), named, Action.BLOCK, now=NOW).permitted
    assert not decide(caller("doctor"), named, Action.BLOCK, now=NOW, settings=settings).permitted


def test_another_matrix_opens_a_role() -> None:
    matrix = parse_matrix(
        "@profession\tROLE_COORDINATION\tCoordination\n@group\tROLE_COORDINATION\t330\n"
        "type\tclass\tlabel\tROLE_COORDINATION\n11502-2\t10\tCR\ty\n"
    )
    agreed = record("consent", "-")
    opened = decide(
        caller("coordinator"), agreed, Action.READ, entry("lab"), now=NOW, matrix=matrix
    )
    assert opened.permitted
    assert not decide(caller("coordinator"), agreed, Action.READ, entry("lab"), now=NOW).permitted
