"""Reads the codes and words of invented lives: what is measured, prescribed, found, done, where.

Each file of ``data/codes`` is read once and checked on reading: an unknown field or a wrong type is
msgspec's own error, an unknown key is ``population-code-unknown``. A code is present only if it was
read beside its name in a public source, which the entry names (``source``, ``sources``) and
``source_of`` gives. An entry without a code is to be written in words only: nullFlavor with
originalText, or the laboratory's own code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from carnet.population.codes_model import (
    Act,
    Allergy,
    AllergyKind,
    Analysis,
    Battery,
    Bounds,
    Chapter,
    ChildBounds,
    Commune,
    Country,
    Device,
    Drug,
    Entry,
    Kind,
    Names,
    Pair,
    Problem,
    Source,
    Vaccine,
)
from carnet.record.errors import CarnetError

__all__ = [
    "TABLES",
    "Act",
    "Allergy",
    "AllergyKind",
    "Analysis",
    "Battery",
    "Bounds",
    "Chapter",
    "ChildBounds",
    "Commune",
    "Country",
    "Device",
    "Drug",
    "Entry",
    "Kind",
    "Names",
    "Pair",
    "Problem",
    "Source",
    "Vaccine",
    "commune",
    "communes",
    "entry",
    "modality_name",
    "names",
    "source_of",
    "table",
]


class _Communes(Entry, frozen=True):
    title: str
    source: str
    columns: tuple[str, ...]
    communes: tuple[Commune, ...]


E = TypeVar("E", bound=Entry)

TABLES: Mapping[str, tuple[str, type[Entry]]] = MappingProxyType(
    {
        "analysis": ("analyses.toml", Analysis),
        "battery": ("analyses.toml", Battery),
        "chapter": ("analyses.toml", Chapter),
        "drug": ("drugs.toml", Drug),
        "vaccine": ("vaccines.toml", Vaccine),
        "problem": ("problems.toml", Problem),
        "act": ("acts.toml", Act),
        "allergy": ("allergies.toml", Allergy),
        "kind": ("allergies.toml", AllergyKind),
        "device": ("devices.toml", Device),
        "country": ("countries.toml", Country),
    }
)
"""Every table by name: the file it stands in and what its entries are."""


def _text(file: str) -> bytes:
    return (files("carnet.population") / "data" / "codes" / file).read_bytes()


@cache
def _document(file: str) -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(_text(file).decode())


@cache
def _table(table: str) -> Mapping[str, Any]:
    file, kind = TABLES[table]
    entries = {
        key: msgspec.convert({**fields, "key": key}, kind, strict=False)
        for key, fields in _document(file)[table].items()
    }
    return MappingProxyType(entries)


def table(kind: type[E]) -> Mapping[str, E]:
    """All entries of a kind by key, in the order of the file: ``table(Drug)``."""
    name = next(name for name, (_, entry) in TABLES.items() if entry is kind)
    return _table(name)


def entry(kind: type[E], key: str) -> E:
    """One entry: ``entry(Drug, "metformin-500")``.

    Raises CarnetError ``population-code-unknown`` for a key that the file does not have.
    """
    found = table(kind).get(key)
    if found is None:
        name, file = next((n, f) for n, (f, entry) in TABLES.items() if entry is kind)
        raise CarnetError("population-code-unknown", f"{name}.{key}", key=key, file=file)
    return found


def source_of(kind: type[Entry], name: str) -> Source:
    """The source that an entry of that kind names. KeyError would be a defect of the file."""
    file = next(file for file, entry in TABLES.values() if entry is kind)
    return msgspec.convert(_document(file)["sources"][name], Source)


def modality_name(code: str) -> str:
    """The French name of a DICOM modality of ``acts.toml``. KeyError for one that it lacks."""
    return str(_document("acts.toml")["modality"][code]["label"])


@cache
def communes() -> tuple[Commune, ...]:
    """Some 1,580 communes of all departments, overseas too, by INSEE code."""
    return msgspec.json.decode(_text("communes.json"), type=_Communes).communes


@cache
def _communes_by_insee() -> Mapping[str, Commune]:
    return MappingProxyType({commune.insee: commune for commune in communes()})


def commune(insee: str) -> Commune:
    """The commune of that INSEE code.

    Raises CarnetError ``population-code-unknown`` for a commune that is not among them.
    """
    found = _communes_by_insee().get(insee)
    if found is None:
        raise CarnetError(
            "population-code-unknown", f"commune.{insee}", key=insee, file="communes.json"
        )
    return found


@cache
def names() -> Names:
    """First and family names, with the pairs not to be drawn."""
    return msgspec.toml.decode(_text("names.toml"), type=Names)
