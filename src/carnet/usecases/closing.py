"""How a record is closed, and how an opposition is withdrawn (domain §2).

A closed record is neither fed nor read, save that the citizen keeps their own copy; it is archived
for ten years and opened again by ``lifecycle.open_record``.
"""

from __future__ import annotations

import msgspec

from carnet.record.access import Action
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins
from carnet.record.lifecycle import ClosingReason, LifecycleEvent, check_closing, closing_reason
from carnet.record.trace import Act
from carnet.storage import records
from carnet.storage.batch import Conflict
from carnet.storage.codes import EventKind
from carnet.usecases.gate import Gate
from carnet.usecases.lifecycle import TRIES
from carnet.usecases.living import act_of, live
from carnet.usecases.requests import RecordStatus
from carnet.usecases.status import current_identity, status_of
from carnet.usecases.view import RecordView

MOST_TEXT = 1000  # characters of a free reason


async def close_record(
    gate: Gate,
    caller: Caller,
    ins: Ins,
    reason_code: str,
    reason_text: str | None = None,
    *,
    died_on: str | None = None,
) -> RecordStatus:
    """Close an open record: the citizen or who represents them by law, the operator after a death.

    ``reason_code`` is a ``ClosingReason``; ``reason_text`` says more in free words; ``died_on`` is
    the date of death, with the code of a death. Raises ``closing-reason-unknown``,
    ``element-too-long``, ``record-absent``, and, traced in the record's chain, the refusals of the
    access rules, ``closing-reason-refused``, ``death-date-invalid``, and ``lifecycle-forbidden``
    for a record that is not open: said again, a closing tells so.
    """
    reason, text = closing_reason(reason_code), _free_text(reason_text)
    record_id = await gate.record_id_of(caller, ins)
    for _ in range(TRIES):
        view = await gate.consult(caller, record_id, Action.CLOSE, Act.CLOSE_RECORD)
        await _check_reason(view, reason, died_on)
        act = act_of(gate, caller, LifecycleEvent.CLOSE)
        act = msgspec.structs.replace(act, reason_code=str(reason), reason=text, died_on=died_on)
        try:
            closed = await live(view, (act,), Act.CLOSE_RECORD, EventKind.ENDED)
        except Conflict:
            continue
        return await status_of(closed)
    raise CarnetError("record-contended")


def _free_text(text: str | None) -> str | None:
    """The words of a reason, None for blank ones. Raises ``element-too-long``."""
    said = (text or "").strip()
    if len(said) > MOST_TEXT:
        raise CarnetError("element-too-long", limit=MOST_TEXT)
    return said or None


async def _check_reason(view: RecordView, reason: ClosingReason, died_on: str | None) -> None:
    """Trace and raise what ``check_closing`` raises."""
    gate = view.gate
    born = current_identity(await records.identities(gate.store, view.sealer)).traits.birth_date
    try:
        check_closing(reason, view.caller.kind, died_on, born=born, now=view.now)
    except CarnetError as error:
        await gate.trace_refusal(view, Act.CLOSE_RECORD, error.code)
        raise


async def withdraw_opposition(gate: Gate, caller: Caller, ins: Ins) -> RecordStatus:
    """Withdraw an opposition without opening: what was open before is closed, else there is none.

    An act of the citizen, or of who represents them by law. Raises ``record-absent``,
    ``lifecycle-forbidden`` where no opposition is noted, and the refusals of the access rules.
    """
    record_id = await gate.record_id_of(caller, ins)
    done = Act.WITHDRAW_OPPOSITION
    for _ in range(TRIES):
        view = await gate.consult(caller, record_id, Action.WITHDRAW_OPPOSITION, done)
        act = act_of(gate, caller, LifecycleEvent.WITHDRAW_OPPOSITION)
        try:
            return await status_of(await live(view, (act,), done, EventKind.ENDED))
        except Conflict:
            continue
    raise CarnetError("record-contended")
