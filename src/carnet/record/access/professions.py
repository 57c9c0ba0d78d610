"""Professions as the access rules need them: who is a health professional, whose consent counts.

Codes of the author specialty list J01 and of the sectors J02 (domain §1 and §5, rule 6).
"""

from __future__ import annotations

from carnet.record.caller import Caller

HEALTH_PROFESSIONS = frozenset(
    f"G15_{number}"
    for number in (
        *("10", "21", "26", "28", "31", "32", "35", "36", "37", "38", "39", "40", "50", "60"),
        *("69", "70", "80", "81", "82", "83", "84", "85", "86", "91", "92", "94", "95", "96"),
        "98",
    )
) | frozenset({"G16_10", "G16_21", "G16_40", "G16_50"})
"""Professions of the Code de la santé publique, and those in training (G16)."""

DOCTOR = "G15_10"
DOCTORS = frozenset({DOCTOR, "G16_10"})

OCCUPATIONAL_SPECIALTIES = frozenset({"C41", "CAPA11", "SM25"})
OCCUPATIONAL_SECTORS = frozenset({"SA13", "SA66"})
FIRE_BRIGADE_SECTORS = frozenset({"SA47", "SA68"})
CARE_HOME_SECTORS = frozenset({"SA17"})


def base_profession(profession: str | None) -> str:
    """The code without its specialty: ``G15_10`` of ``G15_10/SM26``; empty where none is known."""
    return (profession or "").partition("/")[0]


def is_health_profession(profession: str | None) -> bool:
    """Whether a code of J01 names a health profession, in practice or in training."""
    return base_profession(profession) in HEALTH_PROFESSIONS


def is_doctor(profession: str | None) -> bool:
    """Whether a code of J01 names a doctor entitled to practise."""
    return base_profession(profession) == DOCTOR


def is_never_presumed(caller: Caller) -> bool:
    """Whether only a consent given to the person themself counts, never that of a structure.

    Occupational doctors by specialty or by sector, and whoever else works in such a service; the
    fire brigade; and, because no code names the coordinating doctor of an EHPAD, every doctor who
    acts in an establishment for the elderly (choice).
    """
    base, _, specialty = (caller.profession or "").partition("/")
    return (
        (base in DOCTORS and specialty in OCCUPATIONAL_SPECIALTIES)
        or caller.sector in OCCUPATIONAL_SECTORS | FIRE_BRIGADE_SECTORS
        or (base in DOCTORS and caller.sector in CARE_HOME_SECTORS)
    )
