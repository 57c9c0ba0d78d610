"""``carnet db upgrade``: this version's schema, as often as one likes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from carnet.cli.run import REFUSED, run
from tests.cli.stores import lines


def test_a_store_of_this_version_has_nothing_to_do(
    fed_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = lines(capsys, "db", "upgrade", "--data", str(fed_store))
    assert (status, told) == (0, [{"upgraded": ["main", "traces", "keys"]}])
    assert run(["db", "upgrade", "--data", str(fed_store)]) == 0
    assert capsys.readouterr().out == "Schema up to date: main, traces, keys\n"
    assert run(["verify", "--data", str(fed_store)]) == 0


def test_a_store_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    status, told = lines(capsys, "db", "upgrade")
    assert (status, told[0]["error"]["code"]) == (REFUSED, "data-directory-missing")


def test_where_there_is_no_store_none_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "nowhere"
    status, told = lines(capsys, "db", "upgrade", "--data", str(directory))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "store-absent")
    assert not directory.exists()
    empty = tmp_path / "empty"
    empty.mkdir()
    status, _ = lines(capsys, "db", "upgrade", "--data", str(empty))
    assert status == REFUSED
    assert list(empty.iterdir()) == []


def test_databases_keep_their_rows(fed_store: Path) -> None:
    connection = sqlite3.connect(fed_store / "carnet.db")
    try:
        (before,) = connection.execute("SELECT count(*) FROM entry").fetchone()
        assert run(["db", "upgrade", "--data", str(fed_store)]) == 0
        (after,) = connection.execute("SELECT count(*) FROM entry").fetchone()
    finally:
        connection.close()
    assert before == after == 3
