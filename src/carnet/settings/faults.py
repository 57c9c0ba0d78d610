"""The faults of a settings file and of variables, gathered and told at once."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.record.catalogue import remedy, sentence
from carnet.record.errors import CarnetError, Notice


class SettingsError(CarnetError):
    """Everything that is wrong with the settings; ``faults`` has a notice for each."""

    def __init__(self, faults: Sequence[Notice]) -> None:
        super().__init__("settings-refused", count=len(faults))
        self.faults = tuple(faults)

    def lines(self, language: str = "fr") -> list[str]:
        """One line a fault: what is wrong, and what to do about it."""
        return [_line(fault, language) for fault in self.faults]


def _line(fault: Notice, language: str) -> str:
    error = CarnetError(fault.code, fault.element, **fault.params)
    return f"{sentence(error, language)} {remedy(error, language)}"


def fault(code: str, name: str, origin: str = "", **params: str) -> Notice:
    """A fault of the setting ``name``, said in ``origin`` (the file or a variable)."""
    return Notice(code, name, {"name": name, "origin": origin, **params})
