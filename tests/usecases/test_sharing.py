"""Ties: who makes them, how they end, who reads them, and what they open and shut."""

from __future__ import annotations

import asyncio
import uuid

import msgspec
import pytest

from carnet.record.access import Action
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, Purpose
from carnet.record.trace import Act, Outcome
from carnet.usecases.consultation import find
from carnet.usecases.requests import ConsentLine, ConsentRequest, ConsentText, DocumentQuery
from carnet.usecases.sharing import (
    end_tie,
    find_ties,
    is_active,
    make_tie,
    oppose_break_glass,
    read_tie,
)
from tests.usecases.bench import (
    ABSENT_UUID,
    DAY,
    NOW,
    OPERATOR,
    Desk,
    Person,
    doctor,
    house_of,
    person,
)

Kind = RelationKind
TEXT = ConsentText("consentement", "3", "fr")


def request(whose: Person, kind: Kind, actor: Caller | Person, **changes: object) -> ConsentRequest:
    assert actor.identifier is not None
    asked = ConsentRequest(patient=whose.ins, kind=kind, actor=actor.identifier)
    return msgspec.structs.replace(asked, **changes)


def test_a_tie_is_read_as_it_was_made(either_desk: Desk) -> None:
    desk = either_desk
    whose, reader = desk.citizen(), doctor()
    made = desk.tie(
        whose,
        Kind.AUTHORISATION,
        reader,
        actor_name="Docteur Inventé",
        start=NOW + DAY,
        end=NOW + 9 * DAY,
        text=TEXT,
    )
    assert (made.kind, made.actor, made.actor_name) == (
        Kind.AUTHORISATION,
        reader.identifier,
        "Docteur Inventé",
    )
    assert (made.start, made.end, made.ended, made.version) == (NOW + DAY, NOW + 9 * DAY, 0, 1)
    assert (made.text, made.made_by, made.patient) == (TEXT, "citizen", whose.ins)
    assert made.record_id == str(uuid.UUID(bytes=desk.record_of(whose)))
    assert desk.run(read_tie(desk.gate, whose.caller, made.id)) == made
    assert desk.run(find_ties(desk.gate, whose.caller, whose.ins, None, None)) == [made]


def test_a_tie_without_dates_begins_now_and_has_no_end(desk: Desk) -> None:
    whose, reader = desk.citizen(), doctor()
    made = desk.tie(whose, Kind.AUTHORISATION, reader)
    assert (made.start, made.end) == (made.made_at, 0)
    assert made.start - NOW < 5


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"start": NOW + 2, "end": NOW + 2}, "Consent.provision.period"),
        ({"start": NOW + 2, "end": NOW + 1}, "Consent.provision.period"),
        ({"end": NOW - 1}, "Consent.provision.period"),
        ({"kind": Kind.AUTHOR}, "Consent.provision"),
    ],
)
def test_a_tie_that_makes_no_sense_is_refused(
    desk: Desk, changes: dict[str, object], element: str
) -> None:
    whose = desk.citizen()
    asked = request(whose, Kind.AUTHORISATION, doctor())
    asked = msgspec.structs.replace(asked, **changes)
    refused = desk.error(make_tie(desk.gate, whose.caller, asked))
    assert (refused.code, refused.element) == ("tie-invalid", element)


# Who makes which.

YES, NO = None, "not-entitled"


