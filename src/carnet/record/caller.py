"""Who asks: the four callers that the gate knows, with what their token or process vouches for."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.record.identity import Identifier, Ins


class CallerKind(StrEnum):
    """The four callers of the gate; a citizen and a professional are both persons."""

    CITIZEN = "citizen"
    PROFESSIONAL = "professional"
    STRUCTURE = "structure"
    OPERATOR = "operator"
    MACHINE = "machine"


class Purpose(StrEnum):
    """Why a record is opened."""

    NORMAL = "normal"
    BREAK_GLASS = "break-glass"  # bris de glace
    REGULATION = "regulation"  # centre 15


class Caller(msgspec.Struct, frozen=True):
    """Somebody who acts, as vouched for by a verified token or by the process itself.

    ``ins`` is set for a citizen; ``identifier`` (PS_IdNat) for a professional; ``structure``
    (Struct_IdNat) for a structure and for a professional at work; ``profession`` is a code of J01
    such as ``G15_10/SM26``; ``sector`` a code of J02 such as ``SA07``; ``on_behalf_of`` the INS of
    the person for whom a representative acts; ``scopes`` are SMART v2 scopes.
    """

    kind: CallerKind
    name: str = ""
    ins: Ins | None = None
    identifier: Identifier | None = None
    structure: Identifier | None = None
    structure_name: str | None = None
    profession: str | None = None
    sector: str | None = None
    software: str | None = None
    on_behalf_of: Ins | None = None
    purpose: Purpose = Purpose.NORMAL
    reason: str | None = None
    scopes: frozenset[str] = frozenset()
