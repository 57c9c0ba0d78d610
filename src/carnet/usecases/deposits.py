"""What a deposit may say of its authors and of who sees it (domain §3, §6)."""

from __future__ import annotations

from carnet.record.access import Action, EntryFacts, decide, refusal
from carnet.record.caller import CallerKind
from carnet.record.document import AuthorKind, Flags
from carnet.record.errors import CarnetError
from carnet.record.visibility import FlagCode
from carnet.usecases.preparing import Prepared
from carnet.usecases.view import RecordView

_ACTIONS = {
    FlagCode.HIDDEN_FROM_PROFESSIONALS: Action.HIDE,
    FlagCode.HIDDEN_FROM_PATIENT: Action.HIDE_FROM_PATIENT,
    FlagCode.HIDDEN_FROM_REPRESENTATIVES: Action.HIDE_FROM_REPRESENTATIVES,
}


def check_authors(view: RecordView, prepared: Prepared) -> None:
    """On the citizen's side a document is the citizen's own: nobody signs for a professional.

    Raises ``author-not-citizen``.
    """
    if view.caller.kind is not CallerKind.CITIZEN:
        return
    if any(author.kind is not AuthorKind.PATIENT for author in prepared.entry.authors):
        raise CarnetError("author-not-citizen", "DocumentReference.author")


async def check_flags(view: RecordView, prepared: Prepared) -> None:
    """On the citizen's side a flag may come with a deposit if it might be set after it.

    So a representative keeps nothing from the citizen. Professionals and structures set the flags
    of what they feed, as its author's side. Raises ``not-entitled``.
    """
    if view.caller.kind is not CallerKind.CITIZEN:
        return
    facts = EntryFacts(type_code=prepared.entry.type.code, flags=Flags(), by_patient=True)
    for flag in sorted(prepared.flags):
        action = _ACTIONS[flag]
        decision = decide(
            view.caller,
            await view.facts_for(action),
            action,
            facts,
            now=view.now,
            matrix=view.gate.matrix,
            settings=view.gate.policy.access,
        )
        if not decision.permitted:
            raise refusal(decision)
