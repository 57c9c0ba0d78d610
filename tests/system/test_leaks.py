"""Nothing readable lies about: not in database files, not on disk, not in a log, not in a spool."""

from __future__ import annotations

import base64
import contextlib
import json
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
import zstandard

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.record.caller import Purpose
from tests.formats.cda.minimal import structured
from tests.system.checks import ids, refused
from tests.system.conftest import NodeMaker, PlaceMaker
from tests.system.documents import hiding, letter, simplified
from tests.system.durability.server import until
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    PSYCHIATRIST,
    citizen,
    professional,
    tie,
)
from tests.system.refusing.test_sockets import line_to, posting
from tests.system.server import Node

_FRAME = b"\x28\xb5\x2f\xfd"  # how a zstd frame begins
_MOST_OPENED = 1 << 16  # bytes that are opened of what looks compressed
SECRETS = (
    "QUERCITRON",  # birth name
    "Hyacinthe",  # given name
    "Mirabelliose",  # title and body of a document
    "pancréatoduodénectomie",  # narrative
    "stéatorrhée",  # plain text
    "Gare Saint-Lazare",  # what was said for break-glass
    "GARRIGUE",  # an author
    "Garrigue",
    "899972101176",  # their RPPS
    "Tilleuls",  # their structure
)


def forms(word: str) -> Iterator[tuple[bytes, bool]]:
    """A word as it may stand in bytes, and whether its letters' case does not count there."""
    texts = dict.fromkeys((word, word.upper(), word.lower()))
    for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
        for raw in {text.encode(encoding).lower() for text in texts}:
            yield raw, True
    for text in texts:
        raw = text.encode()
        yield raw.hex().encode(), True
        yield json.dumps(text)[1:-1].lower().encode(), True
        for shift in range(3):
            coded = base64.b64encode(bytes(shift) + raw)
            # Without the characters that also hold bits of what stands beside it.
            end = len(coded) - (0, 4, 4)[(len(raw) + shift) % 3]
            yield coded[(0, 2, 3)[shift] : end], False


def opened(data: bytes) -> Iterator[bytes]:
    """What was compressed in it and not sealed: zstd frames and zlib streams."""
    for magic in (_FRAME, b"\x78\x9c", b"\x78\xda"):
        at = data.find(magic)
        while at >= 0:
            piece = data[at : at + _MOST_OPENED]
            with contextlib.suppress(zstandard.ZstdError, zlib.error):
                if magic == _FRAME:
                    reader = zstandard.ZstdDecompressor().stream_reader(piece)
                    yield reader.read(_MOST_OPENED)
                else:
                    yield zlib.decompressobj().decompress(piece, _MOST_OPENED)
            at = data.find(magic, at + 1)


def found_in(data: bytes, words: tuple[str, ...]) -> set[str]:
    """Which words stand in bytes in one of their forms, compressed or not."""
    wanted = {(form, folded): word for word in words for form, folded in forms(word)}
    found = set()
    for text in (data, *opened(data)):
        lower = text.lower()
        for (form, folded), word in wanted.items():
            if form in (lower if folded else text):
                found.add(word)
    return found


def test_the_search_finds_what_lies_about() -> None:
    word = "pancréatoduodénectomie"
    text = f"une {word} était prévue"
    lying: list[bytes] = [
        text.encode(),
        text.encode("latin-1"),
        text.encode("utf-16-le"),
        text.upper().encode(),
        json.dumps(text).encode(),
        *(base64.b64encode(b"x" * n + text.encode()) for n in range(3)),
        text.encode().hex().encode(),
        b"head" + zstandard.compress(text.encode()) + b"tail",
        b"head" + zlib.compress(text.encode()) + b"tail",
    ]
    for one in lying:
        assert found_in(one, SECRETS) == {word}, one
    assert found_in(b"nothing of it \x28\xb5\x2f\xfd here", SECRETS) == set()


