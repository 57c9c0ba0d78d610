"""Every write, by name. A batch of them commits together (``carnet.storage.batch``)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, literal_column, update

from carnet.storage import schema as s
from carnet.storage.statements import Statement, Upsert

ONE: Any = literal_column("1")


def _b(name: str) -> Any:
    return bindparam(name)


def _insert(name: str, table: Table) -> Statement:
    columns = [column.name for column in table.columns]
    return Statement(
        name, " ".join(columns), lambda _: insert(table).values({c: _b(c) for c in columns})
    )


def insert_new(name: str, table: Table) -> Statement:
    """Insert that changes nothing (row count 0) where the key exists."""
    columns = [column.name for column in table.columns]
    return Statement(
        name,
        " ".join(columns),
        lambda upsert: upsert(table).values({c: _b(c) for c in columns}).on_conflict_do_nothing(),
    )


def _put(name: str, table: Table) -> Statement:
    """Insert, or replace every column that is not of the key."""
    columns = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    rest = [column for column in columns if column not in keys]

    def build(upsert: Upsert) -> Any:
        made = upsert(table).values({c: _b(c) for c in columns})
        return made.on_conflict_do_update(
            index_elements=keys, set_={c: getattr(made.excluded, c) for c in rest}
        )

    return Statement(name, " ".join(columns), build)


INSERT_RECORD = insert_new("insert_record", s.record)
TOUCH_RECORD = Statement(
    "touch_record",
    "record_id expected entries events",
    lambda _: (
        update(s.record)
        .where(s.record.c.record_id == _b("record_id"), s.record.c.version == _b("expected"))
        .values(
            version=s.record.c.version + ONE,
            entry_count=_b("entries"),
            event_count=_b("events"),
        )
    ),
)
CHANGE_RECORD = Statement(
    "change_record",
    "record_id expected state settings updated_day sealed events",
    lambda _: (
        update(s.record)
        .where(s.record.c.record_id == _b("record_id"), s.record.c.version == _b("expected"))
        .values(
            version=s.record.c.version + ONE,
            state=_b("state"),
            settings=_b("settings"),
            updated_day=_b("updated_day"),
            sealed=_b("sealed"),
            event_count=_b("events"),
        )
    ),
)
PUT_IDENTITY = _put("put_identity", s.identity)
PUT_RELATION = _put("put_relation", s.relation)
ADD_RELATION = insert_new("add_relation", s.relation)
INSERT_ENTRY = _insert("insert_entry", s.entry)
ADD_ENTRY_ACTOR = insert_new("add_entry_actor", s.entry_actor)
CHANGE_ENTRY = Statement(
    "change_entry",
    "record_id entry_no latest status change",
    lambda _: (
        update(s.entry)
        .where(s.entry.c.record_id == _b("record_id"), s.entry.c.entry_no == _b("entry_no"))
        .values(latest=_b("latest"), status=_b("status"), change=_b("change"))
    ),
)
PUT_PAGE = _put("put_page", s.page)
PUT_DERIVED = _put("put_derived", s.derived)
INSERT_SUBMISSION = _insert("insert_submission", s.submission)
ADD_AWAITED = insert_new("add_awaited", s.awaited)
DELETE_AWAITED = Statement(
    "delete_awaited",
    "record_id target entry_no",
    lambda _: delete(s.awaited).where(
        s.awaited.c.record_id == _b("record_id"),
        s.awaited.c.target == _b("target"),
        s.awaited.c.entry_no == _b("entry_no"),
    ),
)
INSERT_EVENT = _insert("insert_event", s.outbox)
LEASE_EVENT = Statement(
    "lease_event",
    "record_id event_no expected until",
    lambda _: (
        update(s.outbox)
        .where(
            s.outbox.c.record_id == _b("record_id"),
            s.outbox.c.event_no == _b("event_no"),
            s.outbox.c.leased_until == _b("expected"),
        )
        .values(leased_until=_b("until"), attempts=s.outbox.c.attempts + ONE)
    ),
)
SETTLE_EVENT = Statement(
    "settle_event",
    "record_id event_no kind traces",
    lambda _: (
        update(s.outbox)
        .where(s.outbox.c.record_id == _b("record_id"), s.outbox.c.event_no == _b("event_no"))
        .values(
            kind=_b("kind"),
            traces=_b("traces"),
            leased_until=literal_column("0"),
            attempts=literal_column("0"),
        )
    ),
)
DELETE_EVENT = Statement(
    "delete_event",
    "record_id event_no",
    lambda _: delete(s.outbox).where(
        s.outbox.c.record_id == _b("record_id"), s.outbox.c.event_no == _b("event_no")
    ),
)
ADD_INS = insert_new("add_ins", s.directory_ins)
ADD_DOCUMENT = insert_new("add_document", s.directory_document)
ADD_UUID = insert_new("add_uuid", s.directory_uuid)
ADD_TRAITS = insert_new("add_traits", s.directory_traits)
CONFIRM_INS = _put("confirm_ins", s.directory_ins)
CONFIRM_DOCUMENT = _put("confirm_document", s.directory_document)
ADD_ACTOR = insert_new("add_actor", s.directory_actor)
INSERT_TRACE = _insert("insert_trace", s.trace)
INSERT_JOURNAL = _insert("insert_journal", s.journal)

ADD_BUCKET_KEY = insert_new("add_bucket_key", s.bucket_key)
PUT_BUCKET_KEY = _put("put_bucket_key", s.bucket_key)
ADD_RECORD_KEY = insert_new("add_record_key", s.record_key)
DELETE_RECORD_KEY = Statement(
    "delete_record_key",
    "record_id",
    lambda _: delete(s.record_key).where(s.record_key.c.record_id == _b("record_id")),
)
ADD_SECRET = insert_new("add_secret", s.secret)
PUT_SECRET = _put("put_secret", s.secret)
PUT_FACT = _put("put_fact", s.store_facts)
