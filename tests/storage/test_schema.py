from __future__ import annotations

import pytest
from sqlalchemy import Table

from carnet.storage import schema

ABOUT_RECORDS = [*schema.main.tables.values(), *schema.traces.tables.values()]
NODE = {"journal", "sweep"}


@pytest.mark.parametrize("table", ABOUT_RECORDS, ids=lambda table: table.name)
def test_a_table_is_keyed_by_its_record_or_is_a_directory(table: Table) -> None:
    first = next(iter(table.primary_key.columns)).name
    if table.name.startswith("directory_"):
        assert first == table.name.removeprefix("directory_").replace("document", "unique_id")
        assert "record_id" in table.columns
    elif table.name not in NODE:
        assert first == "record_id"


@pytest.mark.parametrize("table", ABOUT_RECORDS, ids=lambda table: table.name)
def test_every_table_is_distributed_by_the_first_column_of_its_key(table: Table) -> None:
    if table.name in NODE:
        assert table.name not in schema.DISTRIBUTION
    else:
        first = next(iter(table.primary_key.columns)).name
        assert schema.DISTRIBUTION[table.name] == first


def test_nothing_else_is_distributed() -> None:
    assert set(schema.DISTRIBUTION) == {table.name for table in ABOUT_RECORDS} - NODE
    assert not set(schema.DISTRIBUTION) & set(schema.keys.tables)
    assert len(schema.citus_statements()) == len(schema.DISTRIBUTION)


def test_no_unique_key_spans_records() -> None:
    """Such a key could not be kept under Citus: what is unique elsewhere is a directory's key."""
    for table in ABOUT_RECORDS:
        assert not [index for index in table.indexes if index.unique]
        assert not table.foreign_keys


def test_no_column_may_be_absent() -> None:
    tables = [*ABOUT_RECORDS, *schema.keys.tables.values()]
    assert [c for table in tables for c in table.columns if c.nullable] == []
