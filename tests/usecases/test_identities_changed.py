"""An identity changes under the same record: a waiting number (NIA) becomes a NIR."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    OID_INS_NIA,
    OID_INS_NIR,
    OID_INS_NIR_DEMO,
    OID_INS_NIR_TEST,
    Ins,
    Traits,
    ins_key,
)
from carnet.record.trace import Act, Outcome
from carnet.storage import reads
from carnet.storage.codes import EventKind
from carnet.usecases.closing import withdraw_opposition
from carnet.usecases.consultation import find
from carnet.usecases.feeding import submit
from carnet.usecases.identities import change_identity
from carnet.usecases.lifecycle import oppose
from carnet.usecases.policy import Policy
from carnet.usecases.requests import (
    DocumentQuery,
    OpeningGround,
    OpeningRequest,
    RecordStatus,
    SubmissionStatus,
)
from carnet.usecases.sharing import end_tie
from tests.usecases.bench import (
    DAY,
    LENIENT,
    NOW,
    OPERATOR,
    PLAIN,
    Bench,
    Desk,
    Person,
    doctor,
    document,
    house_of,
    person,
    resource_of,
)
from tests.usecases.test_identities import versions


@pytest.fixture
def marking(bench: Bench) -> Desk:
    """A desk of a store that marks instead of refusing."""
    return bench.desk(LENIENT)


# A NIA becomes a NIR.


def waiting() -> Person:
    """Somebody with a waiting number."""
    return person(oid=OID_INS_NIA)


def become(
    desk: Desk, whose: Person, new: Person, traits: Traits | None = None, by: Caller = OPERATOR
) -> RecordStatus:
    return desk.run(change_identity(desk.gate, by, whose.ins, new.ins, traits))


def with_nir(whose: Person) -> Person:
    """The same person under a NIR of their own."""
    return Person(person().ins, whose.traits)


def test_a_waiting_number_becomes_a_nir_under_the_same_record(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = waiting(), doctor()
    desk.open(whose)
    desk.feed(whose, author)
    record_id, before = desk.record_of(whose), desk.status(whose)
    desk.clock.set(NOW + 2 * DAY)
    named = with_nir(whose)
    status = become(desk, whose, named)
    assert (status.ins, status.former) == (named.ins, (whose.ins,))
    assert status.version > before.version
    assert status.last_updated > before.last_updated
    assert desk.record_of(named) == desk.record_of(whose) == record_id
    for asked in (whose, named):
        told = desk.status(asked, author)
        assert (told.ins, told.former) == (named.ins, (whose.ins,))
        assert desk.find(author, asked).total == 1
        assert desk.find(asked.caller, asked).total == 1
    trace = next(t for t in desk.chain(whose) if t.act is Act.CHANGE_IDENTITY)
    assert (trace.outcome, trace.caller) == (Outcome.PERMITTED, "operator")
    assert trace.criteria == f"ins {OID_INS_NIA} > {OID_INS_NIR_TEST}"
    assert whose.ins.matricule not in str(trace.criteria)


def test_the_change_is_an_event_that_carries_its_trace(either_desk: Desk) -> None:
    desk = either_desk
    whose = waiting()
    desk.open(whose)
    desk.follow(whose)
    become(desk, whose, with_nir(whose))
    record_id = desk.record_of(whose)
    rows = desk.run(desk.store.main.fetch(reads.DUE_EVENTS, desk.gate.now(), 10_000))
    (event,) = [row for row in rows if row[0] == record_id]
    assert EventKind(event[2]) is EventKind.IDENTIFIED
    assert desk.follow(whose) == 1


@pytest.mark.parametrize("named_by", ["former", "in force"])
def test_a_document_reaches_the_record_under_both_numbers(either_desk: Desk, named_by: str) -> None:
    desk = either_desk
    whose, author = waiting(), doctor()
    desk.open(whose)
    named = with_nir(whose)
    become(desk, whose, named)
    under = whose if named_by == "former" else named
    result = desk.feed(under, author)
    assert (result.status, result.warnings) == (SubmissionStatus.STORED, ())
    assert desk.find(author, named).total == desk.find(author, whose).total == 1


def test_the_same_document_again_under_the_other_number_is_a_repetition(desk: Desk) -> None:
    whose, author = waiting(), doctor()
    desk.open(whose)
    named = with_nir(whose)
    sent = document(whose, author)
    desk.run(submit(desk.gate, author, sent))
    become(desk, whose, named)
    sent.declared.patient = named.ins
    again = desk.run(submit(desk.gate, author, sent))
    assert again.status is SubmissionStatus.IDENTICAL


def test_what_was_rendered_keeps_the_number_it_came_with(desk: Desk) -> None:
    """The reference leads to the number in force; the identifier is what was submitted."""
    whose, author = waiting(), doctor()
    desk.open(whose)
    fed = desk.feed(whose, author)
    named = with_nir(whose)
    status = become(desk, whose, named)
    desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)  # rendered anew
    later = desk.feed(named, author)
    for uuid, ins in ((fed.entry_uuid, whose.ins), (later.entry_uuid, named.ins)):
        subject = resource_of(desk.read(author, uuid).resource)["subject"]
        assert subject["reference"] == f"Patient/{status.record_id}"
        assert subject["identifier"]["value"] == ins.matricule
        assert subject["identifier"]["system"] == f"urn:oid:{ins.oid}"


def test_a_change_that_is_repeated_finds_itself_made(either_desk: Desk) -> None:
    desk = either_desk
    whose = waiting()
    desk.open(whose)
    named = with_nir(whose)
    first = become(desk, whose, named)
    events = desk.counts(whose)[1]
    for asked in (whose, named):
        assert become(desk, asked, named) == first
    assert len(versions(desk, whose)) == 2
    assert desk.counts(whose)[1] == events
    acts = [t.act for t in desk.chain(whose)]
    assert acts.count(Act.CHANGE_IDENTITY) == 3  # the operator asked thrice


def test_the_number_of_another_record_is_refused_and_nothing_changes(either_desk: Desk) -> None:
    desk = either_desk
    whose, other = waiting(), desk.citizen()
    desk.open(whose)
    before = desk.status(whose), desk.status(other), desk.counts(whose)
    tried = change_identity(desk.gate, OPERATOR, whose.ins, other.ins)
    assert desk.refusal(tried) == "ins-taken"
    refused = desk.chain(whose)[-1]
    assert (refused.outcome, refused.reason) == (Outcome.REFUSED, "ins-taken")
    assert (desk.status(whose), desk.status(other), desk.counts(whose)) == before
    assert desk.record_of(other) != desk.record_of(whose)


def test_of_two_records_that_take_one_number_at_once_one_gets_it(either_desk: Desk) -> None:
    desk = either_desk
    one, two, named = waiting(), waiting(), person()
    desk.open(one)
    desk.open(two)

    async def take(whose: Person) -> str:
        try:
            await change_identity(desk.gate, OPERATOR, whose.ins, named.ins)
        except CarnetError as error:
            return error.code
        return "taken"

    async def together() -> tuple[str, str]:
        return await asyncio.gather(take(one), take(two))

    ends = desk.run(together())
    assert sorted(ends) == ["ins-taken", "taken"]
    winner, loser = (one, two) if ends[0] == "taken" else (two, one)
    assert desk.record_of(named) == desk.record_of(winner)
    assert desk.status(loser).ins == loser.ins


def test_opening_under_the_new_number_finds_the_record(desk: Desk) -> None:
    whose = waiting()
    desk.open(whose)
    named = with_nir(whose)
    become(desk, whose, named)
    opened = desk.open(named, doctor())
    assert not opened.created
    assert opened.status.ins == named.ins


@pytest.mark.parametrize("state", ["closed", "opposed", "withdrawn"])
def test_an_identity_changes_in_whatever_state_the_record_is(desk: Desk, state: str) -> None:
    """Else a second record would be opened under the NIR."""
    whose = waiting()
    asked = OpeningRequest(whose.ins, whose.traits, OpeningGround.CONSENT)
    if state == "closed":
        desk.open(whose)
        desk.close(whose)
    else:
        desk.run(oppose(desk.gate, whose.caller, asked))
    if state == "withdrawn":
        desk.run(withdraw_opposition(desk.gate, whose.caller, whose.ins))
    named = with_nir(whose)
    status = become(desk, whose, named)
    assert status.ins == named.ins
    record_id = desk.record_of(whose)
    desk.open(named)
    assert desk.record_of(named) == record_id


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("citizen", "not-entitled"),
        ("stranger", "not-your-record"),
        ("doctor", "not-entitled"),
        ("structure", "not-entitled"),
        ("blocked", "refused-by-patient"),
        ("machine", "not-entitled"),
    ],
)
def test_the_operator_alone_changes_an_identity(desk: Desk, who: str, refused: str) -> None:
    whose = waiting()
    desk.open(whose)
    blocked = doctor()
    desk.tie(whose, RelationKind.BLOCK, blocked)
    caller = {
        "citizen": whose.caller,
        "stranger": person().caller,
        "doctor": doctor(),
        "structure": house_of(doctor()),
        "blocked": blocked,
        "machine": Caller(CallerKind.MACHINE, name="worker"),
    }[who]
    tried = change_identity(desk.gate, caller, whose.ins, person().ins)
    assert desk.refusal(tried) == refused
    assert desk.chain(whose)[-1].outcome is Outcome.REFUSED
    assert len(versions(desk, whose)) == 1


def test_what_cannot_be_an_identity_is_refused(bench: Bench) -> None:
    production, test = bench.desk(Policy()), bench.desk()
    whose = waiting()
    test.open(whose)
    real = Ins(person().ins.matricule, OID_INS_NIR)
    wrong = Ins(real.matricule[:13] + "98", OID_INS_NIR_TEST)
    born = msgspec.structs.replace(whose.traits, birth_date="1984-02-30")
    coming = msgspec.structs.replace(whose.traits, birth_date="2030")
    for desk, new, traits, refused in (
        (production, person().ins, None, "ins-test-refused"),
        (test, wrong, None, "ins-wrong-key"),
        (test, real, born, "birth-date-invalid"),
        (test, real, coming, "date-in-future"),
    ):
        tried = change_identity(desk.gate, OPERATOR, whose.ins, new, traits)
        assert desk.refusal(tried) == refused
    nobody = change_identity(test.gate, OPERATOR, person().ins, real)
    assert test.refusal(nobody) == "record-absent"
    assert len(versions(test, whose)) == 1
    production.run(change_identity(production.gate, OPERATOR, whose.ins, real))
    assert test.status(whose).ins == real


def test_a_wrong_key_is_marked_where_the_store_marks(marking: Desk) -> None:
    whose = waiting()
    marking.open(whose)
    number = person().ins.matricule
    wrong = Person(Ins(number[:13] + "98", OID_INS_NIR_TEST), whose.traits)
    assert become(marking, whose, wrong).ins == wrong.ins
    assert versions(marking, whose)[-1].marks == ("ins-wrong-key",)
    marking.feed(wrong, doctor())
    assert len(versions(marking, whose)) == 2


def test_only_the_number_in_force_is_changed(desk: Desk) -> None:
    whose = waiting()
    desk.open(whose)
    named = with_nir(whose)
    become(desk, whose, named)
    stale = change_identity(desk.gate, OPERATOR, whose.ins, person().ins)
    assert desk.refusal(stale) == "ins-former"
    other_oid = Ins(named.ins.matricule, OID_INS_NIR_DEMO)
    wrong = change_identity(desk.gate, OPERATOR, other_oid, person().ins)
    assert desk.refusal(wrong) == "ins-oid-differs"
    back = change_identity(desk.gate, OPERATOR, named.ins, waiting().ins)
    assert desk.refusal(back) == "ins-back-to-waiting"
    assert desk.status(whose).ins == named.ins


def test_a_nir_may_be_put_right_and_put_back(desk: Desk) -> None:
    whose = desk.citizen()
    wrong = with_nir(whose)
    become(desk, whose, wrong)
    status = become(desk, wrong, whose)
    assert (status.ins, status.former) == (whose.ins, (wrong.ins,))
    status = become(desk, whose, wrong)
    assert (status.ins, status.former) == (wrong.ins, (whose.ins,))


def test_a_waiting_number_may_be_certified_with_the_same_digits(desk: Desk) -> None:
    whose = waiting()
    desk.open(whose)
    same = Person(Ins(whose.ins.matricule, OID_INS_NIR_TEST), whose.traits)
    assert become(desk, whose, same).former == (whose.ins,)
    for under in (whose, same):
        assert desk.feed(under, doctor()).warnings == ()


# Traits that change with it, or alone.


def test_new_traits_go_with_the_new_number_and_the_old_with_the_old(desk: Desk) -> None:
    whose = waiting()
    desk.open(whose)
    right = msgspec.structs.replace(whose.traits, birth_place="75056")
    named = Person(person().ins, right)
    assert become(desk, whose, named, right).traits == right
    assert desk.chain(whose)[-1].criteria == (
        f"ins {OID_INS_NIA} > {OID_INS_NIR_TEST}, birth_place"
    )
    for ins, traits, refused in (
        (named.ins, right, None),
        (whose.ins, whose.traits, None),
        (whose.ins, right, None),
        (named.ins, whose.traits, "ins-traits-differ"),
    ):
        tried = submit(desk.gate, author := doctor(), document(Person(ins, traits), author))
        if refused is None:
            assert desk.run(tried).warnings == ()
        else:
            assert desk.refusal(tried) == refused


def test_traits_are_put_right_under_the_same_number(desk: Desk) -> None:
    whose = desk.citizen()
    right = msgspec.structs.replace(whose.traits, birth_family="TILLEULS")
    status = become(desk, whose, whose, right)
    assert (status.ins, status.former, status.traits) == (whose.ins, (), right)
    tried = submit(desk.gate, author := doctor(), document(whose, author))
    assert desk.refusal(tried) == "ins-traits-differ"
    assert desk.feed(Person(whose.ins, right), doctor()).warnings == ()


def test_what_a_submission_claimed_before_is_not_in_force_after(marking: Desk) -> None:
    desk = marking
    whose, author = waiting(), doctor()
    desk.open(whose)
    desk.feed(Person(Ins(whose.ins.matricule, OID_INS_NIR), whose.traits), author)
    named = with_nir(whose)
    become(desk, whose, named)
    desk.feed(
        whose, author, source_patient=msgspec.structs.replace(whose.traits, birth_family="AUTRE")
    )
    status = desk.status(named)
    assert (status.ins, status.former, status.traits) == (named.ins, (whose.ins,), named.traits)


# What a person is to others, under whichever number.


@pytest.mark.parametrize("kind", [RelationKind.PARENT, RelationKind.DELEGATE])
def test_a_representative_stays_one_under_a_new_number(
    either_desk: Desk, kind: RelationKind
) -> None:
    desk = either_desk
    child, parent = desk.citizen("2016-05-01"), waiting()
    desk.open(parent)
    by = OPERATOR if kind is RelationKind.PARENT else None
    desk.tie(child, kind, parent, by=by)
    named = with_nir(parent)
    become(desk, parent, named)
    for caller in (parent.caller, named.caller):
        assert desk.find(caller, child).total == 0
    query = DocumentQuery(patient=child.ins)
    assert desk.refusal(find(desk.gate, person().caller, query)) == "not-your-record"


def test_a_tie_that_ended_does_not_come_back_with_a_new_number(desk: Desk) -> None:
    whose, friend = desk.citizen(), waiting()
    desk.open(friend)
    tie = desk.tie(whose, RelationKind.DELEGATE, friend)
    desk.run(end_tie(desk.gate, whose.caller, tie.id, None))
    named = with_nir(friend)
    become(desk, friend, named)
    query = DocumentQuery(patient=whose.ins)
    assert desk.refusal(find(desk.gate, named.caller, query)) == "not-your-record"


def test_the_citizens_own_documents_stay_theirs(desk: Desk) -> None:
    whose = waiting()
    desk.open(whose)
    fed = desk.feed(whose, whose.caller)
    named = with_nir(whose)
    become(desk, whose, named)
    new = document(named, named.caller, replaces=fed.unique_id)
    desk.run(submit(desk.gate, named.caller, new))
    assert desk.find(named.caller, whose).total == 1


def test_a_whole_check_finds_nothing_after_changes(sound_desk: Desk) -> None:
    desk = sound_desk
    whose = waiting()
    desk.open(whose)
    desk.feed(whose, doctor())
    desk.clock.set(NOW + 2 * DAY)
    named = with_nir(whose)
    become(desk, whose, named, msgspec.structs.replace(whose.traits, birth_place="75056"))
    desk.feed(Person(named.ins, desk.status(named).traits), doctor())
    desk.clock.set(NOW + 5 * DAY)
    become(desk, named, with_nir(whose))
    assert desk.findings() == []
    desk.follow(whose)
    assert desk.findings() == []


# Waiting numbers with invented digits.


@pytest.mark.parametrize("first", "123478")
@pytest.mark.parametrize(
    "policy", [Policy(), PLAIN, LENIENT], ids=["production", "test", "marking"]
)
def test_a_waiting_number_is_told_by_its_oid_and_taken_everywhere(
    bench: Bench, policy: Policy, first: str
) -> None:
    """Production refuses the test and demonstration OIDs, and no first digit (domain §1)."""
    desk = bench.desk(policy)
    digits = first + person().ins.matricule[1:13]
    whose = Person(Ins(f"{digits}{ins_key(digits):02d}", OID_INS_NIA), person().traits)
    assert desk.open(whose).created
    assert desk.feed(whose, doctor()).warnings == ()
    assert desk.status(whose).ins == whose.ins
