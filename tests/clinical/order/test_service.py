"""Order through the gate: what a view holds, corrections as acts, marks of one person alone."""

from __future__ import annotations

import uuid

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.clinical.order import arranging, service
from carnet.clinical.order.service import Ordered
from carnet.clinical.order.store import person_mark
from carnet.record.access import Action
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.document import Code
from carnet.record.trace import Act, Chain
from carnet.storage.arranged import ADD_ARRANGEMENT, ADD_SEEN
from carnet.storage.batch import Batch, step
from carnet.usecases.view import RecordView
from tests.usecases.bench import LOINC, Desk, Person, doctor, house_of, resource_of

FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def view_of(desk: Desk, caller: Caller, whose: Person) -> RecordView:
    return desk.run(desk.gate.look(caller, desk.record_of(whose), Action.READ))


def order(desk: Desk, caller: Caller, whose: Person) -> Ordered:
    return desk.run(service.order_of(view_of(desk, caller, whose)))


def as_bytes(ordered: Ordered) -> bytes:
    """All that a face may show; the entries for the trace are not for it."""
    return msgspec.json.encode(msgspec.structs.replace(ordered, named=()))


def without_ids(ordered: Ordered) -> bytes:
    """The same with each id replaced by the place of its document in the list."""
    text = as_bytes(ordered).decode()
    for place, one in enumerate(ordered.lines):
        raw = uuid.UUID(one.document_id).bytes
        packed = msgspec.json.encode(raw).decode().strip('"')
        for name in (one.document_id, one.entry_uuid, packed):
            text = text.replace(name, f"document {place}")
    return text.encode()


def fed(desk: Desk, whose: Person, by: Caller, title: str, day: str, kind: str = "11488-4") -> str:
    """Feed a document; the id of its entry."""
    made = desk.feed(
        whose,
        by,
        title=title,
        type=Code(LOINC, kind),
        creation_time=f"{day}T10:00:00+01:00",
        service_start=f"{day}T09:30:00+01:00",
    )
    desk.follow(whose)
    return str(resource_of(made.resource)["id"])


def key_of(desk: Desk, caller: Caller, whose: Person, title: str) -> bytes:
    """The logicalId of a document by its author's title."""
    lines = order(desk, caller, whose).lines
    return uuid.UUID(next(one.document_id for one in lines if one.own_title == title)).bytes


@pytest.fixture
def whose(desk: Desk) -> Person:
    return desk.citizen()


@pytest.fixture
def trusted(desk: Desk, whose: Person) -> Caller:
    """A doctor whom the citizen authorised."""
    caller = doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, caller)
    return caller


def test_documents_in_order_with_titles_sentences_and_episodes(desk: Desk, whose: Person) -> None:
    author = doctor()
    fed(desk, whose, author, "Consultation : mal de dos", "2026-03-01")
    fed(desk, whose, author, "Bilan de kinésithérapie : mal de dos", "2026-04-01", "34120-6")
    fed(desk, whose, author, "Consultation : rhume et fièvre", "2026-05-01")
    found = order(desk, whose.caller, whose)
    assert [one.day.isoformat() for one in found.lines] == [
        "2026-05-01",
        "2026-04-01",
        "2026-03-01",
    ]
    assert [one.episode for one in found.lines] == [None, 0, 0]
    assert found.episodes[0].name == "Mal de dos"
    assert found.lines[0].sentence.own == "« rhume et fièvre »"
    assert found.lines[0].official == "CR ou fiche de consultation ou de visite"
    assert len(found.named) == 3


def test_before_the_machine_has_read_a_document_its_title_speaks(desk: Desk, whose: Person) -> None:
    desk.feed(whose, doctor(), title="Consultation : mal de dos")
    assert order(desk, whose.caller, whose).lines[0].sentence.own == "« mal de dos »"


TITLES = ("Consultation : mal de dos", "Consultation : diabète", "Consultation", "Grossesse")


