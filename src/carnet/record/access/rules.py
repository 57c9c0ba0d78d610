"""The rules of access, as data: the first that applies decides, and where none does it is no.

Keys begin with the paragraph of the domain's facts from which the rule comes: ``5.2-block`` is §5,
rule 2. ``docs/access.md`` shows the same table to those who do not read code.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from carnet.record.access import asking, seeing, sight
from carnet.record.access.case import Case
from carnet.record.access.model import NOTHING, Action, Reason, Sight


class Rule(msgspec.Struct, frozen=True):
    """One line of the table: for these acts, in this situation, this answer.

    ``sight`` is what a permitted reading sees, a value or a function of the case.
    """

    key: str
    actions: frozenset[Action]
    when: Callable[[Case], bool]
    permits: bool
    reason: Reason
    sight: Sight | Callable[[Case], Sight] = NOTHING

    @property
    def paragraph(self) -> str:
        """Where the domain's facts state it: ``§5 rule 2`` of ``5.2-block``."""
        section, _, number = self.key.partition("-")[0].partition(".")
        return f"§{section} rule {number}" if number else f"§{section}"


def _permit(
    key: str,
    actions: frozenset[Action],
    when: Callable[[Case], bool],
    reason: Reason,
    seen: Sight | Callable[[Case], Sight] = NOTHING,
) -> Rule:
    return Rule(key, actions, when, permits=True, reason=reason, sight=seen)


def _refuse(
    key: str, actions: frozenset[Action], when: Callable[[Case], bool], reason: Reason
) -> Rule:
    return Rule(key, actions, when, permits=False, reason=reason)


A, R = Action, Reason

ALL = frozenset(Action)
READING = frozenset({A.FIND, A.READ})
MANAGING = frozenset({A.REPLACE, A.HIDE, A.SHOW, A.HIDE_FROM_PATIENT, A.HIDE_FROM_REPRESENTATIVES})
ON_ENTRY = READING | MANAGING
MASKING = frozenset({A.HIDE, A.SHOW})
CHECKING = frozenset({A.CHECK})
OPENING = frozenset({A.OPEN})
CLOSING = frozenset({A.CLOSE})
OPPOSING = frozenset({A.OPPOSE})
WITHDRAWING = frozenset({A.WITHDRAW_OPPOSITION})
ENDING = CLOSING | OPPOSING | WITHDRAWING
IDENTIFYING = frozenset({A.CHANGE_IDENTITY})
FEEDING = frozenset({A.FEED})
BLOCKING = frozenset({A.BLOCK})
REPLACING = frozenset({A.REPLACE})
SHARING = frozenset({A.GRANT, A.NAME_PHYSICIAN})
TELLING = frozenset({A.READ_HISTORY, A.READ_CONSENT})
DERIVING = frozenset({A.DERIVE})
NOTING = frozenset({A.NOTE_REPRESENTATIVE})
ATTESTING = frozenset({A.ATTEST_CONSENT})
ARRANGING = frozenset({A.ARRANGE})
REPRESENTATIVES_FLAG = frozenset({A.HIDE_FROM_REPRESENTATIVES})
PATIENT_FLAG = frozenset({A.HIDE_FROM_PATIENT})
IN_SPECIAL_MODE = READING | CHECKING | FEEDING | REPLACING

