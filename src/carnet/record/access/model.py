"""What ``decide`` takes and gives: relations, the record as access sees it, decisions."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.record.document import Flags
from carnet.record.lifecycle import RecordState


class Action(StrEnum):
    """What a caller wants to do with a record."""

    CHECK = "check"  # TD0.2: does it exist, may I read it
    OPEN = "open"
    CLOSE = "close"
    OPPOSE = "oppose"
    WITHDRAW_OPPOSITION = "withdraw-opposition"
    CHANGE_IDENTITY = "change-identity"  # another INS or other traits, same person and record
    FEED = "feed"
    FIND = "find"
    READ = "read"  # metadata or bytes of one entry
    REPLACE = "replace"
    HIDE = "hide"  # MASQUE_PS on
    SHOW = "show"  # MASQUE_PS off
    HIDE_FROM_PATIENT = "hide-from-patient"  # INVISIBLE_PATIENT on and off
    HIDE_FROM_REPRESENTATIVES = "hide-from-representatives"  # the third flag, on and off
    READ_HISTORY = "read-history"
    READ_CONSENT = "read-consent"
    GRANT = "grant"  # authorise somebody, end an authorisation
    BLOCK = "block"  # block and unblock
    NAME_PHYSICIAN = "name-physician"
    ATTEST_CONSENT = "attest-consent"
    ARRANGE = "arrange"  # join, split and name episodes of care by hand
    NOTE_REPRESENTATIVE = "note-representative"  # parent or judgment, from the civil status
    DERIVE = "derive"  # the machine's own work


class RelationKind(StrEnum):
    """A dated tie between an actor and a record."""

    AUTHORISATION = "authorisation"  # consent given, to a person or to a structure
    REFUSAL = "refusal"  # consent refused
    BLOCK = "block"
    PHYSICIAN = "physician"  # médecin traitant
    PARENT = "parent"  # legal representative of a minor
    JUDGMENT = "judgment"  # protects an adult
    DELEGATE = "delegate"  # the citizen gave powers
    AUTHOR = "author"  # wrote at least one document of the record


class Relation(msgspec.Struct, frozen=True):
    """One tie of the asking caller (person or structure) to the record.

    ``start`` and ``end`` are seconds since 1970 UTC (``end`` 0: no end); ``of_structure`` says
    that the tie is with the caller's structure and not with the person. ``scope`` holds the powers
    of a delegation or a judgment, ``read`` or ``manage`` (which includes reading). Without a scope
    a delegate reads only, powers not being presumed; a judgment gives both.
    """

    kind: RelationKind
    start: int
    end: int = 0
    of_structure: bool = False
    scope: str | None = None

    def holds(self, now: int) -> bool:
        """Whether it is in force at ``now``.

        Who wrote a document wrote it, whatever a clock says that was set back since, or one of
        another node that is behind.
        """
        begun = self.start <= now or self.kind is RelationKind.AUTHOR
        return begun and (self.end == 0 or now < self.end)


class RecordFacts(msgspec.Struct, frozen=True):
    """What access needs to know of a record and of the caller's ties to it.

    ``break_glass_opposed`` and ``regulation_opposed`` are the citizen's settings; ``is_own`` says
    that the caller is the citizen of this record, also where none exists yet (state none); ``age``
    is that of the citizen in years at the time of asking (None: unknown; a parent is then no
    representative).
    """

    state: RecordState
    relations: tuple[Relation, ...] = ()
    is_own: bool = False
    age: int | None = None
    break_glass_opposed: bool = False
    break_glass_lifts_hiding: bool = False
    regulation_opposed: bool = False
    reading_operator: bool = False  # demo and test stores only


class EntryFacts(msgspec.Struct, frozen=True):
    """What access needs to know of one entry.

    ``is_author``: the asking person, or the asking structure, is an author of it.
    ``by_caller_structure``: the structure of one of its authors is that of the caller.
    """

    type_code: str
    flags: Flags
    is_author: bool = False
    by_caller_structure: bool = False
    by_patient: bool = False  # the citizen's own document


class Reason(StrEnum):
    """Why a decision fell as it did; a portal explains each in a sentence.

    The first group permits, the second refuses.
    """

    OWN_RECORD = "own-record"
    REPRESENTATIVE = "representative"
    PHYSICIAN = "physician"
    AUTHOR = "author"
    AUTHORISED = "authorised"
    FEEDING = "feeding"
    BREAK_GLASS = "break-glass"
    REGULATION = "regulation"
    OPERATOR = "operator"
    MACHINE = "machine"
    EXISTENCE = "existence"  # existence, status, and the caller's own tie only
    OPENING = "opening"
    ATTESTING = "attesting"  # notes the consent that the citizen gave

    CONSENT_MISSING = "consent-missing"
    CONSENT_EXPIRED = "consent-expired"
    REFUSED_BY_PATIENT = "refused-by-patient"
    RECORD_CLOSED = "record-closed"
    RECORD_OPPOSED = "record-opposed"
    RECORD_ABSENT = "record-absent"
    NOT_YOUR_RECORD = "not-your-record"
    MATRIX = "matrix"
    HIDDEN = "hidden"
    PROFESSION_CLOSED = "profession-closed"
    INDIRECT_READING = "indirect-reading"  # a structure without an acting person reads
    BREAK_GLASS_REFUSED = "break-glass-refused"
    REGULATION_REFUSED = "regulation-refused"
    REASON_REQUIRED = "reason-required"
    NOT_ENTITLED = "not-entitled"


class Sight(msgspec.Struct, frozen=True):
    """What a permitted reading may see, in a form that becomes part of the query.

    An entry is seen when the caller wrote it, or when its type is in ``types`` (None: all types,
    empty: none) and none of its flags is in force against the caller. ``own_only`` leaves just
    what the caller wrote. For a structure (``as_structure``) that is what its people wrote for it.
    ``sees`` says the same as a function, and a query has the same terms.
    """

    types: frozenset[str] | None = None
    sees_hidden_from_professionals: bool = False
    is_patient_side: bool = False  # INVISIBLE_PATIENT counts against this caller until it is due
    is_representative: bool = False  # INVISIBLE_REPRESENTANTS_LEGAUX counts against this caller
    own_only: bool = False
    as_structure: bool = False  # the caller is a structure: what its authors wrote is its own


NOTHING = Sight(own_only=True, types=frozenset())


class Decision(msgspec.Struct, frozen=True):
    """The answer of ``decide``: permitted or not, the rule that decided, and what is seen."""

    permitted: bool
    reason: Reason
    rule: str  # key of the rule in the table, such as "5.4-physician-reads"
    sight: Sight = NOTHING


class ConsentState(StrEnum):
    """How the caller stands with the citizen's consent; TD0.2 tells it to the caller."""

    NONE = "none"
    VALID = "valid"
    EXPIRED = "expired"
    REFUSED = "refused"


class AccessSettings(msgspec.Struct, frozen=True):
    """What the sources leave open and an operator may decide otherwise.

    ``physician_may_block``: the médecin traitant blocks and unblocks on the citizen's behalf
    (in use today, confirmed by no public text). ``block_stops_feeding``: who is blocked does not
    feed either; where the operator's lawyers hold feeding to be ordered by law, False.
    """

    physician_may_block: bool = True
    block_stops_feeding: bool = True
