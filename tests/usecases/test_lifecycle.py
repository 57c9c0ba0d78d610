"""The record's life: whether it exists, how it is opened, once, and on what ground."""

from __future__ import annotations

import asyncio
import uuid

import msgspec
import pytest

from carnet.record.access import Action
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.errors import CarnetError
from carnet.record.identity import OID_INS_NIR, IdentityStatus, Ins
from carnet.record.lifecycle import RecordState
from carnet.record.trace import Act, Outcome
from carnet.storage import records
from carnet.storage.sealed import LifeAct
from carnet.usecases.consultation import find
from carnet.usecases.feeding import submit
from carnet.usecases.lifecycle import (
    check_record,
    check_record_by_id,
    open_record,
    oppose,
    record_key,
)
from carnet.usecases.policy import Policy
from carnet.usecases.requests import (
    ConsentText,
    DocumentQuery,
    OpenedRecord,
    OpeningGround,
    OpeningRequest,
)
from tests.usecases.bench import (
    ABSENT_UUID,
    LENIENT,
    OPERATOR,
    Bench,
    Desk,
    Person,
    doctor,
    document,
    house_of,
    person,
)


def opening(whose: Person, ground: OpeningGround = OpeningGround.CONSENT) -> OpeningRequest:
    return OpeningRequest(whose.ins, whose.traits, ground)


# Whether it exists (TD0.2).


def test_a_record_is_told_to_who_may_know_of_it(either_desk: Desk) -> None:
    desk = either_desk
    whose = desk.citizen()
    for caller in (whose.caller, doctor(), house_of(doctor()), OPERATOR):
        status = desk.run(check_record(desk.gate, caller, whose.ins))
        assert status is not None
        assert (status.state, status.ins) == (RecordState.OPEN, whose.ins)
        assert desk.chain(whose)[-1].act is Act.CHECK_RECORD
        by_id = desk.run(check_record_by_id(desk.gate, caller, status.record_id))
        assert by_id == status


def test_where_there_is_none_a_professional_and_the_person_themself_are_told(desk: Desk) -> None:
    nobody = person()
    for caller in (nobody.caller, doctor()):
        assert desk.run(check_record(desk.gate, caller, nobody.ins)) is None


def test_a_stranger_does_not_learn_whether_there_is_one(desk: Desk) -> None:
    someone, nobody, stranger = desk.citizen(), person(), person()
    for whose in (someone, nobody):
        tried = check_record(desk.gate, stranger.caller, whose.ins)
        assert desk.refusal(tried) == "not-your-record"


@pytest.mark.parametrize("name", ["x", "", ABSENT_UUID])
def test_a_record_id_of_nothing_is_absent(desk: Desk, name: str) -> None:
    assert desk.refusal(check_record_by_id(desk.gate, doctor(), name)) == "record-absent"


def test_a_record_key_is_its_patient_id() -> None:
    made = uuid.uuid4()
    assert record_key(str(made)) == made.bytes
    with pytest.raises(CarnetError):
        record_key("no uuid")


# Opening.


@pytest.mark.parametrize(
    ("who", "reason", "capacity"),
    [
        ("citizen", "own-record", "citizen"),
        ("doctor", "opening", "professional:G15_10/SM26"),
        ("pharmacist", "opening", "professional:G15_21/A"),
        ("structure", "opening", "structure"),
        ("operator", "operator", "operator"),
    ],
)
def test_a_record_is_opened_in_a_capacity_on_a_ground_with_the_text_shown(
    desk: Desk, who: str, reason: str, capacity: str
) -> None:
    whose = person()
    caller = {
        "citizen": whose.caller,
        "doctor": doctor(),
        "pharmacist": doctor("G15_21/A"),
        "structure": house_of(doctor()),
        "operator": OPERATOR,
    }[who]
    text = ConsentText("ouverture", "2", "fr")
    opened = desk.open(whose, caller, text=text)
    assert opened.created
    assert opened.status.state is RecordState.OPEN
    assert [(t.act, t.reason) for t in desk.chain(whose)] == [(Act.OPEN_RECORD, reason)]
    record_id = desk.record_of(whose)

    async def life() -> tuple[LifeAct, ...]:
        sealer = await desk.store.keys.sealer(record_id)
        return await records.life(desk.store, sealer)

    (act,) = desk.run(life())
    assert (act.event, act.capacity, act.ground) == ("open", capacity, "consent")
    assert (act.text_id, act.text_version, act.text_language) == ("ouverture", "2", "fr")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("stranger", "not-your-record"),
        ("social worker", "profession-closed"),
        ("doctor in break-glass", "not-entitled"),
        ("machine", "not-entitled"),
    ],
)
def test_who_may_not_open_leaves_nothing(desk: Desk, who: str, code: str) -> None:
    whose = person()
    caller = {
        "stranger": person().caller,
        "social worker": doctor("41"),
        "doctor in break-glass": doctor(purpose=Purpose.BREAK_GLASS, reason="inconscient"),
        "machine": Caller(CallerKind.MACHINE, name="worker"),
    }[who]
    assert desk.refusal(open_record(desk.gate, caller, opening(whose))) == code
    assert desk.run(records.record_of_ins(desk.store, whose.ins.matricule)) is None


