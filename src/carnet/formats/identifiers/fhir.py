"""FHIR R4 Identifier, as plain dictionaries: INS, professionals, structures, uniqueId.

A system is ``urn:oid:`` + OID; an OID or UUID that is itself the value has the system
``urn:ietf:rfc:3986`` (FHIR R4 §2.24.0.8). Type codes are those of fr-core. A uniqueId with an
extension is written as system ``urn:oid:`` + root and value the extension (Carnet's choice).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from carnet.formats.identifiers import (
    identifier_of_unique_id,
    is_oid,
    is_uuid,
    normalise_root,
    normalise_unique_id,
    unique_id_of,
)
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    OID_INS_NIA,
    OID_INS_NIR,
    OID_INS_NIR_DEMO,
    OID_INS_NIR_TEST,
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
    parse_ins,
)
from carnet.record.structures import professional, structure

URI_SYSTEM = "urn:ietf:rfc:3986"
TYPE_SYSTEM = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"

_TYPE_CODES = {
    OID_INS_NIR: "INS-NIR",
    OID_INS_NIA: "INS-NIA",
    OID_INS_NIR_TEST: "INS-NIR-TEST",
    OID_INS_NIR_DEMO: "INS-NIR-DEMO",
    OID_PROFESSIONAL: "IDNPS",
    OID_STRUCTURE: "IDNST",
}

FhirIdentifier: TypeAlias = dict[str, object]


def system_of_root(root: str) -> str:
    """The FHIR system of a root: ``urn:oid:`` before an OID; another text as it stands."""
    return f"urn:oid:{root}" if is_oid(root) else root


def root_of_system(system: str) -> str:
    """The root of a FHIR system; an unknown URL stays as it is."""
    return normalise_root(system)


def identifier_to_fhir(identifier: Identifier, use: str | None = None) -> FhirIdentifier:
    """The Identifier of a root and extension, with the fr-core type where it has one."""
    root, extension = identifier.root, identifier.extension
    code = _TYPE_CODES.get(root)
    written: FhirIdentifier = {"use": use} if use else {}
    if code:
        written["type"] = {"coding": [{"system": TYPE_SYSTEM, "code": code}]}
    if extension:
        return written | {"system": system_of_root(root), "value": extension}
    urn = f"urn:uuid:{root}" if is_uuid(root) else system_of_root(root)
    return written | {"system": URI_SYSTEM, "value": urn}


def identifier_from_fhir(resource: Mapping[str, object], element: str | None = None) -> Identifier:
    """The root and extension of an Identifier.

    RPPS, FINESS, SIREN and SIRET under their own systems (fr-core) become national identifiers.
    Raises ``CarnetError('identifier-malformed')`` where system or value is missing.
    """
    system, value = resource.get("system"), resource.get("value")
    if not isinstance(value, str) or not value.strip():
        raise CarnetError("identifier-malformed", element)
    value = value.strip()
    if system is None and value.startswith(("urn:oid:", "urn:uuid:")):
        system = URI_SYSTEM
    if not isinstance(system, str) or not system.strip():
        raise CarnetError("identifier-malformed", element)
    system = system.strip()
    if system == URI_SYSTEM:
        return Identifier(normalise_root(value))
    return _national(system, value) or Identifier(root_of_system(system), value)


_NATIONAL_SYSTEM = re.compile(
    r"https?://(rpps\.esante\.gouv|finess\.esante\.gouv|sirene)\.fr/?", re.ASCII
)
_TYPE_DIGITS = {
    ("rpps.esante.gouv", 11): "8",
    ("finess.esante.gouv", 9): "1",
    ("sirene", 9): "2",
    ("sirene", 14): "3",
}


def _national(system: str, value: str) -> Identifier | None:
    """The national identifier of a number under its own system; its type digit goes before it.

    Published examples put the whole PS_IdNat under the system of the RPPS: it is taken as it is.
    """
    match = _NATIONAL_SYSTEM.fullmatch(system)
    if match is None:
        return None
    digit = _TYPE_DIGITS.get((match[1], len(value)), "")
    make = professional if match[1].startswith("rpps") else structure
    return make(digit + value)


def ins_to_fhir(ins: Ins, *, former: bool = False) -> FhirIdentifier:
    """The Identifier of an INS: use ``official`` for the one in force, ``old`` for a former one."""
    return identifier_to_fhir(Identifier(ins.oid, ins.matricule), "old" if former else "official")


def ins_from_fhir(resource: Mapping[str, object], element: str | None = None) -> Ins:
    """The INS of an Identifier; its type is not looked at, its system says all.

    Raises ``CarnetError``: ``identifier-malformed``, ``ins-oid-unknown``, ``ins-malformed``.
    """
    identifier = identifier_from_fhir(resource, element)
    return parse_ins(identifier.extension, identifier.root, element)


def unique_id_to_fhir(unique_id: str) -> FhirIdentifier:
    """The ``masterIdentifier`` of a uniqueId (use ``usual``, as MHD has it)."""
    return identifier_to_fhir(identifier_of_unique_id(unique_id), "usual")


def unique_id_from_fhir(resource: Mapping[str, object], element: str | None = None) -> str:
    """The uniqueId of a ``masterIdentifier``.

    Raises ``CarnetError``: ``identifier-malformed``, ``unique-id-malformed``.
    """
    identifier = identifier_from_fhir(resource, element)
    if identifier.extension:
        return unique_id_of(identifier, element)
    return normalise_unique_id(identifier.root, element)
