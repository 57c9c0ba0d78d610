"""Reading CDA R2 documents: header, narrative, and the metadata that follow from them."""

from __future__ import annotations

from carnet.formats.cda.model import CdaDocument
from carnet.formats.cda.scanner import CdaScanner, read_cda

__all__ = ["CdaDocument", "CdaScanner", "read_cda"]
