"""Level 1 bodies: a file (PDF, image …) in base 64."""

from __future__ import annotations

import base64

from lxml.etree import _Element

from carnet.formats.cda.build.kind import BodyKind, Ids
from carnet.formats.cda.build.model import EncodedBody
from carnet.formats.cda.build.xml import element


def write_encoded(body: EncodedBody, _ids: Ids) -> _Element:
    """The component with the non-XML body."""
    text = element(
        "text",
        base64.b64encode(body.data).decode("ascii"),
        attrs={"mediaType": body.media_type, "representation": "B64"},
    )
    return element("component", element("nonXMLBody", text))


ENCODED = BodyKind(
    body=EncodedBody, templates=(("1.3.6.1.4.1.19376.1.2.20", None),), write=write_encoded
)
