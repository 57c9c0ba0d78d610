"""Corrections of episodes by hand, and marks of what a person has seen: sealed rows of a record.

A correction is sealed to its id, a mark to the keyed hash of its person. Who writes a row says
which version of it they read, so that of two writers one reads again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, LargeBinary, Table, bindparam, literal_column, select, update

from carnet.storage import schema as s
from carnet.storage import writes
from carnet.storage.batch import Step, step
from carnet.storage.statements import Statement

if TYPE_CHECKING:
    from carnet.storage.sealing import Sealer
    from carnet.storage.store import Store

ARRANGEMENT, SEEN = b"arrangement", b"seen"
"""The kinds of object that these rows are sealed as."""

_ONE: Any = literal_column("1")


def _bytes(name: str) -> Any:
    return bindparam(name, type_=LargeBinary)


def _int(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


def _change(name: str, table: Table, key: str) -> Statement:
    """Write a row anew where it still has the version that was read."""
    return Statement(
        name,
        f"record_id {key} expected sealed",
        lambda _: (
            update(table)
            .where(
                table.c.record_id == _bytes("record_id"),
                table.c[key] == _bytes(key),
                table.c.version == _int("expected"),
            )
            .values(version=table.c.version + _ONE, sealed=_bytes("sealed"))
        ),
    )


ARRANGEMENTS = Statement(
    "arrangements",
    "record_id",
    lambda _: (
        select(s.arrangement.c.arrangement_id, s.arrangement.c.version, s.arrangement.c.sealed)
        .where(s.arrangement.c.record_id == _bytes("record_id"))
        .order_by(s.arrangement.c.arrangement_id)
    ),
)
ADD_ARRANGEMENT = writes.insert_new("add_arrangement", s.arrangement)
CHANGE_ARRANGEMENT = _change("change_arrangement", s.arrangement, "arrangement_id")
SEEN_BY = Statement(
    "seen_by",
    "record_id person",
    lambda _: select(s.seen.c.version, s.seen.c.sealed).where(
        s.seen.c.record_id == _bytes("record_id"), s.seen.c.person == _bytes("person")
    ),
)
ALL_SEEN = Statement(
    "all_seen",
    "record_id",
    lambda _: select(s.seen.c.person, s.seen.c.sealed).where(
        s.seen.c.record_id == _bytes("record_id")
    ),
)
ADD_SEEN = writes.insert_new("add_seen", s.seen)
CHANGE_SEEN = _change("change_seen", s.seen, "person")


async def arrangements(store: Store, sealer: Sealer) -> list[tuple[bytes, int, bytes]]:
    """Every correction of a record: id, version, opened. Raises ``SealBroken``."""
    rows = await store.main.fetch(ARRANGEMENTS, sealer.record_id)
    return [
        (key, version, sealer.unseal(ARRANGEMENT, key, sealed)) for key, version, sealed in rows
    ]


def arrangement_step(sealer: Sealer, key: bytes, version: int, data: bytes) -> Step:
    """The step that writes a correction; ``version`` is the one that was read, 0 for a new one."""
    return _step(ADD_ARRANGEMENT, CHANGE_ARRANGEMENT, ARRANGEMENT, sealer, key, version, data)


async def seen_by(store: Store, sealer: Sealer, person: bytes) -> tuple[int, bytes]:
    """Version and content of a person's mark; 0 and nothing where there is none.

    Raises ``SealBroken``.
    """
    rows = await store.main.fetch(SEEN_BY, sealer.record_id, person)
    return (rows[0][0], sealer.unseal(SEEN, person, rows[0][1])) if rows else (0, b"")


def seen_step(sealer: Sealer, person: bytes, version: int, data: bytes) -> Step:
    """The step that writes a person's mark; ``version`` is the one that was read, 0 for none."""
    return _step(ADD_SEEN, CHANGE_SEEN, SEEN, sealer, person, version, data)


def _step(
    add: Statement,
    change: Statement,
    kind: bytes,
    sealer: Sealer,
    key: bytes,
    version: int,
    data: bytes,
) -> Step:
    sealed = sealer.seal(kind, key, data)
    if version:
        return step(change, (sealer.record_id, key, version, sealed), expect=1)
    return step(add, (sealer.record_id, key, 1, sealed), expect=1)
