"""What a trace says, and the chains that bind traces so that none can be altered unseen.

Each trace commits to the one before it in the same record, over its ciphertext. A record has two
chains: a trace is *withheld* when an entry it names then carries INVISIBLE_PATIENT or
INVISIBLE_REPRESENTANTS_LEGAUX; the open chain holds the rest.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum, StrEnum

import msgspec

GENESIS = bytes(32)


class Chain(IntEnum):
    """The two chains of a record."""

    OPEN = 0
    WITHHELD = 1


class Act(StrEnum):
    """What was done, as the history tells it."""

    OPEN_RECORD = "open-record"
    CLOSE_RECORD = "close-record"
    OPPOSE = "oppose"
    WITHDRAW_OPPOSITION = "withdraw-opposition"
    CHANGE_IDENTITY = "change-identity"
    CHECK_RECORD = "check-record"
    SUBMIT = "submit"
    FIND = "find"
    READ_ENTRY = "read-entry"
    RETRIEVE = "retrieve"
    READ_FACTS = "read-facts"
    ARRANGE = "arrange"
    CHANGE_VISIBILITY = "change-visibility"
    GRANT = "grant"
    END_GRANT = "end-grant"
    BLOCK = "block"
    UNBLOCK = "unblock"
    NAME_PHYSICIAN = "name-physician"
    CHANGE_SETTINGS = "change-settings"
    ATTEST_CONSENT = "attest-consent"
    READ_CONSENT = "read-consent"
    READ_HISTORY = "read-history"
    DERIVE = "derive"
    FLAG_ENDED = "flag-ended"


ACTS: dict[Act, str] = {
    Act.OPEN_RECORD: "A record was opened, opened again, or found open.",
    Act.CLOSE_RECORD: "A record was closed, on request or after a death.",
    Act.OPPOSE: "An opposition to having a record was noted.",
    Act.WITHDRAW_OPPOSITION: "An opposition was withdrawn, and nothing opened.",
    Act.CHANGE_IDENTITY: "Another INS or other traits came into force for the same person; "
    "`criteria` names what changed, without values.",
    Act.CHECK_RECORD: "Somebody asked whether a record exists and how they stand with it (TD0.2).",
    Act.SUBMIT: "A document was fed.",
    Act.FIND: "Documents were looked for.",
    Act.READ_ENTRY: "The metadata of a document were read.",
    Act.RETRIEVE: "The bytes of a document were read.",
    Act.READ_FACTS: "What documents say was read: results, problems, treatments; the trace names "
    "the documents that say it.",
    Act.ARRANGE: "Documents were put together, parted or named as an episode of care by hand, or "
    "such an arrangement was undone; `criteria` says which.",
    Act.CHANGE_VISIBILITY: "A document was hidden or shown.",
    Act.GRANT: "A right was given: an authorisation, a refusal of one, a delegation, a parent.",
    Act.END_GRANT: "Such a right was ended.",
    Act.BLOCK: "A professional or a structure was blocked.",
    Act.UNBLOCK: "A block was ended.",
    Act.NAME_PHYSICIAN: "A médecin traitant was declared, or their declaration ended.",
    Act.CHANGE_SETTINGS: "A setting of the record was changed by the citizen's side.",
    Act.ATTEST_CONSENT: "A professional attested the citizen's consent.",
    Act.READ_CONSENT: "Consents were read.",
    Act.READ_HISTORY: "The history was read.",
    Act.DERIVE: "Carnet made text and look-ups of a document; nobody was shown it.",
    Act.FLAG_ENDED: "INVISIBLE_PATIENT came to its end by itself.",
}
"""What each act is, for ``docs/events.md``."""


class Outcome(StrEnum):
    """How it ended."""

    PERMITTED = "permitted"
    REFUSED = "refused"


class Trace(msgspec.Struct, frozen=True, omit_defaults=True, array_like=False):
    """One act on one record.

    ``at`` is microseconds since 1970 UTC; ``actor`` is ``root|extension`` of the person, structure
    or process; ``entries`` are entry numbers of the record (at most 500); ``reason`` a code of
    ``decide`` or of the error catalogue; ``criteria`` the query as asked, without its values.
    """

    id: bytes
    at: int
    act: Act
    outcome: Outcome
    caller: str  # CallerKind
    actor: str
    purpose: str = "normal"
    name: str = ""
    profession: str | None = None
    structure: str | None = None
    structure_name: str | None = None
    software: str | None = None
    on_behalf_of: str | None = None
    entries: tuple[int, ...] = ()
    reason: str | None = None
    stated_reason: str | None = None
    criteria: str | None = None
    linked: bytes | None = None  # id of the trace in the other chain about the same act


def link(previous: bytes, record_id: bytes, chain: int, seq: int, sealed: bytes) -> bytes:
    """The 32-byte head after ``sealed`` is appended as number ``seq`` (from 1) of a chain."""
    head = hashlib.sha256(previous)
    head.update(record_id + bytes((chain,)) + seq.to_bytes(8, "big"))
    head.update(sealed)
    return head.digest()


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Trace)


def encode(trace: Trace) -> bytes:
    """The bytes of a trace, to be sealed."""
    return _ENCODER.encode(trace)


def decode(data: bytes) -> Trace:
    """The trace of ``encode``'s bytes. Raises ``msgspec.DecodeError``."""
    return _DECODER.decode(data)
