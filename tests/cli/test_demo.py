"""``carnet demo --no-serve``: a store of invented people, made once, in a place of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet.cli.demo import welcome
from carnet.cli.run import REFUSED, run
from carnet.settings import load
from carnet.storage.facts import stored_facts
from tests.cli.stores import lines


@pytest.fixture(scope="module")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo, made by the command; tests leave it as it is."""
    directory = tmp_path_factory.mktemp("demo") / "store"
    assert run(["demo", "--no-serve", "--data", str(directory)]) == 0
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


def test_the_welcome_says_what_to_open(demo_store: Path) -> None:
    settings = load(None, {}, {"data": demo_store})
    shown = welcome(settings, "http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000/fhir/metadata" in shown
    assert f"--data {demo_store}" in shown
    assert "camille" in shown


def test_a_store_of_another_kind_is_left_alone(
    fed_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = lines(capsys, "demo", "--no-serve", "--data", str(fed_store))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "store-not-demo")
    assert stored_facts(fed_store)["kind"] == "test"


def test_a_directory_of_other_things_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    status, told = lines(capsys, "demo", "--no-serve", "--data", str(tmp_path))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "store-not-demo")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_demo_is_served_to_this_machine_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "store"
    arguments = ("demo", "--no-serve", "--host", "0.0.0.0", "--data", str(directory))  # noqa: S104  refused
    status, told = lines(capsys, *arguments)
    assert status != 0
    assert [fault["code"] for fault in told[0]["error"]["faults"]] == ["setting-demo-host"]
    assert not directory.exists()
