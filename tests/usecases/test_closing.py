"""Closing a record and withdrawing an opposition: who may, when, and what stays."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.errors import CarnetError
from carnet.record.lifecycle import RecordState
from carnet.record.trace import Act, Outcome
from carnet.storage import records
from carnet.storage.sealed import LifeAct
from carnet.usecases.closing import MOST_TEXT, close_record, withdraw_opposition
from carnet.usecases.consultation import find, read_entry, retrieve
from carnet.usecases.feeding import submit
from carnet.usecases.lifecycle import check_record, check_record_by_id, open_record, oppose
from carnet.usecases.requests import (
    ConsentRequest,
    DocumentQuery,
    OpeningGround,
    OpeningRequest,
    RecordStatus,
)
from carnet.usecases.sharing import make_tie
from tests.usecases.bench import (
    DAY,
    NOW,
    OPERATOR,
    Desk,
    Person,
    doctor,
    document,
    house_of,
    person,
    resource_of,
)

REQUEST, DEATH = "patient-demande", "deces"


def opening(whose: Person) -> OpeningRequest:
    return OpeningRequest(whose.ins, whose.traits, OpeningGround.CONSENT)


def life(desk: Desk, whose: Person) -> tuple[LifeAct, ...]:
    record_id = desk.record_of(whose)

    async def acts() -> tuple[LifeAct, ...]:
        return await records.life(desk.store, await desk.store.keys.sealer(record_id))

    return desk.run(acts())


def state(desk: Desk, whose: Person) -> RecordState:
    return desk.status(whose).state


def side(desk: Desk, who: str, whose: Person) -> Caller:
    """Somebody with the tie that their name says."""
    other = person("1980")
    match who:
        case "citizen":
            return whose.caller
        case "citizen in break-glass":
            return msgspec.structs.replace(whose.caller, purpose=Purpose.BREAK_GLASS, reason="x")
        case "parent":
            desk.tie(whose, RelationKind.PARENT, other, by=OPERATOR)
        case "guardian":
            desk.tie(whose, RelationKind.JUDGMENT, other, by=OPERATOR)
        case "guardian who reads":
            desk.tie(whose, RelationKind.JUDGMENT, other, by=OPERATOR, scope="read")
        case "delegate":
            desk.tie(whose, RelationKind.DELEGATE, other, scope="manage")
        case "operator":
            return OPERATOR
        case "machine":
            return Caller(CallerKind.MACHINE, name="worker")
        case "physician" | "blocked doctor":
            kind = RelationKind.PHYSICIAN if who == "physician" else RelationKind.BLOCK
            found = doctor()
            desk.tie(whose, kind, found)
            return found
        case "author's structure":
            found = doctor()
            desk.feed(whose, found)
            return house_of(found)
    return other.caller


# Who closes.

ADULT, MINOR = "1984-06-21", "2016-05-01"


@pytest.mark.parametrize(
    ("born", "who", "code", "refused"),
    [
        (ADULT, "citizen", REQUEST, None),
        (MINOR, "citizen", REQUEST, None),
        (MINOR, "parent", REQUEST, None),
        (ADULT, "guardian", REQUEST, None),
        (ADULT, "operator", DEATH, None),
        (ADULT, "operator", REQUEST, "closing-reason-refused"),
        (ADULT, "citizen", DEATH, "closing-reason-refused"),
        (MINOR, "parent", DEATH, "closing-reason-refused"),
        (ADULT, "parent", REQUEST, "not-your-record"),  # of age by now
        (ADULT, "guardian who reads", REQUEST, "not-entitled"),
        (ADULT, "delegate", REQUEST, "not-entitled"),
        (ADULT, "stranger", REQUEST, "not-your-record"),
        (ADULT, "citizen in break-glass", REQUEST, "not-entitled"),
        (ADULT, "physician", REQUEST, "not-entitled"),
        (ADULT, "blocked doctor", REQUEST, "refused-by-patient"),
        (ADULT, "author's structure", REQUEST, "not-entitled"),
        (ADULT, "machine", DEATH, "not-entitled"),
    ],
)
def test_who_closes_a_record_and_who_does_not(
    desk: Desk, born: str, who: str, code: str, refused: str | None
) -> None:
    whose = desk.citizen(born)
    caller = side(desk, who, whose)
    died_on = "2026-05-20" if code == DEATH else None
    tried = close_record(desk.gate, caller, whose.ins, code, died_on=died_on)
    if refused is None:
        assert desk.run(tried).state is RecordState.CLOSED
        trace = desk.chain(whose)[-1]
        assert (trace.act, trace.outcome) == (Act.CLOSE_RECORD, Outcome.PERMITTED)
    else:
        assert desk.refusal(tried) == refused
        assert state(desk, whose) is RecordState.OPEN
        assert (desk.chain(whose)[-2].outcome, desk.chain(whose)[-2].reason) == (
            Outcome.REFUSED,
            refused,
        )


def test_a_closing_says_when_by_whom_in_which_capacity_and_why(either_desk: Desk) -> None:
    desk = either_desk
    whose = desk.citizen(MINOR)
    parent = side(desk, "parent", whose)
    desk.clock.set(NOW + 3 * DAY)
    text = "  Nous quittons la France.  "
    closed = desk.run(close_record(desk.gate, parent, whose.ins, REQUEST, text))
    assert (closed.closed_at, closed.closing_code, closed.closing_reason) == (
        "2026-05-31",
        REQUEST,
        "Nous quittons la France.",
    )
    act = life(desk, whose)[-1]
    assert parent.ins is not None
    assert (act.event, act.at // DAY, act.capacity) == ("close", NOW // DAY + 3, "citizen")
    assert act.actor == f"{parent.ins.oid}|{parent.ins.matricule}"
    assert desk.chain(whose)[-1].reason == "representative"
    assert desk.status(whose, doctor()) == msgspec.structs.replace(
        closed, authorisation=desk.status(whose, doctor()).authorisation
    )


def test_after_a_death_its_date_stands_in_the_act(either_desk: Desk) -> None:
    desk = either_desk
    whose = desk.citizen()
    closed = desk.run(
        close_record(desk.gate, OPERATOR, whose.ins, DEATH, "Acte 12", died_on="2026-05-20")
    )
    assert (closed.state, closed.closing_code) == (RecordState.CLOSED, DEATH)
    act = life(desk, whose)[-1]
    assert (act.died_on, act.reason_code, act.capacity) == ("2026-05-20", DEATH, "operator")


@pytest.mark.parametrize("died_on", [None, "1984-06-20", "2026-06-30", "soon"])
def test_a_death_has_a_possible_date(desk: Desk, died_on: str | None) -> None:
    whose = desk.citizen()
    tried = close_record(desk.gate, OPERATOR, whose.ins, DEATH, died_on=died_on)
    assert desk.refusal(tried) == "death-date-invalid"
    assert desk.chain(whose)[-1].reason == "death-date-invalid"
    assert state(desk, whose) is RecordState.OPEN


def test_what_is_asked_wrongly_touches_no_record(desk: Desk) -> None:
    whose, nobody = desk.citizen(), person()
    before = desk.chain(whose)
    for code, text, refused in (
        ("fraude", None, "closing-reason-unknown"),
        (REQUEST, "x" * (MOST_TEXT + 1), "element-too-long"),
    ):
        tried = close_record(desk.gate, whose.caller, whose.ins, code, text)
        assert desk.refusal(tried) == refused
    assert desk.chain(whose) == before
    for caller, refused in (
        (nobody.caller, "record-absent"),
        (OPERATOR, "record-absent"),
        (doctor(), "record-absent"),
        (whose.caller, "not-your-record"),
    ):
        assert desk.refusal(close_record(desk.gate, caller, nobody.ins, REQUEST)) == refused


def test_a_free_reason_may_be_long_or_left_out(desk: Desk) -> None:
    for text, kept in (("x" * MOST_TEXT, "x" * MOST_TEXT), (None, None), (" ", None)):
        whose = desk.citizen()
        desk.run(close_record(desk.gate, whose.caller, whose.ins, REQUEST, text))
        assert desk.status(whose).closing_reason == kept


def test_a_closing_that_is_repeated_is_told_that_it_stands(either_desk: Desk) -> None:
    desk = either_desk
    whose = desk.citizen()
    first = desk.close(whose)
    events = desk.counts(whose)[1]
    again = desk.error(close_record(desk.gate, whose.caller, whose.ins, REQUEST, "Autre"))
    assert (again.code, again.params) == (
        "lifecycle-forbidden",
        {"state": "closed", "event": "close"},
    )
    assert desk.status(whose) == first
    assert desk.counts(whose)[1] == events


def test_of_several_closings_at_once_one_stands(either_desk: Desk) -> None:
    desk = either_desk
    whose = desk.citizen()

    async def once() -> str:
        try:
            status = await close_record(desk.gate, whose.caller, whose.ins, REQUEST)
        except CarnetError as error:
            return error.code
        return str(status.state)

    async def together() -> list[str]:
        return await asyncio.gather(*(once() for _ in range(4)))

    assert sorted(desk.run(together())) == ["closed", *["lifecycle-forbidden"] * 3]
    assert [act.event for act in life(desk, whose)] == ["open", "close"]
    permitted = [t for t in desk.chain(whose) if t.outcome is Outcome.PERMITTED]
    assert [t.act for t in permitted] == [Act.OPEN_RECORD, Act.CLOSE_RECORD]


# What a closed record is.


def test_a_closed_record_is_neither_fed_nor_read_save_the_citizens_own_copy(
    either_desk: Desk,
) -> None:
    desk = either_desk
    whose, author, trusted = desk.citizen(), doctor(), doctor()
    fed = desk.feed(whose, author)
    binary = resource_of(fed.resource)["content"][0]["attachment"]["url"].rpartition("/")[2]
    desk.tie(whose, RelationKind.AUTHORISATION, trusted)
    desk.close(whose)
    query = DocumentQuery(patient=whose.ins)
    for caller in (author, trusted, house_of(author), OPERATOR):
        assert desk.refusal(find(desk.gate, caller, query)) == "record-closed"
        assert desk.refusal(submit(desk.gate, caller, document(whose, author))) == "record-closed"
        assert desk.refusal(read_entry(desk.gate, caller, fed.entry_uuid)) == "document-absent"
        assert desk.refusal(retrieve(desk.gate, caller, binary)) == "document-absent"
    assert desk.find(whose.caller, whose).total == 1
    assert desk.read(whose.caller, fed.entry_uuid).entry_uuid == fed.entry_uuid
    assert desk.run(retrieve(desk.gate, whose.caller, binary)).content.size > 0
    own = submit(desk.gate, whose.caller, document(whose, whose.caller))
    assert desk.refusal(own) == "record-closed"
    assert author.identifier is not None
    asked = ConsentRequest(
        patient=whose.ins, kind=RelationKind.AUTHORISATION, actor=author.identifier
    )
    assert desk.refusal(make_tie(desk.gate, whose.caller, asked)) == "record-closed"


def test_a_flag_that_ended_while_closed_is_written_off_when_opened_again(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    desk.follow(whose)
    desk.close(whose)
    desk.clock.set(NOW + 40 * DAY)
    desk.follow(whose)
    desk.open(whose)
    desk.follow(whose)
    now = desk.read(whose.caller, fed.entry_uuid)
    assert now.entry_uuid != fed.entry_uuid
    assert b"INVISIBLE_PATIENT" not in now.resource


@pytest.mark.parametrize("end", ["close", "oppose"])
def test_what_the_machine_left_undone_is_in_the_directory_all_the_same(
    sound_desk: Desk, end: str
) -> None:
    """Fed and ended before the worker came: the lines stand, and a check finds nothing."""
    desk = sound_desk
    whose, friend = desk.citizen(), person()
    desk.feed(whose, doctor())
    desk.tie(whose, RelationKind.DELEGATE, friend)
    if end == "close":
        desk.close(whose)
    else:
        desk.run(oppose(desk.gate, whose.caller, opening(whose)))
    desk.follow(whose)
    assert not [trace for trace in desk.chain(whose) if trace.act is Act.DERIVE]
    assert desk.findings() == []


# Withdrawing an opposition.


def opposed(desk: Desk, whose: Person) -> None:
    desk.run(oppose(desk.gate, whose.caller, opening(whose)))


@pytest.mark.parametrize(
    ("born", "who", "refused"),
    [
        (ADULT, "citizen", None),
        (MINOR, "parent", None),
        (ADULT, "guardian", None),
        (ADULT, "delegate", "not-entitled"),
        (ADULT, "operator", "not-entitled"),
        (ADULT, "physician", "not-entitled"),
        (ADULT, "stranger", "not-your-record"),
    ],
)
def test_an_opposition_is_withdrawn_by_the_citizens_side(
    desk: Desk, born: str, who: str, refused: str | None
) -> None:
    whose = desk.citizen(born)
    caller = side(desk, who, whose)
    opposed(desk, whose)
    tried = withdraw_opposition(desk.gate, caller, whose.ins)
    if refused is None:
        status = desk.run(tried)
        assert (status.state, status.closed_at) == (RecordState.CLOSED, "2026-05-28")
        assert desk.chain(whose)[-1].act is Act.WITHDRAW_OPPOSITION
    else:
        assert desk.refusal(tried) == refused
        assert state(desk, whose) is RecordState.OPPOSED


def test_after_a_withdrawal_what_was_open_is_closed_and_may_be_opened(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author)
    opposed(desk, whose)
    desk.run(withdraw_opposition(desk.gate, whose.caller, whose.ins))
    assert desk.find(whose.caller, whose).total == 1  # their own copy
    assert desk.open(whose, author).created
    assert desk.find(author, whose).total == 1
    assert [act.event for act in life(desk, whose)] == [
        "open",
        "oppose",
        "withdraw-opposition",
        "reopen",
    ]


def test_after_a_withdrawal_of_what_was_never_open_there_is_no_record(either_desk: Desk) -> None:
    desk = either_desk
    whose = person()
    opposed(desk, whose)
    assert desk.status(whose).closed_at is None
    withdrawn: RecordStatus = desk.run(withdraw_opposition(desk.gate, whose.caller, whose.ins))
    assert withdrawn.state is RecordState.NONE
    for caller in (whose.caller, doctor()):
        assert desk.run(check_record(desk.gate, caller, whose.ins)) is None
        by_id = check_record_by_id(desk.gate, caller, withdrawn.record_id)
        assert desk.refusal(by_id) == "record-absent"
        assert desk.refusal(submit(desk.gate, caller, document(whose, doctor()))) == (
            "record-absent"
        )
    record_id = desk.record_of(whose)
    assert desk.run(open_record(desk.gate, doctor(), opening(whose))).created
    assert desk.record_of(whose) == record_id
    assert [act.event for act in life(desk, whose)] == ["oppose", "withdraw-opposition", "open"]


@pytest.mark.parametrize("end", ["open", "closed"])
def test_nothing_is_withdrawn_where_nothing_was_opposed(desk: Desk, end: str) -> None:
    whose = desk.citizen()
    if end == "closed":
        desk.close(whose)
    tried = withdraw_opposition(desk.gate, whose.caller, whose.ins)
    assert desk.refusal(tried) == "lifecycle-forbidden"


def test_a_closing_keeps_its_date_through_an_opposition(desk: Desk) -> None:
    """Ten years count from the day on which it was open last."""
    whose = desk.citizen()
    first = desk.close(whose)
    desk.clock.set(NOW + 30 * DAY)
    opposed(desk, whose)
    later = desk.run(withdraw_opposition(desk.gate, whose.caller, whose.ins))
    assert (later.closed_at, later.closing_code) == (first.closed_at, REQUEST)


def test_a_whole_check_finds_nothing_after_each_act(sound_desk: Desk) -> None:
    desk = sound_desk
    closed, dead, ended, withdrawn, again = (desk.citizen() for _ in range(5))
    for whose in (closed, dead, ended, withdrawn, again):
        desk.feed(whose, doctor(), visibility=("INVISIBLE_PATIENT",))
    desk.close(closed)
    desk.run(close_record(desk.gate, OPERATOR, dead.ins, DEATH, died_on="2026"))
    for whose in (ended, withdrawn, never := person()):
        opposed(desk, whose)
    for whose in (withdrawn, never):
        desk.run(withdraw_opposition(desk.gate, whose.caller, whose.ins))
    desk.close(again)
    desk.open(again)
    assert desk.findings() == []
    for whose in (closed, dead, ended, withdrawn, never, again):
        desk.follow(whose)
    assert desk.findings() == []
