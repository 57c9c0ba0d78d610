"""What a permitted reading may see: the terms (``Sight``) and the same terms as a function.

Storage puts the terms into its query; ``sees`` is what that query must agree with.
"""

from __future__ import annotations

from carnet.record.access.case import Case
from carnet.record.access.model import EntryFacts, Sight


def sees(sight: Sight, entry: EntryFacts, now: int) -> bool:
    """Whether ``sight`` admits the entry at ``now`` (seconds since 1970 UTC).

    INVISIBLE_PATIENT ends by itself at its due date (R. 1111-53): at that very second the citizen
    sees the document.
    """
    if entry.is_author or (sight.as_structure and entry.by_caller_structure):
        return True
    if sight.own_only or (sight.types is not None and entry.type_code not in sight.types):
        return False
    flags = entry.flags
    return not (
        (flags.hidden_from_professionals and not sight.sees_hidden_from_professionals)
        or (sight.is_patient_side and flags.patient_until > now)
        or (sight.is_representative and flags.hidden_from_representatives)
    )


STRUCTURE = Sight(own_only=True, types=frozenset(), as_structure=True)
"""A structure's own documents (TD3.1b)."""

CITIZEN = Sight(sees_hidden_from_professionals=True, is_patient_side=True)
"""The whole record, save what waits for an announcement."""

REPRESENTATIVE = Sight(
    sees_hidden_from_professionals=True, is_patient_side=True, is_representative=True
)
"""As the citizen, save what the minor hid from their representatives."""

EVERYTHING = Sight(sees_hidden_from_professionals=True)
"""The médecin traitant's, and the operator's in demo and test stores."""


def by_matrix(case: Case) -> Sight:
    """The types that the matrix opens to the profession, without what is hidden."""
    return Sight(types=case.types)


def by_matrix_in_emergency(case: Case) -> Sight:
    """The same, with what is hidden if the citizen chose so for break-glass."""
    return Sight(
        types=case.types,
        sees_hidden_from_professionals=case.record.break_glass_lifts_hiding,
    )
