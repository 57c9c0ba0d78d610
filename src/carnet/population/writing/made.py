"""What the writer of a kind gives back: the body, and what the header says because of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from carnet.formats.cda.build import Body, FurtherAct, Order, Translation
from carnet.record.document import Code
from carnet.record.identity import Identifier


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A body; the code of the main act with its translations, and its times where they differ.

    ``type`` replaces the type of the kind (a PDF in place of a structured document keeps it).
    """

    body: Body
    act: Code | None = None
    act_translations: tuple[Translation, ...] = ()
    act_start: datetime | None = None
    act_end: datetime | None = None
    further_acts: tuple[Code | FurtherAct, ...] = ()
    orders: tuple[Identifier | Order, ...] = ()
    type: Code | None = None
