"""The ``id`` element of CDA R2 (data type II): a root, and an extension unless the root says all.

Functions take and give the two attributes; the way from and to XML is the reader's and builder's.
"""

from __future__ import annotations

from carnet.formats.identifiers import (
    identifier_of_unique_id,
    is_uuid,
    normalise_root,
    unique_id_of,
)
from carnet.record.errors import CarnetError
from carnet.record.identity import INS_OIDS, Identifier, Ins, parse_ins


def identifier_from_cda(
    root: str | None, extension: str | None, element: str | None = None
) -> Identifier:
    """The identifier of an ``id``; a UUID in lower case, any other root as it stands.

    Raises ``CarnetError('identifier-malformed')`` where there is no root.
    """
    if not root or not root.strip():
        raise CarnetError("identifier-malformed", element)
    return Identifier(normalise_root(root), (extension or "").strip())


def identifier_to_cda(identifier: Identifier) -> dict[str, str]:
    """The attributes of an ``id``; a UUID in upper case, as the CI-SIS writes them."""
    root = identifier.root.upper() if is_uuid(identifier.root) else identifier.root
    if not identifier.extension:
        return {"root": root}
    return {"root": root, "extension": identifier.extension}


def ins_from_cda(root: str | None, extension: str | None, element: str | None = None) -> Ins | None:
    """The INS of a ``patientRole/id``, or None where the root is that of another identifier.

    Raises ``CarnetError('ins-malformed')``.
    """
    oid = (root or "").strip()
    if oid not in INS_OIDS:
        return None
    return parse_ins(extension or "", oid, element)


def ins_to_cda(ins: Ins) -> dict[str, str]:
    """The attributes of a ``patientRole/id``."""
    return {"root": ins.oid, "extension": ins.matricule}


def unique_id_from_cda(root: str | None, extension: str | None, element: str | None = None) -> str:
    """The uniqueId that ``ClinicalDocument/id`` gives (ITI TF-3 §4.2.3.2.26).

    Raises ``CarnetError``: ``identifier-malformed``, ``unique-id-malformed``.
    """
    return unique_id_of(identifier_from_cda(root, extension, element), element)


def unique_id_to_cda(unique_id: str) -> dict[str, str]:
    """The attributes of ``ClinicalDocument/id`` for a uniqueId."""
    return identifier_to_cda(identifier_of_unique_id(unique_id))