@pytest.mark.parametrize(
    ("kind", "who", "code"),
    [
        (Kind.AUTHORISATION, "citizen", YES),
        (Kind.AUTHORISATION, "manager", YES),
        (Kind.AUTHORISATION, "reader", NO),
        (Kind.AUTHORISATION, "stranger", "not-your-record"),
        (Kind.AUTHORISATION, "doctor for another", NO),
        (Kind.AUTHORISATION, "doctor for themself", YES),
        (Kind.AUTHORISATION, "social worker for themself", "profession-closed"),
        (Kind.AUTHORISATION, "operator", NO),
        (Kind.REFUSAL, "citizen", YES),
        (Kind.REFUSAL, "doctor for themself", NO),
        (Kind.BLOCK, "citizen", YES),
        (Kind.BLOCK, "physician", YES),
        (Kind.BLOCK, "manager", NO),  # a delegate never blocks
        (Kind.BLOCK, "doctor for another", NO),
        (Kind.PHYSICIAN, "citizen", YES),
        (Kind.PHYSICIAN, "doctor for themself", NO),
        (Kind.DELEGATE, "citizen", YES),
        (Kind.DELEGATE, "reader", NO),
        (Kind.PARENT, "operator", YES),
        (Kind.PARENT, "citizen", NO),
        (Kind.PARENT, "doctor for another", NO),
        (Kind.JUDGMENT, "operator", YES),
        (Kind.JUDGMENT, "manager", NO),
    ],
)
def test_who_may_make_a_tie(desk: Desk, kind: Kind, who: str, code: str | None) -> None:
    whose, friend, asking = desk.citizen(), person(), doctor()
    actor: Caller | Person = doctor()
    match who:
        case "manager" | "reader":
            scope = "manage" if who == "manager" else "read"
            desk.tie(whose, Kind.DELEGATE, friend, scope=scope)
            asking = friend.caller
        case "citizen":
            asking = whose.caller
        case "stranger":
            asking = friend.caller
        case "operator":
            asking = OPERATOR
        case "physician":
            desk.tie(whose, Kind.PHYSICIAN, asking)
        case "doctor for themself":
            actor = asking
        case "social worker for themself":
            actor = asking = doctor("41")
    tried = make_tie(desk.gate, asking, request(whose, kind, actor))
    if code is None:
        assert desk.run(tried).made_by == str(asking.kind)
    else:
        assert desk.refusal(tried) == code
        assert desk.chain(whose)[-1].outcome is Outcome.REFUSED


