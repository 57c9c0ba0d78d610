"""A document of a life, written: its bytes, and what a submission needs of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from carnet.record.document import Code


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A CDA document ready to be fed.

    ``key`` is that of the document in its life, ``sender`` the key of who feeds it (a professional,
    the citizen, ``insurance``). ``visibility`` are codes of TRE_A07 asked for at the deposit;
    ``level`` is 1 or 3; ``replaces`` the uniqueId of the version before.
    """

    key: str
    sender: str
    xml: bytes
    unique_id: str
    type: Code
    title: str
    created: datetime
    deposited: datetime
    level: int
    visibility: tuple[str, ...] = ()
    replaces: str | None = None
