"""Reads the demo's data files: who there is, what there is to write.

Everything is checked on reading: an unknown field or a wrong type stops the demo with msgspec's
own error, which names the place.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from carnet.record.access.model import RelationKind
from carnet.record.identity import Sex
from carnet.record.lifecycle import RecordState

Street = tuple[str, str, str, str]
Range = tuple[str, str]
Values = dict[str, str | dict[str, str]]


class _Script(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all scripts: a misspelt field is an error."""


class PersonScript(_Script, frozen=True):
    """One citizen of ``people.toml``."""

    key: str
    matricule: str
    family: str
    given: str
    given_names: str
    sex: Sex
    born: str
    birth_place: str
    birth_city: str
    street: Street
    record: RecordState
    headline: str
    what_to_try: tuple[str, ...]
    used_family: str | None = None
    phone: str | None = None
    doctor: str | None = None
    guardians: tuple[str, ...] = ()
    break_glass_opposed: bool = False


class StructureScript(_Script, frozen=True):
    """One structure of ``professionals.toml``."""

    key: str
    identifier: str
    name: str
    sector: str
    setting: str
    street: Street
    phone: str


class ProfessionalScript(_Script, frozen=True):
    """One professional of ``professionals.toml``."""

    key: str
    identifier: str
    family: str
    given: str
    civility: str
    profession: str
    structure: str
    title: str


class RelationScript(_Script, frozen=True):
    """One tie of ``relations.toml``, for one or more patients."""

    patients: tuple[str, ...]
    kind: RelationKind
    actor: str
    since: int
    until: int | None = None
    scope: str | None = None


class KindScript(_Script, frozen=True):
    """A kind of document: type of J07, mode of the encounter."""

    code: str
    mode: str | None = None


class AnalysisScript(_Script, frozen=True):
    """One analysis of ``analyses.toml``; ``range`` for all, or one by sex."""

    label: str
    unit: str
    shown: str | None = None
    loinc: tuple[str, str] | None = None
    method: str | None = None
    range: Range = ("", "")
    range_f: Range | None = None
    range_m: Range | None = None


class BatteryScript(_Script, frozen=True):
    """Analyses that are made together."""

    label: str
    analyses: tuple[str, ...]
    loinc: tuple[str, str] | None = None


class AnalysesScript(_Script, frozen=True):
    """All of ``analyses.toml``; chapters are LOINC code and label."""

    analysis: dict[str, AnalysisScript]
    battery: dict[str, BatteryScript]
    chapter: dict[str, tuple[str, str]]


class TableScript(_Script, frozen=True):
    """A table inside a letter."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class PhotoScript(_Script, frozen=True):
    """What a citizen photographed."""

    title: str
    lines: tuple[str, ...]
    handwritten: tuple[str, ...] = ()
    stamp: str | None = None


class ChapterScript(_Script, frozen=True):
    """A chapter of a laboratory report: values by analysis, or by battery and analysis."""

    code: str
    results: Values
    comment: str | None = None


class DocumentScript(_Script, frozen=True):
    """One document: a letter (``text``), a photograph, or a laboratory report (``chapters``).

    ``days_ago`` counts back from the day of the demo, ``stay`` is the length of a hospital stay in
    days that ends that day. ``to`` and ``ordered_by`` are keys of professionals.
    """

    key: str
    kind: str
    author: str
    days_ago: int
    time: str
    title: str = "Compte rendu d'examens biologiques"
    to: str | None = None
    ordered_by: str | None = None
    stay: int | None = None
    greeting: str | None = None
    closing: str | None = None
    signature: str | None = None
    text: tuple[str | TableScript, ...] = ()
    photo: PhotoScript | None = None
    chapters: tuple[ChapterScript, ...] = ()
    replaces: str | None = None
    visibility: tuple[str, ...] = ()
    hidden_by_patient: bool = False


class _People(_Script, frozen=True):
    person: tuple[PersonScript, ...]


class Professionals(_Script, frozen=True):
    """All of ``professionals.toml``."""

    structure: tuple[StructureScript, ...]
    professional: tuple[ProfessionalScript, ...]


class _Relations(_Script, frozen=True):
    relation: tuple[RelationScript, ...]


class _Documents(_Script, frozen=True):
    document: tuple[DocumentScript, ...]


_Read = TypeVar("_Read")


def _data() -> Traversable:
    return files("carnet.population.demo") / "data"


def _read(name: str, kind: type[_Read]) -> _Read:
    return msgspec.toml.decode((_data() / name).read_bytes(), type=kind)


@cache
def people_scripts() -> tuple[PersonScript, ...]:
    """The citizens in the order of the file."""
    return _read("people.toml", _People).person


@cache
def professionals_script() -> Professionals:
    """Structures and professionals."""
    return _read("professionals.toml", Professionals)


@cache
def relations_scripts() -> tuple[RelationScript, ...]:
    """The ties."""
    return _read("relations.toml", _Relations).relation


@cache
def kinds() -> dict[str, KindScript]:
    """Kinds of document by name."""
    return _read("kinds.toml", dict[str, KindScript])


@cache
def analyses() -> AnalysesScript:
    """What the laboratory measures."""
    return _read("analyses.toml", AnalysesScript)


@cache
def document_scripts() -> dict[str, tuple[DocumentScript, ...]]:
    """Documents by the key of their patient: one file each."""
    found = sorted((_data() / "documents").iterdir(), key=lambda path: path.name)
    return {
        path.name.removesuffix(".toml"): _read(f"documents/{path.name}", _Documents).document
        for path in found
        if path.name.endswith(".toml")
    }
