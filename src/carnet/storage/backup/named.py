"""The one query of a backup: which objects the entries of a store name."""

from __future__ import annotations

from sqlalchemy import select

from carnet.storage import schema as s
from carnet.storage.statements import Statement

NAMED_OBJECTS = Statement(
    "named_objects",
    "",
    lambda _: select(s.entry.c.binary_id).distinct().order_by(s.entry.c.binary_id),
)
