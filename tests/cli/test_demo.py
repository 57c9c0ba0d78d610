"""``carnet demo --no-serve``: a store of invented people, made once, in a place of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from carnet.cli.demo_welcome import welcome
from carnet.cli.run import REFUSED, run
from carnet.cli.stores import make_store
from carnet.record.store_kind import StoreKind
from carnet.settings import load
from carnet.storage.facts import stored_facts
from tests.cli.stores import lines

LIVES = ("--life", "camille", "--life", "sacha", "--life", "bernard")


@pytest.fixture(scope="module")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of three lives, made by the command; tests leave it as it is."""
    directory = tmp_path_factory.mktemp("demo") / "store"
    assert run(["demo", "--no-serve", "--data", str(directory), *LIVES]) == 0
    return directory


def test_a_demo_is_made_once(demo_store: Path) -> None:
    facts = stored_facts(demo_store)
    assert (facts["kind"], facts["seeded"]) == ("demo", "yes")
    before = {path: path.stat().st_mtime_ns for path in demo_store.glob("*.db")}
    assert run(["demo", "--no-serve", "--data", str(demo_store)]) == 0
    assert {path: path.stat().st_mtime_ns for path in demo_store.glob("*.db")} == before


def test_a_demo_is_sound_and_nothing_is_left_to_do(
    demo_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "--data", str(demo_store)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Clean."


def test_a_demo_signs_tokens_for_its_people(
    demo_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["token", "camille", "--data", str(demo_store)]) == 0
    assert len(capsys.readouterr().out.split(".")) == 3


def test_the_welcome_says_who_is_there_and_what_to_try(demo_store: Path) -> None:
    settings = load(None, {}, {"data": demo_store})
    shown = welcome(settings, "http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000/fhir/metadata" in shown
    assert f"--data {demo_store}" in shown
    assert "camille" in shown
    assert shown.count("À essayer") >= 14


def _contents(directory: Path) -> dict[Path, bytes]:
    """Every file but the empty write-ahead logs and indexes that SQLite makes to read."""
    files = (path for path in directory.rglob("*") if path.is_file())
    kept = {path: path.read_bytes() for path in files if not path.name.endswith("-shm")}
    return {path: data for path, data in kept.items() if data or not path.name.endswith("-wal")}


def test_a_store_of_another_kind_is_left_alone(
    fed_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _contents(fed_store)
    status, told = lines(capsys, "demo", "--no-serve", "--data", str(fed_store))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "store-not-demo")
    assert _contents(fed_store) == before


def test_a_directory_of_somebody_elses_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    status, told = lines(capsys, "demo", "--no-serve", "--data", str(tmp_path))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "store-not-demo")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--people", "0"], "population-size"),
        (["--people", "-3"], "population-size"),
        (["--people", "2", "--documents", "100000"], "population-documents"),
        (["--documents", "10"], "population-documents"),
        (["--people", "1", "--documents", "-1"], "population-documents"),
        (["--as-of", "2026-02-30"], "population-day"),
        (["--life", "nobody"], "person-unknown"),
        (["--people", "60000000", "--documents", "2000000000"], "disk-too-small"),
    ],
)
def test_what_cannot_be_made_is_said_before_anything_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: str
) -> None:
    store = tmp_path / "store"
    status, told = lines(capsys, "demo", "--no-serve", "--data", str(store), *options)
    assert (status, told[0]["error"]["code"]) == (REFUSED, code)
    out = tmp_path / "out"
    status, told = lines(capsys, "demo", "--export", str(out), *options)
    assert (status, told[0]["error"]["code"]) == (REFUSED, code)
    assert list(tmp_path.iterdir()) == []


def test_too_little_room_says_how_much_is_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--people", "60000000", "--documents", "2000000000"]
    lines(capsys, "demo", "--no-serve", "--data", str(tmp_path / "store"), *options)
    run(["demo", "--no-serve", "--data", str(tmp_path / "store"), *options])
    assert "140000" in capsys.readouterr().err


def test_a_demo_that_was_not_finished_is_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    settings = msgspec.structs.replace(load(None, {}, {"data": store}), kind=StoreKind.DEMO)
    make_store(settings, StoreKind.DEMO)
    assert run(["demo", "--no-serve", "--data", str(store), "--life", "sacha"]) == 0
    assert "made anew" in capsys.readouterr().err
    assert stored_facts(store)["seeded"] == "yes"
    assert run(["verify", "--data", str(store)]) == 0


@pytest.mark.slow
def test_a_demo_killed_in_the_making_is_made_anew(tmp_path: Path) -> None:
    store = tmp_path / "store"
    command = [sys.executable, "-m", "carnet", "demo", "--no-serve", "--data", str(store), *LIVES]
    first = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (store / "carnet.db").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    first.kill()
    first.wait(timeout=30)
    assert run(["demo", "--no-serve", "--data", str(store), *LIVES]) == 0
    assert run(["verify", "--data", str(store)]) == 0


def test_documents_and_truth_are_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    status, told = lines(
        capsys, "demo", "--export", str(out), "--as-of", "2026-11-25", "--life", "camille"
    )
    assert status == 0
    assert told[0]["people"] == 1
    truth = json.loads((out / "people/camille/truth.json").read_text())
    assert len(truth["documents"]) == told[0]["documents"]
    assert len(list((out / "people/camille").glob("*.xml"))) == told[0]["documents"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