@FEW
@given(
    st.lists(st.sampled_from(TITLES), min_size=1, max_size=4),
    st.lists(st.sampled_from(TITLES), min_size=1, max_size=2),
)
def test_a_hidden_document_changes_no_byte(desk: Desk, shown: list[str], hidden: list[str]) -> None:
    whose, reader, author = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, reader)
    for number, title in enumerate(shown, 1):
        fed(desk, whose, author, title, f"2026-03-{number:02d}")
    before = as_bytes(order(desk, reader, whose))
    for number, title in enumerate(hidden, 10):
        entry = fed(desk, whose, author, title, f"2026-03-{number:02d}")
        desk.show(whose.caller, entry, hidden_from_professionals=True)
    everything = [
        uuid.UUID(one.document_id).bytes for one in order(desk, whose.caller, whose).lines
    ]
    record = desk.record_of(whose)
    for key in everything:
        desk.run(arranging.rename(desk.gate, whose.caller, record, key, "Secret"))
        mine = desk.run(service.corrections_in(view_of(desk, reader, whose)))
        if mine:  # made of what the reader sees: it is theirs to see as well
            desk.run(arranging.undo(desk.gate, whose.caller, record, mine[-1].id))
    assert as_bytes(order(desk, reader, whose)) == before


@FEW
@given(st.lists(st.tuples(st.sampled_from(TITLES), st.booleans()), min_size=1, max_size=6))
def test_a_record_with_hidden_documents_is_as_one_that_never_had_them(
    desk: Desk, made: list[tuple[str, bool]]
) -> None:
    reader, author = doctor(), doctor()
    told = []
    for has_hidden in (True, False):
        whose = desk.citizen()
        desk.tie(whose, RelationKind.AUTHORISATION, reader)
        for number, (title, hidden) in enumerate(made, 1):
            if hidden and not has_hidden:
                continue
            entry = fed(
                desk,
                whose,
                author,
                title,
                f"2026-03-{number:02d}",
                "51851-4" if number % 3 == 0 else "11488-4",
            )
            if hidden:
                desk.show(whose.caller, entry, hidden_from_professionals=True)
        told.append(without_ids(order(desk, reader, whose)))
    assert told[0] == told[1]


def test_a_correction_of_what_one_sees_is_for_all_who_see_it(
    desk: Desk, whose: Person, trusted: Caller
) -> None:
    for day, title in enumerate(("Consultation : asthme", "Consultation : eczéma"), 1):
        fed(desk, whose, doctor(), title, f"2026-03-0{day}")
    one = key_of(desk, whose.caller, whose, "Consultation : asthme")
    other = key_of(desk, whose.caller, whose, "Consultation : eczéma")
    record = desk.record_of(whose)
    made = desk.run(arranging.join(desk.gate, whose.caller, record, [one, other]))
    desk.run(arranging.rename(desk.gate, trusted, record, one, "Allergies de Zoé"))
    assert [each.name for each in order(desk, trusted, whose).episodes] == ["Allergies de Zoé"]
    assert order(desk, whose.caller, whose).episodes[0].by_hand
    desk.run(arranging.split(desk.gate, trusted, record, [other]))
    assert [len(each.documents) for each in order(desk, trusted, whose).episodes] == [1]
    desk.run(arranging.undo(desk.gate, whose.caller, record, made))
    assert key_of(desk, whose.caller, whose, "Consultation : asthme") == one


def test_a_correction_is_no_more_where_a_document_of_it_is_hidden(
    desk: Desk, whose: Person, trusted: Caller
) -> None:
    fed(desk, whose, doctor(), "Consultation : asthme", "2026-03-01")
    entry = fed(desk, whose, doctor(), "Consultation : eczéma", "2026-03-02")
    one = key_of(desk, whose.caller, whose, "Consultation : asthme")
    other = key_of(desk, whose.caller, whose, "Consultation : eczéma")
    record = desk.record_of(whose)
    made = desk.run(arranging.join(desk.gate, whose.caller, record, [one, other]))
    assert len(order(desk, trusted, whose).episodes) == 1
    hidden = desk.show(whose.caller, entry, hidden_from_professionals=True)
    assert order(desk, trusted, whose).episodes == ()
    assert len(order(desk, whose.caller, whose).episodes) == 1
    assert desk.refusal(arranging.undo(desk.gate, trusted, record, made)) == "arrangement-absent"
    desk.show(whose.caller, hidden.entry_uuid, hidden_from_professionals=False)
    assert len(order(desk, trusted, whose).episodes) == 1


