"""What the worker's events leave behind, on both engines: directories, text, statuses, flags."""

from __future__ import annotations

from typing import Any

import orjson

from carnet.formats.fhir.dump import with_base
from carnet.record.caller import Caller
from carnet.record.document import Status
from carnet.record.identity import Sex, Traits
from carnet.record.structures import actor_key
from carnet.record.trace import Act, Chain
from carnet.record.visibility import due_date
from carnet.storage import reads
from carnet.storage.codes import DerivedKind
from carnet.usecases import feeding
from carnet.usecases.requests import DeclaredEntry, MemoryContent, SubmittedDocument
from tests.formats.cda.minimal import changed
from tests.shifts import Shift, lines_of, text_of
from tests.usecases.bench import OPERATOR, Desk, Person, doctor, document, fresh_id, person

BASE = "https://carnet.example/fhir"


def test_every_authors_and_structures_lines_are_written(shift: Shift) -> None:
    desk = shift.desk
    whose, one, two = desk.citizen(), doctor(), doctor()
    desk.run(feeding.submit(desk.gate, one, document(whose, [one, two])))
    desk.feed(whose, two)
    shift.drain()
    found = {
        actor: lines_of(desk, actor_key(identifier), whose)
        for actor, identifier in (
            ("one", one.identifier),
            ("her house", one.structure),
            ("two", two.identifier),
            ("his house", two.structure),
        )
        if identifier is not None
    }
    assert found == {"one": [1], "her house": [1], "two": [1, 2], "his house": [2]}


def test_narrative_text_is_kept_sealed(shift: Shift) -> None:
    desk = shift.desk
    whose = desk.citizen()
    desk.feed(whose, doctor(), data="Fièvre d'origine inventée".encode())
    desk.feed(whose, doctor(), mime_type="application/pdf", data=b"%PDF-1.4 invented")
    shift.drain()
    assert text_of(desk, whose, 1) == "Fièvre d'origine inventée".encode()
    assert text_of(desk, whose, 2) is None
    record_id = desk.record_of(whose)
    kept = desk.run(desk.store.main.fetch(reads.DERIVED, record_id, 1, int(DerivedKind.TEXT)))
    assert b"invent" not in kept[0][1]


CLAIRE = Traits("ESSAI", "CLAIRE", Sex.FEMALE, "1979-03-28", birth_place="51215")


def cda(whose: Person, unique_id: str, *, replaces: str | None = None) -> SubmittedDocument:
    """A CDA document, that may say which one it replaces."""
    related = ""
    if replaces is not None:
        related = f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{replaces}"/>'
        related += "</parentDocument></relatedDocument>"
    data = changed(
        ('<id root="1.2.250.1.999.1.1"/>', f'<id root="{unique_id}"/>'),
        ("279035121518989", whose.ins.matricule),
        ("<componentOf>", related + "<componentOf>"),
    )
    return SubmittedDocument(MemoryContent(data), DeclaredEntry())


def test_a_late_document_of_other_authors_is_not_superseded(shift: Shift) -> None:
    desk = shift.desk
    whose = Person(person().ins, CLAIRE)
    desk.open(whose)
    earlier, later = fresh_id(), fresh_id()
    desk.run(feeding.submit(desk.gate, OPERATOR, cda(whose, later, replaces=earlier)))
    desk.feed(whose, doctor(), unique_id=earlier)
    shift.drain()
    assert found(desk, whose).keys() == {earlier, later}


def test_two_documents_that_name_each_other_leave_one_current(shift: Shift) -> None:
    desk = shift.desk
    whose = Person(person().ins, CLAIRE)
    desk.open(whose)
    one, other = fresh_id(), fresh_id()
    desk.run(feeding.submit(desk.gate, OPERATOR, cda(whose, one, replaces=other)))
    desk.run(feeding.submit(desk.gate, OPERATOR, cda(whose, other, replaces=one)))
    shift.drain()
    assert found(desk, whose).keys() == {other}


