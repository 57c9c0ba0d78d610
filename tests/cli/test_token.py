"""``carnet token``: who it says, for how long, and never in a production store."""

from __future__ import annotations

import asyncio
import io
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carnet.app import verifier_of
from carnet.cli.run import REFUSED, run
from carnet.cli.stores import opened
from carnet.logs import Log
from carnet.population.scripts.cast import cast
from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.errors import CarnetError
from carnet.settings import load
from tests.cli.stores import lines, matricule

BASE = "http://127.0.0.1:8000"


def believed(store: Path, text: str) -> Caller:
    """The caller that a server over this store reads in a token."""
    settings = load(None, {}, {"data": store})

    async def verified() -> Caller:
        async with opened(settings) as one:
            verifier = verifier_of(one, settings, BASE, store, Log(io.StringIO()))
            return await verifier.verify(text)

    return asyncio.run(verified())


def signed(capsys: pytest.CaptureFixture[str], store: Path, *arguments: str) -> str:
    capsys.readouterr()
    assert run(["token", *arguments, "--data", str(store)]) == 0
    return capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--ins", matricule(1)), (CallerKind.CITIZEN, "patient/*.cruds")),
        (
            ("--ins", f"1.2.250.1.213.1.4.10|{matricule(1)}"),
            (CallerKind.CITIZEN, "patient/*.cruds"),
        ),
        (
            ("--ps", "810000000009", "--structure", "1990000010"),
            (CallerKind.PROFESSIONAL, "user/*.cruds"),
        ),
        (("--structure", "1990000010"), (CallerKind.STRUCTURE, "system/*.cruds")),
        (("camille",), (CallerKind.CITIZEN, "patient/*.cruds")),
        (("dr-garrigue",), (CallerKind.PROFESSIONAL, "user/*.cruds")),
    ],
)
def test_a_token_is_believed_by_the_server_of_its_store(
    fed_store: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    expected: tuple[CallerKind, str],
) -> None:
    caller = believed(fed_store, signed(capsys, fed_store, *arguments))
    assert (caller.kind, " ".join(caller.scopes)) == expected
    if "--ins" in arguments:
        assert caller.ins is not None
        assert caller.ins.matricule == matricule(1)
    if "--ps" in arguments:
        assert caller.identifier is not None
        assert caller.structure is not None
        assert caller.profession == "G15_10/SM26"


def test_options_say_profession_purpose_and_scope(
    fed_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = signed(
        capsys,
        fed_store,
        "--ps",
        "810000000009",
        "--profession",
        "G15_60",
        "--sector",
        "SA01",
        "--purpose",
        "break-glass",
        "--reason",
        "inconscient",
        "--scope",
        "user/DocumentReference.rs",
    )
    caller = believed(fed_store, text)
    assert (caller.profession, caller.sector) == ("G15_60", "SA01")
    assert (caller.purpose, caller.reason) == (Purpose.BREAK_GLASS, "inconscient")
    assert caller.scopes == frozenset({"user/DocumentReference.rs"})


def test_a_token_ends(fed_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import base64

    text = signed(capsys, fed_store, "camille", "--hours", "0.5")
    body = text.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert claims["exp"] - claims["iat"] == 1800
    assert abs(claims["iat"] - time.time()) < 600


def test_everybody_of_the_demo_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    status, told = lines(capsys, "token", "--list")
    everyone = cast(datetime.now(UTC).date())
    assert status == 0
    assert [one["name"] for one in told] == [
        *everyone.people,
        *everyone.professionals,
    ]
    assert run(["token", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(told)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nobody-of-that-name",), "person-unknown"),
        ((), "person-unknown"),
        (("--ins", "12"), "ins-malformed"),
        (("--ins", f"1.2.3|{matricule(1)}"), "ins-oid-unknown"),
    ],
)
def test_who_is_nobody_gets_none(
    fed_store: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str
) -> None:
    status, told = lines(capsys, "token", *arguments, "--data", str(fed_store))
    assert (status, told[0]["error"]["code"]) == (REFUSED, code)


def test_the_token_of_one_store_is_not_believed_by_another(
    fed_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "store"
    assert run(["feed", "--data", str(other)]) == 0
    text = signed(capsys, other, "camille")
    with pytest.raises(CarnetError) as caught:
        believed(fed_store, text)
    assert caught.value.code.startswith("token-")


def test_a_store_without_signing_key_signs_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    assert run(["feed", "--data", str(store)]) == 0
    (store / "signing-key.json").unlink()
    status, told = lines(capsys, "token", "camille", "--data", str(store))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "tokens-not-here")
