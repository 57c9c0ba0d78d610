"""A record of thousands is told by its last days: the same answer as the whole list would give."""

from __future__ import annotations

from typing import Any

import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.document import Code, Status
from carnet.usecases import view
from tests.usecases.bench import LABORATORY, LOINC, Desk, Person, doctor, house_of
from tests.usecases.test_querying import made, titles


def peopled(desk: Desk) -> tuple[Person, list[Caller]]:
    """A record of forty documents over fifteen days, some hidden, some replaced."""
    whose, author, reader = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, reader)
    fed = []
    for number in range(40):
        kind = Code(LOINC, LABORATORY) if number % 3 else Code(LOINC, "68599-0")
        days = made((number * 7) % 15, number)
        fed.append(desk.feed(whose, author, title=f"D{number}", type=kind, **days))
    for number in range(0, 40, 9):
        desk.show(whose.caller, fed[number].entry_uuid, hidden_from_professionals=True)
    desk.feed(whose, author, title="N", replaces=fed[5].entry_uuid, **made(20))
    return whose, [whose.caller, author, reader, house_of(author), doctor("G15_60")]


ASKED: list[dict[str, Any]] = [
    {},
    {"count": 0},
    {"count": 1},
    {"count": 7},
    {"count": 500},
    {"statuses": (Status.DEPRECATED,)},
    {"statuses": (Status.APPROVED, Status.DEPRECATED), "count": 5},
    {"statuses": (Status.APPROVED,), "types": ()},
]


def test_a_great_record_gives_the_same_pages(
    either_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = either_desk
    whose, callers = peopled(desk)

    def answers() -> list[object]:
        found: list[object] = []
        for caller in callers:
            for asked in ASKED:
                try:
                    page = desk.find(caller, whose, **asked)
                except Exception as error:  # noqa: BLE001  a refusal must be the same one
                    found.append(str(error))
                    continue
                found.append((page.total, titles(page), page.next_cursor is None))
                if page.next_cursor is not None:
                    following = desk.find(caller, whose, cursor=page.next_cursor, **asked)
                    found.append((following.total, titles(following)))
        return found

    whole = answers()
    monkeypatch.setattr(view, "MANY", 0)
    assert answers() == whole
    assert any(isinstance(one, tuple) and one[0] > 30 for one in whole)