def test_a_professional_attests_the_consent_given_to_them_or_their_structure(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor()
    desk.feed(whose, doctor())
    query = DocumentQuery(patient=whose.ins)
    assert desk.refusal(find(desk.gate, asking, query)) == "consent-missing"
    made = desk.tie(whose, Kind.AUTHORISATION, asking, by=asking)
    assert made.made_by == "professional"
    assert desk.chain(whose)[-1].act is Act.ATTEST_CONSENT
    assert desk.find(asking, whose).total == 1
    colleague = doctor(structure=asking.structure)
    assert desk.refusal(find(desk.gate, colleague, query)) == "consent-missing"
    assert asking.structure is not None
    desk.tie(whose, Kind.AUTHORISATION, house_of(asking), by=asking)
    assert desk.find(colleague, whose).total == 1


def test_nobody_attests_in_break_glass(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor(purpose=Purpose.BREAK_GLASS, reason="inconscient")
    tried = make_tie(desk.gate, asking, request(whose, Kind.AUTHORISATION, asking))
    assert desk.refusal(tried) == "not-entitled"


# Ending.


def test_a_tie_that_is_ended_shuts_at_once_and_stays_to_be_read(either_desk: Desk) -> None:
    desk = either_desk
    whose, reader = desk.citizen(), doctor()
    desk.feed(whose, doctor())
    made = desk.tie(whose, Kind.AUTHORISATION, reader)
    desk.clock.set(NOW + DAY)
    assert desk.find(reader, whose).total == 1
    ended = desk.run(end_tie(desk.gate, whose.caller, made.id, None))
    assert (ended.version, ended.start) == (2, made.start)
    assert ended.ended - (NOW + DAY) < 5
    query = DocumentQuery(patient=whose.ins)
    assert desk.refusal(find(desk.gate, reader, query)) == "consent-expired"
    assert desk.run(read_tie(desk.gate, whose.caller, made.id)) == ended
    again = desk.run(end_tie(desk.gate, whose.caller, made.id, None))
    assert again == ended


def test_a_tie_is_ended_in_the_version_that_was_read(desk: Desk) -> None:
    whose, reader = desk.citizen(), doctor()
    made = desk.tie(whose, Kind.AUTHORISATION, reader)
    refused = desk.error(end_tie(desk.gate, whose.caller, made.id, 2))
    assert (refused.code, refused.params) == ("version-mismatch", {"expected": 2, "current": 1})
    assert desk.run(end_tie(desk.gate, whose.caller, made.id, 1)).version == 2


def test_a_professional_ends_what_they_attested_and_nothing_else(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor()
    attested = desk.tie(whose, Kind.AUTHORISATION, asking, by=asking)
    given = desk.tie(whose, Kind.AUTHORISATION, asking)
    assert desk.run(end_tie(desk.gate, asking, attested.id, None)).version == 2
    assert desk.refusal(end_tie(desk.gate, asking, given.id, None)) == "not-entitled"
    assert desk.chain(whose)[-1].outcome is Outcome.REFUSED


def test_unblocking_is_told_as_such(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor()
    desk.tie(whose, Kind.AUTHORISATION, asking)
    desk.feed(whose, doctor())
    block = desk.tie(whose, Kind.BLOCK, asking)
    query = DocumentQuery(patient=whose.ins)
    assert desk.refusal(find(desk.gate, asking, query)) == "refused-by-patient"
    desk.run(end_tie(desk.gate, whose.caller, block.id, None))
    acts = [trace.act for trace in desk.chain(whose)]
    assert acts[-1] is Act.UNBLOCK
    assert Act.BLOCK in acts
    assert desk.find(asking, whose).total == 1


def test_ending_at_once_ends_once(either_desk: Desk) -> None:
    desk = either_desk
    whose = desk.citizen()
    made = desk.tie(whose, Kind.AUTHORISATION, doctor())

    async def together() -> list[ConsentLine]:
        works = (end_tie(desk.gate, whose.caller, made.id, None) for _ in range(3))
        return await asyncio.gather(*works)

    lines = desk.run(together())
    assert {line.version for line in lines} == {2}
    assert len({line.ended for line in lines}) == 1


# Refusal and consent.


def test_a_refusal_yields_to_a_later_consent_as_personal(desk: Desk) -> None:
    whose, reader = desk.citizen(), doctor()
    desk.feed(whose, doctor())
    desk.tie(whose, Kind.AUTHORISATION, reader, start=NOW - 9 * DAY)
    desk.tie(whose, Kind.REFUSAL, reader, start=NOW - 5 * DAY)
    query = DocumentQuery(patient=whose.ins)
    assert desk.refusal(find(desk.gate, reader, query)) == "refused-by-patient"
    desk.tie(whose, Kind.AUTHORISATION, house_of(reader))
    assert desk.refusal(find(desk.gate, reader, query)) == "refused-by-patient"
    desk.tie(whose, Kind.AUTHORISATION, reader)
    assert desk.find(reader, whose).total == 1


# Reading ties.


def test_a_professional_reads_their_own_ties_and_no_block(desk: Desk) -> None:
    whose, asking, other = desk.citizen(), doctor(), doctor()
    mine = desk.tie(whose, Kind.AUTHORISATION, asking)
    house = desk.tie(whose, Kind.AUTHORISATION, house_of(asking))
    theirs = desk.tie(whose, Kind.AUTHORISATION, other)
    lines = desk.run(find_ties(desk.gate, asking, whose.ins, None, None))
    assert {line.id for line in lines} == {mine.id, house.id}
    assert desk.run(read_tie(desk.gate, asking, mine.id)) == mine
    assert desk.refusal(read_tie(desk.gate, asking, theirs.id)) == "consent-absent"
    block = desk.tie(whose, Kind.BLOCK, asking)
    assert desk.refusal(read_tie(desk.gate, asking, block.id)) == "consent-absent"
    refused = find_ties(desk.gate, asking, whose.ins, None, None)
    assert desk.refusal(refused) == "refused-by-patient"


def test_active_ties_are_told_from_ended_ones(desk: Desk) -> None:
    whose = desk.citizen()
    now = desk.tie(whose, Kind.AUTHORISATION, doctor())
    later = desk.tie(whose, Kind.AUTHORISATION, doctor(), start=NOW + DAY)
    over = desk.tie(whose, Kind.AUTHORISATION, doctor(), start=NOW - 2 * DAY, end=NOW - DAY)
    gone = desk.tie(whose, Kind.REFUSAL, doctor())
    desk.run(end_tie(desk.gate, whose.caller, gone.id, None))

    def ids(status: str) -> set[str]:
        lines = desk.run(find_ties(desk.gate, whose.caller, whose.ins, None, status))
        return {line.id for line in lines}

    assert ids("active") == {now.id, later.id}
    assert ids("inactive") == {over.id, gone.id}
    line = desk.run(read_tie(desk.gate, whose.caller, over.id))
    assert [is_active(line, at) for at in (NOW - 2 * DAY, NOW - DAY - 1, NOW - DAY)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("name", ["x", "", ABSENT_UUID])
def test_a_tie_that_does_not_exist_is_absent(desk: Desk, name: str) -> None:
    whose = desk.citizen()
    for tried in (read_tie(desk.gate, whose.caller, name), end_tie(desk.gate, OPERATOR, name, 1)):
        assert desk.refusal(tried) == "consent-absent"


def test_a_document_is_no_tie(desk: Desk) -> None:
    whose = desk.citizen()
    fed = desk.feed(whose, doctor())
    assert desk.refusal(read_tie(desk.gate, whose.caller, fed.entry_uuid)) == "consent-absent"


def test_a_stranger_reads_no_tie(desk: Desk) -> None:
    whose, stranger = desk.citizen(), person()
    made = desk.tie(whose, Kind.AUTHORISATION, doctor())
    assert desk.refusal(read_tie(desk.gate, stranger.caller, made.id)) == "consent-absent"
    assert desk.chain(whose)[-1].outcome is Outcome.REFUSED
    tried = find_ties(desk.gate, stranger.caller, whose.ins, None, None)
    assert desk.refusal(tried) == "not-your-record"


# Break-glass opposed beforehand.


def test_who_opposed_break_glass_is_not_read_in_it_until_they_say_otherwise(
    either_desk: Desk,
) -> None:
    desk = either_desk
    whose, asking = desk.citizen(), doctor(purpose=Purpose.BREAK_GLASS, reason="inconscient")
    desk.feed(whose, doctor())
    query = DocumentQuery(patient=whose.ins)
    assert desk.find(asking, whose).total == 1
    desk.run(oppose_break_glass(desk.gate, whose.caller, whose.ins, opposed=True))
    assert desk.refusal(find(desk.gate, asking, query)) == "break-glass-refused"
    assert desk.permitted(doctor(), whose, Action.FEED)  # nothing else is changed
    desk.run(oppose_break_glass(desk.gate, whose.caller, whose.ins, opposed=False))
    assert desk.find(asking, whose).total == 1


def test_only_the_citizens_side_opposes_break_glass(desk: Desk) -> None:
    whose = desk.citizen()
    for caller in (doctor(), OPERATOR):
        tried = oppose_break_glass(desk.gate, caller, whose.ins, opposed=True)
        assert desk.refusal(tried) == "not-entitled"


def test_a_tie_in_no_record_is_refused(desk: Desk) -> None:
    nobody = person()
    asked = request(nobody, Kind.AUTHORISATION, doctor())
    assert desk.refusal(make_tie(desk.gate, nobody.caller, asked)) == "record-absent"
    assert desk.refusal(make_tie(desk.gate, person().caller, asked)) == "not-your-record"
