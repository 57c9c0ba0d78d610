"""What must hold of every decision, whoever asks, of whatever record, in whatever state."""

from __future__ import annotations

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from carnet.record.access import RULES, decide, refusal, sees
from carnet.record.access.case import Case, Powers, case_of
from carnet.record.access.matrix import load_matrix
from carnet.record.access.model import (
    AccessSettings,
    Action,
    EntryFacts,
    Reason,
    RecordFacts,
    Relation,
    RelationKind,
)
from carnet.record.access.rules import DEFAULT, ENDING, IDENTIFYING, MANAGING, READING
from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.document import Flags
from carnet.record.lifecycle import TRANSITIONS, LifecycleEvent, RecordState
from tests.record.access.situations import DAY, NOW
from tests.record.access.strategies import (
    actions,
    actors,
    callers,
    callers_of,
    entries,
    others_entries,
    records,
)

_PARENT = (Relation(RelationKind.PARENT, start=0),)

many = settings(max_examples=300)


def _case(caller: Caller, record: RecordFacts, entry: EntryFacts | None = None) -> Case:
    return case_of(caller, record, Action.READ, entry, NOW, load_matrix(), AccessSettings())


def _consistent(caller: Caller, record: RecordFacts, entry: EntryFacts) -> bool:
    """The gate gives every author of an entry their tie AUTHOR with the record."""
    return (
        caller.kind is not CallerKind.PROFESSIONAL
        or not entry.is_author
        or _case(caller, record).has_written
    )


def _wrote(caller: Caller, entry: EntryFacts) -> bool:
    return entry.is_author or (caller.kind is CallerKind.STRUCTURE and entry.by_caller_structure)


@many
@given(actors, records, entries, actions)
def test_whoever_is_blocked_learns_existence_and_nothing_else(
    caller: Caller, record: RecordFacts, entry: EntryFacts, action: Action
) -> None:
    block = Relation(RelationKind.BLOCK, start=NOW - 1)
    blocked = msgspec.structs.replace(record, relations=(*record.relations, block))
    for asked in (None, entry):
        decision = decide(caller, blocked, action, asked, now=NOW)
        assert decision.permitted == (action is Action.CHECK)


@many
@given(callers, records, entries)
def test_an_entry_is_read_exactly_when_the_sight_of_the_record_admits_it(
    caller: Caller, record: RecordFacts, entry: EntryFacts
) -> None:
    assume(_consistent(caller, record, entry))
    found = decide(caller, record, Action.FIND, now=NOW)
    read = decide(caller, record, Action.READ, entry, now=NOW)
    in_sight = found.permitted and sees(found.sight, entry, NOW)
    own = read.reason is Reason.AUTHOR and _wrote(caller, entry)
    assert read.permitted == (in_sight or own)
    assert not read.permitted or sees(read.sight, entry, NOW)


@many
@given(actors, records, others_entries, st.sampled_from(sorted(READING | MANAGING)))
def test_what_is_masked_is_answered_to_professionals_as_what_does_not_exist(
    caller: Caller, record: RecordFacts, entry: EntryFacts, action: Action
) -> None:
    masked = msgspec.structs.replace(
        entry, flags=msgspec.structs.replace(entry.flags, hidden_from_professionals=True)
    )
    unlifted = msgspec.structs.replace(record, break_glass_lifts_hiding=False)
    if not _case(caller, record).physician:
        decision = decide(caller, unlifted, action, masked, now=NOW)
        assert refusal(decision).code == "document-absent"


@many
@given(
    callers_of(CallerKind.CITIZEN),
    records,
    others_entries,
    st.sampled_from(sorted(READING | MANAGING)),
    st.booleans(),
)
def test_what_waits_for_an_announcement_does_not_exist_for_the_citizens_side(
    caller: Caller, record: RecordFacts, entry: EntryFacts, action: Action, own: bool
) -> None:
    side = msgspec.structs.replace(record, is_own=own, relations=_PARENT, age=10)
    waiting = msgspec.structs.replace(
        entry, flags=msgspec.structs.replace(entry.flags, patient_until=NOW + 1)
    )
    decision = decide(caller, side, action, waiting, now=NOW)
    assert refusal(decision).code == "document-absent"


