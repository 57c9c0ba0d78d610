"""The words of pages for the machine: all of them, bounded, none where none can be known."""

from __future__ import annotations

import asyncio
from datetime import date

import msgspec
import pytest

from carnet.formats.cda.build import EncodedBody, build_document
from carnet.population.making import all_scripted
from carnet.reading.decoding import BodyDecoder
from carnet.reading.model import ReadingLimits
from tests.formats.cda.build.level1_samples import consultation
from tests.reading import samples

PDF = "application/pdf"
CDA = "text/xml"


class Heard:
    """A decoder's answers, and the codes that it told of."""

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self.codes: list[str] = []
        self._limits = limits

    def texts(self, *documents: tuple[bytes, str]) -> list[str | None]:
        """What one decoder makes of documents, one after the other."""

        async def read() -> list[str | None]:
            limits = {} if self._limits is None else {"limits": self._limits}
            async with BodyDecoder(self.codes.append, **limits) as decoder:
                found = []
                for content, media_type in documents:
                    async with decoder.turn():
                        found.append(await decoder.text(content, media_type))
                return found

        return asyncio.run(read())


def level1(body: bytes, media_type: str = PDF) -> bytes:
    """A letter of level 1 whose body is this file."""
    spec = msgspec.structs.replace(consultation(), body=EncodedBody(media_type, body))
    return build_document(spec)


def test_the_words_of_all_pages_are_read() -> None:
    heard = Heard()
    pages = samples.pdf("Première page", "Deuxième page")
    assert heard.texts((pages, PDF)) == ["Première page\fDeuxième page"]
    assert heard.codes == []


def test_the_body_of_a_document_is_read() -> None:
    made = next(iter(all_scripted(date(2026, 11, 25), 1, ["camille"])))
    letter = next(one for one in made.written if one.type.code == "60568-3")
    (text,) = Heard().texts((letter.xml, CDA))
    assert text is not None
    lines = text.splitlines()
    assert letter.title in lines
    assert "Cholécystite chronique lithiasique sans signe d'activité" in " ".join(lines)
    assert "\r" not in text


def test_rtf_is_read() -> None:
    rtf = rb"{\rtf1\ansi Fi\'e8vre \'e0 39.\par Toux.}"
    assert Heard().texts((rtf, "text/rtf")) == ["Fièvre à 39.\nToux."]


def test_what_has_no_words_has_none_and_is_no_fault() -> None:
    heard = Heard()
    scans = [(samples.pdf_without_text_map(), PDF), (samples.picture("PNG"), "image/png")]
    scans.append((level1(samples.picture("JPEG"), "image/jpeg"), CDA))
    assert heard.texts(*scans, (samples.pdf(" "), PDF)) == [None] * 4
    assert heard.codes == []


def test_what_cannot_be_read_is_told_of_by_its_code_and_stops_nobody() -> None:
    heard = Heard()
    found = heard.texts(
        (samples.pdf("x", encrypt="secret"), PDF),
        (b"%PDF-1.4 broken", PDF),
        (b"no rtf", "text/rtf"),
        (b"<ClinicalDocument", CDA),
        (level1(samples.pdf("Bonjour")), CDA),
    )
    assert found == [None, None, None, None, "Bonjour"]
    assert heard.codes[:3] == ["reading-pdf-encrypted", "reading-pdf-broken", "reading-rtf-broken"]
    assert len(heard.codes) == 4


@pytest.mark.parametrize("pages", [200, 205])
def test_pages_are_read_up_to_a_bound(pages: int) -> None:
    (text,) = Heard().texts((samples.pdf(*(f"Page {n}" for n in range(pages))), PDF))
    assert text is not None
    assert text.split("\f") == [f"Page {n}" for n in range(200)]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ReadingLimits(seconds=0), "reading-too-slow"),
        (ReadingLimits(answer=64), "reading-process-ended"),
    ],
    ids=["time", "answer"],
)
def test_a_process_beyond_its_limits_is_told_of(limits: ReadingLimits, code: str) -> None:
    heard = Heard(limits)
    assert heard.texts((samples.pdf(*["Bonjour"] * 50), PDF)) == [None]
    assert heard.codes == [code]
