"""What a rule finds."""

from __future__ import annotations

import msgspec


class Contradiction(msgspec.Struct, frozen=True):
    """``rule`` that is broken, ``key`` of the person, ``where`` in their life, and why."""

    rule: str
    key: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.key}: {self.where}: {self.why} ({self.rule})"
