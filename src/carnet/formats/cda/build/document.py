"""A whole document: header, then the body of its kind, as UTF-8 bytes."""

from __future__ import annotations

import uuid

from lxml import etree

from carnet.formats.cda.build.body import kind_of
from carnet.formats.cda.build.header import write_header
from carnet.formats.cda.build.model import DocumentSpec
from carnet.formats.cda.build.xml import NSMAP, V3


def entry_uuid(unique_id: str, label: str) -> str:
    """The id of an entry of a document: a UUID (version 5) of document id and label, upper case."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{unique_id}/{label}")).upper()


def build_document(spec: DocumentSpec) -> bytes:
    """The document as UTF-8 XML. Equal specifications give equal bytes."""
    kind = kind_of(spec.body)
    prefixes: dict[str | None, str] = {**NSMAP, **kind.namespaces}
    root = etree.Element(f"{{{V3}}}ClinicalDocument", nsmap=prefixes)
    write_header(root, spec, kind)
    root.append(kind.write(spec.body, lambda label: entry_uuid(spec.unique_id, label)))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
