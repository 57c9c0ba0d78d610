"""The record's life, declared as data: states, transitions, who may, on what ground.

States: none, announced (six weeks to object), open, closed, erased; opposition can be noted from
each and prevents opening. Reopening is the same record and the same chain (R. 1111-36).

Two choices of Carnet. A suspended record is a closed one that the operator may reopen: to those who
would feed or read it nothing differs. And what follows the withdrawal of an opposition depends on
the past: a record that was never open is as if never announced, one that was open is closed.
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from carnet.record.caller import CallerKind
from carnet.record.errors import CarnetError
from carnet.record.identity import check_birth_date


class RecordState(StrEnum):
    """Where a record stands in its life."""

    NONE = "none"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    OPPOSED = "opposed"
    ERASED = "erased"


class LifecycleEvent(StrEnum):
    """What can happen to a record as a whole."""

    ANNOUNCE = "announce"  # the citizen is told and has six weeks to object
    OPEN = "open"
    OPPOSE = "oppose"
    WITHDRAW_OPPOSITION = "withdraw-opposition"
    CLOSE = "close"
    SUSPEND = "suspend"  # by the insurance, on serious malfunction or fraud
    REOPEN = "reopen"
    ERASE = "erase"


class Transition(msgspec.Struct, frozen=True):
    """One row of the machine: in ``source``, ``event`` by one of ``who`` leads to ``target``.

    ``ground`` says on what the act rests. ``was_open`` narrows the row to records that were (True)
    or never were (False) open before; None: either. ``new_record`` says that the act begins another
    record: a new record_id, key and chain.
    """

    source: RecordState
    event: LifecycleEvent
    target: RecordState
    who: frozenset[CallerKind]
    ground: str
    was_open: bool | None = None
    new_record: bool = False


_CITIZEN = frozenset({CallerKind.CITIZEN})
_OPERATOR = frozenset({CallerKind.OPERATOR})
_CITIZEN_OR_OPERATOR = _CITIZEN | _OPERATOR
_CONSENTED = frozenset(
    {CallerKind.CITIZEN, CallerKind.PROFESSIONAL, CallerKind.STRUCTURE, CallerKind.OPERATOR}
)
_KEEPERS = frozenset({CallerKind.OPERATOR, CallerKind.MACHINE})

_CONSENT = "consent of the citizen, or birth"
_OPPOSITION = "opposition of the citizen, noted by themselves or by the operator for them"
_INFORMATION = "information of the citizen, with six weeks to object"
_RETENTION = "ten years after closing, or the citizen's express request within three months"

_NONE, _ANNOUNCED, _OPEN = RecordState.NONE, RecordState.ANNOUNCED, RecordState.OPEN
_CLOSED, _OPPOSED, _ERASED = RecordState.CLOSED, RecordState.OPPOSED, RecordState.ERASED
_EVENT = LifecycleEvent

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_NONE, _EVENT.ANNOUNCE, _ANNOUNCED, _OPERATOR, _INFORMATION),
    Transition(_NONE, _EVENT.OPEN, _OPEN, _CONSENTED, _CONSENT),
    Transition(_NONE, _EVENT.OPPOSE, _OPPOSED, _CITIZEN_OR_OPERATOR, _OPPOSITION),
    Transition(
        _ANNOUNCED, _EVENT.OPEN, _OPEN, _CONSENTED, "no objection in six weeks, or consent before"
    ),
    Transition(_ANNOUNCED, _EVENT.OPPOSE, _OPPOSED, _CITIZEN_OR_OPERATOR, _OPPOSITION),
    Transition(
        _OPEN, _EVENT.CLOSE, _CLOSED, _CITIZEN_OR_OPERATOR, "request of the citizen, or their death"
    ),
    Transition(_OPEN, _EVENT.SUSPEND, _CLOSED, _OPERATOR, "serious malfunction or fraud"),
    Transition(_OPEN, _EVENT.OPPOSE, _OPPOSED, _CITIZEN_OR_OPERATOR, _OPPOSITION),
    Transition(_CLOSED, _EVENT.REOPEN, _OPEN, _CONSENTED, "R. 1111-36: what is archived returns"),
    Transition(_CLOSED, _EVENT.OPPOSE, _OPPOSED, _CITIZEN_OR_OPERATOR, _OPPOSITION),
    Transition(_CLOSED, _EVENT.ERASE, _ERASED, _KEEPERS, _RETENTION),
    Transition(
        _OPPOSED,
        _EVENT.WITHDRAW_OPPOSITION,
        _NONE,
        _CITIZEN,
        "act of the citizen",
        was_open=False,
    ),
    Transition(
        _OPPOSED,
        _EVENT.WITHDRAW_OPPOSITION,
        _CLOSED,
        _CITIZEN,
        "act of the citizen",
        was_open=True,
    ),
    # The opposition outlives what is erased: it is noted anew, under a record_id without content.
    Transition(
        _OPPOSED, _EVENT.ERASE, _OPPOSED, _KEEPERS, _RETENTION, was_open=True, new_record=True
    ),
    Transition(_ERASED, _EVENT.ANNOUNCE, _ANNOUNCED, _OPERATOR, _INFORMATION, new_record=True),
    Transition(_ERASED, _EVENT.OPEN, _OPEN, _CONSENTED, _CONSENT, new_record=True),
    Transition(
        _ERASED, _EVENT.OPPOSE, _OPPOSED, _CITIZEN_OR_OPERATOR, _OPPOSITION, new_record=True
    ),
)
"""The whole machine. What is not in it is forbidden."""


def transition(state: RecordState, event: LifecycleEvent, *, was_open: bool = False) -> Transition:
    """The row that applies. ``was_open``: whether the record was ever open before.

    Raises ``CarnetError('lifecycle-forbidden', state=, event=)`` where there is none.
    """
    for row in TRANSITIONS:
        if row.source is state and row.event is event and row.was_open in (None, was_open):
            return row
    raise CarnetError("lifecycle-forbidden", state=state.value, event=event.value)


def next_state(state: RecordState, event: LifecycleEvent, *, was_open: bool = False) -> RecordState:
    """The state after ``event``. Raises as ``transition`` does."""
    return transition(state, event, was_open=was_open).target


class ClosingReason(StrEnum):
    """Why a record is closed, in codes of ``dmp-motif-fermeture``.

    The guide of PDSm for the DMP gives the first alone (§TD0.2); the second is Carnet's choice.
    """

    REQUEST = "patient-demande"  # of the citizen, or of who represents them by law
    DEATH = "deces"


CLOSERS: dict[ClosingReason, frozenset[CallerKind]] = {
    ClosingReason.REQUEST: _CITIZEN,
    ClosingReason.DEATH: _OPERATOR,  # who has it from the civil status
}
"""Whose reason each is: the citizen's side asks, the operator notes a death (domain §2)."""


