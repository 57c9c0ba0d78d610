"""Small words for writing CDA elements: one function makes an element, a few make data types."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

from carnet.record.document import Code
from carnet.record.identity import Identifier

V3 = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOINC = "2.16.840.1.113883.6.1"
NSMAP: dict[str | None, str] = {None: V3, "xsi": XSI}

_NAMES = {LOINC: "LOINC"}


def element(
    tag: str, *children: _Element | str | None, attrs: dict[str, str | None] | None = None
) -> _Element:
    """An element of the CDA namespace; absent attributes and absent children are left out.

    A string child is text; it must come before the first element.
    """
    made = etree.Element(f"{{{V3}}}{tag}", nsmap=NSMAP)
    for name, value in (attrs or {}).items():
        if value is not None:
            made.set(f"{{{XSI}}}type" if name == "xsi:type" else name, value)
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            made.text = (made.text or "") + child
        else:
            made.append(child)
    return made


def append(parent: _Element, *children: _Element | None) -> _Element:
    """Adds the children that are there and gives the parent back."""
    for child in children:
        if child is not None:
            parent.append(child)
    return parent


def code_attrs(code: Code) -> dict[str, str | None]:
    """The attributes of a coded value."""
    return {
        "code": code.code,
        "displayName": code.display,
        "codeSystem": code.system,
        "codeSystemName": _NAMES.get(code.system),
    }


def coded(tag: str, code: Code | None) -> _Element | None:
    """A coded element, or nothing."""
    return None if code is None else element(tag, attrs=code_attrs(code))


def identified(identifier: Identifier, tag: str = "id") -> _Element:
    """An instance identifier; the extension is left out where there is none."""
    return element(tag, attrs={"root": identifier.root, "extension": identifier.extension or None})


def template(root: str, extension: str | None = None) -> _Element:
    """A templateId."""
    return element("templateId", attrs={"root": root, "extension": extension})


def moment(tag: str, value: str) -> _Element:
    """A point in time."""
    return element(tag, attrs={"value": value})


def interval(tag: str, low: str | None, high: str | None = None, typed: bool = False) -> _Element:
    """A span of time with the bounds that are known."""
    return element(
        tag,
        None if low is None else moment("low", low),
        None if high is None else moment("high", high),
        attrs={"xsi:type": "IVL_TS"} if typed else None,
    )
