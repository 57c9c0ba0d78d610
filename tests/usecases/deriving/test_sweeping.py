"""A better reader reads all documents anew, a portion at a time, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from carnet.record.facts import Facts
from carnet.record.trace import Act, Chain
from carnet.storage import entries, reads
from carnet.storage.batch import Batch, step
from carnet.storage.codes import DerivedKind
from carnet.storage.derived import ADD_SWEEP, CHANGE_SWEEP, SWEEP, derived_steps
from carnet.usecases.deriving import READERS, sweep
from carnet.usecases.deriving.sweeping import LEASE, NAME, readers_text
from tests.usecases.bench import Desk, Person, doctor

OLD = "0.0"


def readers_of(desk: Desk, whose: Person, entry_no: int) -> dict[int, int]:
    """Which reader read what of an entry."""
    record_id = desk.record_of(whose)
    rows = desk.run(desk.store.main.fetch(reads.ALL_DERIVED, record_id))
    return {
        kind: reader
        for _, number, kind, reader, _ in rows
        if number == entry_no and kind in READERS
    }


CURRENT = {int(kind): reader for kind, reader in READERS.items()}


def age(desk: Desk, whose: Person, entry_no: int) -> None:
    """Have an entry as an older reader left it."""
    record_id = desk.record_of(whose)

    async def put() -> None:
        row = await entries.entry(desk.store, record_id, entry_no)
        assert row is not None
        sealer = await desk.store.keys.sealer(record_id)
        made = derived_steps(sealer, row, (1, "old"), (0, Facts()))
        await desk.gate.write(Batch(record_id, tuple(made)))

    desk.run(put())


def standing(desk: Desk) -> tuple[str, bytes, int, int]:
    (row,) = desk.run(desk.store.main.fetch(SWEEP, NAME))
    return row[1], row[2], row[3], row[4]


def begin_anew(desk: Desk, *, after: bytes = b"", leased: int = 0) -> None:
    """Have the walk stand as an older version left it, or one that was broken off."""
    first = step(ADD_SWEEP, (NAME, OLD, b"", 0, 0))
    desk.run(desk.gate.write(Batch(b"", (first,))))
    readers, _, _, until = standing(desk)
    to = readers_text() if after else OLD
    row = (NAME, readers, until, to, after, 0, leased)
    desk.run(desk.gate.write(Batch(b"", (step(CHANGE_SWEEP, row, expect=1),))))


def walk(desk: Desk, on_fault: Callable[[Exception], None] | None = None) -> int:
    """Walk to the end; how many portions it took."""
    portions = 0
    while desk.run(sweep(desk.gate, on_fault or _unexpected)):
        portions += 1
    return portions


def _unexpected(error: Exception) -> None:
    raise error


def derivations(desk: Desk, whose: Person) -> list[tuple[int, ...]]:
    chains = desk.chain(whose) + desk.chain(whose, Chain.WITHHELD)
    return [trace.entries for trace in chains if trace.act is Act.DERIVE]


def test_what_an_older_reader_read_is_read_anew_once(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    for _ in range(3):
        desk.feed(whose, author)
    desk.follow(whose)
    age(desk, whose, 2)
    begin_anew(desk)
    before = len(derivations(desk, whose))
    walk(desk)
    assert readers_of(desk, whose, 2) == CURRENT
    assert derivations(desk, whose)[before:] == [(2,)]
    assert standing(desk)[:1] + standing(desk)[2:] == (readers_text(), 1, 0)
    begin_anew(desk)
    walk(desk)
    assert len(derivations(desk, whose)) == before + 1


def test_what_was_never_read_is_read(desk: Desk) -> None:
    """Documents of a store that is older than the reader; what waits in the outbox is not."""
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author)
    desk.follow(whose)
    desk.feed(whose, author)
    begin_anew(desk)
    walk(desk)
    assert readers_of(desk, whose, 2) == {}
    desk.follow(whose)
    assert readers_of(desk, whose, 2) == CURRENT
    assert len(derivations(desk, whose)) == 2


def test_a_walk_goes_on_where_it_was_broken_off(desk: Desk) -> None:
    people = [desk.citizen() for _ in range(2)]
    for whose in people:
        desk.feed(whose, doctor())
        desk.follow(whose)
        age(desk, whose, 1)
    first, second = sorted(people, key=desk.record_of)
    begin_anew(desk, after=desk.record_of(first))
    walk(desk)
    assert readers_of(desk, first, 1) != CURRENT  # it was done, said the cursor
    assert readers_of(desk, second, 1) == CURRENT


def test_a_great_record_takes_several_portions(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    for _ in range(20):
        desk.feed(whose, author)
    desk.follow(whose)
    for entry_no in range(1, 21):
        age(desk, whose, entry_no)
    begin_anew(desk)
    assert walk(desk) >= 1
    assert all(readers_of(desk, whose, number) == CURRENT for number in range(1, 21))


def test_a_killed_workers_stretch_is_taken_when_its_lease_runs_out(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    desk.follow(whose)
    age(desk, whose, 1)
    begin_anew(desk, leased=desk.gate.now() + LEASE)
    walk(desk)
    assert readers_of(desk, whose, 1) != CURRENT
    desk.clock.set(desk.gate.now() + LEASE + 1)
    walk(desk)
    assert readers_of(desk, whose, 1) == CURRENT


def test_a_worker_of_the_version_before_neither_walks_nor_undoes(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    desk.follow(whose)
    walk(desk)
    readers, after, _, until = standing(desk)
    row = (NAME, readers, until, "99.99", after, 0, 0)
    desk.run(desk.gate.write(Batch(b"", (step(CHANGE_SWEEP, row, expect=1),))))
    age(desk, whose, 1)
    assert walk(desk) == 0
    assert standing(desk)[0] == "99.99"
    back = (NAME, "99.99", 0, readers, b"", 1, 0)
    desk.run(desk.gate.write(Batch(b"", (step(CHANGE_SWEEP, back, expect=1),))))


def test_a_broken_document_is_told_of_and_stops_nobody(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    for _ in range(2):
        desk.feed(whose, author)
    desk.follow(whose)
    for entry_no in (1, 2):
        age(desk, whose, entry_no)
    record_id = desk.record_of(whose)
    row = desk.run(entries.entry(desk.store, record_id, 1))
    assert row is not None
    path = Path(desk.store.blobs._path(row.binary_id))
    content = path.read_bytes()
    path.unlink()
    begin_anew(desk)
    told: list[Exception] = []
    walk(desk, told.append)
    assert [str(error) for error in told] != []
    assert readers_of(desk, whose, 1) != CURRENT
    assert readers_of(desk, whose, 2) == CURRENT
    path.write_bytes(content)


def test_a_record_that_is_opened_again_has_its_documents_read(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    desk.close(whose)
    desk.follow(whose)
    begin_anew(desk)
    walk(desk)
    assert readers_of(desk, whose, 1) == {}
    desk.open(whose)
    desk.follow(whose)
    assert readers_of(desk, whose, 1) == CURRENT


def test_texts_of_the_first_reader_are_dropped_where_they_did_not_move(desk: Desk) -> None:
    whose = desk.citizen()
    fed = desk.feed(whose, doctor())
    desk.follow(whose)
    age(desk, whose, 1)
    desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    assert readers_of(desk, whose, 1) == {int(DerivedKind.TEXT): 1}
    begin_anew(desk)
    walk(desk)
    assert readers_of(desk, whose, 1) == {}
    assert readers_of(desk, whose, 2) == CURRENT
    assert [one for one in desk.findings() if one.code == "verify-derived-broken"] == []
