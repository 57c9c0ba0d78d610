"""The record's life: what may follow what, by whom, and the dates of the law."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from carnet.record.caller import CallerKind
from carnet.record.errors import CarnetError
from carnet.record.lifecycle import (
    CLOSERS,
    TRANSITIONS,
    ClosingReason,
    LifecycleEvent,
    RecordState,
    check_closing,
    closing_reason,
    erasure_due,
    express_erasure_due,
    months_later,
    next_state,
    opening_due,
    transition,
)

E, S = LifecycleEvent, RecordState


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ([E.ANNOUNCE, E.OPEN], S.OPEN),
        ([E.OPEN], S.OPEN),
        ([E.ANNOUNCE, E.OPPOSE], S.OPPOSED),
        ([E.OPEN, E.CLOSE, E.REOPEN], S.OPEN),
        ([E.OPEN, E.SUSPEND, E.REOPEN], S.OPEN),
        ([E.OPEN, E.CLOSE, E.ERASE], S.ERASED),
        ([E.OPEN, E.CLOSE, E.ERASE, E.OPEN], S.OPEN),
        ([E.OPPOSE, E.WITHDRAW_OPPOSITION, E.OPEN], S.OPEN),
    ],
)
def test_a_life_goes_where_the_law_says(events: list[LifecycleEvent], end: RecordState) -> None:
    state = S.NONE
    for event in events:
        state = next_state(state, event)
    assert state is end


@pytest.mark.parametrize("state", [s for s in S if s is not S.OPPOSED])
def test_opposition_can_be_noted_from_each_state(state: RecordState) -> None:
    assert next_state(state, E.OPPOSE) is S.OPPOSED


def test_opposition_prevents_opening_until_it_is_withdrawn() -> None:
    for event in (E.OPEN, E.REOPEN, E.ANNOUNCE):
        with pytest.raises(CarnetError) as error:
            next_state(S.OPPOSED, event)
        assert error.value.code == "lifecycle-forbidden"
        assert error.value.params == {"state": "opposed", "event": event.value}


def test_withdrawal_leads_back_to_what_was() -> None:
    assert next_state(S.OPPOSED, E.WITHDRAW_OPPOSITION) is S.NONE
    assert next_state(S.OPPOSED, E.WITHDRAW_OPPOSITION, was_open=True) is S.CLOSED


def test_withdrawal_is_an_act_of_the_citizen_alone() -> None:
    assert transition(S.OPPOSED, E.WITHDRAW_OPPOSITION).who == {CallerKind.CITIZEN}


def test_an_opposition_outlives_the_erasure_of_what_was_archived() -> None:
    row = transition(S.OPPOSED, E.ERASE, was_open=True)
    assert row.target is S.OPPOSED
    assert row.new_record
    with pytest.raises(CarnetError):
        transition(S.OPPOSED, E.ERASE, was_open=False)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (S.OPEN, E.OPEN),
        (S.OPEN, E.ERASE),
        (S.OPEN, E.ANNOUNCE),
        (S.CLOSED, E.OPEN),
        (S.CLOSED, E.CLOSE),
        (S.NONE, E.CLOSE),
        (S.ERASED, E.REOPEN),
        (S.ERASED, E.ERASE),
    ],
)
def test_what_the_table_does_not_hold_is_forbidden(
    state: RecordState, event: LifecycleEvent
) -> None:
    with pytest.raises(CarnetError) as error:
        next_state(state, event)
    assert error.value.code == "lifecycle-forbidden"


def test_only_erasure_ends_a_record_id() -> None:
    for row in TRANSITIONS:
        assert row.new_record == (
            row.source is S.ERASED or (row.source is S.OPPOSED and row.event is E.ERASE)
        )


def test_no_two_rows_answer_for_the_same_past() -> None:
    for state, event, past in product(S, E, (False, True)):
        rows = [
            row
            for row in TRANSITIONS
            if (row.source, row.event) == (state, event) and row.was_open in (None, past)
        ]
        assert len(rows) <= 1


def test_every_row_names_who_and_why() -> None:
    for row in TRANSITIONS:
        assert row.who
        assert row.ground


def test_a_machine_only_erases() -> None:
    assert {row.event for row in TRANSITIONS if CallerKind.MACHINE in row.who} == {E.ERASE}


def test_an_announced_record_may_be_opened_six_weeks_later() -> None:
    assert opening_due(instant("2026-01-05 10:00")) == instant("2026-02-16 10:00")


def test_a_closed_record_is_erased_ten_years_later() -> None:
    assert erasure_due(instant("2026-11-24 08:30")) == instant("2036-11-24 08:30")
    assert erasure_due(instant("2024-02-29 00:00")) == instant("2034-02-28 00:00")


def test_express_erasure_takes_three_months_at_most() -> None:
    assert express_erasure_due(instant("2025-11-30 12:00")) == instant("2026-02-28 12:00")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31 23:59:59", 1, "2026-02-28 23:59:59"),
        ("2024-01-31 00:00", 1, "2024-02-29 00:00"),
        ("2026-12-15 00:00", 1, "2027-01-15 00:00"),
        ("2026-12-15 00:00", 12, "2027-12-15 00:00"),
    ],
)
def test_months_are_those_of_the_calendar(start: str, months: int, end: str) -> None:
    assert months_later(instant(start), months) == instant(end)


# Why a record is closed.


def test_the_reasons_are_codes_of_the_guide_and_one_of_carnet() -> None:
    assert [closing_reason(code) for code in ("patient-demande", "deces")] == list(ClosingReason)
    with pytest.raises(CarnetError) as error:
        closing_reason("fraude" * 20)
    assert error.value.code == "closing-reason-unknown"
    assert len(str(error.value.params["value"])) == 64


@pytest.mark.parametrize(("reason", "who"), list(product(ClosingReason, CallerKind)))
def test_a_reason_is_given_by_those_whose_it_is(reason: ClosingReason, who: CallerKind) -> None:
    died_on = "2026-05-01" if reason is ClosingReason.DEATH else None
    now = instant("2026-05-28")
    if who in CLOSERS[reason]:
        check_closing(reason, who, died_on, born="1950-01-02", now=now)
        return
    with pytest.raises(CarnetError) as error:
        check_closing(reason, who, died_on, born="1950-01-02", now=now)
    assert (error.value.code, error.value.params) == (
        "closing-reason-refused",
        {"value": reason.value},
    )


@pytest.mark.parametrize("died_on", ["2026", "2026-05", "2026-05-28", "2026-05-29", "1950-01-02"])
def test_a_date_of_death_is_known_as_far_as_it_is(died_on: str) -> None:
    check_closing(
        ClosingReason.DEATH,
        CallerKind.OPERATOR,
        died_on,
        born="1950-01-02",
        now=instant("2026-05-28 22:00"),
    )


@pytest.mark.parametrize(
    ("died_on", "born"),
    [
        (None, "1950-01-02"),
        ("", "1950-01-02"),
        ("2026-02-30", "1950-01-02"),
        ("28/05/2026", "1950-01-02"),
        ("2026-05-28T10:00", "1950-01-02"),
        ("2026-05-30", "1950-01-02"),
        ("2026-06", "1950-01-02"),
        ("2027", "1950-01-02"),
        ("1950-01-01", "1950-01-02"),
        ("1949", "1950-01-02"),
        ("1949-12-31", "1950"),
    ],
)
def test_a_date_of_death_lies_between_birth_and_today(died_on: str | None, born: str) -> None:
    with pytest.raises(CarnetError) as error:
        check_closing(
            ClosingReason.DEATH,
            CallerKind.OPERATOR,
            died_on,
            born=born,
            now=instant("2026-05-28 22:00"),
        )
    assert error.value.code == "death-date-invalid"


def test_a_request_has_no_date_of_death() -> None:
    with pytest.raises(CarnetError) as error:
        check_closing(
            ClosingReason.REQUEST,
            CallerKind.CITIZEN,
            "2026-05-01",
            born="1950",
            now=instant("2026-05-28"),
        )
    assert error.value.code == "death-date-invalid"
