from __future__ import annotations

import re
import sqlite3
from typing import Any

import psycopg
import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.visitors import iterate

from carnet.storage import migrate, reads, writes
from carnet.storage.sqlite import FILES
from carnet.storage.statements import DialectName, Statement, all_statements, statement
from tests.storage.rigs import PostgresqlPlace, SqlitePlace

VERSIONS = set(migrate.VERSIONS.values())  # declared with the migrations, whose order is theirs
ALL = sorted({*all_statements(), *VERSIONS}, key=lambda one: one.name)
NAMED = re.compile(r"(?<!:):([a-z_0-9]+)|%\(([a-z_0-9]+)\)s")


each_statement = pytest.mark.parametrize("one", ALL, ids=[one.name for one in ALL])


def named_sql(one: Statement, dialect: DialectName) -> str:
    """The statement compiled with names in place of places: another way to the same SQL."""
    if dialect == "sqlite":
        made = one._build(sqlite.insert).compile(dialect=sqlite.dialect(paramstyle="named"))
    else:
        chosen: Any = postgresql.psycopg.dialect
        made = one._build(postgresql.insert).compile(dialect=chosen())
    return str(made)


@each_statement
def test_sqlite_gets_each_value_where_its_name_stands(one: Statement) -> None:
    compiled = one.compiled("sqlite")
    wanted = [a or b for a, b in NAMED.findall(named_sql(one, "sqlite"))]
    # A constant is SQLite's OFFSET 0.
    assert list(compiled.arrange(one.params)) == [
        name if name in one.params else 0 for name in wanted
    ]
    assert compiled.sql == NAMED.sub("?", named_sql(one, "sqlite"))


@each_statement
def test_postgresql_gets_each_value_where_its_name_stands(one: Statement) -> None:
    compiled = one.compiled("postgresql")
    values = compiled.arrange(one.params)
    assert len(values) == len(compiled.types) == len(set(values))
    named = re.sub(r"\$(\d+)", lambda found: f"%({values[int(found[1]) - 1]})s", compiled.sql)
    assert named == named_sql(one, "postgresql").replace("%%", "%")


@each_statement
def test_no_statement_holds_an_in_list(one: Statement) -> None:
    for dialect in ("sqlite", "postgresql"):
        assert "POSTCOMPILE" not in one.compiled(dialect).sql
    for part in iterate(one._build(sqlite.insert)):
        if isinstance(part, BinaryExpression):
            assert part.operator not in {operators.in_op, operators.not_in_op}


def test_sqlite_runs_every_statement(sqlite_place: SqlitePlace) -> None:
    schemas = [sqlite3.connect(sqlite_place.directory / name) for name in FILES]
    for one in ALL:
        compiled = one.compiled("sqlite")
        nothing = (None,) * compiled.sql.count("?")
        told = []
        for connection in schemas:
            try:
                connection.execute(f"EXPLAIN {compiled.sql}", nothing)
            except sqlite3.OperationalError as error:
                told.append(str(error))
        assert len(told) == 2, one.name  # its tables stand in one of the three
        assert all("no such table" in text for text in told)
    for connection in schemas:
        connection.close()


def test_postgresql_prepares_every_statement(postgresql_place: PostgresqlPlace) -> None:
    with (
        psycopg.connect(postgresql_place.url, autocommit=True) as main,
        psycopg.connect(postgresql_place.keys_url, autocommit=True) as keys,
    ):
        for one in ALL:
            sql = f"PREPARE {one.name} AS {one.compiled('postgresql').sql}".encode()
            try:
                main.execute(sql)
            except psycopg.errors.UndefinedTable:
                keys.execute(sql)


def test_a_statement_is_found_by_its_name() -> None:
    assert statement("record_key") is reads.RECORD_KEY
    assert statement("insert_entry") is writes.INSERT_ENTRY
    with pytest.raises(KeyError):
        statement("no such statement")


def test_two_statements_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="record_key"):
        Statement("record_key", "", reads.RECORD_KEY._build)


def test_parameters_that_the_query_lacks_are_refused() -> None:
    wrong = object.__new__(Statement)
    wrong.name, wrong.params = "wrong", ("record_id", "another")
    wrong._build, wrong._compiled = reads.RECORD_KEY._build, {}
    with pytest.raises(ValueError, match="another"):
        wrong.compiled("sqlite")
