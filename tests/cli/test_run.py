from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from cyclopts import App

from carnet import __version__
from carnet.cli import COMMANDS, USAGE
from carnet.cli.run import DEFECT, INTERRUPTED, REFUSED, SETTINGS, run
from carnet.record.errors import CarnetError


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CARNET_SETTINGS", "CARNET_DATA", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.mark.parametrize(("name", "place"), [(name, line[0]) for name, line in COMMANDS.items()])
def test_every_command_is_there_and_teaches(
    name: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module, function = place.split(":")
    command = getattr(import_module(module), function)
    if isinstance(command, App):  # a group of commands: each of them teaches
        assert all(one.default_command.__doc__ for one in command.subapps)
    assert command.__doc__ or command.help
    assert run([name, "--help"]) == 0
    assert f"carnet {name}" in capsys.readouterr().out


def test_the_list_of_commands_says_what_each_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown and line[1] in shown for name, line in COMMANDS.items())


def test_the_version_loads_nothing() -> None:
    program = (
        "import sys; sys.argv = ['carnet', '--version']; import carnet.cli; carnet.cli.main(); "
        "print(sorted({'cyclopts', 'rich', 'msgspec', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.decode().split("\n")[:2] == [__version__, "[]"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope"], 'Unknown command "nope"'),
        (["settings", "--nope"], "--nope"),
        (["settings", "stray"], "stray"),
        (["settings", "--data"], "--data"),
    ],
)
def test_a_command_line_that_cannot_be_understood(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == USAGE
    told = capsys.readouterr()
    assert words in told.err
    assert "--help" in told.err
    assert told.out == ""


def test_settings_are_shown_for_people_and_for_machines(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "carnet.toml"
    file.write_text("port = 8123\n")
    assert run(["settings", "--settings", str(file)]) == 0
    assert "port                           8123\n" in capsys.readouterr().out
    assert run(["settings", "--settings", str(file), "--json", "--data", "store"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["port"], shown["data"]) == (8123, "store")


def test_passwords_are_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CARNET_DATABASE", "CARNET_KEYS_DATABASE"):
        monkeypatch.setenv(name, "postgresql://me:hush@there.example/records")
    assert run(["settings"]) == 0
    assert "hush" not in capsys.readouterr().out


def test_all_faults_of_settings_are_told_in_the_readers_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARNET_PORT", "x")
    monkeypatch.setenv("CARNET_WORKERS", "0")
    assert run(["settings"]) == SETTINGS
    english = capsys.readouterr().err
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert run(["settings"]) == SETTINGS
    french = capsys.readouterr().err
    assert len(english.splitlines()) == len(french.splitlines()) == 3
    assert "The settings hold 2 fault(s)" in english
    assert "Les réglages contiennent 2 faute(s)" in french


def test_faults_for_machines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARNET_PORT", "x")
    assert run(["settings", "--json"]) == SETTINGS
    told = json.loads(capsys.readouterr().out)["error"]
    assert told["code"] == "settings-refused"
    assert [(fault["code"], fault["element"]) for fault in told["faults"]] == [
        ("setting-value", "port")
    ]


def test_a_reader_that_goes_away_is_no_fault() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    program = "import carnet.cli, sys; sys.argv = ['carnet', 'settings']; carnet.cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def raising(error: BaseException) -> object:
    def command() -> None:
        """End in an error."""
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (CarnetError("token-expired"), REFUSED, "carnet: The token has expired."),
        (CarnetError("postgresql-absent"), DEFECT, "Install the distribution's package"),
        (KeyboardInterrupt(), INTERRUPTED, ""),
        (ZeroDivisionError("Martin-Durand"), DEFECT, "a fault of Carnet, reference "),
    ],
)
def test_whatever_goes_wrong_is_a_sentence_and_a_status(
    error: BaseException,
    status: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(COMMANDS, "fail", (f"{__name__}:fail", "Fail."))
    monkeypatch.setattr(sys.modules[__name__], "fail", raising(error), raising=False)
    assert run(["fail"]) == status
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert "Martin-Durand" not in told
