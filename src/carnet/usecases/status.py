"""What TD0.2 tells of a record, from a view."""

from __future__ import annotations

from carnet.record.access import authorisation_state
from carnet.record.access.model import ConsentState, RelationKind
from carnet.record.lifecycle import LifecycleEvent
from carnet.record.uuids import uuid_text
from carnet.storage import records
from carnet.storage.codes import RecordSettings
from carnet.storage.sealed import LifeAct, SealedIdentity
from carnet.usecases.clock import instant
from carnet.usecases.requests import Authorisation, RecordStatus
from carnet.usecases.view import RecordView

_WORDS = {
    ConsentState.VALID: Authorisation.VALID,
    ConsentState.NONE: Authorisation.NONE,
    ConsentState.EXPIRED: Authorisation.EXPIRED,
    ConsentState.REFUSED: Authorisation.REFUSED,
}
_ENDINGS = (LifecycleEvent.CLOSE, LifecycleEvent.SUSPEND)


def patient_id(record_id: bytes) -> str:
    """The Patient.id of a record: its id as a UUID."""
    return uuid_text(record_id)


async def status_of(view: RecordView) -> RecordStatus:
    """State, identity and the caller's own authorisation; nothing of any document."""
    store = view.gate.store
    versions = await records.identities(store, view.sealer)
    current = current_identity(versions)
    acts = await records.life(store, view.sealer)
    closing = _closing(acts)
    held = _authorisation_in_force(view)
    return RecordStatus(
        record_id=patient_id(view.record.record_id),
        state=view.record.state,
        ins=current.ins,
        former=tuple(
            identity.ins
            for _, identity, to_day in versions
            if to_day and identity.ins != current.ins
        ),
        traits=current.traits,
        authorisation=_WORDS[authorisation_state(view.caller, view.facts, view.now)],
        authorised_from=held[0],
        authorised_until=held[1],
        is_physician=any(
            tie.kind is RelationKind.PHYSICIAN and tie.holds(view.now)
            for tie in view.facts.relations
        ),
        attached=bool(view.record.settings & RecordSettings.ATTACHED),
        closed_at=instant(closing.at * 1_000_000)[:10] if closing else None,
        closing_code=closing.reason_code if closing else None,
        closing_reason=closing.reason if closing else None,
        version=len(acts) + len(versions),
        last_updated=instant(acts[-1].at * 1_000_000) if acts else "",
    )


def current_identity(versions: list[tuple[int, SealedIdentity, int]]) -> SealedIdentity:
    """The identity in force: the first version without an end that is not marked for its traits."""
    standing = [identity for _, identity, to_day in versions if to_day == 0]
    clean = [identity for identity in standing if "ins-traits-differ" not in identity.marks]
    return (clean or standing)[0]


def _closing(acts: tuple[LifeAct, ...]) -> LifeAct | None:
    """The act that closed the record, unless it was opened again since."""
    for act in reversed(acts):
        if act.event in _ENDINGS:
            return act
        if act.event in (LifecycleEvent.OPEN, LifecycleEvent.REOPEN):
            return None
    return None


def _authorisation_in_force(view: RecordView) -> tuple[int, int]:
    held = [
        tie
        for tie in view.facts.relations
        if tie.kind is RelationKind.AUTHORISATION and tie.holds(view.now)
    ]
    return (held[-1].start, held[-1].end) if held else (0, 0)