def test_each_correction_is_traced_in_the_chain_of_what_it_names(desk: Desk, whose: Person) -> None:
    author = doctor()
    fed(desk, whose, author, "Consultation : asthme", "2026-03-01")
    fed(desk, whose, author, "Consultation : eczéma", "2026-03-02")
    record = desk.record_of(whose)
    keys = [
        key_of(desk, whose.caller, whose, title)
        for title in ("Consultation : asthme", "Consultation : eczéma")
    ]
    desk.run(arranging.join(desk.gate, whose.caller, record, keys))
    trace = desk.chain(whose, Chain.OPEN)[-1]
    assert (trace.act, trace.criteria, trace.entries) == (Act.ARRANGE, "join", (1, 2))


def test_who_may_not_arrange_is_refused_and_traced(desk: Desk, whose: Person) -> None:
    author, stranger = doctor(), doctor()
    fed(desk, whose, author, "Consultation : asthme", "2026-03-01")
    key = key_of(desk, whose.caller, whose, "Consultation : asthme")
    record = desk.record_of(whose)
    for caller in (stranger, house_of(author)):
        code = desk.refusal(arranging.rename(desk.gate, caller, record, key, "Nom"))
        assert code == "not-entitled"
        assert desk.chain(whose)[-1].act is Act.ARRANGE


def test_what_makes_no_sense_is_refused(desk: Desk, whose: Person) -> None:
    fed(desk, whose, doctor(), "Consultation : mal de dos", "2026-03-01")
    fed(desk, whose, doctor(), "Suivi : mal de dos", "2026-03-02")
    record, me, gate = desk.record_of(whose), whose.caller, desk.gate
    one, other = (
        key_of(desk, me, whose, title)
        for title in ("Consultation : mal de dos", "Suivi : mal de dos")
    )
    absent = bytes(16)
    assert desk.refusal(arranging.join(gate, me, record, [one, other])) == "arrangement-invalid"
    assert desk.refusal(arranging.join(gate, me, record, [one, absent])) == "document-absent"
    assert desk.refusal(arranging.join(gate, me, record, [])) == "document-absent"
    assert desk.refusal(arranging.rename(gate, me, record, one, " \n")) == "arrangement-invalid"
    assert desk.refusal(arranging.rename(gate, me, record, one, "x" * 81)) == "arrangement-invalid"
    assert (
        desk.refusal(arranging.rename(gate, me, record, one, "a\u202eb")) == "arrangement-invalid"
    )
    desk.run(arranging.split(gate, me, record, [one]))
    assert desk.refusal(arranging.split(gate, me, record, [one])) == "arrangement-invalid"
    assert desk.refusal(arranging.undo(gate, me, record, absent)) == "arrangement-absent"


def test_new_is_what_a_person_has_not_seen_and_nobody_elses_business(
    desk: Desk, whose: Person, trusted: Caller
) -> None:
    fed(desk, whose, doctor(), "Un", "2026-03-01")
    assert not order(desk, whose.caller, whose).looked_before
    desk.run(service.mark_seen(view_of(desk, whose.caller, whose)))
    theirs = as_bytes(order(desk, trusted, whose))
    fed(desk, whose, doctor(), "Deux", "2026-03-02")
    found = order(desk, whose.caller, whose)
    assert (found.new, found.looked_before) == (1, True)
    assert [one.own_title for one in found.lines if one.new] == ["Deux"]
    assert order(desk, trusted, whose).new == 2
    before = len(desk.chain(whose))
    desk.run(service.mark_seen(view_of(desk, whose.caller, whose)))
    assert len(desk.chain(whose)) == before
    assert order(desk, whose.caller, whose).new == 0
    assert order(desk, trusted, whose).new == 2
    assert theirs != as_bytes(order(desk, trusted, whose))


def test_one_document_at_a_time(desk: Desk, whose: Person) -> None:
    for number in (1, 2):
        fed(desk, whose, doctor(), f"Document {number}", f"2026-03-0{number}")
    key = key_of(desk, whose.caller, whose, "Document 1")
    desk.run(service.mark_seen(view_of(desk, whose.caller, whose), [key, bytes(16)]))
    assert [one.own_title for one in order(desk, whose.caller, whose).lines if one.new] == [
        "Document 2"
    ]
    assert len(desk.run(service.new_for(view_of(desk, whose.caller, whose)))) == 1


def test_what_was_hidden_when_somebody_looked_is_new_once_it_is_shown(
    desk: Desk, whose: Person, trusted: Caller
) -> None:
    entry = fed(desk, whose, doctor(), "Un", "2026-03-01")
    fed(desk, whose, doctor(), "Deux", "2026-03-02")
    desk.run(service.mark_seen(view_of(desk, trusted, whose)))
    hidden = desk.show(whose.caller, entry, hidden_from_professionals=True)
    assert order(desk, trusted, whose).new == 0
    desk.run(service.mark_seen(view_of(desk, trusted, whose)))
    desk.show(whose.caller, hidden.entry_uuid, hidden_from_professionals=False)
    assert [one.own_title for one in order(desk, trusted, whose).lines if one.new] == ["Un"]


