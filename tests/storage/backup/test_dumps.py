"""PostgreSQL's tools: which one is run, what it is told, and what its absence leads to."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from carnet.record.errors import CarnetError
from carnet.storage.backup.dumps import KEY_TABLES, demand_tools, dump_keys, dump_main

SPY = (
    '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/words"; echo "$PGPASSWORD" > "$0.password"\n'
)


def a_tool(distribution: Path, version: str, script: str = SPY) -> Path:
    """A program in the place where the distribution keeps PostgreSQL's."""
    folder = distribution / version / "bin"
    folder.mkdir(parents=True)
    (folder / "pg_dump").write_text(script)
    (folder / "pg_dump").chmod(0o755)
    return folder


def test_the_password_is_not_on_the_command_line(postgresql_url: str, tmp_path: Path) -> None:
    folder = a_tool(tmp_path, "99")
    dump_main(postgresql_url, tmp_path / "out", tmp_path)
    password = urlsplit(postgresql_url).password
    assert password
    words = (folder / "words").read_text()
    assert password not in words
    assert (folder / "pg_dump.password").read_text().strip() == password
    assert "--no-password" in words


def test_keys_are_left_out_of_one_dump_and_alone_in_the_other(
    postgresql_url: str, tmp_path: Path
) -> None:
    folder = a_tool(tmp_path, "99")
    for dump, option in ((dump_main, "--exclude-table"), (dump_keys, "--table")):
        dump(postgresql_url, tmp_path / "out", tmp_path)
        words = (folder / "words").read_text().splitlines()
        assert [word for word in words if "table=" in word] == [
            f"{option}={table}" for table in KEY_TABLES
        ]


def test_the_newest_tool_is_taken_where_the_servers_own_is_not_there(
    postgresql_url: str, tmp_path: Path
) -> None:
    older, newer = a_tool(tmp_path, "9"), a_tool(tmp_path, "99")
    dump_main(postgresql_url, tmp_path / "out", tmp_path)
    assert (newer / "words").exists()
    assert not (older / "words").exists()


def test_a_tool_that_is_absent_is_named(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CarnetError) as caught:
        demand_tools(postgresql_url, "pg_dump", distribution=tmp_path)
    assert (caught.value.code, caught.value.params) == ("backup-tool-absent", {"name": "pg_dump"})
    (a_tool(tmp_path, "x") / "pg_dump").rename(tmp_path / "pg_dump")
    demand_tools(postgresql_url, "pg_dump", distribution=tmp_path)


def test_the_first_error_of_a_tool_is_told_and_no_row(postgresql_url: str, tmp_path: Path) -> None:
    script = "#!/bin/sh\necho 'pg_dump: error: no room' >&2; echo 'DETAIL: a row' >&2; exit 1\n"
    a_tool(tmp_path, "99", script)
    with pytest.raises(CarnetError) as caught:
        dump_main(postgresql_url, tmp_path / "out", tmp_path)
    assert caught.value.code == "backup-tool-failed"
    assert caught.value.params["detail"] == "no room"
    assert "@" not in str(caught.value.params["place"])