def closing_reason(code: str) -> ClosingReason:
    """The reason of a code. Raises ``CarnetError('closing-reason-unknown', value=)``."""
    if code not in list(ClosingReason):
        raise CarnetError("closing-reason-unknown", value=code[:64])
    return ClosingReason(code)


def check_closing(
    reason: ClosingReason, who: CallerKind, died_on: str | None, *, born: str, now: int
) -> None:
    """Whether a reason is this caller's to give, and its date of death is one.

    ``died_on`` is YYYY, YYYY-MM or YYYY-MM-DD, as much as the civil status knows, and goes with a
    death alone; ``born`` is the birth date in the same form; ``now`` is in seconds since 1970 UTC
    (the day after it passes for today, which it is somewhere). Raises
    ``CarnetError``: ``closing-reason-refused`` with ``value``, ``death-date-invalid``.
    """
    if who not in CLOSERS[reason]:
        raise CarnetError("closing-reason-refused", value=reason.value)
    if (died_on is not None) != (reason is ClosingReason.DEATH):
        raise CarnetError("death-date-invalid")
    if died_on is None:
        return
    try:
        check_birth_date(died_on)
    except CarnetError:
        raise CarnetError("death-date-invalid") from None
    tomorrow = datetime.fromtimestamp(now, UTC) + timedelta(days=1)
    known = min(len(died_on), len(born))
    if died_on > f"{tomorrow:%Y-%m-%d}"[: len(died_on)] or died_on[:known] < born[:known]:
        raise CarnetError("death-date-invalid")


OBJECTION_PERIOD = timedelta(weeks=6)
RETENTION_MONTHS = 10 * 12
EXPRESS_ERASURE_MONTHS = 3


def opening_due(announced_at: int) -> int:
    """When a record that was announced may be opened without consent: six weeks later.

    This and the functions below take and give seconds since 1970 UTC.
    """
    return announced_at + int(OBJECTION_PERIOD.total_seconds())


def erasure_due(closed_at: int) -> int:
    """When a closed record is erased by itself: ten years after closing."""
    return months_later(closed_at, RETENTION_MONTHS)


def express_erasure_due(asked_at: int) -> int:
    """When a record whose erasure the citizen asked for must be gone: three months later."""
    return months_later(asked_at, EXPRESS_ERASURE_MONTHS)


def months_later(instant: int, months: int) -> int:
    """The same day and time, ``months`` later, in UTC.

    Where that month lacks the day, its last day (the rule of article 641 of the Code de procédure
    civile): from 31 January, one month ends on 28 or 29 February.
    """
    start = datetime.fromtimestamp(instant, UTC)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())
