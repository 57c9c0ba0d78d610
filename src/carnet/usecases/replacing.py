"""Replacement (RPLC): which document a new one replaces, and whether it may.

Only a current document of the same record can be replaced, by its author's side or by the citizen
for their own (domain §3). A target in another record answers as absent.
"""

from __future__ import annotations

import uuid

import msgspec

from carnet.record.access import Action, EntryFacts, decide, refusal
from carnet.record.caller import CallerKind
from carnet.record.document import Flags
from carnet.record.errors import CarnetError, Notice
from carnet.storage import entries
from carnet.storage.codes import UuidKind
from carnet.storage.entries import EntryRow
from carnet.usecases.policy import Policy
from carnet.usecases.preparing import RELATED, RELATES_TO, Prepared
from carnet.usecases.rendering import is_current
from carnet.usecases.view import RecordView


class Replacement(msgspec.Struct, frozen=True):
    """The entry to supersede, or the uniqueId that is still awaited."""

    target: EntryRow | None = None
    awaited: str | None = None
    warnings: tuple[Notice, ...] = ()


async def replacement_of(
    view: RecordView, prepared: Prepared, policy: Policy, authors: frozenset[bytes]
) -> Replacement:
    """What the document replaces. ``authors`` are the hashes of its authors and their structures.

    Raises ``replaced-absent`` (named by relatesTo, or refused by setting),
    ``replaced-not-current``, ``not-entitled``.
    """
    named = prepared.entry.replaces
    if named is None:
        return Replacement()
    path = RELATES_TO if prepared.replaces_declared else RELATED
    row = await _find(view, named)
    if row is None:
        if prepared.replaces_declared or policy.refuse_absent_target:
            raise CarnetError("replaced-absent", path)
        return Replacement(awaited=named, warnings=(Notice("replaced-absent", path),))
    if not is_current(row):
        raise CarnetError("replaced-not-current", path)
    await _check_right(view, row, authors)
    return Replacement(target=row)


async def _find(view: RecordView, named: str) -> EntryRow | None:
    """The current version of a document of this record, by uniqueId or by an id of an entry."""
    store, record_id = view.gate.store, view.record.record_id
    line = await entries.document_of(store, named)
    if line is None:
        try:
            located = await entries.locate(store, uuid.UUID(named.removeprefix("urn:uuid:")).bytes)
        except ValueError:
            return None
        line = located[:2] if located and located[2] == UuidKind.ENTRY else None
    if line is None or line[0] != record_id:
        return None
    first = await entries.entry(store, record_id, line[1])
    if first is None:
        return None
    found = await view.latest(first.logical_id)
    return found[0] if found else None


async def _check_right(view: RecordView, row: EntryRow, authors: frozenset[bytes]) -> None:
    """The author's side replaces; the operator only on behalf of who wrote both."""
    decision = await view.may(Action.REPLACE, row)
    if not decision.permitted and view.caller.kind is CallerKind.OPERATOR:
        facts = EntryFacts(
            type_code=row.type_code,
            flags=Flags(bool(row.hidden_ps), row.patient_until, bool(row.hidden_reps)),
            by_caller_structure=row.structure in authors,
            is_author=row.author in authors,
        )
        gate = view.gate
        decision = decide(
            view.caller,
            view.facts,
            Action.REPLACE,
            facts,
            now=view.now,
            matrix=gate.matrix,
            settings=gate.policy.access,
        )
    if not decision.permitted:
        error = refusal(decision)
        if error.code == "document-absent":
            raise CarnetError("replaced-absent", RELATES_TO)
        raise error
