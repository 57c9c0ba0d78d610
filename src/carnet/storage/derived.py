"""What the machine keeps of documents: narrative text and clinical facts, one sealed row each.

A row stands under the number of its document's current metadata version and moves along when a new
one is made. So the terms of access of that entry are terms of the query that reads the row. Its
seal is bound to the document (logicalId), which outlives metadata versions. A document of which
nothing can be read has a row too: that it was looked at, by which version of the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import (
    BigInteger,
    LargeBinary,
    SmallInteger,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    literal_column,
    or_,
    select,
    update,
)

from carnet.record.facts import Facts
from carnet.storage import schema as s
from carnet.storage import writes
from carnet.storage.batch import Step, step
from carnet.storage.codes import STATUSES, DerivedKind, EventKind
from carnet.storage.compression import compress
from carnet.storage.entries import EntryRow, Listed
from carnet.storage.kept_facts import FACTS, pack_facts
from carnet.storage.reads import LISTED, ONE, SEEN_PARAMS, ZERO, permitted
from carnet.storage.sealing import Sealer
from carnet.storage.sqlite import SqliteReader
from carnet.storage.statements import Statement

if TYPE_CHECKING:
    from carnet.storage.entries import SightTerms
    from carnet.storage.store import Store

SEALED_AS = {DerivedKind.TEXT: b"text", DerivedKind.FACTS: FACTS, DerivedKind.GIST: b"gist"}
FIRST_TEXT = 1
"""The reader of texts whose rows are bound to an entry's number, and are not moved with it."""

_LAST = (1 << 62) - 1  # beyond every entry's number
_DELETED: Any = literal_column(str(max(STATUSES.values())))
_SUBMITTED: Any = literal_column(str(int(EventKind.SUBMITTED)))
_TEXT: Any = literal_column(str(int(DerivedKind.TEXT)))
_FIRST_TEXT: Any = literal_column(str(FIRST_TEXT))


def _b(name: str) -> Any:
    kinds = {"record_id": LargeBinary, "logical_id": LargeBinary, "after": LargeBinary}
    small = ("kind", "status_from", "status_to", "text_reader", "facts_reader", "done")
    texts = ("name", "readers", "old_readers")
    if name in small:
        return bindparam(name, type_=SmallInteger)
    if name in texts:
        return bindparam(name, type_=Text)
    return bindparam(name, type_=kinds.get(name, BigInteger))


LIST_DERIVED = Statement(
    "list_derived",
    "record_id kind first last status_from status_to " + SEEN_PARAMS,
    lambda _: (
        select(*LISTED, s.entry.c.logical_id, s.derived.c.sealed)
        .select_from(
            s.entry.join(
                s.derived,
                and_(
                    s.derived.c.record_id == s.entry.c.record_id,
                    s.derived.c.entry_no == s.entry.c.entry_no,
                    s.derived.c.kind == _b("kind"),
                ),
            )
        )
        .where(
            s.entry.c.record_id == _b("record_id"),
            s.entry.c.entry_no >= _b("first"),
            s.entry.c.entry_no <= _b("last"),
            s.entry.c.latest == ONE,
            s.entry.c.status >= _b("status_from"),
            s.entry.c.status <= _b("status_to"),
            permitted(s.entry),
        )
    ),
)
# The documents of a record of which a current reader has not read text or facts, save those that
# wait for it in the outbox.
_texts, _facts = s.derived.alias("texts"), s.derived.alias("facts")
_fed = s.entry.alias("fed")
STALE_ENTRIES = Statement(
    "stale_entries",
    "record_id text_reader facts_reader most",
    lambda _: (
        select(s.entry.c.entry_no)
        .select_from(
            s.entry.outerjoin(_texts, _of(_texts, DerivedKind.TEXT)).outerjoin(
                _facts, _of(_facts, DerivedKind.FACTS)
            )
        )
        .where(
            s.entry.c.record_id == _b("record_id"),
            s.entry.c.latest == ONE,
            s.entry.c.status < _DELETED,
            ~exists().where(
                s.outbox.c.record_id == s.entry.c.record_id,
                s.outbox.c.kind == _SUBMITTED,
                _fed.c.record_id == s.outbox.c.record_id,
                _fed.c.entry_no == s.outbox.c.entry_no,
                _fed.c.logical_id == s.entry.c.logical_id,
            ),
            or_(
                _texts.c.reader.is_(None),
                _texts.c.reader < _b("text_reader"),
                _facts.c.reader.is_(None),
                _facts.c.reader < _b("facts_reader"),
            ),
        )
        .order_by(s.entry.c.entry_no)
        .limit(_b("most"))
    ),
)


def _of(table: Any, kind: DerivedKind) -> Any:
    return and_(
        table.c.record_id == s.entry.c.record_id,
        table.c.entry_no == s.entry.c.entry_no,
        table.c.kind == literal_column(str(int(kind))),
    )


