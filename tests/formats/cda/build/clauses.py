"""The reference's abbreviations of OIDs, and its way to name an element by its templates."""

from __future__ import annotations

CCD = "2.16.840.1.113883.10.20"
PCC = "1.3.6.1.4.1.19376.1.5.3.1"
SECTION = "1.2.250.1.213.1.1.2"
ENTRY = "1.2.250.1.213.1.1.3"


def of_templates(path: str, *roots: str) -> str:
    """The elements at an XPath that declare these templates and no others."""
    tests = " and ".join(f"h:templateId/@root='{root}'" for root in roots)
    return f"{path}[{tests} and count(h:templateId)={len(roots)}]"
