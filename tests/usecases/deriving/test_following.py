"""What follows a change: text, lines by actor, the end of a flag; each done once."""

from __future__ import annotations

import pytest

from carnet.record.access import Action
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.trace import Act, Chain
from carnet.storage import entries, reads
from carnet.storage.codes import RELATIONS
from carnet.usecases import stewardship
from carnet.usecases.actors import person_key
from carnet.usecases.deriving import MACHINE, text_of
from carnet.usecases.requests import Visibility
from tests.usecases.bench import DAY, NOW, Desk, Person, doctor, person


def lines_of(desk: Desk, actor: str, kind: RelationKind) -> list[tuple[bytes, int, int]]:
    """The directory lines of an actor key."""
    who = desk.store.keys.hasher.actor(actor)
    return desk.run(desk.store.main.fetch(reads.ACTOR_LINES, who, RELATIONS[kind]))


def key(caller: Caller) -> str:
    return person_key(caller) or ""


def test_a_document_is_listed_under_its_authors_and_their_structure(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author)
    assert lines_of(desk, key(author), RelationKind.AUTHOR) == []
    desk.follow(whose)
    record_id = desk.record_of(whose)
    house = author.structure
    assert house is not None
    for actor in (key(author), f"{house.root}|{house.extension}"):
        found = lines_of(desk, actor, RelationKind.AUTHOR)
        assert [(line[0], line[1]) for line in found] == [(record_id, 1)]


def test_what_was_done_is_traced_by_the_machine_once(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    desk.feed(whose, doctor(), visibility=("INVISIBLE_PATIENT",))
    for _ in range(2):
        desk.follow(whose)
    derived = [
        [t.entries for t in desk.chain(whose, chain) if t.act is Act.DERIVE] for chain in Chain
    ]
    assert derived == [[(1,)], [(2,)]]
    assert {t.caller for t in desk.chain(whose) if t.act is Act.DERIVE} == {"machine"}


def test_a_tie_is_listed_under_its_actor(desk: Desk) -> None:
    whose, friend = desk.citizen(), person()
    desk.tie(whose, RelationKind.DELEGATE, friend)
    desk.follow(whose)
    found = lines_of(desk, key(friend.caller), RelationKind.DELEGATE)
    assert [line[0] for line in found] == [desk.record_of(whose)]


def test_a_record_that_was_closed_is_left_alone(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    desk.close(whose)
    assert desk.follow(whose) > 0
    assert not [t for t in desk.chain(whose) if t.act is Act.DERIVE]
    assert desk.follow(whose) == 0  # and not asked again


def _narrative(desk: Desk, whose: Person) -> str | None:
    record_id = desk.record_of(whose)

    async def read() -> str | None:
        view = await desk.gate.look(MACHINE, record_id, Action.DERIVE)
        row = await entries.entry(desk.store, record_id, 1)
        assert row is not None
        return await text_of(view, row)

    return desk.run(read())


@pytest.mark.parametrize(
    ("mime_type", "data", "text"),
    [
        ("text/plain", "Fièvre à 39".encode(), "Fièvre à 39"),
        ("text/plain", b"Fi\xe8vre", "Fi\ufffdvre"),
        ("application/pdf", b"%PDF-1.7", None),
        ("image/jpeg", b"\xff\xd8\xff\xe0", None),
    ],
)
def test_text_is_read_where_there_is_some(
    desk: Desk, mime_type: str, data: bytes, text: str | None
) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor(), mime_type=mime_type, data=data)
    assert _narrative(desk, whose) == text
    assert desk.follow(whose) > 0


def test_a_flag_that_was_set_again_ends_a_month_after_the_deposit(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    desk.clock.set(NOW + 20 * DAY)
    desk.show(author, fed.entry_uuid, hidden_from_patient=False)
    again = desk.show(author, fed.entry_uuid, hidden_from_patient=True)
    desk.follow(whose)
    assert desk.read(author, fed.entry_uuid).entry_uuid == again.entry_uuid
    assert desk.find(whose.caller, whose).total == 0
    desk.clock.set(NOW + 35 * DAY)
    assert desk.find(whose.caller, whose).total == 1
    desk.follow(whose)
    assert desk.read(author, fed.entry_uuid).entry_uuid != again.entry_uuid


def test_no_document_is_hidden_from_the_patient_after_its_month(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    desk.clock.set(NOW + 35 * DAY)
    asked = stewardship.change_visibility(
        desk.gate, author, fed.entry_uuid, Visibility(hidden_from_patient=True), None
    )
    assert desk.refusal(asked) == "announcement-over"
