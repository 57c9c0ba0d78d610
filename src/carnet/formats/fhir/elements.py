"""Datatypes both ways as elements: Identifier, masterIdentifier, HumanName, attachment.hash.

What an identifier means stands in ``carnet.formats.identifiers``; here it is read strictly, with
the FHIRPath of what is wrong.
"""

from __future__ import annotations

import base64
import binascii

from carnet.formats.fhir.reading import Element
from carnet.formats.identifiers.fhir import identifier_from_fhir, unique_id_from_fhir
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier, Ins, Name, parse_ins


def identifier_of(system: str | None, value: str, path: str) -> Identifier:
    """The identifier that a system and a value name. Raises ``identifier-malformed``."""
    return identifier_from_fhir({"system": system, "value": value}, path)


def unique_id_of(system: str | None, value: str, path: str) -> str:
    """The uniqueId that a system and a value name.

    Raises ``identifier-malformed``, ``unique-id-malformed``.
    """
    return unique_id_from_fhir({"system": system, "value": value}, path)


def read_identifier(element: Element) -> Identifier:
    """An Identifier element. Raises as ``identifier_of`` and for unknown members."""
    return identifier_of(*_system_and_value(element), element.path)


def read_unique_id(element: Element) -> str:
    """The uniqueId of a masterIdentifier element (``use`` may be missing, as in PDSm)."""
    return unique_id_of(*_system_and_value(element), element.path)


def _system_and_value(element: Element) -> tuple[str | None, str]:
    element.ignore("use", "type", "period", "assigner", "extension")
    system, value = element.text("system", 256), element.needed_text("value", 256)
    element.done()
    return system, value


def ins_of(identifier: Identifier, path: str) -> Ins:
    """The INS that an identifier is. Raises ``ins-oid-unknown`` and ``ins-malformed``."""
    return parse_ins(identifier.extension, identifier.root, path)


def name_json(name: Name) -> dict[str, object]:
    """A HumanName."""
    out: dict[str, object] = {}
    if name.family:
        out["family"] = name.family
    if name.given:
        out["given"] = [name.given]
    if name.prefix:
        out["prefix"] = [name.prefix]
    if name.suffix:
        out["suffix"] = [name.suffix]
    return out


def read_name(element: Element) -> Name:
    """A HumanName of somebody who is not the patient; several given names become one string."""
    element.ignore("use", "period", "extension", "_family", "_given")
    text = element.text("text", 256)
    family = element.text("family", 256)
    name = Name(
        family=family or text,
        given=" ".join(element.texts("given")) or None,
        prefix=" ".join(element.texts("prefix")) or None,
        suffix=" ".join(element.texts("suffix")) or None,
    )
    element.done()
    return name


def hash_json(sha1_hex: str) -> str:
    """attachment.hash: the 20 bytes of a SHA-1 in base64."""
    return base64.b64encode(bytes.fromhex(sha1_hex)).decode()


def read_hash(text: str, path: str) -> str:
    """The lower-case hex SHA-1 of an attachment.hash. Raises ``hash-malformed``."""
    try:
        digest = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise CarnetError("hash-malformed", path) from error
    if len(digest) != 20:
        raise CarnetError("hash-malformed", path)
    return digest.hex()
