"""The sealed parts of rows: identity, life of the record, ties; what a reader needs unsealed."""

from __future__ import annotations

import msgspec

from carnet.record.document import SubmissionSet
from carnet.record.identity import Ins, Traits

_ENCODER = msgspec.msgpack.Encoder()


class SealedIdentity(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version of an identity. ``marks`` are warning codes: key not verified, other traits."""

    ins: Ins
    traits: Traits
    status: str
    source: str
    marks: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the record holds it for true, and not as what a submission claimed."""
        return self.source != SUBMITTED and not _CONFLICTS & set(self.marks)


_CONFLICTS = frozenset({"ins-oid-differs", "ins-traits-differ"})


SETTINGS_ACT = "settings"
"""The event of a LifeAct that changes settings and not the state."""

IDENTITY_ACT = "identity"
"""The event of a LifeAct that goes with a new version of the identity, and not of the state."""

SUBMITTED = "submission"
"""Source of an identity that a submission claimed and that was marked: never the one in force."""


class LifeAct(msgspec.Struct, frozen=True, omit_defaults=True):
    """One act of a record's life: what, when (s), by whom, in which capacity, on what ground.

    ``settings`` are the citizen's settings after the act (None: as before; none at first), so that
    ``verify`` sees a bit of the clear column that somebody else turned. ``died_on`` is the date of
    death on which a record was closed.
    """

    event: str
    at: int
    actor: str
    capacity: str
    ground: str | None = None
    text_id: str | None = None
    text_version: str | None = None
    text_language: str | None = None
    reason_code: str | None = None
    reason: str | None = None
    settings: int | None = None
    died_on: str | None = None


class SealedTie(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a tie says in words. It repeats the row's columns, for ``verify``."""

    kind: int
    starts: int
    ends: int
    ended: int
    actor_root: str
    actor_extension: str
    made_at: int
    made_by: str
    made_by_actor: str
    actor_name: str | None = None
    text_id: str | None = None
    text_version: str | None = None
    text_language: str | None = None
    scope: str | None = None
    version: int = 1


SUBMISSION_DECODER = msgspec.msgpack.Decoder(SubmissionSet)
LIFE_DECODER = msgspec.msgpack.Decoder(tuple[LifeAct, ...])
IDENTITY_DECODER = msgspec.msgpack.Decoder(SealedIdentity)
TIE_DECODER = msgspec.msgpack.Decoder(SealedTie)


def pack(value: object) -> bytes:
    """The bytes of a sealed part before sealing."""
    return _ENCODER.encode(value)
