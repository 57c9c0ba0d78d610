"""The reads that only the check of a store needs: scans, counts, single lines of directories."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    SmallInteger,
    Table,
    bindparam,
    func,
    select,
    tuple_,
)

from carnet.storage import schema as s
from carnet.storage.reads import ONE
from carnet.storage.statements import Statement


def _bytes(name: str) -> Any:
    return bindparam(name, type_=LargeBinary)


def _int(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


def _small(name: str) -> Any:
    return bindparam(name, type_=SmallInteger)


def _of_record(name: str, table: Table, *columns: Column[Any]) -> Statement:
    """Rows of one record."""
    chosen = columns or tuple(table.c)
    return Statement(
        name,
        "record_id",
        lambda _: select(*chosen).where(table.c.record_id == _bytes("record_id")),
    )


PARTS_OF_RECORD = _of_record("parts_of_record", s.part)
AWAITED_OF_RECORD = _of_record(
    "awaited_of_record", s.awaited, s.awaited.c.target, s.awaited.c.entry_no
)
EVENTS_OF_RECORD = _of_record(
    "events_of_record",
    s.outbox,
    s.outbox.c.event_no,
    s.outbox.c.kind,
    s.outbox.c.entry_no,
    s.outbox.c.leased_until,
    s.outbox.c.traces,
)

LINE_INS = Statement(
    "line_ins",
    "ins",
    lambda _: select(s.directory_ins.c.record_id, s.directory_ins.c.state).where(
        s.directory_ins.c.ins == _bytes("ins")
    ),
)
LINE_DOCUMENT = Statement(
    "line_document",
    "unique_id",
    lambda _: select(
        s.directory_document.c.record_id,
        s.directory_document.c.entry_no,
        s.directory_document.c.state,
    ).where(s.directory_document.c.unique_id == _bytes("unique_id")),
)
LINE_TRAITS = Statement(
    "line_traits",
    "traits record_id",
    lambda _: select(s.directory_traits.c.record_id).where(
        s.directory_traits.c.traits == _bytes("traits"),
        s.directory_traits.c.record_id == _bytes("record_id"),
    ),
)
LINE_ACTOR = Statement(
    "line_actor",
    "actor kind record_id entry_no",
    lambda _: select(s.directory_actor.c.day).where(
        s.directory_actor.c.actor == _bytes("actor"),
        s.directory_actor.c.kind == _small("kind"),
        s.directory_actor.c.record_id == _bytes("record_id"),
        s.directory_actor.c.entry_no == _int("entry_no"),
    ),
)


def _count(name: str, table: Table) -> Statement:
    return Statement(name, "", lambda _: select(func.count()).select_from(table))


COUNTS = {
    table.name: _count(f"count_{table.name}", table)
    for table in (
        s.directory_ins,
        s.directory_document,
        s.directory_uuid,
        s.directory_traits,
        s.directory_actor,
    )
}


def _scan_by(name: str, table: Table, key: Column[Any]) -> Statement:
    """A whole table in the order of its one key, a page at a time."""
    return Statement(
        name,
        "after most",
        lambda _: select(*table.c).where(key > _bytes("after")).order_by(key).limit(_int("most")),
    )


SCAN_INS = _scan_by("scan_ins", s.directory_ins, s.directory_ins.c.ins)
SCAN_DOCUMENT = _scan_by("scan_document", s.directory_document, s.directory_document.c.unique_id)
SCAN_UUID = _scan_by("scan_uuid", s.directory_uuid, s.directory_uuid.c.uuid)
SCAN_TRAITS = Statement(
    "scan_traits",
    "after_traits after_record most",
    lambda _: (
        select(*s.directory_traits.c)
        .where(
            tuple_(s.directory_traits.c.traits, s.directory_traits.c.record_id)
            > tuple_(_bytes("after_traits"), _bytes("after_record"))
        )
        .order_by(s.directory_traits.c.traits, s.directory_traits.c.record_id)
        .limit(_int("most"))
    ),
)
SCAN_ACTOR = Statement(
    "scan_actor",
    "after_actor after_kind after_record after_entry most",
    lambda _: (
        select(*s.directory_actor.c)
        .where(
            tuple_(
                s.directory_actor.c.actor,
                s.directory_actor.c.kind,
                s.directory_actor.c.record_id,
                s.directory_actor.c.entry_no,
            )
            > tuple_(
                _bytes("after_actor"),
                _small("after_kind"),
                _bytes("after_record"),
                _int("after_entry"),
            )
        )
        .order_by(
            s.directory_actor.c.actor,
            s.directory_actor.c.kind,
            s.directory_actor.c.record_id,
            s.directory_actor.c.entry_no,
        )
        .limit(_int("most"))
    ),
)
TIES_OF_ACTOR = Statement(
    "ties_of_actor",
    "record_id actor kind",
    lambda _: select(s.relation.c.tie_id).where(
        s.relation.c.record_id == _bytes("record_id"),
        s.relation.c.actor == _bytes("actor"),
        s.relation.c.kind == _small("kind"),
    ),
)
RECORD_KEY_IDS = Statement(
    "record_key_ids",
    "after most",
    lambda _: (
        select(s.record_key.c.record_id)
        .where(s.record_key.c.record_id > _bytes("after"))
        .order_by(s.record_key.c.record_id)
        .limit(_int("most"))
    ),
)
NEXT_STREAM = Statement(
    "next_stream",
    "after",
    lambda _: (
        select(s.journal.c.stream)
        .where(s.journal.c.stream > _bytes("after"))
        .order_by(s.journal.c.stream)
        .limit(ONE)
    ),
)
JOURNAL_ROW = Statement(
    "journal_row",
    "stream seq",
    lambda _: select(s.journal.c.at, s.journal.c.mac).where(
        s.journal.c.stream == _bytes("stream"), s.journal.c.seq == _int("seq")
    ),
)
JOURNAL_LAST = Statement(
    "journal_last",
    "stream",
    lambda _: (
        select(s.journal.c.seq, s.journal.c.at, s.journal.c.mac)
        .where(s.journal.c.stream == _bytes("stream"))
        .order_by(s.journal.c.seq.desc())
        .limit(ONE)
    ),
)
