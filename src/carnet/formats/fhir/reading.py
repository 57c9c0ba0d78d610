"""Strict reading of FHIR JSON: typed values, a FHIRPath with every refusal, nothing ignored.

An ``Element`` notes which of its members were asked for; ``done`` refuses the rest by name. So a
reader that forgets a member refuses it instead of dropping it.
"""

from __future__ import annotations

import re
from typing import NoReturn

from carnet.record.errors import CarnetError

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_DATE_TIME = re.compile(
    _DATE.pattern + r"(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?"
    r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00))?"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_KINDS = {
    "string": ("une chaîne de caractères", "a string"),
    "object": ("un objet JSON", "a JSON object"),
    "array": ("un tableau JSON non vide", "a non-empty JSON array"),
    "boolean": ("un booléen", "a boolean"),
    "integer": ("un entier", "an integer"),
    "date": ("une date FHIR", "a FHIR date"),
    "date-time": ("une date et heure FHIR", "a FHIR dateTime"),
}


def wrong_type(path: str, kind: str) -> NoReturn:
    """Refuse a value for its type. Raises ``element-type``."""
    french, english = _KINDS[kind]
    raise CarnetError("element-type", path, attendu=french, expected=english)


def is_date(text: str) -> bool:
    """Whether ``text`` is a FHIR date that exists in the calendar."""
    return bool(_DATE.fullmatch(text)) and _exists(text)


def is_date_time(text: str) -> bool:
    """Whether ``text`` is a FHIR dateTime: an offset wherever a time of day stands."""
    return bool(_DATE_TIME.fullmatch(text)) and _exists(text[:10])


def _exists(day: str) -> bool:
    if int(day[:4]) == 0:
        return False
    if len(day) < 10:
        return True
    year, month, number = int(day[:4]), int(day[5:7]), int(day[8:10])
    if number > _DAYS[month - 1]:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return month != 2 or number < 29 or leap


def _string(value: object, path: str, limit: int) -> str:
    if not isinstance(value, str):
        wrong_type(path, "string")
    if not value.strip():
        raise CarnetError("element-empty", path)
    if len(value) > limit:
        raise CarnetError("element-too-long", path, limit=limit)
    if _CONTROL.search(value):
        raise CarnetError("element-control-character", path)
    return value


class Element:
    """One JSON object of a resource, read member by member."""

    __slots__ = ("_seen", "_values", "path")

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            wrong_type(path, "object")
        if not value:
            raise CarnetError("element-empty", path)
        self._values: dict[str, object] = value
        self._seen: set[str] = {"id"}
        self.path = path

    def at(self, name: str) -> str:
        """The FHIRPath of a member."""
        return f"{self.path}.{name}"

    def has(self, name: str) -> bool:
        """Whether the member is there; does not count as reading it."""
        return name in self._values

    def members(self) -> dict[str, object]:
        """All members as JSON gave them; does not count as reading them."""
        return self._values

    def raw(self, name: str) -> object:
        """The member as JSON gave it; None where absent."""
        self._seen.add(name)
        return self._values.get(name)

    def text(self, name: str, limit: int = 4096) -> str | None:
        """A string member of at most ``limit`` characters, without control characters."""
        value = self.raw(name)
        if value is None and name not in self._values:
            return None
        return _string(value, self.at(name), limit)

    def needed_text(self, name: str, limit: int = 4096) -> str:
        """As ``text``; raises ``element-required`` where absent."""
        value = self.text(name, limit)
        if value is None:
            self.require(name)
        return value

    def boolean(self, name: str) -> bool | None:
        """A boolean member."""
        value = self.raw(name)
        if value is None and name not in self._values:
            return None
        if not isinstance(value, bool):
            wrong_type(self.at(name), "boolean")
        return value

    def integer(self, name: str) -> int | None:
        """An integer member of 0 to 2^31 - 1 (FHIR unsignedInt)."""
        value = self.raw(name)
        if value is None and name not in self._values:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
            wrong_type(self.at(name), "integer")
        return value

    def date(self, name: str) -> str | None:
        """A FHIR date, partial or not."""
        value = self.text(name, 10)
        if value is not None and not is_date(value):
            wrong_type(self.at(name), "date")
        return value

    def date_time(self, name: str) -> str | None:
        """A FHIR dateTime or instant."""
        value = self.text(name, 40)
        if value is not None and not is_date_time(value):
            wrong_type(self.at(name), "date-time")
        return value

    def child(self, name: str) -> Element | None:
        """An object member."""
        value = self.raw(name)
        if value is None and name not in self._values:
            return None
        return Element(value, self.at(name))

    def children(self, name: str, most: int = 100) -> list[Element]:
        """A member of several objects; at most ``most``."""
        value = self.raw(name)
        if value is None and name not in self._values:
            return []
        if not isinstance(value, list) or not value:
            wrong_type(self.at(name), "array")
        if len(value) > most:
            raise CarnetError("element-too-many", self.at(name), limit=most)
        return [Element(item, f"{self.at(name)}[{index}]") for index, item in enumerate(value)]

    def texts(self, name: str, most: int = 20) -> list[str]:
        """A member of several strings."""
        value = self.raw(name)
        if value is None and name not in self._values:
            return []
        if not isinstance(value, list) or not value:
            wrong_type(self.at(name), "array")
        if len(value) > most:
            raise CarnetError("element-too-many", self.at(name), limit=most)
        return [_string(item, f"{self.at(name)}[{i}]", 1024) for i, item in enumerate(value)]

    def require(self, name: str) -> NoReturn:
        """Refuse because a member is missing. Raises ``element-required``."""
        raise CarnetError("element-required", self.at(name))

    def ignore(self, *names: str) -> None:
        """Members that carry nothing for the record (narrative, labels) and may stand there."""
        self._seen.update(names)

    def done(self) -> None:
        """Refuse every member that nobody read. Raises ``element-unknown`` for the first."""
        for name in self._values:
            if name in self._seen:
                continue
            if name == "modifierExtension":
                raise CarnetError("modifier-extension-unknown", self.at(name))
            raise CarnetError("element-unknown", self.at(name))
