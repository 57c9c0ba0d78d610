"""Every read, by name. Rights are terms of the query, never a filter on its result."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    LargeBinary,
    SmallInteger,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from carnet.storage import schema as s
from carnet.storage.statements import Statement, Upsert

ZERO: Any = literal_column("0")
ONE: Any = literal_column("1")


class StandsIn(FunctionElement[int]):
    """Position of the second text in the first, 0 where absent: ``instr`` or ``strpos``."""

    name = "stands_in"
    inherit_cache = True


@compiles(StandsIn, "sqlite")
def _instr(element: Any, compiler: Any, **kw: Any) -> str:
    return f"instr({compiler.process(element.clauses, **kw)})"


@compiles(StandsIn, "postgresql")
def _strpos(element: Any, compiler: Any, **kw: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **kw)})"


def _bytes(name: str) -> Any:
    return bindparam(name, type_=LargeBinary)


def _int(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


def _small(name: str) -> Any:
    return bindparam(name, type_=SmallInteger)


def _text(name: str) -> Any:
    return bindparam(name, type_=Text)


RECORD_OF_INS = Statement(
    "record_of_ins",
    "ins",
    lambda _: select(s.directory_ins.c.record_id).where(s.directory_ins.c.ins == _bytes("ins")),
)
DOCUMENT_OF_UNIQUE_ID = Statement(
    "document_of_unique_id",
    "unique_id",
    lambda _: select(s.directory_document.c.record_id, s.directory_document.c.entry_no).where(
        s.directory_document.c.unique_id == _bytes("unique_id")
    ),
)
OBJECT_OF_UUID = Statement(
    "object_of_uuid",
    "uuid",
    lambda _: select(
        s.directory_uuid.c.record_id, s.directory_uuid.c.entry_no, s.directory_uuid.c.kind
    ).where(s.directory_uuid.c.uuid == _bytes("uuid")),
)

# The record and the caller's ties to it, in one query: one row a tie, one with nulls if none.
RECORD_AND_TIES = Statement(
    "record_and_ties",
    "record_id person structure",
    lambda _: (
        select(
            s.record.c.state,
            s.record.c.version,
            s.record.c.entry_count,
            s.record.c.event_count,
            s.record.c.settings,
            s.relation.c.actor,
            s.relation.c.kind,
            s.relation.c.starts,
            s.relation.c.ends,
            s.relation.c.ended,
            s.relation.c.sealed,
            s.relation.c.tie_id,
        )
        .select_from(
            s.record.outerjoin(
                s.relation,
                and_(
                    s.relation.c.record_id == s.record.c.record_id,
                    or_(
                        s.relation.c.actor == _bytes("person"),
                        s.relation.c.actor == _bytes("structure"),
                    ),
                ),
            )
        )
        .where(s.record.c.record_id == _bytes("record_id"))
    ),
)
RECORD = Statement(
    "record",
    "record_id",
    lambda _: select(*s.record.c).where(s.record.c.record_id == _bytes("record_id")),
)
IDENTITIES = Statement(
    "identities",
    "record_id",
    lambda _: (
        select(s.identity.c.seq, s.identity.c.from_day, s.identity.c.to_day, s.identity.c.sealed)
        .where(s.identity.c.record_id == _bytes("record_id"))
        .order_by(s.identity.c.seq)
    ),
)
TIES = Statement(
    "ties",
    "record_id",
    lambda _: select(*s.relation.c).where(s.relation.c.record_id == _bytes("record_id")),
)
PARTS = Statement(
    "parts",
    "record_id",
    lambda _: select(s.part.c.absorbed_id).where(
        s.part.c.record_id == _bytes("record_id"), s.part.c.to_day == ZERO
    ),
)

SEEN_PARAMS = "all_types types sees_hidden now_patient sees_reps me own_only"


def _wrote(e: Any) -> Any:
    return or_(
        e.c.author == _bytes("me"),
        e.c.structure == _bytes("me"),  # a structure that asks: what its people wrote for it
        exists().where(
            s.entry_actor.c.record_id == e.c.record_id,
            s.entry_actor.c.actor == _bytes("me"),
            s.entry_actor.c.entry_no == e.c.entry_no,
        ),
    )


def permitted(e: Any) -> Any:
    """The terms of ``Sight``: what the caller wrote, or an open type without a flag against them.

    ``types`` is the permitted codes between spaces; ``now_patient`` is the instant of asking for
    the citizen's side, and beyond all due dates for everybody else.
    """
    space: Any = literal_column("' '")
    type_open = or_(
        _small("all_types") == ONE,
        StandsIn(_text("types"), space.concat(e.c.type_code).concat(space)) > ZERO,
    )
    flags_clear = and_(
        e.c.hidden_ps <= _small("sees_hidden"),
        e.c.patient_until <= _int("now_patient"),
        e.c.hidden_reps <= _small("sees_reps"),
    )
    return or_(and_(_small("own_only") == ZERO, type_open, flags_clear), _wrote(e))


# What a list needs of each entry before any page is unsealed.
LISTED = (
    s.entry.c.entry_no,
    s.entry.c.entry_uuid,
    s.entry.c.page_no,
    s.entry.c.created_day,
    s.entry.c.type_code,
    s.entry.c.class_code,
    s.entry.c.patient_until,
    s.entry.c.hidden_reps,
    s.entry.c.hidden_ps,
    s.entry.c.status,
)

LIST_ENTRIES = Statement(
    "list_entries",
    "record_id status_from status_to " + SEEN_PARAMS,
    lambda _: select(*LISTED).where(
        s.entry.c.record_id == _bytes("record_id"),
        s.entry.c.latest == ONE,
        s.entry.c.status >= _small("status_from"),
        s.entry.c.status <= _small("status_to"),
        permitted(s.entry),
    ),
)
# How many of them there are, by status and day: what a great record is told by first.
COUNT_BY_DAY = Statement(
    "count_by_day",
    "record_id status_from status_to " + SEEN_PARAMS,
    lambda _: (
        select(s.entry.c.status, s.entry.c.created_day, func.count())
        .where(
            s.entry.c.record_id == _bytes("record_id"),
            s.entry.c.latest == ONE,
            s.entry.c.status >= _small("status_from"),
            s.entry.c.status <= _small("status_to"),
            permitted(s.entry),
        )
        .group_by(s.entry.c.status, s.entry.c.created_day)
    ),
)
LIST_ENTRIES_SINCE = Statement(
    "list_entries_since",
    "record_id since status_from status_to " + SEEN_PARAMS,
    lambda _: select(*LISTED).where(
        s.entry.c.record_id == _bytes("record_id"),
        s.entry.c.created_day >= _int("since"),
        s.entry.c.latest == ONE,
        s.entry.c.status >= _small("status_from"),
        s.entry.c.status <= _small("status_to"),
        permitted(s.entry),
    ),
)
# The same query without rights: the floor that the bench compares with, used nowhere else.
LIST_ENTRIES_FLOOR = Statement(
    "list_entries_floor",
    "record_id status_from status_to",
    lambda _: select(*LISTED).where(
        s.entry.c.record_id == _bytes("record_id"),
        s.entry.c.latest == ONE,
        s.entry.c.status >= _small("status_from"),
        s.entry.c.status <= _small("status_to"),
    ),
)
ENTRY = Statement(
    "entry",
    "record_id entry_no",
    lambda _: select(*s.entry.c).where(
        s.entry.c.record_id == _bytes("record_id"), s.entry.c.entry_no == _int("entry_no")
    ),
)
LATEST_OF_DOCUMENT = Statement(
    "latest_of_document",
    "record_id logical_id " + SEEN_PARAMS,
    lambda _: select(*s.entry.c, permitted(s.entry).label("seen")).where(
        s.entry.c.record_id == _bytes("record_id"),
        s.entry.c.logical_id == _bytes("logical_id"),
        s.entry.c.latest == ONE,
    ),
)
WROTE = Statement(
    "wrote",
    "record_id entry_no me",
    lambda _: (
        select(func.count())
        .select_from(s.entry)
        .where(
            s.entry.c.record_id == _bytes("record_id"),
            s.entry.c.entry_no == _int("entry_no"),
            _wrote(s.entry),
        )
    ),
)
PAGES = Statement(
    "pages",
    "record_id first last",
    lambda _: (
        select(s.page.c.page_no, s.page.c.sealed)
        .where(
            s.page.c.record_id == _bytes("record_id"),
            s.page.c.page_no >= _int("first"),
            s.page.c.page_no <= _int("last"),
        )
        .order_by(s.page.c.page_no)
    ),
)
ENTRY_IDS = Statement(
    "entry_ids",
    "record_id",
    lambda _: select(s.entry.c.entry_no, s.entry.c.logical_id, s.entry.c.latest).where(
        s.entry.c.record_id == _bytes("record_id")
    ),
)
AWAITED = Statement(
    "awaited",
    "record_id target",
    lambda _: select(s.awaited.c.entry_no).where(
        s.awaited.c.record_id == _bytes("record_id"), s.awaited.c.target == _bytes("target")
    ),
)
DERIVED = Statement(
    "derived",
    "record_id entry_no kind",
    lambda _: select(s.derived.c.reader, s.derived.c.sealed).where(
        s.derived.c.record_id == _bytes("record_id"),
        s.derived.c.entry_no == _int("entry_no"),
        s.derived.c.kind == _small("kind"),
    ),
)


def _due_events(_: Upsert) -> Any:
    """Events that nobody holds, none before an earlier one of its record that is held or failed.

    What waits for its day was never taken, and holds nobody up.
    """
    earlier = s.outbox.alias("earlier")
    held = (
        select(ONE)
        .where(
            earlier.c.record_id == s.outbox.c.record_id,
            earlier.c.event_no < s.outbox.c.event_no,
            earlier.c.leased_until > _int("now"),
            earlier.c.attempts > ZERO,
        )
        .exists()
    )
    return (
        select(
            s.outbox.c.record_id,
            s.outbox.c.event_no,
            s.outbox.c.kind,
            s.outbox.c.entry_no,
            s.outbox.c.leased_until,
            s.outbox.c.attempts,
        )
        .where(s.outbox.c.leased_until <= _int("now"), ~held)
        .order_by(s.outbox.c.record_id, s.outbox.c.event_no)
        .limit(_int("most"))
    )


DUE_EVENTS = Statement("due_events", "now most", _due_events)
EVENT_TRACES = Statement(
    "event_traces",
    "after after_event most",
    lambda _: (
        select(s.outbox.c.record_id, s.outbox.c.event_no, s.outbox.c.traces)
        .where(
            tuple_(s.outbox.c.record_id, s.outbox.c.event_no)
            > tuple_(_bytes("after"), _int("after_event"))
        )
        .order_by(s.outbox.c.record_id, s.outbox.c.event_no)
        .limit(_int("most"))
    ),
)
PENDING_EVENTS = Statement(
    "pending_events", "", lambda _: select(func.count()).select_from(s.outbox)
)
ACTOR_LINES = Statement(
    "actor_lines",
    "actor kind",
    lambda _: select(
        s.directory_actor.c.record_id, s.directory_actor.c.entry_no, s.directory_actor.c.day
    ).where(
        s.directory_actor.c.actor == _bytes("actor"), s.directory_actor.c.kind == _small("kind")
    ),
)

CHAIN_HEAD = Statement(
    "chain_head",
    "record_id chain",
    lambda _: (
        select(s.trace.c.seq, s.trace.c.head)
        .where(s.trace.c.record_id == _bytes("record_id"), s.trace.c.chain == _small("chain"))
        .order_by(s.trace.c.seq.desc())
        .limit(ONE)
    ),
)
CHAIN = Statement(
    "chain",
    "record_id chain after most",
    lambda _: (
        select(s.trace.c.seq, s.trace.c.trace_id, s.trace.c.sealed, s.trace.c.head)
        .where(
            s.trace.c.record_id == _bytes("record_id"),
            s.trace.c.chain == _small("chain"),
            s.trace.c.seq > _int("after"),
        )
        .order_by(s.trace.c.seq)
        .limit(_int("most"))
    ),
)
TRACE_STANDS = Statement(
    "trace_stands",
    "record_id trace_id",
    lambda _: select(s.trace.c.seq).where(
        s.trace.c.record_id == _bytes("record_id"), s.trace.c.trace_id == _bytes("trace_id")
    ),
)
JOURNAL_HEAD = Statement(
    "journal_head",
    "stream",
    lambda _: (
        select(s.journal.c.seq, s.journal.c.mac)
        .where(s.journal.c.stream == _bytes("stream"))
        .order_by(s.journal.c.seq.desc())
        .limit(ONE)
    ),
)
JOURNAL_STREAMS = Statement("journal_streams", "", lambda _: select(s.journal.c.stream).distinct())
JOURNAL = Statement(
    "journal",
    "stream after most",
    lambda _: (
        select(s.journal.c.seq, s.journal.c.at, s.journal.c.body, s.journal.c.mac)
        .where(s.journal.c.stream == _bytes("stream"), s.journal.c.seq > _int("after"))
        .order_by(s.journal.c.seq)
        .limit(_int("most"))
    ),
)

BUCKET_KEY = Statement(
    "bucket_key",
    "bucket",
    lambda _: select(s.bucket_key.c.wrapped, s.bucket_key.c.master).where(
        s.bucket_key.c.bucket == _int("bucket")
    ),
)
BUCKET_KEYS = Statement(
    "bucket_keys",
    "after most",
    lambda _: (
        select(s.bucket_key.c.bucket, s.bucket_key.c.wrapped, s.bucket_key.c.master)
        .where(s.bucket_key.c.bucket > _int("after"))
        .order_by(s.bucket_key.c.bucket)
        .limit(_int("most"))
    ),
)
RECORD_KEY = Statement(
    "record_key",
    "record_id",
    lambda _: select(s.record_key.c.wrapped).where(s.record_key.c.record_id == _bytes("record_id")),
)
SECRETS = Statement(
    "secrets",
    "",
    lambda _: select(s.secret.c.name, s.secret.c.wrapped, s.secret.c.master),
)
FACTS = Statement("facts", "", lambda _: select(s.store_facts.c.name, s.store_facts.c.value))


def _scan(name: str, table: Any, *columns: Any) -> Statement:
    """Read a table record by record, for ``verify``."""
    key = table.c.record_id
    return Statement(
        name,
        "record_id",
        lambda _: select(*columns).where(key == _bytes("record_id")),
    )


RECORD_IDS = Statement(
    "record_ids",
    "after most",
    lambda _: (
        select(s.record.c.record_id)
        .where(s.record.c.record_id > _bytes("after"))
        .order_by(s.record.c.record_id)
        .limit(_int("most"))
    ),
)
TRACED_IDS = Statement(
    "traced_ids",
    "after most",
    lambda _: (
        select(s.trace.c.record_id)
        .where(s.trace.c.record_id > _bytes("after"))
        .distinct()
        .order_by(s.trace.c.record_id)
        .limit(_int("most"))
    ),
)
ALL_ENTRIES = _scan("all_entries", s.entry, *s.entry.c)
ALL_PAGES = _scan("all_pages", s.page, s.page.c.page_no, s.page.c.sealed)
ALL_DERIVED = _scan("all_derived", s.derived, *s.derived.c)
ALL_ENTRY_ACTORS = _scan("all_entry_actors", s.entry_actor, *s.entry_actor.c)
ALL_SUBMISSIONS = _scan("all_submissions", s.submission, *s.submission.c)