def test_a_replaced_document_that_comes_late_is_superseded(shift: Shift) -> None:
    desk = shift.desk
    whose = Person(person().ins, CLAIRE)
    desk.open(whose)
    earlier, later = fresh_id(), fresh_id()
    first = desk.run(feeding.submit(desk.gate, OPERATOR, cda(whose, later, replaces=earlier)))
    assert "replaced-absent" in {notice.code for notice in first.warnings}
    shift.drain()
    awaited = found(desk, whose)[later]["relatesTo"][0]["target"]
    assert "reference" not in awaited
    assert awaited["identifier"]["value"].endswith(earlier)
    late = desk.run(feeding.submit(desk.gate, OPERATOR, cda(whose, earlier)))
    assert found(desk, whose).keys() == {earlier, later}
    shift.drain()
    resources = found(desk, whose)
    assert resources.keys() == {later}
    target = resources[later]["relatesTo"][0]["target"]["reference"]
    assert target.endswith(f"DocumentReference/{late.entry_uuid}")
    superseded = found(desk, whose, Status.DEPRECATED)
    assert superseded.keys() == {earlier}
    assert superseded[earlier]["status"] == "superseded"
    key = desk.store.keys.hasher.unique_id(earlier)
    assert desk.run(desk.store.main.fetch(reads.AWAITED, desk.record_of(whose), key)) == []
    # Both changes stand in the evidence of the same act.
    assert [t.entries for t in desk.chain(whose) if t.act is Act.DERIVE][-1] == (2, 2, 1)


def found(
    desk: Desk, whose: Person, status: Status = Status.APPROVED, by: Caller | None = None
) -> dict[str, Any]:
    """What the citizen, or ``by``, finds: resources by uniqueId."""
    entries_ = desk.find(by or whose.caller, whose, statuses=(status,)).entries
    resources = [orjson.loads(with_base(entry.resource, BASE)) for entry in entries_]
    return {one["masterIdentifier"]["value"].removeprefix("urn:oid:"): one for one in resources}


def test_invisibility_ends_by_its_date_and_the_worker_writes_it(shift: Shift) -> None:
    desk = shift.desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    shift.drain()
    due = due_date(desk.gate.now())
    assert found(desk, whose) == {}
    desk.clock.set(due - 5)
    assert found(desk, whose) == {}
    assert shift.turn() == 0
    # At once, before any worker has looked: decide honours the date.
    desk.clock.set(due)
    before = found(desk, whose)[fed.unique_id]
    assert before["id"] == fed.entry_uuid
    withheld = desk.run(
        desk.store.traces.fetch(reads.CHAIN_HEAD, desk.record_of(whose), int(Chain.WITHHELD))
    )
    shift.drain()
    after = found(desk, whose)[fed.unique_id]
    assert after["id"] != fed.entry_uuid
    assert "INVISIBLE_PATIENT" not in orjson.dumps(after).decode()
    assert desk.read(whose.caller, fed.entry_uuid).entry_uuid == after["id"]
    ended = [trace for trace in desk.chain(whose) if trace.act is Act.FLAG_ENDED]
    assert [trace.entries for trace in ended] == [(1, 2)]
    assert [trace.criteria for trace in ended] == [
        f"withheld:{withheld[0][0]}:{withheld[0][1].hex()}"
    ]
    assert shift.events(whose) == []


def test_invisibility_that_was_lifted_earlier_ends_no_second_time(shift: Shift) -> None:
    desk = shift.desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    shown = desk.show(author, fed.entry_uuid, hidden_from_patient=False)
    desk.clock.set(due_date(desk.gate.now()))
    shift.drain()
    assert found(desk, whose)[fed.unique_id]["id"] == shown.entry_uuid
    assert not [trace for trace in desk.chain(whose) if trace.act is Act.FLAG_ENDED]
    assert shift.events(whose) == []
