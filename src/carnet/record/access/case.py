"""One question put to the rules: who asks, for what, and what their ties to the record amount to.

Everything here follows from the arguments of ``decide``; ``asking`` and ``seeing`` read it.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

from carnet.record.access.matrix import Matrix
from carnet.record.access.model import (
    AccessSettings,
    Action,
    ConsentState,
    EntryFacts,
    RecordFacts,
    Relation,
    RelationKind,
)
from carnet.record.access.professions import is_doctor, is_health_profession, is_never_presumed
from carnet.record.caller import Caller, CallerKind
from carnet.record.lifecycle import RecordState

MAJORITY = 18  # years (Code civil, article 414)

_ACTORS = (CallerKind.PROFESSIONAL, CallerKind.STRUCTURE)


class Powers(IntEnum):
    """What a representative may do; each includes the one before."""

    NONE = 0
    READ = 1
    MANAGE = 2


class Case(msgspec.Struct, frozen=True):
    """The facts of one question. ``legal`` powers are those of a parent or of a judgment."""

    caller: Caller
    record: RecordFacts
    action: Action
    entry: EntryFacts | None
    now: int
    settings: AccessSettings
    kind: CallerKind
    types: frozenset[str]
    consent: ConsentState
    own: bool
    powers: Powers
    legal_powers: Powers
    blocked: bool
    physician: bool
    has_written: bool
    health: bool
    doctor: bool


def case_of(
    caller: Caller,
    record: RecordFacts | None,
    action: Action,
    entry: EntryFacts | None,
    now: int,
    matrix: Matrix,
    settings: AccessSettings,
) -> Case:
    """The case that these arguments make; no record is a record of state none."""
    facts = record or RecordFacts(state=RecordState.NONE)
    kind = caller.kind
    professional = kind is CallerKind.PROFESSIONAL
    in_force = [tie for tie in facts.relations if tie.holds(now)]
    legal = _legal_powers(in_force, facts.age) if kind is CallerKind.CITIZEN else Powers.NONE
    delegated = _delegated_powers(in_force) if kind is CallerKind.CITIZEN else Powers.NONE
    doctor = professional and is_doctor(caller.profession)
    return Case(
        caller=caller,
        record=facts,
        action=action,
        entry=entry,
        now=now,
        settings=settings,
        kind=kind,
        types=matrix.permitted_types(caller.profession) if professional else frozenset(),
        consent=consent_state(caller, facts, now),
        own=kind is CallerKind.CITIZEN and facts.is_own,
        powers=max(legal, delegated),
        legal_powers=legal,
        blocked=is_blocked(caller, facts, now),
        physician=doctor
        and any(tie.kind is RelationKind.PHYSICIAN and not tie.of_structure for tie in in_force),
        has_written=any(
            tie.kind is RelationKind.AUTHOR and not tie.of_structure for tie in in_force
        ),
        health=professional and is_health_profession(caller.profession),
        doctor=doctor,
    )


def is_blocked(caller: Caller, record: RecordFacts, now: int) -> bool:
    """Whether the citizen blocked this professional or structure (domain §5, rule 2)."""
    return caller.kind in _ACTORS and any(
        tie.kind is RelationKind.BLOCK and tie.holds(now) for tie in record.relations
    )


def consent_state(caller: Caller, record: RecordFacts, now: int) -> ConsentState:
    """How a professional stands with the citizen's consent (domain §5, rule 6).

    A consent given to a structure is deemed given to who acts in it, its care team for now, save
    those whose consent is never presumed. A refusal yields only to a later consent that is at least
    as personal: whom the citizen refused by name, consent to their hospital does not admit.
    """
    presumed = not is_never_presumed(caller)
    consents = [
        tie
        for tie in record.relations
        if tie.kind is RelationKind.AUTHORISATION and (presumed or not tie.of_structure)
    ]
    refusals = [
        tie for tie in record.relations if tie.kind is RelationKind.REFUSAL and tie.holds(now)
    ]
    if any(
        tie.holds(now) and all(_prevails(tie, refusal) for refusal in refusals) for tie in consents
    ):
        return ConsentState.VALID
    if refusals:
        return ConsentState.REFUSED
    if any(0 < tie.end <= now for tie in consents):
        return ConsentState.EXPIRED
    return ConsentState.NONE


def authorisation_state(caller: Caller, record: RecordFacts, now: int) -> ConsentState:
    """What TD0.2 tells the caller of their own authorisation: a block is told as a refusal."""
    if is_blocked(caller, record, now):
        return ConsentState.REFUSED
    return consent_state(caller, record, now)


def _prevails(consent: Relation, refusal: Relation) -> bool:
    as_personal = refusal.of_structure or not consent.of_structure
    return as_personal and consent.start > refusal.start


def _legal_powers(in_force: list[Relation], age: int | None) -> Powers:
    """Of a parent until the child's majority, and of a judgment within its scope."""
    minor = age is not None and age < MAJORITY
    powers = Powers.NONE
    for tie in in_force:
        if tie.kind is RelationKind.PARENT and minor:
            powers = Powers.MANAGE
        elif tie.kind is RelationKind.JUDGMENT:
            powers = max(powers, _scope_powers(tie.scope, Powers.MANAGE))
    return powers


def _delegated_powers(in_force: list[Relation]) -> Powers:
    return max(
        (
            _scope_powers(tie.scope, Powers.READ)
            for tie in in_force
            if tie.kind is RelationKind.DELEGATE
        ),
        default=Powers.NONE,
    )


def _scope_powers(scope: str | None, without: Powers) -> Powers:
    """The powers that a scope names; ``without`` is for a tie that has no scope at all."""
    if scope is None:
        return without
    words = scope.split()
    if "manage" in words:
        return Powers.MANAGE
    return Powers.READ if "read" in words else Powers.NONE