def test_an_announced_document_is_new_to_the_citizen(desk: Desk, whose: Person) -> None:
    author = doctor()
    entry = fed(desk, whose, author, "Annonce", "2026-05-20")
    hidden = desk.show(author, entry, hidden_from_patient=True)
    desk.run(service.mark_seen(view_of(desk, whose.caller, whose)))
    assert order(desk, whose.caller, whose).lines == ()
    desk.show(author, hidden.entry_uuid, hidden_from_patient=False)
    assert order(desk, whose.caller, whose).new == 1


def test_a_structure_has_no_marks(desk: Desk, whose: Person) -> None:
    author = doctor()
    fed(desk, whose, author, "Un", "2026-03-01")
    view = view_of(desk, house_of(author), whose)
    assert desk.run(service.new_for(view)) == frozenset()
    assert desk.refusal(service.mark_seen(view)) == "not-entitled"


def test_two_records_of_one_person_are_not_tied_by_their_marks(
    desk: Desk, whose: Person, trusted: Caller
) -> None:
    other = desk.citizen()
    desk.tie(other, RelationKind.AUTHORISATION, trusted)
    marks = {person_mark(view_of(desk, trusted, each)) for each in (whose, other)}
    marks.add(person_mark(view_of(desk, whose.caller, whose)))
    assert len(marks) == 3
    assert None not in marks


def test_reimbursements_and_copies_count_once(desk: Desk, whose: Person) -> None:
    for number in (1, 2, 3):
        fed(desk, whose, doctor(), "Historique", f"2026-03-0{number}", "51851-4")
    found = order(desk, whose.caller, whose)
    assert [len(fold.members) for fold in found.folds] == [3]
    assert [one.is_head for one in found.lines] == [True, False, False]
    assert found.new == 1


def test_on_both_engines_and_verified(sound_desk: Desk) -> None:
    desk = sound_desk
    whose = desk.citizen()
    fed(desk, whose, doctor(), "Consultation : asthme", "2026-03-01")
    fed(desk, whose, doctor(), "Consultation : eczéma", "2026-03-02")
    record, me = desk.record_of(whose), whose.caller
    keys = [uuid.UUID(one.document_id).bytes for one in order(desk, me, whose).lines]
    made = desk.run(arranging.join(desk.gate, me, record, keys))
    desk.run(service.mark_seen(view_of(desk, me, whose), keys[:1]))
    desk.run(service.mark_seen(view_of(desk, me, whose)))
    assert len(order(desk, me, whose).episodes) == 1
    desk.run(arranging.undo(desk.gate, me, record, made))
    assert order(desk, me, whose).episodes == ()
    assert order(desk, me, whose).new == 0
    assert desk.findings() == []


def test_a_correction_of_another_record_is_found_by_verify(sound_desk: Desk) -> None:
    desk = sound_desk
    one, other = desk.citizen(), desk.citizen()
    for whose in (one, other):
        fed(desk, whose, doctor(), "Consultation : asthme", "2026-03-01")
    view = view_of(desk, one.caller, one)
    key = b"k" * 16
    made = view.sealer.seal(b"arrangement", key, b"")
    row = (desk.record_of(other), key, 1, made)
    desk.run(desk.gate.write(Batch(row[0], steps=(step(ADD_ARRANGEMENT, row),))))
    assert [(found.code, found.where) for found in desk.findings()] == [
        ("verify-arranged-broken", f"arrangement {key.hex()}")
    ]


def test_a_mark_of_another_place_is_damage(desk: Desk, whose: Person) -> None:
    fed(desk, whose, doctor(), "Un", "2026-03-01")
    view = view_of(desk, whose.caller, whose)
    mark = person_mark(view)
    assert mark is not None
    foreign = view.sealer.seal(b"seen", bytes(16), b"")
    row = (view.record.record_id, mark, 1, foreign)
    desk.run(desk.gate.write(Batch(view.record.record_id, steps=(step(ADD_SEEN, row),))))
    assert desk.refusal(service.order_of(view)) == "record-damaged"