@many
@given(
    callers_of(CallerKind.CITIZEN),
    records,
    others_entries,
    st.sampled_from(sorted(READING | MANAGING)),
)
def test_what_a_minor_hid_does_not_exist_for_their_parents(
    caller: Caller, record: RecordFacts, entry: EntryFacts, action: Action
) -> None:
    child = msgspec.structs.replace(record, is_own=False, relations=_PARENT, age=15)
    secret = msgspec.structs.replace(entry, flags=Flags(hidden_from_representatives=True))
    decision = decide(caller, child, action, secret, now=NOW)
    assert refusal(decision).code == "document-absent"


@many
@given(callers, records, others_entries, st.sampled_from(sorted(MANAGING)))
def test_what_is_not_readable_is_refused_to_managing_as_to_reading(
    caller: Caller, record: RecordFacts, entry: EntryFacts, action: Action
) -> None:
    read = decide(caller, record, Action.READ, entry, now=NOW)
    managed = decide(caller, record, action, entry, now=NOW)
    if not read.permitted:
        assert not managed.permitted
        assert managed.reason is read.reason


@many
@given(callers, records, st.none() | entries, actions)
def test_a_permit_names_a_rule_of_the_table_that_permits(
    caller: Caller, record: RecordFacts, entry: EntryFacts | None, action: Action
) -> None:
    decision = decide(caller, record, action, entry, now=NOW)
    rule = next((rule for rule in RULES if rule.key == decision.rule), DEFAULT)
    assert rule.permits == decision.permitted
    assert rule.reason is decision.reason
    assert action in rule.actions
    assert rule.key == decision.rule


@many
@given(
    callers,
    records,
    st.none() | entries,
    st.sampled_from([state for state in RecordState if state is not RecordState.OPEN]),
)
def test_only_an_open_record_is_fed(
    caller: Caller, record: RecordFacts, entry: EntryFacts | None, state: RecordState
) -> None:
    shut = msgspec.structs.replace(record, state=state)
    for action in (Action.FEED, Action.REPLACE, Action.DERIVE):
        assert not decide(caller, shut, action, entry, now=NOW).permitted


@many
@given(
    callers,
    records,
    st.none() | entries,
    st.sampled_from(sorted(set(Action) - {Action.CHECK, Action.OPEN} - ENDING - IDENTIFYING)),
)
def test_a_closed_record_gives_the_citizen_their_copy_and_nobody_else_anything(
    caller: Caller, record: RecordFacts, entry: EntryFacts | None, action: Action
) -> None:
    closed = msgspec.structs.replace(record, state=RecordState.CLOSED)
    decision = decide(caller, closed, action, entry, now=NOW)
    owner = caller.kind is CallerKind.CITIZEN and record.is_own
    assert not decision.permitted or (owner and action in READING)


@many
@given(callers, records, st.sampled_from(sorted(ENDING | IDENTIFYING)))
def test_a_life_is_in_the_hands_of_the_citizens_side_and_the_operator(
    caller: Caller, record: RecordFacts, action: Action
) -> None:
    case = _case(caller, record)
    legal = caller.kind is CallerKind.CITIZEN and (record.is_own or case.legal_powers > Powers.READ)
    operates = caller.kind is CallerKind.OPERATOR and action is not Action.WITHDRAW_OPPOSITION
    if decide(caller, record, action, now=NOW).permitted:
        assert operates or (legal and action in ENDING)


@many
@given(callers, records, st.sampled_from(sorted(ENDING)))
def test_whom_the_rules_let_end_a_record_the_machine_of_states_lets_too(
    caller: Caller, record: RecordFacts, action: Action
) -> None:
    event = LifecycleEvent(action.value)
    rows = [row for row in TRANSITIONS if (row.source, row.event) == (record.state, event)]
    if decide(caller, record, action, now=NOW).permitted:
        assert all(caller.kind in row.who for row in rows)


@many
@given(callers, records, st.none() | entries, actions)
def test_the_machine_derives_and_sees_nothing(
    caller: Caller, record: RecordFacts, entry: EntryFacts | None, action: Action
) -> None:
    machine = msgspec.structs.replace(caller, kind=CallerKind.MACHINE)
    decision = decide(machine, record, action, entry, now=NOW)
    assert not decision.permitted or action is Action.DERIVE
    assert decision.sight.own_only
    assert decision.sight.types == frozenset()


