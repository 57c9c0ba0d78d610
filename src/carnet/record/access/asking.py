"""Situations that the rules name: who asks, of what record, in which mode. Each a yes or no."""

from __future__ import annotations

from carnet.record.access.case import Case, Powers
from carnet.record.access.model import Action
from carnet.record.caller import CallerKind, Purpose
from carnet.record.lifecycle import RecordState

_CITIZEN, _PROFESSIONAL = CallerKind.CITIZEN, CallerKind.PROFESSIONAL
_STRUCTURE, _OPERATOR, _MACHINE = CallerKind.STRUCTURE, CallerKind.OPERATOR, CallerKind.MACHINE
_ABSENT = (RecordState.NONE, RecordState.ANNOUNCED, RecordState.ERASED)


def always(case: Case) -> bool:  # noqa: ARG001  # every situation has this form
    """Whoever asks."""
    return True


# Who asks.


def unidentified(case: Case) -> bool:
    """A caller whom nobody vouched for as the kind they claim to be."""
    caller = case.caller
    return (
        (case.kind is _CITIZEN and caller.ins is None)
        or (case.kind is _PROFESSIONAL and caller.identifier is None)
        or (case.kind is _STRUCTURE and caller.structure is None)
    )


def machine(case: Case) -> bool:
    """Carnet's own work."""
    return case.kind is _MACHINE


def operator(case: Case) -> bool:
    """Who runs the store."""
    return case.kind is _OPERATOR


def reading_operator(case: Case) -> bool:
    """Who runs a demo or test store."""
    return operator(case) and case.record.reading_operator


def actor(case: Case) -> bool:
    """A professional or a structure."""
    return case.kind in (_PROFESSIONAL, _STRUCTURE)


def structure(case: Case) -> bool:
    """A structure's system without an acting person: indirect authentication."""
    return case.kind is _STRUCTURE


def other_profession(case: Case) -> bool:
    """A professional whose profession is not a health profession."""
    return case.kind is _PROFESSIONAL and not case.health


def health_professional(case: Case) -> bool:
    """A health professional."""
    return case.health


def health_professional_or_structure(case: Case) -> bool:
    """Who may open a record for somebody."""
    return structure(case) or case.health


def own(case: Case) -> bool:
    """The citizen, and their own record."""
    return case.own


def stranger(case: Case) -> bool:
    """A citizen who asks for a record that is not theirs and that they do not represent."""
    return case.kind is _CITIZEN and not case.own and case.powers is Powers.NONE


def representative(case: Case) -> bool:
    """A parent, who protects an adult, or a delegate, at least with the power to read."""
    return case.kind is _CITIZEN and not case.own and case.powers >= Powers.READ


def managing_representative(case: Case) -> bool:
    """A representative with the power to manage."""
    return representative(case) and case.powers is Powers.MANAGE


def managing_legal_representative(case: Case) -> bool:
    """A parent, or who protects an adult, with the power to manage."""
    return representative(case) and case.legal_powers is Powers.MANAGE


def physician(case: Case) -> bool:
    """The médecin traitant declared in the record."""
    return case.physician


def blocking_physician(case: Case) -> bool:
    """The médecin traitant, where the operator lets them block on the citizen's behalf."""
    return case.physician and case.settings.physician_may_block


# In which state the record is, and how it is opened.


def absent(case: Case) -> bool:
    """No record, or none yet, or none any more."""
    return case.record.state in _ABSENT


def closed(case: Case) -> bool:
    """A closed record."""
    return case.record.state is RecordState.CLOSED


def own_closed(case: Case) -> bool:
    """The citizen's own closed record."""
    return closed(case) and case.own


def opposed(case: Case) -> bool:
    """A record opposed, save that the citizen's side may withdraw the opposition by opening."""
    withdraws = case.action is Action.OPEN and (case.own or managing_legal_representative(case))
    return case.record.state is RecordState.OPPOSED and not withdraws


def blocked(case: Case) -> bool:
    """A blocked professional or structure, in whatever mode."""
    feeds_all_the_same = case.action is Action.FEED and not case.settings.block_stops_feeding
    return case.blocked and not feeds_all_the_same


def normal(case: Case) -> bool:
    """Neither break-glass nor regulation."""
    return case.caller.purpose is Purpose.NORMAL


def special_mode(case: Case) -> bool:
    """Break-glass or regulation."""
    return not normal(case)


def break_glass(case: Case) -> bool:
    """*Bris de glace*."""
    return case.caller.purpose is Purpose.BREAK_GLASS


def regulation(case: Case) -> bool:
    """The call at hand in a regulation centre (Centre 15)."""
    return case.caller.purpose is Purpose.REGULATION


def special_mode_without_reason(case: Case) -> bool:
    """Break-glass or regulation, and nothing said of why."""
    return special_mode(case) and not (case.caller.reason or "").strip()


def break_glass_by_another(case: Case) -> bool:
    """Break-glass by somebody who is not a health professional."""
    return break_glass(case) and not case.health


def regulation_by_another(case: Case) -> bool:
    """Regulation by somebody who is not a doctor."""
    return regulation(case) and not case.doctor
