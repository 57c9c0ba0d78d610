"""Situations that the rules name: what the caller has to do with an entry, and may see of it."""

from __future__ import annotations

from carnet.record.access import asking
from carnet.record.access.case import MAJORITY, Case
from carnet.record.access.model import Action, ConsentState
from carnet.record.caller import CallerKind
from carnet.record.document import Flags

_CITIZEN, _PROFESSIONAL = CallerKind.CITIZEN, CallerKind.PROFESSIONAL


def no_entry(case: Case) -> bool:
    """An act on one entry, and none is named."""
    return case.entry is None


def wrote(case: Case) -> bool:
    """The professional who wrote the entry, or the structure for which it was written."""
    entry = case.entry
    return (
        entry is not None
        and asking.actor(case)
        and (entry.is_author or (asking.structure(case) and entry.by_caller_structure))
    )


def author_side(case: Case) -> bool:
    """An author of the entry, or anybody who acts in an author's structure."""
    return wrote(case) or (
        case.entry is not None and asking.actor(case) and case.entry.by_caller_structure
    )


def author_side_normally(case: Case) -> bool:
    """The author's side, in no special mode."""
    return author_side(case) and asking.normal(case)


def professional_wrote(case: Case) -> bool:
    """A professional who wrote the entry."""
    return case.kind is _PROFESSIONAL and wrote(case)


def structure_wrote(case: Case) -> bool:
    """A structure for which the entry was written."""
    return asking.structure(case) and wrote(case)


def structure_elsewhere(case: Case) -> bool:
    """A structure before what others wrote."""
    return asking.structure(case) and not wrote(case)


def structure_looks_for_its_own(case: Case) -> bool:
    """A structure that asks for no entry in particular."""
    return asking.structure(case) and case.entry is None


def author_looks_for_their_own(case: Case) -> bool:
    """A professional who wrote in the record, asks normally, and may not read the rest."""
    return (
        case.kind is _PROFESSIONAL
        and case.entry is None
        and asking.normal(case)
        and case.has_written
        and not (case.consent is ConsentState.VALID and case.types)
    )


def own_document(case: Case) -> bool:
    """The citizen, and a document of their own making."""
    return case.own and case.entry is not None and case.entry.by_patient


def represented_document(case: Case) -> bool:
    """A representative who manages, and a document of the citizen's making."""
    return asking.managing_representative(case) and case.entry is not None and case.entry.by_patient


def replaceable_by_operator(case: Case) -> bool:
    """The operator, and what it fed itself; anything in a demo or test store."""
    entry = case.entry
    return asking.reading_operator(case) or (
        asking.operator(case)
        and entry is not None
        and (entry.is_author or entry.by_caller_structure)
    )


# Which flags count against the caller.


def masked(case: Case) -> bool:
    """MASQUE_PS, for a professional or a structure that is not among those who still see it."""
    return (
        _flags(case).hidden_from_professionals
        and asking.actor(case)
        and not (case.physician or _keeps_in_sight(case) or _lifts_hiding(case))
    )


def waits_for_announcement(case: Case) -> bool:
    """INVISIBLE_PATIENT not yet due, for the citizen and everyone acting for them."""
    return (
        _flags(case).patient_until > case.now
        and case.kind is _CITIZEN
        and not _keeps_in_sight(case)
    )


def hidden_from_representative(case: Case) -> bool:
    """INVISIBLE_REPRESENTANTS_LEGAUX, for whoever represents the citizen."""
    return (
        _flags(case).hidden_from_representatives
        and asking.representative(case)
        and not _keeps_in_sight(case)
    )


def _flags(case: Case) -> Flags:
    return case.entry.flags if case.entry is not None else Flags()


def _keeps_in_sight(case: Case) -> bool:
    """Who wrote it knows it; what the author's side does to it needs no reading."""
    if case.entry is None:
        return False
    acts_for_author = case.action in (Action.REPLACE, Action.HIDE_FROM_PATIENT)
    return case.entry.is_author or wrote(case) or (acts_for_author and author_side(case))


def _lifts_hiding(case: Case) -> bool:
    """Break-glass as it must be, where the citizen chose that it shows what is hidden."""
    return (
        asking.break_glass(case)
        and case.health
        and case.record.break_glass_lifts_hiding
        and not case.record.break_glass_opposed
        and not asking.special_mode_without_reason(case)
    )


# Whether a professional may read: for those whom neither rule 4 nor rule 5 admits.


def _needs_rights(case: Case) -> bool:
    return case.kind is _PROFESSIONAL and not case.physician and not wrote(case)


def closed_profession(case: Case) -> bool:
    """A profession to which the matrix opens no type at all."""
    return _needs_rights(case) and not case.types


def consent_refused(case: Case) -> bool:
    """No access, because the citizen refused it."""
    return _needs_rights(case) and asking.normal(case) and case.consent is ConsentState.REFUSED


def consent_expired(case: Case) -> bool:
    """No access any more: the consent had a term."""
    return _needs_rights(case) and asking.normal(case) and case.consent is ConsentState.EXPIRED


def consent_missing(case: Case) -> bool:
    """No access yet: nobody noted a consent."""
    return _needs_rights(case) and asking.normal(case) and case.consent is ConsentState.NONE


def break_glass_opposed(case: Case) -> bool:
    """Break-glass, and the citizen opposed it beforehand."""
    return _needs_rights(case) and asking.break_glass(case) and case.record.break_glass_opposed


def regulation_opposed(case: Case) -> bool:
    """Regulation, and the citizen opposed it."""
    return _needs_rights(case) and asking.regulation(case) and case.record.regulation_opposed


def type_not_open(case: Case) -> bool:
    """A type that the matrix does not open to the profession."""
    return _needs_rights(case) and case.entry is not None and case.entry.type_code not in case.types


def authorised(case: Case) -> bool:
    """A professional with a valid authorisation, asking normally."""
    return (
        case.kind is _PROFESSIONAL
        and asking.normal(case)
        and case.consent is ConsentState.VALID
        and bool(case.types)
    )


def emergency(case: Case) -> bool:
    """A health professional who breaks the glass, and may."""
    return asking.break_glass(case) and case.health and not case.record.break_glass_opposed


def call_at_hand(case: Case) -> bool:
    """A doctor who regulates, and may."""
    return asking.regulation(case) and case.doctor and not case.record.regulation_opposed


# Whom the third flag concerns.


def _concerns_minor(case: Case) -> bool:
    """A minor, somebody of unknown age, or a flag from those years that is to be lifted."""
    age = case.record.age
    return age is None or age < MAJORITY or _flags(case).hidden_from_representatives


def minor_themself(case: Case) -> bool:
    """The minor before their own record, or the adult before a flag of their minority."""
    return case.own and case.entry is not None and _concerns_minor(case)


def physician_for_minor(case: Case) -> bool:
    """The médecin traitant, at the minor's request."""
    return case.physician and case.entry is not None and _concerns_minor(case)


def author_for_minor(case: Case) -> bool:
    """The author, at the minor's request."""
    return professional_wrote(case) and _concerns_minor(case)


def authorised_for_minor(case: Case) -> bool:
    """A professional with rights, at the minor's request."""
    return authorised(case) and case.entry is not None and _concerns_minor(case)
