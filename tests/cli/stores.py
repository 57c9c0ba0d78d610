"""Stores and documents that the tests of commands share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from carnet.cli.run import run
from carnet.record.identity import OID_INS_NIR, OID_INS_NIR_TEST, ins_key
from tests.formats.cda.minimal import changed

SETTINGS = ("CARNET_SETTINGS", "CARNET_DATA", "LC_ALL", "LC_MESSAGES")


def matricule(number: int) -> str:
    """An invented matricule with its key, by a number below 1000."""
    thirteen = f"2790351215{number:03d}"
    return f"{thirteen}{ins_key(thirteen):02d}"


def letter(number: int, *changes: tuple[str, str], real: bool = False) -> bytes:
    """A CDA document of person ``number``, with an id of its own."""
    return changed(
        ("279035121518989", matricule(number)),
        ('<id root="1.2.250.1.999.1.1"/>', f'<id root="1.2.250.1.999.1.{number}"/>'),
        (OID_INS_NIR_TEST, OID_INS_NIR if real else OID_INS_NIR_TEST),
        *changes,
    )


def written(folder: Path, name: str, data: bytes) -> str:
    """A file with this content; its path."""
    path = folder / name
    path.write_bytes(data)
    return str(path)


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit status of a command and what it tells with ``--json``."""
    capsys.readouterr()
    status = run([*arguments, "--json"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]