RULES: tuple[Rule, ...] = (
    # Who asks, and what is not even told to them.
    _refuse("5.1-machine-only-derives", ALL - DERIVING, asking.machine, R.NOT_ENTITLED),
    _refuse("5.1-identified", ALL, asking.unidentified, R.NOT_ENTITLED),
    _refuse("5.3-not-yours", ALL, asking.stranger, R.NOT_YOUR_RECORD),
    _permit("2-check-own", CHECKING, asking.own, R.OWN_RECORD),
    _permit("2-check-represented", CHECKING, asking.representative, R.REPRESENTATIVE),
    _permit("2-check-existence", CHECKING, asking.always, R.EXISTENCE),
    _refuse("6-masked", ON_ENTRY, seeing.masked, R.HIDDEN),
    _refuse("6-waits-for-announcement", ON_ENTRY, seeing.waits_for_announcement, R.HIDDEN),
    _refuse("6-hidden-from-representative", ON_ENTRY, seeing.hidden_from_representative, R.HIDDEN),
    # The record's state (§2, §5 rule 1).
    # Of the acts on a record's life they say who; when is said by the machine of its states.
    _refuse("2-opposed", ALL - ENDING - IDENTIFYING, asking.opposed, R.RECORD_OPPOSED),
    _refuse("2-absent", ALL - OPENING - OPPOSING - IDENTIFYING, asking.absent, R.RECORD_ABSENT),
    _permit("2-own-copy", READING, asking.own_closed, R.OWN_RECORD, sight.CITIZEN),
    _refuse("2-closed", ALL - OPENING - ENDING - IDENTIFYING, asking.closed, R.RECORD_CLOSED),
    # The block, before every right and in every mode (rule 2).
    _refuse("5.2-block", ALL, asking.blocked, R.REFUSED_BY_PATIENT),
    # What a special mode must say before anything else is looked at (rules 9 and 10).
    _refuse("5.9-reason", ON_ENTRY, asking.special_mode_without_reason, R.REASON_REQUIRED),
    _refuse("5.9-health-only", ON_ENTRY, asking.break_glass_by_another, R.BREAK_GLASS_REFUSED),
    _refuse("5.10-doctor-only", ON_ENTRY, asking.regulation_by_another, R.REGULATION_REFUSED),
    # Reading: the citizen's side, the médecin traitant, the author (rules 3 to 5).
    _permit("5.3-own-reads", READING, asking.own, R.OWN_RECORD, sight.CITIZEN),
    _permit(
        "5.3-representative-reads",
        READING,
        asking.representative,
        R.REPRESENTATIVE,
        sight.REPRESENTATIVE,
    ),
    _permit("5.4-physician-reads", READING, asking.physician, R.PHYSICIAN, sight.EVERYTHING),
    _permit("5.5-author-reads", READING, seeing.professional_wrote, R.AUTHOR),
    _permit("5.5-structure-reads", READING, seeing.structure_wrote, R.AUTHOR, sight.STRUCTURE),
    _permit(
        "5.5-structure-finds",
        READING,
        seeing.structure_looks_for_its_own,
        R.AUTHOR,
        sight.STRUCTURE,
    ),
    _permit("5.5-author-finds", READING, seeing.author_looks_for_their_own, R.AUTHOR),
    # What the author's side does to its documents needs no right to read (§3, §6).
    _refuse("6-entry-needed", MANAGING, seeing.no_entry, R.NOT_ENTITLED),
    _permit("3-author-replaces", REPLACING, seeing.author_side, R.AUTHOR),
    _permit(
        "6-author-hides-from-patient",
        PATIENT_FLAG,
        seeing.author_side_normally,
        R.AUTHOR,
    ),
    # What a professional lacks (rules 6, 7, 9, 10).
    _refuse("5.1-indirect", ON_ENTRY, seeing.structure_elsewhere, R.INDIRECT_READING),
    _refuse("5.7-profession", ON_ENTRY, seeing.closed_profession, R.PROFESSION_CLOSED),
    _refuse("5.6-refused", ON_ENTRY, seeing.consent_refused, R.REFUSED_BY_PATIENT),
    _refuse("5.6-expired", ON_ENTRY, seeing.consent_expired, R.CONSENT_EXPIRED),
    _refuse("5.6-missing", ON_ENTRY, seeing.consent_missing, R.CONSENT_MISSING),
    _refuse("5.9-opposed", ON_ENTRY, seeing.break_glass_opposed, R.BREAK_GLASS_REFUSED),
    _refuse("5.10-opposed", ON_ENTRY, seeing.regulation_opposed, R.REGULATION_REFUSED),
    _refuse("5.7-type", ON_ENTRY, seeing.type_not_open, R.MATRIX),
    # Reading with rights, or in a special mode.
    _permit("5.6-authorised-reads", READING, seeing.authorised, R.AUTHORISED, sight.by_matrix),
    _permit(
        "5.9-break-glass", READING, seeing.emergency, R.BREAK_GLASS, sight.by_matrix_in_emergency
    ),
    _permit("5.10-regulation", READING, seeing.call_at_hand, R.REGULATION, sight.by_matrix),
    _permit("5.1-operator-reads", READING, asking.reading_operator, R.OPERATOR, sight.EVERYTHING),
    # A special mode is for reading; everything below asks normally.
    _refuse("5.9-reads-only", ALL - IN_SPECIAL_MODE, asking.special_mode, R.NOT_ENTITLED),
    # Opening (§2).
    _permit("2-own-opens", OPENING, asking.own, R.OWN_RECORD),
    _permit("2-representative-opens", OPENING, asking.managing_representative, R.REPRESENTATIVE),
    _permit("2-opens", OPENING, asking.health_professional_or_structure, R.OPENING),
    _permit("2-operator-opens", OPENING, asking.operator, R.OPERATOR),
    # Closing, opposing, withdrawing an opposition; another INS (§1, §2).
    _permit("2-own-ends", ENDING, asking.own, R.OWN_RECORD),
    _permit(
        "2-legal-representative-ends",
        ENDING,
        asking.managing_legal_representative,
        R.REPRESENTATIVE,
    ),
    _permit("2-operator-ends", CLOSING | OPPOSING, asking.operator, R.OPERATOR),
    _permit("1-operator-identifies", IDENTIFYING, asking.operator, R.OPERATOR),
    # Feeding (§3).
    _permit("3-own-feeds", FEEDING, asking.own, R.OWN_RECORD),
    _permit("3-representative-feeds", FEEDING, asking.managing_representative, R.REPRESENTATIVE),
    _permit("3-feeds", FEEDING, asking.actor, R.FEEDING),
    _permit("3-operator-feeds", FEEDING, asking.operator, R.OPERATOR),
    _permit("3-own-replaces", REPLACING, seeing.own_document, R.OWN_RECORD),
    _permit("3-representative-replaces", REPLACING, seeing.represented_document, R.REPRESENTATIVE),
    _permit("3-operator-replaces", REPLACING, seeing.replaceable_by_operator, R.OPERATOR),
    # Visibility (§6).
    _permit("6-own-masks", MASKING, asking.own, R.OWN_RECORD),
    _permit("6-representative-masks", MASKING, asking.managing_representative, R.REPRESENTATIVE),
    _permit("6-physician-masks", MASKING, asking.physician, R.PHYSICIAN),
    _permit("6-author-masks", MASKING, seeing.professional_wrote, R.AUTHOR),
    _permit("6-structure-masks", MASKING - {A.SHOW}, seeing.structure_wrote, R.AUTHOR),
    _permit("6-authorised-masks", MASKING, seeing.authorised, R.AUTHORISED),
    _permit("6-minor-hides", REPRESENTATIVES_FLAG, seeing.minor_themself, R.OWN_RECORD),
    _permit("6-physician-for-minor", REPRESENTATIVES_FLAG, seeing.physician_for_minor, R.PHYSICIAN),
    _permit("6-author-for-minor", REPRESENTATIVES_FLAG, seeing.author_for_minor, R.AUTHOR),
    _permit(
        "6-authorised-for-minor", REPRESENTATIVES_FLAG, seeing.authorised_for_minor, R.AUTHORISED
    ),
    # History, consents, sharing (rules 3, 4, 6; §7).
    _permit("7-own-history", TELLING, asking.own, R.OWN_RECORD, sight.CITIZEN),
    _permit(
        "7-represented-history",
        TELLING,
        asking.representative,
        R.REPRESENTATIVE,
        sight.REPRESENTATIVE,
    ),
    _permit("7-physician-history", TELLING, asking.physician, R.PHYSICIAN, sight.EVERYTHING),
    _permit("5.6-own-tie", TELLING - {A.READ_HISTORY}, asking.actor, R.EXISTENCE),
    _permit("5.3-own-shares", SHARING, asking.own, R.OWN_RECORD),
    _permit("5.3-representative-shares", SHARING, asking.managing_representative, R.REPRESENTATIVE),
    _permit("5.3-own-blocks", BLOCKING, asking.own, R.OWN_RECORD),
    _permit(
        "5.3-legal-representative-blocks",
        BLOCKING,
        asking.managing_legal_representative,
        R.REPRESENTATIVE,
    ),
    _permit("5.4-physician-blocks", BLOCKING, asking.blocking_physician, R.PHYSICIAN),
    _permit("5.3-own-arranges", ARRANGING, asking.own, R.OWN_RECORD, sight.CITIZEN),
    _permit(
        "5.3-representative-arranges",
        ARRANGING,
        asking.managing_representative,
        R.REPRESENTATIVE,
        sight.REPRESENTATIVE,
    ),
    _permit("5.4-physician-arranges", ARRANGING, asking.physician, R.PHYSICIAN, sight.EVERYTHING),
    _permit("5.6-authorised-arranges", ARRANGING, seeing.authorised, R.AUTHORISED, sight.by_matrix),
    _permit("5.3-operator-notes", NOTING, asking.operator, R.OPERATOR),
    _refuse(
        "5.7-health-profession", OPENING | ATTESTING, asking.other_profession, R.PROFESSION_CLOSED
    ),
    _permit("5.6-attests", ATTESTING, asking.health_professional, R.ATTESTING),
    _permit("5.1-machine-derives", DERIVING, asking.machine, R.MACHINE),
)

DEFAULT = _refuse("5-default", ALL, asking.always, R.NOT_ENTITLED)
"""What no rule permits is refused."""

RULES_OF: dict[Action, tuple[Rule, ...]] = {
    action: tuple(rule for rule in RULES if action in rule.actions) for action in Action
}
