"""Values that entries of every kind of body hold: codes that may be missing, and quantities."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.record.document import Code


class StructuredBody(msgspec.Struct, frozen=True):
    """What all level 3 bodies derive from; ``body.py`` says how each class is written."""


class Translation(msgspec.Struct, frozen=True):
    """A second code of the same thing; ``qualifier`` names what it says (121139 DCM: modality)."""

    code: Code
    qualifier: Code | None = None


class Coded(msgspec.Struct, frozen=True):
    """A thing named by a code, by words, or by both.

    ``code`` None is written as a null flavour, never as a guess: then ``text`` says what is meant.
    """

    code: Code | None = None
    text: str | None = None
    translations: tuple[Code, ...] = ()

    @property
    def words(self) -> str:
        """The words for people: the text, else the display of the code, else the code."""
        if self.text is not None:
            return self.text
        return "" if self.code is None else self.code.display or self.code.code


class Comparator(StrEnum):
    """On which side of the number the quantity lies, where the apparatus cannot say more."""

    BELOW = "<"
    AT_MOST = "≤"
    AT_LEAST = "≥"
    ABOVE = ">"


class Quantity(msgspec.Struct, frozen=True):
    """A decimal string with a point, and its UCUM unit (``1`` or empty for a bare number).

    With a ``comparator`` only a bound is known ("< 5").
    """

    value: str
    unit: str = ""
    comparator: Comparator | None = None
