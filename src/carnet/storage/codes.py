"""Small numbers that stand in columns for the words of the domain."""

from __future__ import annotations

from enum import IntEnum, IntFlag

from carnet.record.access.model import RelationKind
from carnet.record.document import Status
from carnet.record.lifecycle import RecordState

STATES: dict[RecordState, int] = {
    RecordState.NONE: 0,
    RecordState.ANNOUNCED: 1,
    RecordState.OPEN: 2,
    RecordState.CLOSED: 3,
    RecordState.OPPOSED: 4,
    RecordState.ERASED: 5,
}
STATE_OF = {number: state for state, number in STATES.items()}

STATUSES: dict[Status, int] = {
    Status.APPROVED: 1,
    Status.DEPRECATED: 2,
    Status.ARCHIVED: 3,
    Status.DELETED: 4,
}
STATUS_OF = {number: status for status, number in STATUSES.items()}

RELATIONS: dict[RelationKind, int] = {
    RelationKind.AUTHORISATION: 1,
    RelationKind.REFUSAL: 2,
    RelationKind.BLOCK: 3,
    RelationKind.PHYSICIAN: 4,
    RelationKind.PARENT: 5,
    RelationKind.JUDGMENT: 6,
    RelationKind.DELEGATE: 7,
    RelationKind.AUTHOR: 8,
}
RELATION_OF = {number: kind for kind, number in RELATIONS.items()}


class UuidKind(IntEnum):
    """What a UUID of ``directory_uuid`` names."""

    ENTRY = 1
    DOCUMENT = 2  # logicalId and Binary.id
    TIE = 3
    SUBMISSION_SET = 4


class EventKind(IntEnum):
    """What an outbox event says has happened."""

    SUBMITTED = 1
    CHANGED = 2
    TIED = 3
    OPENED = 4
    FLAG_DUE = 5
    SETTLED = 6  # done; the event still carries its trace, which a crash may have parted from it
    ENDED = 7  # closed, opposed, or an opposition withdrawn
    IDENTIFIED = 8  # a new version of the identity


class DerivedKind(IntEnum):
    """What the machine keeps of a document."""

    TEXT = 1
    FACTS = 2
    GIST = 3


class RecordSettings(IntFlag):
    """The citizen's settings of a record."""

    BREAK_GLASS_OPPOSED = 1
    BREAK_GLASS_LIFTS_HIDING = 2
    REGULATION_OPPOSED = 4
    ATTACHED = 8  # to the citizen's portal account