# Fails where the entry is no longer the current version of its document, and keeps it so until the
# batch stands: what was derived would be written beside the entry that took its place.
HOLD_ENTRY = Statement(
    "hold_entry",
    "record_id entry_no",
    lambda _: (
        update(s.entry)
        .where(
            s.entry.c.record_id == _b("record_id"),
            s.entry.c.entry_no == _b("entry_no"),
            s.entry.c.latest == ONE,
        )
        .values(latest=ONE)
    ),
)
MOVE_DERIVED = Statement(
    "move_derived",
    "record_id entry_no next_no",
    lambda _: (
        update(s.derived)
        .where(
            s.derived.c.record_id == _b("record_id"),
            s.derived.c.entry_no == _b("entry_no"),
            or_(s.derived.c.kind != _TEXT, s.derived.c.reader > _FIRST_TEXT),
        )
        .values(entry_no=_b("next_no"))
    ),
)
# Texts of the first reader did not move, and stand under an earlier version's number.
DROP_UNMOVED = Statement(
    "drop_unmoved",
    "record_id logical_id",
    lambda _: delete(s.derived).where(
        s.derived.c.record_id == _b("record_id"),
        exists().where(
            s.entry.c.record_id == s.derived.c.record_id,
            s.entry.c.entry_no == s.derived.c.entry_no,
            s.entry.c.logical_id == _b("logical_id"),
            s.entry.c.latest == ZERO,
        ),
    ),
)
SWEEP = Statement(
    "sweep",
    "name",
    lambda _: select(*s.sweep.c).where(s.sweep.c.name == _b("name")),
)
ADD_SWEEP = writes.insert_new("add_sweep", s.sweep)
# Only who read the row as it stands writes it: two workers never walk the same stretch.
CHANGE_SWEEP = Statement(
    "change_sweep",
    "name old_readers expected readers after done until",
    lambda _: (
        update(s.sweep)
        .where(
            s.sweep.c.name == _b("name"),
            s.sweep.c.readers == _b("old_readers"),
            s.sweep.c.leased_until == _b("expected"),
        )
        .values(readers=_b("readers"), after=_b("after"), done=_b("done"), leased_until=_b("until"))
    ),
)


class DerivedRow(msgspec.Struct, frozen=True):
    """What was derived of one document: the entry that lets the reader see it, and the seal."""

    entry: Listed
    logical_id: bytes
    sealed: bytes


async def list_derived(
    store: Store,
    record_id: bytes,
    kind: DerivedKind,
    terms: SightTerms,
    statuses: tuple[int, int],
    *,
    aside: bool,
    entry_no: int | None = None,
) -> list[DerivedRow]:
    """The rows of a kind, of the entries of a range of statuses that the terms admit.

    ``aside``: the record is great, and nobody else waits for it. ``entry_no`` asks for one entry.
    """
    span = (1, _LAST) if entry_no is None else (entry_no, entry_no)
    values = (record_id, int(kind), *span, *statuses, *terms.values())
    if aside and isinstance(store.main, SqliteReader):
        rows = await store.main.fetch_long(LIST_DERIVED, *values)
    else:
        rows = await store.main.fetch(LIST_DERIVED, *values)
    return [DerivedRow(Listed(*row[:-2]), row[-2], row[-1]) for row in rows]


def name_of(kind: int, reader: int, entry: EntryRow) -> bytes:
    """What the seal of a row is bound to, beside its record and kind."""
    if kind == DerivedKind.TEXT and reader <= FIRST_TEXT:
        return entry.entry_no.to_bytes(8, "big")
    return entry.logical_id


def derived_steps(
    sealer: Sealer,
    entry: EntryRow,
    text: tuple[int, str],
    facts: tuple[int, Facts],
    gist: tuple[int, bytes] | None = None,
) -> list[Step]:
    """The steps that keep text, facts and gist of a document, each with its reader's version."""
    rows = []
    made = [
        (DerivedKind.TEXT, text[0], compress(text[1].encode())),
        (DerivedKind.FACTS, facts[0], pack_facts(facts[1])),
    ]
    if gist is not None:
        made.append((DerivedKind.GIST, *gist))
    for kind, reader, body in made:
        sealed = sealer.seal(SEALED_AS[kind], name_of(kind, reader, entry), body)
        rows.append((entry.record_id, entry.entry_no, int(kind), reader, sealed))
    steps = [
        step(HOLD_ENTRY, (entry.record_id, entry.entry_no), expect=1),
        step(writes.PUT_DERIVED, *rows),
    ]
    if entry.version > 1:
        steps.append(step(DROP_UNMOVED, (entry.record_id, entry.logical_id)))
    return steps


def move_step(record_id: bytes, entry_no: int, next_no: int) -> Step:
    """The step that brings what was derived of a document to its new metadata version."""
    return step(MOVE_DERIVED, (record_id, entry_no, next_no))
