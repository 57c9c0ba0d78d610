"""``carnet feed``: a line a file, the store made where there is none, an honest exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet.cli import USAGE
from carnet.cli.feed import FileContent
from carnet.cli.run import DEFECT, REFUSED, SETTINGS, run
from carnet.storage.facts import stored_facts
from tests.cli.stores import letter, lines, written


def test_an_absent_directory_becomes_a_test_store_and_a_file_is_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "store")
    good = written(tmp_path, "good.xml", letter(11))
    status, told = lines(capsys, "feed", good, "--data", store)
    assert status == 0
    assert told == [
        {
            "file": good,
            "status": "stored",
            "uniqueId": "1.2.250.1.999.1.11",
            "warnings": told[0]["warnings"],
            "code": None,
        }
    ]
    facts = stored_facts(tmp_path / "store", None)
    assert facts["kind"] == "test"
    # The same again, one that cannot be read, one that is not there: each a line, in order.
    bad = written(tmp_path, "bad.xml", b"<ClinicalDocument")
    absent = str(tmp_path / "absent.xml")
    status, told = lines(capsys, "feed", good, bad, absent, "--data", store)
    assert status == REFUSED
    assert [(one["file"], one["status"]) for one in told] == [
        (good, "identical"),
        (bad, "refused"),
        (absent, "refused"),
    ]
    assert told[2]["code"] == "file-unreadable"
    assert told[1]["code"]


def test_what_is_marked_is_refused_when_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "store")
    first = written(tmp_path, "first.xml", letter(21))
    assert run(["feed", first, "--data", store]) == 0
    other = letter(21, ("1.2.250.1.999.1.21", "1.2.250.1.999.1.22"), ("ESSAI", "AUTRE"))
    conflict = written(tmp_path, "conflict.xml", other)
    status, told = lines(capsys, "feed", conflict, "--data", store, "--strict")
    assert (status, told[0]["code"]) == (REFUSED, "ins-traits-differ")
    status, told = lines(capsys, "feed", conflict, "--data", store)
    assert (status, told[0]["status"]) == (0, "stored")
    assert "ins-traits-differ" in told[0]["warnings"]


def test_a_production_store_takes_no_test_identity(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "carnet.toml"
    settings.write_text(
        f'key_file = "{tmp_path / "master.key"}"\npublic_base = "https://records.example"\n'
        '[[issuers]]\niss = "https://issuer.example"\njwks = "https://issuer.example/jwks"\n'
    )
    arguments = ("--data", str(tmp_path / "store"), "--settings", str(settings))
    test_one = written(tmp_path, "test.xml", letter(31))
    real = written(tmp_path, "real.xml", letter(32, real=True))
    status, told = lines(capsys, "feed", test_one, real, "--production", *arguments)
    assert stored_facts(tmp_path / "store", None)["kind"] == "production"
    assert status == REFUSED
    assert [(one["status"], one["code"]) for one in told] == [
        ("refused", "ins-test-refused"),
        ("stored", None),
    ]
    assert not (tmp_path / "store" / "signing-key.json").exists()


def test_a_production_store_is_not_made_without_its_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("feed", "--production", "--data", str(tmp_path / "store"))
    status, told = lines(capsys, *arguments)
    assert status == SETTINGS
    assert {fault["element"] for fault in told[0]["error"]["faults"]} >= {"key_file", "public_base"}
    assert list(tmp_path.iterdir()) == []


def test_people_are_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = written(tmp_path, "good.xml", letter(41))
    absent = str(tmp_path / "absent.xml")
    assert run(["feed", good, absent, "--data", str(tmp_path / "store")]) == REFUSED
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith(f"stored     {good}")
    assert shown[1] == f"refused    {absent}  file-unreadable"


def test_a_directory_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["feed", "x.xml"]) == REFUSED
    assert "--data" in capsys.readouterr().err


def test_an_option_that_is_none_is_refused(tmp_path: Path) -> None:
    assert run(["feed", "--stricter", "--data", str(tmp_path / "s")]) == USAGE
    assert not (tmp_path / "s").exists()


def test_a_directory_of_other_things_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    status, told = lines(capsys, "feed", "x.xml", "--data", str(mine))
    assert status in (REFUSED, DEFECT)
    assert told[0]["error"]["code"] == "store-directory-taken"
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]


def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * (1 << 20) + b"y")
    content = FileContent(path)
    assert content.size == (1 << 20) + 1
    assert [len(piece) for piece in content.chunks()] == [1 << 20, 1]
    assert b"".join(content.chunks()) == path.read_bytes()
