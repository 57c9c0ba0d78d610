"""Reads value sets and associations from files: Carnet's own, or an operator's in their place.

A value set comes in Carnet's compact form (systems, each with code → label) or as a FHIR ValueSet
that lists its concepts (``compose.include.concept``), as the NOS publish them.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.vocabulary.systems import system_oid


class ValueSet(msgspec.Struct, frozen=True):
    """A named set of codes with their French labels, in the order of publication."""

    name: str
    title: str
    version: str
    source: str
    oid: str | None
    concepts: tuple[Code, ...]
    by_code: dict[str, tuple[Code, ...]]

    def find(self, code: str, system: str | None = None) -> Code | None:
        """The concept of a code, in a system (OID or URL) or in any; None where there is none."""
        for concept in self.by_code.get(code, ()):
            if system is None or concept.system == system_oid(system):
                return concept
        return None


class _Include(msgspec.Struct):
    system: str
    concepts: dict[str, str]


class _CompactFile(msgspec.Struct):
    name: str
    title: str
    version: str
    source: str
    include: list[_Include]
    oid: str | None = None


class _FhirConcept(msgspec.Struct):
    code: str
    display: str | None = None


class _FhirInclude(msgspec.Struct):
    system: str
    concept: list[_FhirConcept]


class _FhirCompose(msgspec.Struct):
    include: list[_FhirInclude]


class _FhirValueSet(msgspec.Struct, tag_field="resourceType", tag="ValueSet"):
    compose: _FhirCompose
    name: str = ""
    title: str = ""
    version: str = ""
    publisher: str = ""


class TypeToClass(msgspec.Struct):
    """ASS_X04: class code → type codes. ``choices`` are Carnet's own answers for types without."""

    classes: dict[str, list[str]]
    choices: dict[str, str] = {}


class ToFormat(msgspec.Struct):
    """ASS_A11 and ASS_A12: system of formatCode → template or media type → formatCode."""

    formats: dict[str, dict[str, str]]


class _Kind(msgspec.Struct):
    resource_type: str | None = msgspec.field(name="resourceType", default=None)


def read_value_set(path: Path) -> ValueSet:
    """The value set of a file. Raises ``CarnetError('vocabulary-unreadable', file=)``."""
    data = _read(path)
    try:
        if msgspec.json.decode(data, type=_Kind).resource_type is None:
            compact = msgspec.json.decode(data, type=_CompactFile)
            return _of_compact(compact)
        return _of_fhir(msgspec.json.decode(data, type=_FhirValueSet))
    except msgspec.DecodeError:
        raise CarnetError("vocabulary-unreadable", file=path.name) from None


def read_type_to_class(path: Path) -> TypeToClass:
    """The association of types with classes. Raises as ``read_value_set``."""
    try:
        return msgspec.json.decode(_read(path), type=TypeToClass)
    except msgspec.DecodeError:
        raise CarnetError("vocabulary-unreadable", file=path.name) from None


def read_to_format(path: Path) -> ToFormat:
    """An association with formatCode. Raises as ``read_value_set``."""
    try:
        return msgspec.json.decode(_read(path), type=ToFormat)
    except msgspec.DecodeError:
        raise CarnetError("vocabulary-unreadable", file=path.name) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise CarnetError("vocabulary-unreadable", file=path.name) from None


def _of_compact(file: _CompactFile) -> ValueSet:
    concepts = tuple(
        Code(include.system, code, label)
        for include in file.include
        for code, label in include.concepts.items()
    )
    return _value_set(file.name, file.title, file.version, file.source, file.oid, concepts)


def _of_fhir(resource: _FhirValueSet) -> ValueSet:
    concepts = tuple(
        Code(system_oid(include.system), concept.code, concept.display)
        for include in resource.compose.include
        for concept in include.concept
    )
    title = resource.title or resource.name
    return _value_set(resource.name, title, resource.version, resource.publisher, None, concepts)


def _value_set(
    name: str, title: str, version: str, source: str, oid: str | None, concepts: tuple[Code, ...]
) -> ValueSet:
    by_code: dict[str, tuple[Code, ...]] = {}
    for concept in concepts:
        by_code[concept.code] = (*by_code.get(concept.code, ()), concept)
    return ValueSet(name, title, version, source, oid, concepts, by_code)
