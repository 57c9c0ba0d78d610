"""What a deposit may say of its authors and of who sees it (domain §3, §6)."""

from __future__ import annotations

from carnet.record.access import Action, EntryFacts, decide, refusal
from carnet.record.access.case import MAJORITY
from carnet.record.caller import CallerKind
from carnet.record.document import AuthorKind, Flags
from carnet.record.errors import CarnetError
from carnet.record.visibility import FlagCode
from carnet.usecases.preparing import Prepared
from carnet.usecases.view import RecordView

_LABEL = "DocumentReference.securityLabel"
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


def check_minor(age: int) -> None:
    """INVISIBLE_REPRESENTANTS_LEGAUX is of the acts of a minor (domain §6).

    A deposit for somebody of age is refused and not fed without the flag: whoever set it meant to
    keep the document from somebody. Raises ``flag-for-minors``.
    """
    if age >= MAJORITY:
        raise CarnetError("flag-for-minors", _LABEL)


async def check_flags(view: RecordView, prepared: Prepared) -> None:
    """On the citizen's side a flag may come with a deposit if it might be set after it.

    So a representative keeps nothing from the citizen. Professionals and structures set the flags
    of what they feed, as its author's side, and the operator those of what it imports.
    Raises ``not-entitled``, ``flag-for-minors``.
    """
    if view.caller.kind is not CallerKind.CITIZEN:
        if FlagCode.HIDDEN_FROM_REPRESENTATIVES in prepared.flags:
            check_minor(await view.gate.age(view.sealer))
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
