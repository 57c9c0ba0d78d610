"""Confidentiality levels and the three visibility flags: their codes, and what ends by itself.

Value set JDV_J08 (CI-SIS): the levels N, R, V of HL7 v3 and the codes MASQUE_PS, INVISIBLE_PATIENT,
INVISIBLE_REPRESENTANTS_LEGAUX of TRE_A07. A CDA header may carry any of the v3 levels L M N R U V.
One level stands beside any number of flags.
"""

from __future__ import annotations

from enum import StrEnum

from carnet.record.document import Code, Flags
from carnet.record.errors import CarnetError
from carnet.record.lifecycle import months_later
from carnet.record.vocabulary import system_oid

OID_CONFIDENTIALITY = "2.16.840.1.113883.5.25"
OID_VISIBILITY = "1.2.250.1.213.1.1.4.13"  # TRE_A07

LEVELS: dict[str, str] = {
    "L": "Bas",
    "M": "Modéré",
    "N": "Normal",
    "R": "Restreint",
    "U": "Non restreint",
    "V": "Très restreint",
}
"""Levels of v3-Confidentiality with their French labels (JDV_HL7_Confidentiality_CISIS)."""

SHARED_LEVELS = frozenset("NRV")
"""The levels that metadata of a shared document may hold (JDV_J08)."""


class FlagCode(StrEnum):
    """The codes of TRE_A07 that a shared document may carry."""

    HIDDEN_FROM_PROFESSIONALS = "MASQUE_PS"
    HIDDEN_FROM_PATIENT = "INVISIBLE_PATIENT"
    HIDDEN_FROM_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX"


_FLAG_LABELS = {
    FlagCode.HIDDEN_FROM_PROFESSIONALS: "Masqué aux professionnels de santé",
    FlagCode.HIDDEN_FROM_PATIENT: "Non visible par le patient",
    FlagCode.HIDDEN_FROM_REPRESENTATIVES: "Non visible par les représentants légaux du patient",
}

REFUSED_CODES = frozenset({"MASQUE_PSOCIAL", "MASQUE_PT"})
"""Codes of TRE_A07 that JDV_J08 and JDV_J58 leave out: a shared record has no use for them."""

NOTICE_SECONDS = 14 * 86400


def level(code: str) -> Code:
    """The Code of a confidentiality level, such as N. Raises KeyError for another code."""
    return Code(OID_CONFIDENTIALITY, code, LEVELS[code])


NORMAL = level("N")


def parse_labels(
    codes: tuple[Code, ...], element: str | None = None
) -> tuple[Code, frozenset[FlagCode]]:
    """The confidentiality level and the flags that a list of labels says; N where none is said.

    The system may be an OID, a FHIR URL or empty. A level under the system of the flags is accepted
    and corrected, as an example of PDSm has it. Raises ``CarnetError``: ``visibility-unknown``,
    ``visibility-refused``, ``confidentiality-repeated``.
    """
    levels: set[str] = set()
    flags: set[FlagCode] = set()
    for label in codes:
        code = _known_code(label, element)
        if code in LEVELS:
            levels.add(code)
        else:
            flags.add(FlagCode(code))
    if len(levels) > 1:
        raise CarnetError("confidentiality-repeated", element)
    return level(levels.pop()) if levels else NORMAL, frozenset(flags)


def _known_code(label: Code, element: str | None) -> str:
    system = system_oid(label.system)
    if label.code in REFUSED_CODES and system in ("", OID_VISIBILITY):
        raise CarnetError("visibility-refused", element, value=label.code)
    is_level = label.code in LEVELS and system in ("", OID_CONFIDENTIALITY, OID_VISIBILITY)
    is_flag = label.code in _FLAG_LABELS and system in ("", OID_VISIBILITY)
    if not (is_level or is_flag):
        raise CarnetError("visibility-unknown", element, value=label.code)
    return label.code


def flags_of(codes: frozenset[FlagCode], deposited_at: int) -> Flags:
    """The flags that these codes set on a document deposited then (seconds since 1970 UTC)."""
    return Flags(
        hidden_from_professionals=FlagCode.HIDDEN_FROM_PROFESSIONALS in codes,
        patient_until=due_date(deposited_at) if FlagCode.HIDDEN_FROM_PATIENT in codes else 0,
        hidden_from_representatives=FlagCode.HIDDEN_FROM_REPRESENTATIVES in codes,
    )


def flag_codes(flags: Flags, now: int) -> frozenset[FlagCode]:
    """The codes of the flags in force at ``now``."""
    in_force = {
        FlagCode.HIDDEN_FROM_PROFESSIONALS: flags.hidden_from_professionals,
        FlagCode.HIDDEN_FROM_PATIENT: flags.patient_until > now,
        FlagCode.HIDDEN_FROM_REPRESENTATIVES: flags.hidden_from_representatives,
    }
    return frozenset(code for code, is_set in in_force.items() if is_set)


def labels(confidentiality: Code, flags: Flags, now: int) -> tuple[Code, ...]:
    """What the metadata say at ``now``: the level, then the flags in force in a fixed order."""
    in_force = flag_codes(flags, now)
    shown = (
        Code(OID_VISIBILITY, code.value, text)
        for code, text in _FLAG_LABELS.items()
        if code in in_force
    )
    return (confidentiality, *shown)


def due_date(deposited_at: int) -> int:
    """When INVISIBLE_PATIENT ends by itself: one month after the deposit (R. 1111-53)."""
    return months_later(deposited_at, 1)


def notice_date(deposited_at: int) -> int:
    """When the citizen is told of an update and invited to a consultation, if none was held.

    Two weeks after the deposit (R. 1111-53).
    """
    return deposited_at + NOTICE_SECONDS
