"""The processes: one a document, within limits, and what is told when one dies."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from carnet.reading.model import Html, Pages, Picture, Plain, ReadingLimits, Unreadable
from carnet.reading.reader import Reader
from carnet.record.errors import CarnetError
from tests.formats.cda.html.test_files import document, media
from tests.formats.cda.html.told import FILES
from tests.formats.cda.minimal import PDF, changed, structured
from tests.reading import samples
from tests.reading.conftest import Asked

CDA = "text/xml"


def level_1(content: bytes, media_type: str) -> bytes:
    return changed((PDF, base64.b64encode(content).decode()), ("application/pdf", media_type))


def test_a_structured_document_is_html_with_its_header(asked: Asked) -> None:
    data = document('<renderMultiMedia referencedObject="a"/>', media("a"))
    made = asked.document(data, CDA, files=FILES)
    assert isinstance(made.body, Html)
    assert f'src="{FILES}1"' in made.body.narrative.html
    assert made.header is not None
    assert made.header.line.title == "Lettre du cardiologue"
    assert made.language == "fr-FR"
    assert [each.name for each in made.attachments] == ["a"]


@pytest.mark.parametrize(
    ("content", "media_type", "body"),
    [
        (samples.pdf(), "application/pdf", Pages),
        (samples.picture("JPEG"), "image/jpeg", Picture),
        (samples.RTF, "text/rtf", Plain),
        (b"bonjour", "text/plain", Plain),
    ],
)
def test_the_body_of_level_1_is_read_by_its_own_type(
    asked: Asked, content: bytes, media_type: str, body: type
) -> None:
    made = asked.document(level_1(content, media_type), CDA)
    assert isinstance(made.body, body)
    assert made.media_type == media_type
    assert made.header is not None


def test_a_page_of_a_document_of_level_1_is_one_of_its_body(asked: Asked) -> None:
    data = level_1(samples.pdf("Un", "Deux"), "application/pdf")
    assert asked.page(data, CDA, 2).pages == 2
    assert asked.text(data, CDA, 2).lines[0].text == "Deux"


def test_a_file_inside_is_read_by_its_number(asked: Asked) -> None:
    png = base64.b64encode(samples.picture("PNG")).decode()
    data = document("x", media("a", value=png))
    assert isinstance(asked.document(data, CDA, inside=1).body, Picture)
    with pytest.raises(CarnetError) as caught:
        asked.document(data, CDA, inside=2)
    assert caught.value.code == "reading-file-absent"


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/zip", "", "x"])
def test_a_type_that_is_not_known_is_not_guessed(asked: Asked, media_type: str) -> None:
    html = b"<html><script>alert(1)</script></html>"
    body = asked.document(html, media_type).body
    assert isinstance(body, Unreadable)
    assert body.code == "reading-type-unsupported"
    if media_type:
        made = asked.document(level_1(html, media_type), CDA)
        assert made.body == body
        assert made.header is not None


def test_a_body_that_is_elsewhere_is_not_fetched(asked: Asked) -> None:
    data = changed((f">{PDF}<", '><reference value="https://evil.example/a.pdf"/><'))
    assert asked.document(data, CDA).body == Unreadable("reading-body-elsewhere")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml-truncated"),
        (b"<html/>", "cda-not-a-document"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml-dtd-refused"),
    ],
)
def test_xml_that_is_no_document_says_why(asked: Asked, content: bytes, code: str) -> None:
    body = asked.document(content, CDA).body
    assert isinstance(body, Unreadable)
    assert body.code == code


def test_twenty_megabytes_of_narrative_are_cut_and_say_so(asked: Asked) -> None:
    paragraph = f"<paragraph>{'mot ' * 500}</paragraph>"
    section = f"<component><section><text>{paragraph * 10_000}</text></section></component>"
    data = structured(section)
    assert len(data) > 20_000_000
    made = asked.document(data, CDA)
    assert isinstance(made.body, Html)
    assert made.body.narrative.cut
    assert len(made.body.narrative.html) < 4_100_000
    assert [each.code for each in made.notices] == ["reading-narrative-cut"]


def test_what_takes_too_long_is_ended_and_says_so(reader_under: Callable[..., Asked]) -> None:
    quick = reader_under(seconds=1)
    long = samples.pdf(*(f"Page {n}" for n in range(4_000)))
    heavy = b"{\\rtf1 " + b"\\par \\'e9 x" * 1_800_000 + b"}"
    codes = {
        body.code
        for body in (
            quick.document(heavy, "text/rtf").body,
            quick.document(long, "application/pdf").body,
        )
        if isinstance(body, Unreadable)
    }
    assert codes == {"reading-too-slow"}
    assert isinstance(quick.document(b"x", "text/plain").body, Plain)  # the next is read


def test_what_needs_too_much_memory_is_ended_and_says_so(
    reader_under: Callable[..., Asked],
) -> None:
    small = reader_under(memory=64 * 1_048_576)
    body = small.document(samples.picture("PNG", (9_000, 9_000)), "image/png").body
    assert isinstance(body, Unreadable)
    assert body.code in ("reading-too-much-memory", "reading-image-broken", "reading-process-ended")
    assert isinstance(small.document(samples.picture("PNG"), "image/png").body, Picture)


def test_an_answer_beyond_the_limit_is_not_taken(reader_under: Callable[..., Asked]) -> None:
    small = reader_under(answer=1_000)
    body = small.document(b"x" * 10_000, "text/plain").body
    assert body == Unreadable("reading-process-ended")


def test_a_process_that_is_killed_is_told_and_the_next_one_lives(asked: Asked) -> None:
    heavy = b"{\\rtf1 " + b"\\par \\'e9 x" * 1_800_000 + b"}"

    async def killed() -> object:
        await asked.reader.read_document(b"x", "text/plain")
        nursery = psutil.Process(asked.reader._nursery.pid)  # type: ignore[union-attr]
        before = {each.pid for each in nursery.children()}
        task = asyncio.create_task(asked.reader.read_document(heavy, "text/rtf"))
        async with asyncio.timeout(10):
            while not (  # noqa: ASYNC110  no event tells of a fork
                young := {each.pid for each in nursery.children()} - before
            ):
                await asyncio.sleep(0.005)
        for pid in young:
            os.kill(pid, signal.SIGKILL)
        return (await task).body

    assert asked.run(killed()) == Unreadable("reading-process-ended")
    assert isinstance(asked.document(b"x", "text/plain").body, Plain)


def test_a_nursery_that_is_killed_is_started_anew() -> None:
    async def twice() -> list[object]:
        async with Reader() as reader:
            first = await reader.read_document(b"un", "text/plain")
            nursery = reader._nursery
            assert nursery is not None
            nursery.kill()
            nursery.wait()
            second = await reader.read_document(b"deux", "text/plain")
            return [first.body, second.body]

    assert asyncio.run(twice()) == [Plain("un"), Plain("deux")]


def test_documents_are_read_at_once_and_apart(asked: Asked) -> None:
    async def many() -> list[object]:
        reads = [asked.reader.read_document(f"texte {n}".encode(), "text/plain") for n in range(20)]
        return [made.body for made in await asyncio.gather(*reads)]

    assert asked.run(many()) == [Plain(f"texte {n}") for n in range(20)]


def test_who_waits_too_long_for_a_turn_is_told() -> None:
    heavy = b"{\\rtf1 " + b"\\par \\'e9 x" * 1_800_000 + b"}"

    async def crowded() -> list[object]:
        async with Reader(ReadingLimits(seconds=5), jobs=1, patience=0.1) as reader:
            await reader.read_document(b"x", "text/plain")
            first = asyncio.create_task(reader.read_document(heavy, "text/rtf"))
            await asyncio.sleep(0)
            second = await reader.read_document(b"x", "text/plain")
            first.cancel()
            return [second.body]

    assert asyncio.run(crowded()) == [Unreadable("reading-busy")]


def test_a_nursery_ends_with_the_process_that_started_it() -> None:
    code = (
        "import asyncio, sys, time\n"
        "from carnet.reading.reader import Reader\n"
        "async def main():\n"
        "    reader = Reader()\n"
        "    await reader.read_document(b'x', 'text/plain')\n"
        "    print(reader._nursery.pid, flush=True)\n"
        "    time.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        nursery = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    gone, _ = psutil.wait_procs([nursery], timeout=10)
    assert gone


def test_closing_leaves_no_process_behind() -> None:
    async def once() -> int:
        async with Reader() as reader:
            await reader.read_document(b"x", "text/plain")
            assert reader._nursery is not None
            return reader._nursery.pid

    assert not psutil.pid_exists(asyncio.run(once()))


def test_a_reading_process_has_its_limits_and_nothing_of_ours(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked of the nursery, whose children have no more than it has."""
    monkeypatch.setenv("CARNET_SECRET", "clé")

    async def nursery() -> psutil.Process:
        await asked.reader.close()
        with (tmp_path / "open").open("wb"):
            await asked.reader.read_document(b"x", "text/plain")
        return psutil.Process(asked.reader._nursery.pid)  # type: ignore[union-attr]

    process = asked.run(nursery())
    folder = Path("/proc") / str(process.pid)
    assert "CARNET_SECRET" not in process.environ()
    handles = [str(each.readlink()) for each in (folder / "fd").iterdir()]
    assert not [each for each in handles if each.startswith(str(tmp_path))]
    assert sum(each.startswith("socket:") for each in handles) == 1
    assert "NoNewPrivs:\t1" in (folder / "status").read_text()
    if os.geteuid() == 0:  # others may lack user namespaces
        assert (folder / "ns/net").readlink() != Path("/proc/self/ns/net").readlink()
