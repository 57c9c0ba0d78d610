"""``carnet settings``: what is in force, or every fault."""

from __future__ import annotations

from pathlib import Path

import msgspec

from carnet.cli.common import Common, settings_of
from carnet.cli.output import json_line
from carnet.settings.model import Settings
from carnet.settings.reading import SECRET
from carnet.settings.shape import all_settings


def show_settings(common: Common | None = None) -> None:
    """Show the settings in force: defaults, then the file, then CARNET_* variables.

    Faults are told all at once, each with its remedy; the exit status is then 78.
    """
    values = _shown(settings_of(common))
    if common is not None and common.json:
        json_line(values)
        return
    width = max(len(name) for name in values)
    for name, value in values.items():
        text = "" if value is None else value
        print(f"{name:<{width}}  {text}".rstrip())


def _shown(settings: Settings) -> dict[str, object]:
    """Every setting by its dotted name; addresses of databases, which hold passwords, left out."""
    values: dict[str, object] = {}
    for name in all_settings():
        value: object = settings
        for part in name.split("."):
            value = getattr(value, part)
        hidden = name in SECRET and value is not None
        values[name] = "…" if hidden else msgspec.to_builtins(value, enc_hook=_plain)
    return values


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)
