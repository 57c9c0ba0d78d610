"""Reads from PostgreSQL, over one shared connection a process and database."""

from __future__ import annotations

import asyncio
from typing import Any

from carnet.record.errors import CarnetError
from carnet.storage.postgresql_link import Link, LinkLost, StatementFailed, checked, prepared
from carnet.storage.statements import Row, Statement

# A statement's error, which is a defect, keeps the neighbours in its packet from running: they
# are asked again, this many times at most.
_ATTEMPTS = 3

STOPPING = "57P"  # PostgreSQL, "Error Codes": the server shuts down or starts up
NO_ROOM_OR_TIME = ("53", "57", "58")  # resources, a cancelled query (timeout), the system


class PostgresqlReader:
    """A ``Reader`` of one database; connects when first asked, again once when that is lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._link: Link | None = None
        self._opening: asyncio.Task[Link] | None = None

    async def fetch(self, statement: Statement, *values: Any) -> list[Row]:
        """See ``Reader.fetch``.

        Raises ``CarnetError('store-unavailable')``, ``StatementFailed`` for a defect.
        """
        known = prepared(statement)
        encoded = known.encode(statement.compiled("postgresql").arrange(values))
        lost = False
        for _ in range(_ATTEMPTS):
            link = self._link
            try:
                if link is None or link.lost:
                    link = await self._connect()
                result = checked(await link.ask(known, encoded))
            except LinkLost as fault:
                if lost:
                    raise CarnetError("store-unavailable") from fault
                lost = True
            except StatementFailed as fault:
                if link is not None and fault.sqlstate.startswith(STOPPING) and not lost:
                    await link.close()
                    lost = True
                elif fault.sqlstate.startswith(NO_ROOM_OR_TIME):
                    raise CarnetError("store-unavailable") from fault
                else:
                    raise
            else:
                if result is not None:
                    return link.rows(result)
        raise CarnetError("store-unavailable")

    async def close(self) -> None:
        """See ``Reader.close``."""
        if self._opening is not None and not self._opening.done():
            self._opening.cancel()
        if self._link is not None:
            await self._link.close()

    async def _connect(self) -> Link:
        """A new link, opened once for all who ask meanwhile."""
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(Link.open(self._url))
        self._link = await asyncio.shield(self._opening)
        return self._link
