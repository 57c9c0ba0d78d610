"""The kind of a store, fixed when it is made."""

from __future__ import annotations

from enum import StrEnum


class StoreKind(StrEnum):
    """What a store is for.

    It decides whether test INS and wrong keys pass, whether tokens can be made by the command
    line, and whether the operator may read.
    """

    PRODUCTION = "production"
    TEST = "test"
    DEMO = "demo"
