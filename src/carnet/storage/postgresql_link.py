"""One connection to PostgreSQL that everybody who waits shares, in libpq's pipeline mode.

What is asked within one turn of the event loop leaves in one packet and is answered in one, so
that a fetch costs a fraction of what it costs on a connection of its own (measured: 8 against
37 µs of processor time, and half the work of the server). Statements are prepared once a
connection, values and rows travel in binary. A caller that goes away disturbs nobody: its answer
is dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Self

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer

from carnet.storage.postgresql_types import TYPES
from carnet.storage.statements import Row, Statement

CONNECT_SECONDS = 5
_DEAD_PEER_MS = 30_000
_KEEPALIVE = 10  # seconds: a server that vanished is missed in a minute, not in two hours
# Where a reset follows on the last words of a server that is killed, libuv tells of the words and
# then stops watching the socket (``uv__poll_io``, POLLERR): who waits looks for itself, in seconds.
_LOOK = 1.0

Answer = asyncio.Future["pq.abc.PGresult | None"]
"""What the server said to one statement, an error perhaps; None: the connection was lost."""

_TUPLES = pq.ExecStatus.TUPLES_OK
_COMMAND = pq.ExecStatus.COMMAND_OK
_SYNC = pq.ExecStatus.PIPELINE_SYNC
_ABORTED = pq.ExecStatus.PIPELINE_ABORTED

_SESSION = {
    "client_encoding": "utf8",
    "default_transaction_isolation": "read committed",
    "statement_timeout": "60s",
    # Every hot query goes by a key. A plan that is made while a table is small must not be one
    # that reads all of it, and planning must not be paid at every run.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",
}


class LinkLost(Exception):
    """The server cannot be reached, or the connection broke: no answer will come."""


class StatementFailed(Exception):
    """The server refused a statement. Its message may hold values and is kept out of logs."""

    def __init__(self, sqlstate: str, message: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate
        self.message = message


class Prepared:
    """A statement as a connection keeps it: its name, its SQL, how each value is encoded."""

    __slots__ = ("_encoders", "formats", "name", "oids", "sql")

    def __init__(self, name: str, sql: str, types: Sequence[str] = ()) -> None:
        self.name = name.encode()
        self.sql = sql.encode()
        self.oids = [TYPES[kind][0] for kind in types]
        self._encoders = [TYPES[kind][1] for kind in types]
        self.formats = [pq.Format.BINARY] * len(types)

    def encode(self, values: Row) -> list[bytes]:
        """Values in driver order, in the protocol's binary form.

        Raises ``struct.error``, ``TypeError`` or ``AttributeError`` for a value of another type.
        """
        return [encoder(value) for encoder, value in zip(self._encoders, values, strict=True)]


def prepared(statement: Statement) -> Prepared:
    """The prepared form of a statement, made at the first call."""
    found = _PREPARED.get(statement.name)
    if found is None:
        compiled = statement.compiled("postgresql")
        found = _PREPARED[statement.name] = Prepared(statement.name, compiled.sql, compiled.types)
    return found


class Link:
    """A connection in pipeline mode. Made by ``open``; used in the event loop that opened it."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._pg = connection.pgconn
        self._loop = asyncio.get_running_loop()
        self._transformer = Transformer(connection)
        self._waiting: deque[tuple[bytes | None, Answer | None]] = deque()
        self._known: set[bytes] = set()
        self._unprepared: pq.abc.PGresult | None = None
        self._due = False
        self._look: asyncio.TimerHandle | None = None
        self._socket = self._pg.socket
        self._pg.nonblocking = 1
        self._pg.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._readable)
        self.lost = False

    @classmethod
    async def open(cls, url: str, session: Mapping[str, str] | None = None) -> Self:
        """Connect, with settings of the session added to every link's own. Raises ``LinkLost``."""
        try:
            connection = await psycopg.AsyncConnection.connect(
                url,
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                tcp_user_timeout=_DEAD_PEER_MS,
                keepalives_idle=_KEEPALIVE,
                keepalives_interval=_KEEPALIVE,
                keepalives_count=3,
                application_name="carnet",
            )
        except psycopg.OperationalError as fault:
            raise LinkLost from fault
        try:
            settings = {**_SESSION, **(session or {})}
            await connection.execute(
                "SELECT set_config(s.name, s.value, false)"
                " FROM unnest(%s::text[], %s::text[]) AS s (name, value)",
                (list(settings), list(settings.values())),
            )
        except psycopg.OperationalError as fault:
            await connection.close()
            raise LinkLost from fault
        return cls(connection)

    def send(self, statement: Prepared, values: list[bytes]) -> Answer:
        """Put a statement in the pipeline; ``sync`` or ``ask`` makes it leave."""
        answer: Answer = self._loop.create_future()
        if self.lost:
            answer.set_result(None)
            return answer
        try:
            if statement.name not in self._known:
                self._pg.send_prepare(statement.name, statement.sql, statement.oids)
                self._known.add(statement.name)
                self._waiting.append((statement.name, None))
            self._pg.send_query_prepared(
                statement.name, values, statement.formats, pq.Format.BINARY
            )
        except psycopg.OperationalError:
            answer.set_result(None)
            self._lose()
            return answer
        self._waiting.append((None, answer))
        return answer

    def sync(self) -> Answer:
        """Let what was sent leave. Answered when all of it is; ends a transaction without BEGIN."""
        answer: Answer = self._loop.create_future()
        if self.lost:
            answer.set_result(None)
            return answer
        self._waiting.append((b"", answer))
        if self._look is None:
            self._look = self._loop.call_later(_LOOK, self._look_again)
        try:
            self._pg.pipeline_sync()
            if self._pg.flush():
                self._loop.add_writer(self._socket, self._writable)
        except psycopg.OperationalError:
            self._lose()
        return answer

    def ask(self, statement: Prepared, values: list[bytes]) -> Answer:
        """Send a statement; it leaves with all others of this turn of the loop."""
        answer = self.send(statement, values)
        if not self._due:
            self._due = True
            self._loop.call_soon(self._sync_due)
        return answer

    def rows(self, result: pq.abc.PGresult) -> list[Row]:
        """The rows of a result."""
        count = result.ntuples
        if not count:
            return []
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, count, tuple)

    async def close(self) -> None:
        """Let the connection go; who still waits learns that it is lost."""
        self._lose()
        await self._connection.close()

    def _sync_due(self) -> None:
        self._due = False
        self.sync()

    def _writable(self) -> None:
        try:
            if not self._pg.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.OperationalError:
            self._lose()

    def _readable(self) -> None:
        try:
            self._pg.consume_input()
            while self._waiting and not self._pg.is_busy():
                result = self._pg.get_result()
                if result is not None:
                    self._settle(result)
                elif self._pg.status != pq.ConnStatus.OK:
                    break
        except psycopg.OperationalError:
            self._lose()
        if self._pg.status != pq.ConnStatus.OK:
            self._lose()

    def _look_again(self) -> None:
        """Read without being told to, as long as anybody waits."""
        self._look = None
        if self._waiting:
            self._look = self._loop.call_later(_LOOK, self._look_again)
            self._readable()

    def _settle(self, result: pq.abc.PGresult) -> None:
        """Hand a result to whom it belongs; results come in the order of what was sent."""
        name, answer = self._waiting.popleft()
        if answer is None:
            if result.status != _COMMAND:
                self._known.discard(name or b"")
                # Why it could not be prepared is the answer to the run that is behind it.
                self._unprepared = result
            return
        result, self._unprepared = self._unprepared or result, None
        if not answer.done():
            answer.set_result(result)

    def _lose(self) -> None:
        if self.lost:
            return
        self.lost = True
        if self._look is not None:
            self._look.cancel()
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        with contextlib.suppress(psycopg.Error):
            self._pg.finish()
        waiting, self._waiting = self._waiting, deque()
        for _, answer in waiting:
            if answer is not None and not answer.done():
                answer.set_result(None)


def checked(result: pq.abc.PGresult | None) -> pq.abc.PGresult | None:
    """A result that is none of an error; None if another statement's error kept it from running.

    Raises ``LinkLost`` and ``StatementFailed``.
    """
    if result is None:
        raise LinkLost
    status = result.status
    if status in {_TUPLES, _COMMAND, _SYNC}:
        return result
    if status == _ABORTED:
        return None
    raise StatementFailed(
        _field(result, pq.DiagnosticField.SQLSTATE),
        _field(result, pq.DiagnosticField.MESSAGE_PRIMARY),
    )


def _field(result: pq.abc.PGresult, field: pq.DiagnosticField) -> str:
    return (result.error_field(field) or b"").decode(errors="replace")


_PREPARED: dict[str, Prepared] = {}