def files_under(folder: Path, since: float = 0) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder that was written since."""
    for path in sorted(folder.rglob("*")):
        with contextlib.suppress(FileNotFoundError):  # the server may remove a file meanwhile
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since:
                yield str(path), path.read_bytes()


def open_files(node: Node) -> Iterator[tuple[str, bytes]]:
    """The files without a name that the server's processes hold: spools."""
    for child in (psutil.Process(node.server.pid), *node.server.children()):
        for handle in Path(f"/proc/{child.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                target = handle.readlink()
                if "(deleted)" in str(target):
                    yield f"{child.pid}:{target}", handle.read_bytes()


def everything(
    node: Node, server: PrivatePostgresql | None, since: float
) -> Iterator[tuple[str, bytes]]:
    """All bytes that the node left on disk, the logs of its processes and of the database too."""
    yield from files_under(node.directory.parent)
    yield from open_files(node)
    if server is not None:
        yield from files_under(server.folder, since)


@pytest.fixture
def server(new_place: PlaceMaker, request: pytest.FixtureRequest) -> PrivatePostgresql | None:
    """The PostgreSQL server, where the engine is one."""
    if new_place()[1] is None:
        return None
    found: PrivatePostgresql = request.getfixturevalue("postgresql_server")
    return found


@pytest.mark.slow
def test_nothing_readable_lies_about_after_a_feed(
    make_node: NodeMaker, server: PrivatePostgresql | None
) -> None:
    since = time.time()
    node = make_node()
    who = citizen("QUERCITRON", "HYACINTHE")
    secrets = (*SECRETS, who.ins.matricule, who.ins.matricule[:13])
    node.open_for(who)
    own, doctor = node.acting(who), node.acting(GENERALIST)
    assert own.post("Consent", tie(who, ENDOCRINOLOGIST)).status_code == 201
    body = b"%PDF-1.4 Mirabelliose, une QUERCITRON parle" * 50
    stored = node.feed(letter(who, GENERALIST, title="Mirabelliose de Hyacinthe", body=body))
    large = letter(who, GENERALIST, title="Mirabelliose", body=body * 2000)
    assert len(simplified(large)["content"][0]["attachment"]["data"]) > 2_000_000  # type: ignore[index]  # a plain dict
    node.feed(large)
    narrative = structured(
        "<component><section><text>Une pancréatoduodénectomie, puis une stéatorrhée."
        "</text></section></component>"
    )
    narrative = narrative.replace(b"279035121518989", who.ins.matricule.encode())
    narrative = narrative.replace(b">ESSAI<", b">QUERCITRON<").replace(b">CLAIRE<", b">HYACINTHE<")
    narrative = narrative.replace(b"19790328", who.traits.birth_date.replace("-", "").encode())
    narrative = narrative.replace(b"51215", b"35238")
    level3 = msgspec.structs.replace(
        letter(who, GENERALIST, unique_id="1.2.250.1.999.1.1"), data=narrative
    )
    by_other = {"identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810000000009"}}
    fed = doctor.submit(level3, author=[by_other])
    assert fed.status_code == 201, fed.text
    assert own.patch(f"DocumentReference/{stored['id']}", hiding()).status_code == 200
    assert len(ids(doctor.find(who, **{"author.family": "GARRIGUE"}))) == 2
    urgent = professional("dr-nadaud", Purpose.BREAK_GLASS, "Gare Saint-Lazare")
    assert node.acting(urgent).find(who).status_code == 200
    refused(node.acting(PSYCHIATRIST).find(who), 403, "consent-missing")
    refused(doctor.find(citizen("QUERCITRON")), 404, "record-absent")
    broken = json.loads(msgspec.json.encode(simplified(large)))
    broken["subject"]["identifier"]["value"] = "QUERCITRON"
    assert doctor.post("DocumentReference", broken).status_code == 422
    node.settled()
    for name, data in everything(node, server, since):
        assert found_in(data, secrets) == set(), name
    with line_to(node) as line:
        line.sendall(posting(node, "Content-Length: 9000000"))
        coded = base64.b64encode(b"une Mirabelliose, " * 200_000)
        line.sendall(b'{"content":[{"attachment":{"data":"' + coded)
        spool = node.directory / "spool"

        def spooled() -> list[tuple[str, bytes]]:
            return [one for one in open_files(node) if str(spool) in one[0] and len(one[1]) > 1e6]

        until(spooled, "a spool")
        for name, data in spooled():
            assert found_in(data, secrets) == set(), name
