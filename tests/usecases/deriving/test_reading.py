"""What the machine reads of a document, once."""

from __future__ import annotations

import contextlib

import msgspec
import pytest

from carnet.formats.cda.build import DocumentSpec, PatientRole, build_document
from carnet.record.access import Action
from carnet.record.facts import Kind
from carnet.storage import entries
from carnet.storage.codes import DerivedKind
from carnet.usecases import feeding
from carnet.usecases.deriving import MACHINE, Decoder, sweep
from carnet.usecases.deriving.decoding import NARRATIVE_READER, TEXT_READER
from carnet.usecases.deriving.reading import Reading, _facts_of, read_document
from carnet.usecases.requests import DeclaredEntry, MemoryContent, SubmittedDocument
from tests.formats.cda.build import level1_samples, level3_samples
from tests.usecases.bench import LENIENT, OPERATOR, Bench, Desk, Person, doctor, fresh_id
from tests.usecases.deriving.test_sweeping import begin_anew, readers_of, standing


def reading(desk: Desk, whose: Person, decoder: Decoder | None = None) -> Reading:
    """What the machine reads of the first document of a record."""
    record_id = desk.record_of(whose)

    async def read() -> Reading:
        view = await desk.gate.look(MACHINE, record_id, Action.DERIVE)
        row = await entries.entry(desk.store, record_id, 1)
        assert row is not None
        return await read_document(view, row, decoder)

    return desk.run(read())


def feed(desk: Desk, whose: Person, spec: DocumentSpec) -> bytes:
    """Feed a CDA document that is about somebody; its bytes."""
    own = msgspec.structs.replace(
        spec,
        patient=PatientRole(whose.ins, whose.traits, birth_city="RENNES"),
        unique_id=fresh_id(),
        set_id=fresh_id(),
        version_number=1,
        replaced=None,
    )
    data = build_document(own)
    submitted = SubmittedDocument(MemoryContent(data), DeclaredEntry())
    desk.run(feeding.submit(desk.gate, OPERATOR, submitted))
    return data


def test_a_document_of_level_3_gives_text_and_facts(bench: Bench) -> None:
    desk = bench.desk(LENIENT)
    whose = desk.citizen()
    data = feed(desk, whose, level3_samples.full_laboratory())
    found = reading(desk, whose)
    assert found.text
    assert Kind.RESULT in {fact.kind for fact in found.facts.facts}
    for fact in found.facts.facts:
        assert data[fact.place.begin : fact.place.end].startswith(b"<")


def test_nothing_is_guessed_from_a_document_of_level_1_or_from_words(desk: Desk) -> None:
    whose, other = desk.citizen(), desk.citizen()
    feed(desk, whose, level1_samples.consultation())
    desk.feed(other, doctor(), data="Allergie à la pénicilline. HbA1c 7,1 %.".encode())
    assert reading(desk, whose).facts.facts == ()
    assert reading(desk, other).facts.facts == ()


class Known:
    """A decoder whose words are given, which keeps what it was asked."""

    def __init__(self, words: str | None) -> None:
        self.words = words
        self.asked: list[tuple[bytes, str]] = []

    def turn(self) -> contextlib.nullcontext[None]:
        return contextlib.nullcontext()

    async def text(self, content: bytes, media_type: str) -> str | None:
        self.asked.append((content, media_type))
        return self.words


PROSE = "Cabinet\nConclusion\nDiabète de type 2, pas\nd'asthme. Allergie à la pénicilline."


@pytest.fixture
def printed(desk: Desk) -> tuple[Person, bytes]:
    """Somebody with a letter of level 1, and the letter."""
    whose = desk.citizen()
    return whose, feed(desk, whose, level1_samples.hospital_summary())


def test_a_body_that_is_pages_has_the_words_of_its_pages(
    desk: Desk, printed: tuple[Person, bytes]
) -> None:
    whose, data = printed
    decoder = Known(PROSE)
    found = reading(desk, whose, decoder)
    assert decoder.asked == [(data, "text/xml")]
    assert (found.text, found.reader) == (PROSE, TEXT_READER)
    assert found.facts.facts == ()
    assert found.gist.said == ()  # no line of a page is quoted as a sentence


@pytest.mark.parametrize("mime_type", ["application/pdf", "text/rtf"])
def test_so_has_a_document_that_is_pages_itself(desk: Desk, mime_type: str) -> None:
    whose = desk.citizen()
    data = b"%PDF-1.7 x" if mime_type == "application/pdf" else b"{\\rtf1 x}"
    desk.feed(whose, doctor(), mime_type=mime_type, data=data)
    decoder = Known(PROSE)
    assert reading(desk, whose, decoder).text == PROSE
    assert decoder.asked == [(data, mime_type)]


def test_what_is_no_pages_is_asked_of_nobody(desk: Desk) -> None:
    decoder = Known(PROSE)
    for mime_type, data in (("text/plain", b"Fievre"), ("image/jpeg", b"\xff\xd8\xff\xe0")):
        whose = desk.citizen()
        desk.feed(whose, doctor(), mime_type=mime_type, data=data)
        assert reading(desk, whose, decoder).reader == TEXT_READER
    whose = desk.citizen()
    feed(desk, whose, level3_samples.full_laboratory())
    assert reading(desk, whose, decoder).text != PROSE
    assert decoder.asked == []


def test_pages_without_words_are_read_all_the_same(
    desk: Desk, printed: tuple[Person, bytes]
) -> None:
    found = reading(desk, printed[0], Known(None))
    assert (found.text, found.reader) == (None, TEXT_READER)


def test_who_has_no_decoder_leaves_pages_to_a_later_walk(
    desk: Desk, printed: tuple[Person, bytes]
) -> None:
    whose, data = printed
    desk.follow(whose)
    begin_anew(desk)
    walk(desk, None)
    assert text_reader(desk, whose) == NARRATIVE_READER
    assert standing(desk)[2] == 1  # all is done that can be done without
    decoder = Known(PROSE)
    walk(desk, decoder)
    assert (data, "text/xml") in decoder.asked
    assert text_reader(desk, whose) == TEXT_READER
    asked = len(decoder.asked)
    walk(desk, None)  # and does not undo it
    walk(desk, decoder)
    assert text_reader(desk, whose) == TEXT_READER
    assert len(decoder.asked) == asked


def walk(desk: Desk, decoder: Decoder | None) -> None:
    """Walk over all records of the desk to the end."""
    while desk.run(sweep(desk.gate, _unexpected, decoder)):
        pass


def _unexpected(error: Exception) -> None:
    raise error


def text_reader(desk: Desk, whose: Person) -> int:
    """The reader that the text of the first document counts as read by."""
    return readers_of(desk, whose, 1)[DerivedKind.TEXT]


def test_what_the_reader_refuses_is_told_of() -> None:
    data = build_document(level3_samples.full_laboratory())[:-20]
    found = _facts_of(data)
    assert found.facts == ()
    assert [(one.place.begin, one.place.end) for one in found.unread] == [(0, len(data))]
    assert found.unread[0].reason