def test_opening_again_finds_it_open(desk: Desk) -> None:
    whose = desk.citizen()
    again = desk.open(whose, doctor())
    assert not again.created
    assert [t.act for t in desk.chain(whose)] == [Act.OPEN_RECORD, Act.OPEN_RECORD]
    assert again.status.record_id == str(uuid.UUID(bytes=desk.record_of(whose)))


def test_opening_with_other_traits_is_refused_and_traced(desk: Desk) -> None:
    whose = desk.citizen()
    traits = msgspec.structs.replace(whose.traits, birth_date="1985")
    tried = open_record(desk.gate, doctor(), OpeningRequest(whose.ins, traits, OpeningGround.BIRTH))
    refused = desk.error(tried)
    assert (refused.code, refused.params) == ("ins-traits-differ", {"traits": "birth_date"})
    assert desk.chain(whose)[-1].outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "status", [one for one in IdentityStatus if one is not IdentityStatus.QUALIFIED]
)
def test_only_a_qualified_identity_opens(desk: Desk, status: IdentityStatus) -> None:
    asked = msgspec.structs.replace(opening(person()), status=status)
    assert desk.refusal(open_record(desk.gate, doctor(), asked)) == "identity-not-qualified"


def test_identities_are_checked_by_policy(bench: Bench) -> None:
    production, test, marking = bench.desk(Policy()), bench.desk(), bench.desk(LENIENT)
    right = person()
    wrong = Person(Ins(right.ins.matricule[:13] + "98", right.ins.oid), right.traits)
    assert production.refusal(open_record(production.gate, doctor(), opening(right))) == (
        "ins-test-refused"
    )
    assert test.refusal(open_record(test.gate, doctor(), opening(wrong))) == "ins-wrong-key"
    opened = marking.open(wrong)
    assert [notice.code for notice in opened.warnings] == ["ins-wrong-key"]
    born = msgspec.structs.replace(person().traits, birth_date="1984-02-30")
    asked = OpeningRequest(person().ins, born, OpeningGround.CONSENT)
    assert test.refusal(open_record(test.gate, doctor(), asked)) == "birth-date-invalid"


def test_one_matricule_has_one_record_whatever_its_oid(desk: Desk) -> None:
    whose = desk.citizen()
    other = Person(Ins(whose.ins.matricule, OID_INS_NIR), whose.traits)
    assert not desk.open(other, doctor()).created


def test_a_record_is_opened_once_however_many_ask_at_once(either_desk: Desk) -> None:
    desk = either_desk
    whose = person()

    async def together() -> list[OpenedRecord]:
        works = (open_record(desk.gate, doctor(), opening(whose)) for _ in range(4))
        return await asyncio.gather(*works)

    ends = desk.run(together())
    assert sorted(end.created for end in ends) == [False, False, False, True]
    assert len({end.status.record_id for end in ends}) == 1
    assert len(desk.chain(whose)) == 4


# Closing and reopening.


