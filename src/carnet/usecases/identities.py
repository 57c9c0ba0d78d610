"""Whether a submission's identity is the one that the record knows; how a conflict is marked."""

from __future__ import annotations

from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import IdentityStatus, Ins, Traits, differing_traits
from carnet.storage import records, writes
from carnet.storage.batch import Step, step
from carnet.storage.sealed import SealedIdentity
from carnet.usecases.policy import Policy
from carnet.usecases.status import current_identity
from carnet.usecases.view import RecordView

_SUBJECT = "DocumentReference.subject"


async def check_known_identity(
    view: RecordView, ins: Ins, traits: Traits | None, policy: Policy, warnings: tuple[Notice, ...]
) -> tuple[tuple[Notice, ...], tuple[Step, ...]]:
    """Warnings and the step that marks a conflict in the record, if there is one to mark.

    The INS and its strict traits go together: a matricule known under other traits or under
    another OID is refused and the trait named, or stored and marked (domain §1).
    Raises ``ins-traits-differ``, ``ins-oid-differs``.
    """
    versions = await records.identities(view.gate.store, view.sealer)
    known = current_identity(versions)
    found: list[Notice] = []
    if known.ins.oid != ins.oid:
        found.append(Notice("ins-oid-differs", _SUBJECT))
    differing = differing_traits(known.traits, traits) if traits is not None else ()
    if differing:
        found.append(Notice("ins-traits-differ", _SUBJECT, {"traits": ", ".join(differing)}))
    if found and not policy.mark_identity:
        raise CarnetError(found[-1].code, found[-1].element, **found[-1].params)
    marks = tuple(
        notice.code
        for notice in (*warnings, *found)
        if notice.code in ("ins-wrong-key", "ins-oid-differs", "ins-traits-differ")
    )
    if not marks:
        return tuple(found), ()
    marked = SealedIdentity(
        ins, traits or known.traits, str(IdentityStatus.QUALIFIED), "submission", marks
    )
    if any(_same(identity, marked) for _, identity, _ in versions):
        return tuple(found), ()
    day = view.now // records.DAY
    row = records.identity_row(view.sealer, versions[-1][0] + 1, day, 0, marked)
    return tuple(found), (step(writes.PUT_IDENTITY, row),)


def _same(one: SealedIdentity, other: SealedIdentity) -> bool:
    """Whether a version already holds the marked identity."""
    return one.ins == other.ins and not differing_traits(one.traits, other.traits)
