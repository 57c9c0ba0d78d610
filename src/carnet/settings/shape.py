"""The list of settings, read off the model: dotted name, variable, type, default, meaning."""

from __future__ import annotations

import functools
import inspect
from typing import get_type_hints

import msgspec
from msgspec import inspect as shapes

from carnet.settings.model import Settings

PREFIX = "CARNET_"


class Setting(msgspec.Struct, frozen=True):
    """One setting: ``identity.conflict`` is also ``CARNET_IDENTITY_CONFLICT``."""

    name: str
    type: object
    info: shapes.Type
    default: object
    description: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.replace(".", "_").upper()


@functools.cache
def all_settings() -> dict[str, Setting]:
    """Every setting by its dotted name, in the order of the model."""
    return {setting.name: setting for setting in _of(Settings, "")}


def groups() -> set[str]:
    """The names of the tables of a settings file."""
    return {name.split(".")[0] for name in all_settings() if "." in name}


def _of(model: type[msgspec.Struct], prefix: str) -> list[Setting]:
    hints = get_type_hints(model, include_extras=True)
    found: list[Setting] = []
    for field in msgspec.structs.fields(model):
        hint = hints[field.name]
        if inspect.isclass(hint) and issubclass(hint, msgspec.Struct):
            found += _of(hint, f"{field.name}.")
        else:
            info = shapes.type_info(hint)
            found.append(
                Setting(prefix + field.name, hint, bare(info), field.default, _meaning(info))
            )
    return found


def bare(info: shapes.Type) -> shapes.Type:
    """The type inside its metadata and beside ``None``."""
    while isinstance(info, shapes.Metadata):
        info = info.type
    if isinstance(info, shapes.UnionType):
        kept = [part for part in info.types if not isinstance(part, shapes.NoneType)]
        return bare(kept[0])
    return info


def _meaning(info: shapes.Type) -> str:
    if isinstance(info, shapes.Metadata) and info.extra_json_schema:
        return str(info.extra_json_schema.get("description", ""))
    return ""


def expected(info: shapes.Type, language: str) -> str:
    """What a value must look like, as a few words in French or English."""
    french = language == "fr"
    if isinstance(info, shapes.EnumType):
        values = ", ".join(str(value.value) for value in info.cls)
        return f"l'une des valeurs {values}" if french else f"one of {values}"
    if isinstance(info, shapes.IntType):
        return _range(info.ge, info.le, french=french)
    if isinstance(info, shapes.CustomType):
        return "un chemin" if french else "a path"
    if isinstance(info, shapes.StrType):
        return "un texte non vide" if french else "a text that is not empty"
    if french:
        return "une liste de tables avec iss, jwks, audience, algorithms"
    return "a list of tables with iss, jwks, audience, algorithms"


def _range(low: int | None, high: int | None, *, french: bool) -> str:
    words = "un nombre entier" if french else "a whole number"
    if low is not None:
        words += f" d'au moins {low}" if french else f" of at least {low}"
    if high is not None:
        words += f" et d'au plus {high}" if french else f" and at most {high}"
    return words
