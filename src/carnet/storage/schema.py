"""The tables, once for SQLite and PostgreSQL.

Three databases: *main* (what readers ask for), *traces* (the evidence, in a file of its own
because a commit in the readers' file throws their page cache away) and *keys* (record keys, with
backups of at most 30 days so that erasing is true of backups too). With PostgreSQL main and
traces are one database.

Rules: every table about a record starts its primary key with ``record_id`` (the distribution
key); look-ups by anything else go through directory tables; in clear stands only what filtering
needs (``docs/threat-model.md``). Ids are 16 bytes, keyed hashes 16 bytes, instants µs or s since
1970 UTC as the column's comment says, days are days since 1970-01-01.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

main = MetaData()
traces = MetaData()
keys = MetaData()


def _table(name: str, metadata: MetaData, *columns: Column[object] | Index, comment: str) -> Table:
    """A table clustered by its primary key where the engine can (SQLite WITHOUT ROWID)."""
    return Table(name, metadata, *columns, comment=comment, sqlite_with_rowid=False)


def _key(name: str, kind: type = LargeBinary) -> Column[object]:
    return Column(name, kind, primary_key=True, autoincrement=False, nullable=False)


def _int(name: str, comment: str | None = None) -> Column[object]:
    return Column(name, BigInteger, nullable=False, comment=comment)


def _small(name: str, comment: str | None = None) -> Column[object]:
    return Column(name, SmallInteger, nullable=False, comment=comment)


def _bytes(name: str, comment: str | None = None) -> Column[object]:
    return Column(name, LargeBinary, nullable=False, comment=comment)


def _text(name: str, comment: str | None = None) -> Column[object]:
    return Column(name, Text, nullable=False, comment=comment)


record = _table(
    "record",
    main,
    _key("record_id"),
    _small("state", "codes of storage.codes.STATES"),
    _int("version", "counts every write to the record; the lock of optimistic writing"),
    _int("entry_count", "number of the last entry"),
    _int("event_count", "number of the last outbox event"),
    _small("settings", "bits of the citizen's settings, storage.codes"),
    _int("updated_day", "day of the last change of the record itself"),
    _bytes("sealed", "life: acts of opening, closing, opposition with who and on what ground"),
    comment="One row a record, from its announcement until it is erased.",
)

identity = _table(
    "identity",
    main,
    _key("record_id"),
    _key("seq", BigInteger),
    _int("from_day"),
    _int("to_day", "0: current"),
    _bytes("sealed", "matricule, OID, traits, status, source"),
    comment="Versioned identity: NIA to NIR, corrected traits, conflicting ones marked.",
)

relation = _table(
    "relation",
    main,
    _key("record_id"),
    _key("actor"),
    _key("kind", SmallInteger),
    _key("tie_id"),
    _int("starts", "s"),
    _int("ends", "s; 0: no end"),
    _int("ended", "s; 0: nobody ended it"),
    _bytes("sealed", "actor in words, consent text, who made it"),
    comment="Ties of actors to a record: authorisation, block, médecin traitant, parent, author.",
)

part = _table(
    "part",
    main,
    _key("record_id"),
    _key("absorbed_id"),
    _int("from_day"),
    _int("to_day", "0: in force"),
    comment="A merge is a link; undoing sets to_day.",
)

entry = _table(
    "entry",
    main,
    _key("record_id"),
    _key("entry_no", BigInteger),
    _bytes("entry_uuid"),
    _bytes("logical_id"),
    _bytes("binary_id", "names the object that holds the bytes"),
    _text("unique_id"),
    _small("latest", "1: current metadata version of its logicalId"),
    _int("version", "metadata version"),
    _int("change", "counts every change, status included"),
    _small("status", "codes of storage.codes.STATUSES"),
    _text("type_code"),
    _text("class_code"),
    _int("created_day"),
    _int("start_day"),
    _int("stop_day"),
    _small("hidden_ps"),
    _int("patient_until", "s; INVISIBLE_PATIENT ends then; 0: not set"),
    _small("hidden_reps"),
    _bytes("author", "keyed hash of the first author"),
    _bytes("structure", "keyed hash of the author's structure"),
    _int("size"),
    _int("page_no"),
    _small("location", "0 here, 1 elsewhere (another community)"),
    comment="One row a metadata version of a document: what filtering needs, nothing more.",
)

entry_actor = _table(
    "entry_actor",
    main,
    _key("record_id"),
    _key("actor"),
    _key("entry_no", BigInteger),
    comment="Further authors of an entry, where it has more than one.",
)

page = _table(
    "page",
    main,
    _key("record_id"),
    _key("page_no", BigInteger),
    _bytes("sealed", "rendered entries, at most 32"),
    comment="Rendered resources in sealed, dictionary-compressed pages.",
)

derived = _table(
    "derived",
    main,
    _key("record_id"),
    _key("entry_no", BigInteger),
    _key("kind", SmallInteger),
    _small("reader", "version of what derived it"),
    _bytes("sealed"),
    comment="What the machine made of a document: narrative text (kind 1), clinical facts (2). It "
    "stands under the number of the document's current metadata version.",
)

sweep = _table(
    "sweep",
    main,
    _key("name", Text),
    _text("readers", "versions of the readers that it is for, storage.derived"),
    _bytes("after", "the last record that is done; empty: none"),
    _small("done", "1: all records are"),
    _int("leased_until", "s; 0: free"),
    comment="How far a walk through all records has come that a new reader asked for.",
)

arrangement = _table(
    "arrangement",
    main,
    _key("record_id"),
    _key("arrangement_id"),
    _int("version", "counts every write; the lock of optimistic writing"),
    _bytes("sealed", "what was done to episodes of care, from which documents, by whom, when"),
    comment="Corrections of episodes by hand; one that was undone stays.",
)

seen = _table(
    "seen",
    main,
    _key("record_id"),
    _key("person", LargeBinary),
    _int("version", "counts every write; the lock of optimistic writing"),
    _bytes("sealed", "the documents that this person has seen"),
    comment="What one person has seen of a record: keyed hash of the person and the record.",
)

submission = _table(
    "submission",
    main,
    _key("record_id"),
    _key("first_entry", BigInteger),
    _bytes("sealed", "SubmissionSet"),
    comment="Submission sets, by the number of their first entry.",
)

awaited = _table(
    "awaited",
    main,
    _key("record_id"),
    _key("target", LargeBinary),
    _key("entry_no", BigInteger),
    comment="relatedDocument whose target is still absent: keyed hash of the target's uniqueId.",
)

outbox = _table(
    "outbox",
    main,
    _key("record_id"),
    _key("event_no", BigInteger),
    _small("kind"),
    _int("entry_no"),
    _int("leased_until", "s; 0: free"),
    _int("attempts"),
    _bytes("traces", "the sealed traces of the same act, to complete after a crash"),
    comment="What must follow a change; gone when done.",
)

directory_ins = _table(
    "directory_ins",
    main,
    _key("ins"),
    _bytes("record_id"),
    _small("state", "0 pending, 1 confirmed"),
    comment="Keyed hash of the 15 characters of a matricule → record.",
)

directory_document = _table(
    "directory_document",
    main,
    _key("unique_id"),
    _bytes("record_id"),
    _int("entry_no"),
    _small("state", "0 pending, 1 confirmed"),
    comment="Keyed hash of a uniqueId → first entry of the document.",
)

directory_uuid = _table(
    "directory_uuid",
    main,
    _key("uuid"),
    _bytes("record_id"),
    _int("entry_no"),
    _small("kind", "codes of storage.codes.UUID_KINDS"),
    comment="entryUUID, logicalId (which is also Binary.id) and tie ids → record and entry.",
)

directory_traits = _table(
    "directory_traits",
    main,
    _key("traits"),
    _key("record_id"),
    comment="Blind index of (birth name, first given, birth date) and (used name, birth date).",
)

directory_actor = _table(
    "directory_actor",
    main,
    _key("actor"),
    _key("kind", SmallInteger),
    _key("record_id"),
    _key("entry_no", BigInteger),
    _int("day"),
    comment="Look-ups from a person's side: my children, my patients, my structure's documents.",
)

trace = _table(
    "trace",
    traces,
    _key("record_id"),
    _key("chain", SmallInteger),
    _key("seq", BigInteger),
    _bytes("trace_id"),
    _bytes("sealed"),
    _bytes("head", "hash over the head before it and the sealed bytes"),
    comment="The two chains of each record.",
)

journal = _table(
    "journal",
    traces,
    _key("stream"),
    _key("seq", BigInteger),
    _int("at", "µs"),
    _bytes("body", "heads that moved, refusals without a record"),
    _bytes("mac", "over the mac before it and this row, keyed from the key store"),
    comment="The node's journal: one stream a writer, one row a group of writes.",
)

bucket_key = _table(
    "bucket_key",
    keys,
    _key("bucket", Integer),
    _bytes("wrapped"),
    _int("master", "version of the master key that wraps it"),
    comment="65,536 bucket keys, made when first needed.",
)

record_key = _table(
    "record_key",
    keys,
    _key("record_id"),
    _bytes("wrapped"),
    comment="One data key a record, wrapped by its bucket's key. Deleting it erases the record.",
)

secret = _table(
    "secret",
    keys,
    _key("name", Text),
    _bytes("wrapped"),
    _int("master"),
    comment="Keys of the keyed hashes and of the journal's MAC.",
)

store_facts = _table(
    "store_facts",
    keys,
    _key("name", Text),
    _text("value"),
    comment="What is fixed when a store is made: kind, id, public base.",
)

# How Citus distributes them: by record, or by the looked-up key. The journal, the walks and the key
# store stay on the coordinator.
DISTRIBUTION: dict[str, str] = {
    **{
        table.name: "record_id"
        for table in (
            *(t for t in main.tables.values() if t.columns.keys()[0] == "record_id"),
            trace,
        )
    },
    "directory_ins": "ins",
    "directory_document": "unique_id",
    "directory_uuid": "uuid",
    "directory_traits": "traits",
    "directory_actor": "actor",
}


def citus_statements() -> list[str]:
    """The statements that distribute a fresh PostgreSQL store over the nodes of Citus."""
    return [
        f"SELECT create_distributed_table('{table}', '{column}')"
        for table, column in DISTRIBUTION.items()
    ]
