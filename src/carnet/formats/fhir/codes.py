"""Coded values both ways: internal OIDs against the systems of FHIR.

What is written comes as ready JSON (one small fragment a code, kept), since a record repeats the
same few dozen codes and rendering stands on the path of feeding.
"""

from __future__ import annotations

from functools import lru_cache

import orjson

from carnet.formats.fhir.reading import Element
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.vocabulary import system_oid, system_url, value_set


def coding_json(code: Code) -> dict[str, object]:
    """A Coding with the URL of its system, or ``urn:oid:`` where none is known."""
    out: dict[str, object] = {"system": system_url(code.system), "code": code.code}
    if code.display:
        out["display"] = code.display
    return out


@lru_cache(maxsize=4096)
def coding(code: Code) -> orjson.Fragment:
    """A Coding as JSON."""
    return orjson.Fragment(orjson.dumps(coding_json(code)))


@lru_cache(maxsize=4096)
def concept(code: Code) -> orjson.Fragment:
    """A CodeableConcept of one Coding as JSON."""
    return orjson.Fragment(orjson.dumps({"coding": [coding_json(code)]}))


def code_of(
    system: str | None, code: str, display: str | None, names: str | None, path: str
) -> Code:
    """The code in internal form, with the label of the value set ``names`` where it is there.

    Without a system the value set must hold the code. Whether an unknown code passes is decided
    where rules are. Raises ``coding-system-required``.
    """
    found = value_set(names).find(code, system) if names else None
    if found is not None:
        return found
    if system is None:
        raise CarnetError("coding-system-required", path)
    return Code(system_oid(system), code, display)


def read_coding(element: Element, names: str | None = None) -> Code:
    """A Coding element."""
    element.ignore("version", "userSelected")
    system = element.text("system", 256)
    code = element.needed_text("code", 128)
    display = element.text("display", 512)
    element.done()
    return code_of(system, code, display, names, element.path)


def read_concept(element: Element, names: str | None = None) -> Code:
    """The first Coding of a CodeableConcept that the value set knows, else the first.

    Raises ``element-required`` where there is none: a text alone is no code.
    """
    element.ignore("text")
    codes = [read_coding(item, names) for item in element.children("coding", 10)]
    element.done()
    if not codes:
        element.require("coding")
    if names:
        known = value_set(names)
        for code in codes:
            if known.find(code.code, code.system) is not None:
                return code
    return codes[0]
