"""A whole document: header, then the body of its level, as UTF-8 bytes."""

from __future__ import annotations

import base64
import uuid

from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build.header import write_header
from carnet.formats.cda.build.laboratory import write_laboratory
from carnet.formats.cda.build.laboratory_model import LaboratoryBody
from carnet.formats.cda.build.model import DocumentSpec, EncodedBody
from carnet.formats.cda.build.xml import NSMAP, V3, element


def entry_uuid(unique_id: str, label: str) -> str:
    """The id of an entry of a document: a UUID (version 5) of document id and label, upper case."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{unique_id}/{label}")).upper()


def _encoded(body: EncodedBody) -> _Element:
    text = element(
        "text",
        base64.b64encode(body.data).decode("ascii"),
        attrs={"mediaType": body.media_type, "representation": "B64"},
    )
    return element("component", element("nonXMLBody", text))


def build_document(spec: DocumentSpec) -> bytes:
    """The document as UTF-8 XML. Equal specifications give equal bytes."""
    root = etree.Element(f"{{{V3}}}ClinicalDocument", nsmap=NSMAP)
    write_header(root, spec)
    if isinstance(spec.body, LaboratoryBody):
        root.append(write_laboratory(spec.body, lambda label: entry_uuid(spec.unique_id, label)))
    else:
        root.append(_encoded(spec.body))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
