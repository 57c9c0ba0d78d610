"""Identifiers to and from the forms of HL7: ``cx`` (CX, XCN, XON), ``fhir``, ``cda``.

This module holds what they share: OIDs, UUIDs and the uniqueId of a document, which Carnet writes
as ``OID``, ``OID^extension`` or ``urn:uuid:…`` (ITI TF-3 §4.2.3.2.26), of at most 128 characters.
"""

from __future__ import annotations

import re

from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier

UNIQUE_ID_LIMIT = 128

_OID = re.compile(r"[0-2](?:\.\d+)+", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def is_oid(text: str) -> bool:
    """Whether a text is an OID; zeros before an arc are let pass."""
    return _OID.fullmatch(text) is not None


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID in either case, without ``urn:uuid:``."""
    return _UUID.fullmatch(text.lower()) is not None


def normalise_root(root: str) -> str:
    """A root as Carnet keeps it: a bare OID, a bare lower-case UUID, or another text as given."""
    bare = root.strip()
    for prefix in ("urn:oid:", "urn:uuid:"):
        if bare.lower().startswith(prefix):
            bare = bare[len(prefix) :]
    if is_uuid(bare):
        return bare.lower()
    return bare if is_oid(bare) else root.strip()


def unique_id_of(identifier: Identifier, element: str | None = None) -> str:
    """The uniqueId that an identifier makes: ``OID``, ``OID^extension`` or ``urn:uuid:…``.

    Raises ``CarnetError('unique-id-malformed')`` for other roots, for a UUID with an extension, for
    an extension with ``^``, and above 128 characters.
    """
    root = normalise_root(identifier.root)
    extension = identifier.extension
    unique_id = f"{root}^{extension}" if extension else root
    if is_uuid(root) and not extension:
        unique_id = f"urn:uuid:{root}"
    elif not is_oid(root) or "^" in extension:
        raise CarnetError("unique-id-malformed", element)
    if len(unique_id) > UNIQUE_ID_LIMIT:
        raise CarnetError("unique-id-malformed", element)
    return unique_id


def normalise_unique_id(text: str, element: str | None = None) -> str:
    """A uniqueId as Carnet keeps it, from any spelling of it (``urn:oid:``, bare, upper case).

    Raises as ``unique_id_of``.
    """
    root, _, extension = text.strip().partition("^")
    return unique_id_of(Identifier(root, extension), element)


def identifier_of_unique_id(unique_id: str) -> Identifier:
    """The root and extension of a uniqueId in Carnet's own spelling."""
    root, _, extension = unique_id.partition("^")
    return Identifier(normalise_root(root), extension)