def test_a_closed_record_is_opened_again_as_the_same_record(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    record_id = desk.record_of(whose)
    desk.close(whose)
    closed = desk.run(check_record(desk.gate, doctor(), whose.ins))
    assert closed is not None
    assert (closed.state, closed.closing_reason) == (RecordState.CLOSED, "Demande")
    again = desk.open(whose, doctor())
    assert again.created
    assert desk.record_of(whose) == record_id
    assert again.status.state is RecordState.OPEN
    assert again.status.closed_at is None
    assert desk.find(whose.caller, whose).total == 1


# Opposing.


def test_an_opposition_prevents_opening_until_the_person_withdraws_it(either_desk: Desk) -> None:
    desk = either_desk
    whose = person()
    desk.run(oppose(desk.gate, whose.caller, opening(whose)))
    status = desk.run(check_record(desk.gate, whose.caller, whose.ins))
    assert status is not None
    assert status.state is RecordState.OPPOSED
    for caller in (doctor(), house_of(doctor()), OPERATOR):
        tried = open_record(desk.gate, caller, opening(whose))
        assert desk.refusal(tried) in ("opening-opposed", "record-opposed")
    assert desk.chain(whose)[-1].outcome is Outcome.REFUSED


def test_an_opposition_ends_an_open_record_and_outlives_every_attempt_to_open(
    either_desk: Desk,
) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author)
    record_id = desk.record_of(whose)
    status = desk.run(oppose(desk.gate, whose.caller, opening(whose)))
    assert (status.state, status.closed_at) == (RecordState.OPPOSED, "2026-05-28")
    assert desk.record_of(whose) == record_id
    assert desk.chain(whose)[-1].act is Act.OPPOSE
    query = DocumentQuery(patient=whose.ins)
    for caller in (whose.caller, author):
        assert desk.refusal(find(desk.gate, caller, query)) == "record-opposed"
    fed = submit(desk.gate, author, document(whose, author))
    assert desk.refusal(fed) == "record-opposed"
    tried = open_record(desk.gate, doctor(), opening(whose))
    assert desk.refusal(tried) == "opening-opposed"


def test_an_opposition_is_noted_once(desk: Desk) -> None:
    whose = desk.citizen()
    desk.run(oppose(desk.gate, OPERATOR, opening(whose)))
    again = desk.error(oppose(desk.gate, whose.caller, opening(whose)))
    assert (again.code, again.params) == (
        "lifecycle-forbidden",
        {"state": "opposed", "event": "oppose"},
    )
    assert desk.chain(whose)[-1].reason == "lifecycle-forbidden"


def test_who_is_known_otherwise_is_not_opposed(desk: Desk) -> None:
    whose = desk.citizen()
    traits = msgspec.structs.replace(whose.traits, birth_date="1985")
    asked = OpeningRequest(whose.ins, traits, OpeningGround.CONSENT)
    assert desk.refusal(oppose(desk.gate, OPERATOR, asked)) == "ins-traits-differ"
    assert desk.permitted(doctor(), whose, Action.FEED)


@pytest.mark.parametrize("has_record", [True, False])
@pytest.mark.parametrize("who", ["doctor", "structure", "machine"])
def test_nobody_opposes_in_the_citizens_place(desk: Desk, who: str, has_record: bool) -> None:
    """Also where there is no record: whoever may open one may not prevent it."""
    whose = desk.citizen() if has_record else person()
    caller = {
        "doctor": doctor(),
        "structure": house_of(doctor()),
        "machine": Caller(CallerKind.MACHINE, name="worker"),
    }[who]
    assert desk.refusal(oppose(desk.gate, caller, opening(whose))) == "not-entitled"
    if not has_record:
        assert desk.run(records.record_of_ins(desk.store, whose.ins.matricule)) is None


def test_nobody_opposes_for_a_stranger(desk: Desk) -> None:
    whose = person()
    tried = oppose(desk.gate, person().caller, opening(whose))
    assert desk.refusal(tried) == "not-your-record"
    assert desk.run(records.record_of_ins(desk.store, whose.ins.matricule)) is None


def test_a_blocked_professional_may_ask_and_is_told_of_a_refusal(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor()
    desk.tie(whose, RelationKind.BLOCK, asking)
    status = desk.run(check_record(desk.gate, asking, whose.ins))
    assert status is not None
    assert status.authorisation == "refusee"


def test_the_citizen_withdraws_an_opposition_by_opening(desk: Desk) -> None:
    whose = person()
    desk.run(oppose(desk.gate, whose.caller, opening(whose)))
    tried = open_record(desk.gate, doctor(), opening(whose))
    assert desk.refusal(tried) in ("opening-opposed", "record-opposed")
    opened = desk.run(open_record(desk.gate, whose.caller, opening(whose)))
    assert opened.created
    assert opened.status.state is RecordState.OPEN
    desk.feed(whose, doctor())
    assert desk.find(whose.caller, whose).total == 1
