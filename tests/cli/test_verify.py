"""``carnet verify``: clean or not, in words or lines, held against an anchor."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from carnet.cli.run import REFUSED, run
from tests.cli.stores import letter, lines, written


@pytest.fixture
def own_store(fed_store: Path, tmp_path: Path) -> Path:
    """A copy of the fed store, to be damaged."""
    copy = tmp_path / "copy"
    shutil.copytree(fed_store, copy)
    shutil.copy(fed_store.with_name("store.key"), tmp_path / "copy.key")
    return copy


def test_a_sound_store_is_clean(fed_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--data", str(fed_store)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Clean."
    assert lines(capsys, "verify", "--data", str(fed_store)) == (0, [])


def test_damage_is_told_and_is_the_exit_status(
    own_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = next(path for path in sorted((own_store / "blobs").glob("*/*")))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    status, found = lines(capsys, "verify", "--data", str(own_store))
    assert status == REFUSED
    assert {one["severity"] for one in found} == {"damage"}
    assert run(["verify", "--data", str(own_store)]) == REFUSED
    assert "damaged" in capsys.readouterr().out.splitlines()[-1]


def test_orphans_are_collected_unless_nothing_is_to_be_repaired(
    own_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import os

    orphan = own_store / "blobs" / "abc" / ("abc" + "0" * 29)
    orphan.write_bytes(b"left by a crash")
    os.utime(orphan, (0, 0))  # long ago: younger ones may be on their way
    run(["verify", "--data", str(own_store), "--no-repair"])
    assert orphan.exists()
    assert run(["verify", "--data", str(own_store)]) == 0
    assert not orphan.exists()
    capsys.readouterr()


def test_a_store_put_back_to_before_its_anchor_is_damaged(
    own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = {path.name: path.read_bytes() for path in own_store.glob("*.db")}
    file = written(tmp_path, "more.xml", letter(3, ("1.2.250.1.999.1.3", "1.2.250.1.999.1.31")))
    assert run(["feed", file, "--data", str(own_store)]) == 0
    anchor = str(tmp_path / "anchor")
    assert run(["verify", "--data", str(own_store), "--export-anchor", anchor]) == 0
    assert run(["verify", "--data", str(own_store), "--anchor", anchor]) == 0
    for path in own_store.glob("*.db*"):
        path.unlink()
    for name, data in earlier.items():
        (own_store / name).write_bytes(data)
    assert run(["verify", "--data", str(own_store), "--anchor", anchor]) == REFUSED
    capsys.readouterr()


def _broken(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_since_an_anchor_only_what_changed_is_checked(
    own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anchor, data = str(tmp_path / "anchor"), str(own_store)
    assert run(["verify", "--data", data, "--export-anchor", anchor]) == 0
    before = set((own_store / "blobs").glob("*/*"))
    _broken(min(before))
    assert run(["verify", "--data", data, "--since", anchor]) == 0
    document = letter(3, ("1.2.250.1.999.1.3", "1.2.250.1.999.1.32"))
    assert run(["feed", written(tmp_path, "more.xml", document), "--data", data]) == 0
    assert run(["verify", "--data", data, "--since", anchor]) == 0
    (fresh,) = set((own_store / "blobs").glob("*/*")) - before
    _broken(fresh)
    capsys.readouterr()
    status, found = lines(capsys, "verify", "--data", data, "--since", anchor)
    assert (status, [one["code"] for one in found]) == (REFUSED, ["verify-object-broken"])
    assert fresh.name in found[0]["where"]


def test_since_an_anchor_a_store_that_was_put_back_is_damaged(
    own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = {path.name: path.read_bytes() for path in own_store.glob("*.db")}
    file = written(tmp_path, "more.xml", letter(3, ("1.2.250.1.999.1.3", "1.2.250.1.999.1.33")))
    assert run(["feed", file, "--data", str(own_store)]) == 0
    anchor = str(tmp_path / "anchor")
    assert run(["verify", "--data", str(own_store), "--export-anchor", anchor]) == 0
    for path in own_store.glob("*.db*"):
        path.unlink()
    for name, data in earlier.items():
        (own_store / name).write_bytes(data)
    assert run(["verify", "--data", str(own_store), "--since", anchor]) == REFUSED
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--data", "nowhere"), "store-absent"),
        ((), "data-directory-missing"),
    ],
)
def test_where_there_is_no_store_that_is_told(
    arguments: tuple[str, ...],
    code: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, told = lines(capsys, "verify", *arguments)
    assert (status, told[0]["error"]["code"]) == (REFUSED, code)
    assert list(tmp_path.iterdir()) == []


def test_an_anchor_that_cannot_be_read_is_told(
    fed_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("--anchor", "--since"):
        status, told = lines(capsys, "verify", "--data", str(fed_store), option, "/nowhere")
        assert (status, told[0]["error"]["code"]) == (REFUSED, "file-unreadable")
