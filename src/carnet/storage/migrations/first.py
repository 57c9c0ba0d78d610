"""The first schema, spelled out: later changes of ``schema`` are migrations of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_main() -> None:
    """The tables of ``main``."""
    op.create_table(
        "record",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("entry_count", sa.BigInteger(), nullable=False),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.Column("settings", sa.SmallInteger(), nullable=False),
        sa.Column("updated_day", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identity",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("from_day", sa.BigInteger(), nullable=False),
        sa.Column("to_day", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "relation",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("actor", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column(
            "tie_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "part",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "absorbed_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("from_day", sa.BigInteger(), nullable=False),
        sa.Column("to_day", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "entry_no", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("entry_uuid", sa.LargeBinary(), nullable=False),
        sa.Column("logical_id", sa.LargeBinary(), nullable=False),
        sa.Column("binary_id", sa.LargeBinary(), nullable=False),
        sa.Column("unique_id", sa.Text(), nullable=False),
        sa.Column("latest", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("class_code", sa.Text(), nullable=False),
        sa.Column("created_day", sa.BigInteger(), nullable=False),
        sa.Column("start_day", sa.BigInteger(), nullable=False),
        sa.Column("stop_day", sa.BigInteger(), nullable=False),
        sa.Column("hidden_ps", sa.SmallInteger(), nullable=False),
        sa.Column("patient_until", sa.BigInteger(), nullable=False),
        sa.Column("hidden_reps", sa.SmallInteger(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("structure", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("page_no", sa.BigInteger(), nullable=False),
        sa.Column("location", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry_actor",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("actor", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column(
            "entry_no", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "page",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "page_no", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "derived",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "entry_no", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("kind", sa.SmallInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("reader", sa.SmallInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "submission",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "first_entry", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "awaited",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "target", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "entry_no", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "event_no", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("entry_no", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("traces", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_ins",
        sa.Column("ins", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("record_id", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_document",
        sa.Column(
            "unique_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("record_id", sa.LargeBinary(), nullable=False),
        sa.Column("entry_no", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_uuid",
        sa.Column("uuid", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("record_id", sa.LargeBinary(), nullable=False),
        sa.Column("entry_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_traits",
        sa.Column(
            "traits", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_actor",
        sa.Column("actor", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "entry_no", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )


def create_traces() -> None:
    """The tables of ``traces``."""
    op.create_table(
        "trace",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column(
            "chain", sa.SmallInteger(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("trace_id", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal",
        sa.Column(
            "stream", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )


def create_keys() -> None:
    """The tables of ``keys``."""
    op.create_table(
        "bucket_key",
        sa.Column("bucket", sa.Integer(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("master", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "record_key",
        sa.Column(
            "record_id", sa.LargeBinary(), nullable=False, primary_key=True, autoincrement=False
        ),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.Text(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("master", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "store_facts",
        sa.Column("name", sa.Text(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
