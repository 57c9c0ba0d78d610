"""Reads patches: JSON Patch (RFC 6902) and FHIRPath Patch, and the change of visibility they ask.

Accepted on a DocumentReference (PDSm flows 3-4): ``add`` and ``replace`` of ``securityLabel``. A
visibility code at one place adds it; ``N`` at one place clears the codes that the caller may clear;
a whole list at ``/securityLabel`` says all of them.
"""

from __future__ import annotations

import re

import msgspec

from carnet.formats.fhir.reading import Element
from carnet.record.document import Code
from carnet.record.errors import CarnetError, Notice
from carnet.record.visibility import FlagCode, parse_labels
from carnet.usecases.requests import Visibility

_OPERATIONS = 10
_LABEL = re.compile(r"/securityLabel/(?:\d{1,2}|-)|DocumentReference\.securityLabel\[\d{1,2}\]")
_LIST = ("/securityLabel", "DocumentReference.securityLabel")
_STATUS = ("/status", "DocumentReference.status")
_ARCHIVE = re.compile(r".*(?:extension|is-archived|isArchived).*", re.IGNORECASE)
_VALUE = re.compile(r"value[A-Z][A-Za-z]*")


class Operation(msgspec.Struct, frozen=True):
    """One operation: its kind (add, replace …), path, value, and where in the patch it stands."""

    kind: str
    path: str
    value: object
    place: str


def operations_of(patch: object) -> list[Operation]:
    """The operations of a JSON Patch. Raises ``patch-malformed``, ``element-*``."""
    if not isinstance(patch, list) or not 0 < len(patch) <= _OPERATIONS:
        raise CarnetError("patch-malformed", "Patch")
    found: list[Operation] = []
    for index, item in enumerate(patch):
        element = Element(item, f"Patch[{index}]")
        kind = element.needed_text("op", 20)
        path = element.needed_text("path", 256)
        value = element.raw("value")
        element.done()
        found.append(Operation(kind, path, value, element.path))
    return found


def parameter_operations(patch: object) -> list[Operation]:
    """The operations of a FHIRPath Patch (R4 §3.1.0.13.2). Raises ``patch-malformed``."""
    root = Element(patch, "Parameters")
    if root.raw("resourceType") != "Parameters":
        raise CarnetError("patch-malformed", root.path)
    root.ignore("meta")
    found: list[Operation] = []
    for parameter in root.children("parameter", _OPERATIONS):
        if parameter.needed_text("name", 40) != "operation":
            raise CarnetError("patch-malformed", parameter.at("name"))
        parts = {
            part.needed_text("name", 40): _part_value(part)
            for part in parameter.children("part", 10)
        }
        parameter.done()
        kind, path, value = parts.get("type"), parts.get("path"), parts.get("value")
        if not isinstance(kind, str) or not isinstance(path, str):
            raise CarnetError("patch-malformed", parameter.path)
        name = parts.get("name")
        if kind == "add" and isinstance(name, str):
            path = f"{path}.{name}[0]"
        found.append(Operation(kind, path, value, parameter.path))
    root.done()
    if not found:
        raise CarnetError("patch-malformed", root.path)
    return found


def _part_value(part: Element) -> object:
    names = [name for name in part.members() if _VALUE.fullmatch(name)]
    if len(names) != 1:
        raise CarnetError("patch-malformed", part.path)
    value = part.raw(names[0])
    part.done()
    return value


def read_json_patch(patch: object) -> tuple[Visibility, tuple[Notice, ...]]:
    """The change of visibility that a JSON Patch asks. Raises as ``_wanted``."""
    return _wanted(operations_of(patch))


def read_fhirpath_patch(patch: object) -> tuple[Visibility, tuple[Notice, ...]]:
    """The change of visibility that a FHIRPath Patch asks. Raises as ``_wanted``."""
    return _wanted(parameter_operations(patch))


def _wanted(operations: list[Operation]) -> tuple[Visibility, tuple[Notice, ...]]:
    """All operations as one change.

    Raises ``patch-later`` (archiving, deletion), ``patch-path`` naming the path,
    ``patch-operation``, ``patch-value``, and those of ``visibility.parse_labels``.
    """
    flags: dict[FlagCode, bool] = {}
    warnings: list[Notice] = []
    for operation in operations:
        whole = _check(operation)
        codes = _codes(operation, whole, warnings)
        level, said = parse_labels(tuple(codes), operation.place)
        if level.code != "N":
            raise CarnetError("patch-value", operation.place)
        if whole or not said:
            flags = dict.fromkeys(FlagCode, False)
        flags.update(dict.fromkeys(said, True))
    wanted = Visibility(
        flags.get(FlagCode.HIDDEN_FROM_PROFESSIONALS),
        flags.get(FlagCode.HIDDEN_FROM_PATIENT),
        flags.get(FlagCode.HIDDEN_FROM_REPRESENTATIVES),
    )
    return wanted, tuple(warnings)


def _check(operation: Operation) -> bool:
    """Whether the whole list is meant; refuses other paths and operations by name."""
    path = operation.path
    if path in _STATUS or _ARCHIVE.fullmatch(path):
        raise CarnetError("patch-later", operation.place, path=path[:128])
    whole = path in _LIST
    if not (whole or _LABEL.fullmatch(path)):
        raise CarnetError("patch-path", operation.place, path=path[:128])
    if operation.kind not in ("add", "replace"):
        raise CarnetError("patch-operation", operation.place, operation=operation.kind)
    return whole


def _codes(operation: Operation, whole: bool, warnings: list[Notice]) -> list[Code]:
    value = operation.value
    if isinstance(value, str):
        warnings.append(Notice("patch-bare-code", operation.place))
        return [Code("", value)]
    concepts = value if whole and isinstance(value, list) else [value]
    codes: list[Code] = []
    for index, concept in enumerate(concepts):
        element = Element(concept, f"{operation.place}.value[{index}]")
        element.ignore("text")
        for coding in element.children("coding", 10):
            coding.ignore("display", "version", "userSelected")
            system = coding.text("system", 256) or ""
            codes.append(Code(system, coding.needed_text("code", 128)))
            coding.done()
        element.done()
    if not codes:
        raise CarnetError("patch-value", operation.place)
    return codes
