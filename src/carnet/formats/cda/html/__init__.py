"""A CDA document as a person reads it: safe HTML of its narrative, its header as data.

``read_html`` gives both; ``embedded`` the bytes of a file that the document carries inside. What
the HTML may hold stands in ``wall``; the limits in ``model``.
"""

from __future__ import annotations

from carnet.formats.cda.html.model import (
    Attachment,
    CdaReading,
    Header,
    HeaderGroup,
    HeaderItem,
    HeaderLine,
    Narrative,
    NarrativeLimits,
    Section,
)
from carnet.formats.cda.html.naming import html_id
from carnet.formats.cda.html.reading import embedded, read_html

__all__ = [
    "Attachment",
    "CdaReading",
    "Header",
    "HeaderGroup",
    "HeaderItem",
    "HeaderLine",
    "Narrative",
    "NarrativeLimits",
    "Section",
    "embedded",
    "html_id",
    "read_html",
]