@many
@given(callers, records, entries, st.sampled_from(sorted(READING)))
def test_a_structure_reads_nothing_but_its_own(
    caller: Caller, record: RecordFacts, entry: EntryFacts, action: Action
) -> None:
    structure = msgspec.structs.replace(caller, kind=CallerKind.STRUCTURE)
    decision = decide(structure, record, action, entry, now=NOW)
    assert not decision.permitted or _wrote(structure, entry)


@many
@given(
    callers_of(CallerKind.PROFESSIONAL),
    records,
    st.none() | others_entries,
    st.sampled_from(sorted(READING | {Action.READ_HISTORY})),
)
def test_without_a_tie_a_professional_reads_nothing_of_others(
    caller: Caller, record: RecordFacts, entry: EntryFacts | None, action: Action
) -> None:
    normally = msgspec.structs.replace(caller, purpose=Purpose.NORMAL)
    alone = msgspec.structs.replace(record, relations=())
    assert not decide(normally, alone, action, entry, now=NOW).permitted


@many
@given(callers, records, st.none() | entries, actions)
def test_a_citizen_without_tie_learns_not_even_whether_a_record_exists(
    caller: Caller, record: RecordFacts, entry: EntryFacts | None, action: Action
) -> None:
    citizen = msgspec.structs.replace(caller, kind=CallerKind.CITIZEN)
    other = msgspec.structs.replace(record, relations=(), is_own=False)
    decision = decide(citizen, other, action, entry, now=NOW)
    assert decision == decide(citizen, None, action, now=NOW)
    assert decision.reason is Reason.NOT_YOUR_RECORD


@many
@given(callers, records, entries)
def test_a_special_mode_needs_its_reason_and_yields_to_opposition(
    caller: Caller, record: RecordFacts, entry: EntryFacts
) -> None:
    assume(caller.purpose is not Purpose.NORMAL)
    decision = decide(caller, record, Action.READ, entry, now=NOW)
    if decision.reason in {Reason.BREAK_GLASS, Reason.REGULATION}:
        assert (caller.reason or "").strip()
        opposed = {
            Reason.BREAK_GLASS: record.break_glass_opposed,
            Reason.REGULATION: record.regulation_opposed,
        }
        assert not opposed[decision.reason]


@many
@given(callers, records, entries)
def test_one_more_flag_never_shows_more(
    caller: Caller, record: RecordFacts, entry: EntryFacts
) -> None:
    more = msgspec.structs.replace(
        entry.flags, hidden_from_professionals=True, hidden_from_representatives=True
    )
    hidden = msgspec.structs.replace(entry, flags=more)
    if decide(caller, record, Action.READ, hidden, now=NOW).permitted:
        assert decide(caller, record, Action.READ, entry, now=NOW).permitted


@many
@given(callers, records, entries)
def test_a_later_consent_to_the_person_never_takes_away(
    caller: Caller, record: RecordFacts, entry: EntryFacts
) -> None:
    consent = Relation(RelationKind.AUTHORISATION, start=NOW)
    more = msgspec.structs.replace(record, relations=(*record.relations, consent))
    if decide(caller, record, Action.READ, entry, now=NOW).permitted:
        assert decide(caller, more, Action.READ, entry, now=NOW).permitted


@many
@given(actors, records)
def test_a_refusal_of_access_does_not_stop_feeding(caller: Caller, record: RecordFacts) -> None:
    refusal_only = (Relation(RelationKind.REFUSAL, start=0),)
    opened = msgspec.structs.replace(record, state=RecordState.OPEN, relations=refusal_only)
    assert decide(caller, opened, Action.FEED, now=NOW).permitted


@many
@given(callers, records, st.none() | entries, actions)
def test_the_same_question_has_the_same_answer(
    caller: Caller, record: RecordFacts, entry: EntryFacts | None, action: Action
) -> None:
    first = decide(caller, record, action, entry, now=NOW)
    decide(caller, record, Action.FIND, None, now=NOW + DAY)
    assert decide(caller, record, action, entry, now=NOW) == first
    order = tuple(reversed(record.relations))
    other = msgspec.structs.replace(record, relations=order)
    assert decide(caller, other, action, entry, now=NOW) == first
