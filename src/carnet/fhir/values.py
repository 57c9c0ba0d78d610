"""Reads the values of search parameters: strings with escapes, tokens, references, numbers."""

from __future__ import annotations

import re
from typing import NoReturn

from carnet.formats.fhir import urls
from carnet.formats.fhir.elements import identifier_of
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins, parse_ins
from carnet.record.vocabulary import system_oid
from carnet.usecases.requests import TokenFilter

ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_ALTERNATIVES = 100


def refuse(name: str, french: str, english: str) -> NoReturn:
    """Refuse the value of a parameter. Raises ``parameter-invalid``."""
    raise CarnetError("parameter-invalid", name, name=name, attendu=french, expected=english)


def split(value: str, separator: str, name: str) -> list[str]:
    r"""The parts of a value; ``\`` keeps a separator (R4 §3.1.1.4.2). The parts stay escaped."""
    parts = [""]
    escaped = False
    for character in value:
        if not escaped and character == separator:
            parts.append("")
            continue
        parts[-1] += character
        escaped = character == "\\" and not escaped
    if escaped:
        refuse(name, "pas de « \\ » final", "no trailing backslash")
    if len(parts) > _ALTERNATIVES:
        refuse(name, "au plus 100 valeurs", "at most 100 values")
    return parts


def unescape(value: str, name: str) -> str:
    r"""A value without its escapes: ``\,`` ``\|`` ``\$`` ``\\``."""
    if "\\" not in value:
        return value
    if re.search(r"(?<!\\)(?:\\\\)*\\[^\\,|$]", value):
        refuse(name, "seulement \\, \\| \\$ \\\\", r"only \, \| \$ \\ as escapes")
    return re.sub(r"\\(.)", r"\1", value)


def alternatives(value: str, name: str) -> list[str]:
    """The alternatives of a value (comma), unescaped and none empty."""
    found = [unescape(part, name) for part in split(value, ",", name)]
    if not all(part.strip() for part in found):
        refuse(name, "une valeur non vide", "a value that is not empty")
    return found


def tokens(value: str, name: str) -> list[tuple[str | None, str]]:
    """Tokens ``system|code`` or ``code`` (comma = or); system None where none is said."""
    found: list[tuple[str | None, str]] = []
    for part in split(value, ",", name):
        pieces = [unescape(piece, name) for piece in split(part, "|", name)]
        if len(pieces) > 2 or not pieces[-1] or not pieces[0]:
            refuse(name, "« code » ou « système|code »", '"code" or "system|code"')
        found.append((pieces[0] if len(pieces) == 2 else None, pieces[-1]))
    return found


def coded(value: str, name: str, negate: bool = False) -> TokenFilter:
    """Tokens of a coded element, their systems as OIDs."""
    return TokenFilter(
        tuple((system_oid(s) if s else None, code) for s, code in tokens(value, name)), negate
    )


def identified(value: str, name: str) -> TokenFilter:
    """Tokens of an Identifier, as (root, extension)."""
    found: list[tuple[str | None, str]] = []
    for system, code in tokens(value, name):
        if system is None:
            found.append((None, code))
        else:
            identifier = identifier_of(system, code, name)
            found.append((identifier.root, identifier.extension))
    return TokenFilter(tuple(found))


def ins(value: str, name: str) -> Ins:
    """One INS as ``urn:oid:…|matricule``."""
    found = tokens(value, name)
    system, matricule = found[0]
    if len(found) > 1 or system is None or not system.startswith(urls.OID_PREFIX):
        refuse(name, "« urn:oid:…|INS », une seule fois", '"urn:oid:…|INS", exactly one')
    try:
        return parse_ins(matricule, system.removeprefix(urls.OID_PREFIX))
    except CarnetError:
        refuse(name, "un INS et son OID", "an INS and its OID")


def record_id(value: str, name: str, base: str) -> str:
    """The Patient.id of ``[id]``, ``Patient/[id]`` or ``[base]/Patient/[id]``."""
    text = unescape(value, name).removeprefix(base + "/").removeprefix("Patient/")
    if not ID.fullmatch(text):
        refuse(name, "« Patient/[id] »", '"Patient/[id]"')
    return text


def number(value: str, name: str, most: int) -> int:
    """An integer of 0 to ``most``."""
    if not (value.isascii() and value.isdigit() and len(value) < 10) or int(value) > most:
        refuse(name, f"un entier de 0 à {most}", f"an integer of 0 to {most}")
    return int(value)


def boolean(value: str, name: str) -> bool:
    """``true`` or ``false``."""
    if value not in ("true", "false"):
        refuse(name, "« true » ou « false »", '"true" or "false"')
    return value == "true"
