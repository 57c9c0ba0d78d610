"""What TD0.2 tells of a record, from a view."""

from __future__ import annotations

from carnet.record.access import authorisation_state
from carnet.record.access.model import ConsentState, RelationKind
from carnet.record.identity import Ins
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
_ENDINGS = (LifecycleEvent.CLOSE, LifecycleEvent.SUSPEND, LifecycleEvent.OPPOSE)


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
        former=former_ins(versions),
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
    """The identity in force: the last version that is no mere claim of a submission.

    The order of the versions says it, which is sealed with them, and not their days.
    """
    known = known_identities(versions)
    return known[-1] if known else versions[0][1]


def known_identities(versions: list[tuple[int, SealedIdentity, int]]) -> list[SealedIdentity]:
    """The identities that the record has or had for true, oldest first."""
    return [identity for _, identity, _ in versions if identity.is_known]


def former_ins(versions: list[tuple[int, SealedIdentity, int]]) -> tuple[Ins, ...]:
    """The INS that led to the record before the one in force, oldest first."""
    known = dict.fromkeys(identity.ins for identity in known_identities(versions))
    return tuple(ins for ins in known if ins != current_identity(versions).ins)


def _closing(acts: tuple[LifeAct, ...]) -> LifeAct | None:
    """The act that ended an open record, unless it was opened again since.

    An opposition ends one too; to a record that was never open nothing of it is a closing.
    """
    ending: LifeAct | None = None
    is_open = False
    for act in acts:
        if act.event in (LifecycleEvent.OPEN, LifecycleEvent.REOPEN):
            is_open, ending = True, None
        elif is_open and act.event in _ENDINGS:
            is_open, ending = False, act
    return ending


def _authorisation_in_force(view: RecordView) -> tuple[int, int]:
    held = [
        tie
        for tie in view.facts.relations
        if tie.kind is RelationKind.AUTHORISATION and tie.holds(view.now)
    ]
    return (held[-1].start, held[-1].end) if held else (0, 0)
