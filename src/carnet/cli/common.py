"""Options that commands share, and the settings that they lead to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from carnet.settings import Settings, load


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Common:
    """The options of every command."""

    data: Annotated[Path | None, Parameter(help="The data directory of the store.")] = None
    settings: Annotated[
        Path | None, Parameter(help="A settings file (TOML); else CARNET_SETTINGS names it.")
    ] = None
    json: Annotated[
        bool,
        Parameter(help="One JSON object a line, for machines.", negative="", show_default=False),
    ] = False


def settings_of(common: Common | None, **overrides: object) -> Settings:
    """The settings of a command; ``overrides`` are its own options, None where not given.

    Raises ``SettingsError`` with every fault.
    """
    chosen = common or Common()
    return load(chosen.settings, os.environ, {"data": chosen.data, **overrides})
