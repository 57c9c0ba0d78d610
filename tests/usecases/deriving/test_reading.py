"""What the machine reads of a document, once."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build import DocumentSpec, PatientRole, build_document
from carnet.record.access import Action
from carnet.record.facts import Kind
from carnet.storage import entries
from carnet.usecases import feeding
from carnet.usecases.deriving import MACHINE
from carnet.usecases.deriving.reading import Reading, _facts_of, read_document
from carnet.usecases.requests import DeclaredEntry, MemoryContent, SubmittedDocument
from tests.formats.cda.build import level1_samples, level3_samples
from tests.usecases.bench import LENIENT, OPERATOR, Bench, Desk, Person, doctor, fresh_id


def reading(desk: Desk, whose: Person) -> Reading:
    """What the machine reads of the first document of a record."""
    record_id = desk.record_of(whose)

    async def read() -> Reading:
        view = await desk.gate.look(MACHINE, record_id, Action.DERIVE)
        row = await entries.entry(desk.store, record_id, 1)
        assert row is not None
        return read_document(view, row)

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


def test_what_the_reader_refuses_is_told_of() -> None:
    data = build_document(level3_samples.full_laboratory())[:-20]
    found = _facts_of(data)
    assert found.facts == ()
    assert [(one.place.begin, one.place.end) for one in found.unread] == [(0, len(data))]
    assert found.unread[0].reason
