"""National numbers of professionals and structures: how they are made and what their keys say.

A professional (PS_IdNat) is a type digit and a number: ``8`` + RPPS, ``0`` + ADELI, or a number
inside a structure. A structure (Struct_IdNat) is ``1`` + FINESS, ``2`` + SIREN, ``3`` + SIRET,
``4`` + RPPS and rank (CI-SIS, transversal annex on health actors). Odd forms are many in real
documents and are kept as they are: a wrong key is a warning, never a refusal of this module.
"""

from __future__ import annotations

import re

from carnet.record.errors import Notice
from carnet.record.identity import OID_PROFESSIONAL, OID_STRUCTURE, Identifier

_BARE_RPPS = re.compile(r"\d{11}", re.ASCII)
_LA_POSTE = "356000000"


def professional(extension: str) -> Identifier:
    """A professional's national identifier (PS_IdNat), such as ``8`` + RPPS."""
    return Identifier(OID_PROFESSIONAL, extension)


def structure(extension: str) -> Identifier:
    """A structure's national identifier (Struct_IdNat), such as ``1`` + FINESS."""
    return Identifier(OID_STRUCTURE, extension)


def actor_key(identifier: Identifier) -> str:
    """The text that names an actor wherever one is looked up: ``root|extension``.

    ``8`` is put before a bare RPPS of 11 digits, so that both spellings are one person. This text
    is hashed and written once: it must never change.
    """
    extension = identifier.extension
    if identifier.root == OID_PROFESSIONAL and _BARE_RPPS.fullmatch(extension):
        extension = "8" + extension
    return f"{identifier.root}|{extension}"


def luhn_warnings(identifier: Identifier, element: str | None = None) -> tuple[Notice, ...]:
    """The warning ``luhn-key`` (param ``kind``) where a number's last digit is not its key.

    Looks at RPPS (``8`` + 11 digits), FINESS (``1`` + 9), SIREN (``2`` + 9) and SIRET (``3`` + 14).
    A Corsican FINESS holds a letter and has no rule here; other forms have no key to check.
    """
    for root, form, kind in _KEYED:
        match = form.fullmatch(identifier.extension) if identifier.root == root else None
        if match is not None:
            number = match[1]
            right = is_luhn(number) or (kind == "SIRET" and _is_post_office(number))
            return () if right else (Notice("luhn-key", element, {"kind": kind}),)
    return ()


_KEYED = (
    (OID_PROFESSIONAL, re.compile(r"8(\d{11})", re.ASCII), "RPPS"),
    (OID_STRUCTURE, re.compile(r"1(\d{9})", re.ASCII), "FINESS"),
    (OID_STRUCTURE, re.compile(r"2(\d{9})", re.ASCII), "SIREN"),
    (OID_STRUCTURE, re.compile(r"3(\d{14})", re.ASCII), "SIRET"),
)


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn key of those before it (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_post_office(siret: str) -> bool:
    """The post offices' own rule: SIREN 356000000 and a sum of all digits divisible by 5."""
    return siret.startswith(_LA_POSTE) and sum(map(int, siret)) % 5 == 0
