"""Reads the files of scripted lives and of those who treat them.

Raises ``CarnetError('life-invalid')`` with file, line and reason for whatever a file may not say.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from carnet.population.scripts.faults import fault_of_reading
from carnet.population.scripts.forms import (
    KindForm,
    LifeForm,
    PersonForm,
    PersonOnlyForm,
    ProfessionalsForm,
)

_Read = TypeVar("_Read")


def population() -> Traversable:
    """The folder of the package's data."""
    return files("carnet.population")


def decode(file: str, text: str, kind: type[_Read]) -> _Read:
    """The text of a TOML file in its form. Raises ``life-invalid``."""
    try:
        return msgspec.toml.decode(text, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise fault_of_reading(file, text, error) from error


def texts(folder: Traversable) -> dict[str, str]:
    """The TOML files of a folder by name without ending, in the order of the names."""
    found = sorted((one for one in folder.iterdir()), key=lambda one: one.name)
    return {
        one.name.removesuffix(".toml"): one.read_text("utf-8")
        for one in found
        if one.name.endswith(".toml")
    }


@cache
def life_texts() -> dict[str, str]:
    """Every scripted life as written: key of the person → text."""
    return texts(population() / "lives")


def life_keys() -> list[str]:
    """The keys of the scripted lives, in the order of the files."""
    return list(life_texts())


@cache
def life_form(key: str) -> LifeForm:
    """The scripted life of a key in its form. KeyError for none; raises ``life-invalid``."""
    return decode(f"{key}.toml", life_texts()[key], LifeForm)


@cache
def person_form(key: str) -> PersonForm:
    """Who a scripted life is about, without reading the rest: its file begins with it.

    KeyError for none; raises ``life-invalid``.
    """
    head = life_texts()[key].partition("\n[[")[0]
    return decode(f"{key}.toml", head, PersonOnlyForm).person


@cache
def professionals_forms() -> tuple[ProfessionalsForm, ...]:
    """Those who treat, file by file. Raises ``life-invalid``."""
    folder = texts(population() / "data" / "professionals")
    return tuple(
        decode(f"professionals/{name}.toml", text, ProfessionalsForm)
        for name, text in folder.items()
    )


@cache
def kinds() -> dict[str, KindForm]:
    """Kinds of document by name."""
    text = (population() / "data" / "kinds.toml").read_text("utf-8")
    return decode("kinds.toml", text, dict[str, KindForm])
