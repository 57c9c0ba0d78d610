"""All settings in one typed place: a TOML file and ``CARNET_*`` variables, checked at start.

Every fault is found before anything starts, and all are told at once.
"""

from __future__ import annotations

from carnet.settings.checks import check_for
from carnet.settings.faults import SettingsError
from carnet.settings.model import (
    AccessSettings,
    Algorithm,
    DocumentSettings,
    IdentityConflict,
    IdentitySettings,
    Issuer,
    Settings,
    Severity,
    Unknown,
)
from carnet.settings.reading import load

__all__ = [
    "AccessSettings",
    "Algorithm",
    "DocumentSettings",
    "IdentityConflict",
    "IdentitySettings",
    "Issuer",
    "Settings",
    "SettingsError",
    "Severity",
    "Unknown",
    "check_for",
    "load",
]
