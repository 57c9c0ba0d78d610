"""A status keeps the id of an entry, a flag makes a new one; both keep what was submitted."""

from __future__ import annotations

from carnet.record.access import Action
from carnet.record.document import DocumentEntry, Flags, Status
from carnet.storage import entries
from carnet.storage.pages import Slot
from carnet.usecases.changing import restated, reversioned, stored_entry
from tests.usecases.bench import Desk, Person, doctor, fresh_id, resource_of


def versions(desk: Desk, whose: Person) -> tuple[DocumentEntry, Slot, Slot]:
    """The entry as submitted, and the slots of a change of status and of one of flags."""
    record_id = desk.record_of(whose)

    async def changed() -> tuple[DocumentEntry, Slot, Slot]:
        view = await desk.gate.look(whose.caller, record_id, Action.READ)
        row = await entries.entry(desk.store, record_id, 1)
        assert row is not None
        at = desk.gate.clock()
        status, _ = await restated(view, row, at, status=Status.ARCHIVED)
        flags, state = await reversioned(view, row, Flags(hidden_from_professionals=True), at)
        assert state.entry_no == view.record.entry_count + 1
        return stored_entry(view, row), status, flags

    return desk.run(changed())


def test_a_status_keeps_id_and_version_and_counts_a_change(desk: Desk) -> None:
    whose = desk.citizen()
    fed = desk.feed(whose, doctor())
    _, status, _ = versions(desk, whose)
    resource = resource_of(status.resource)
    assert resource["id"] == fed.entry_uuid
    assert (status.version, status.change, status.entry_no) == (1, 2, 1)
    assert resource["meta"]["versionId"] == "2"


def test_a_flag_makes_a_new_id_and_version_of_the_same_document(desk: Desk) -> None:
    whose = desk.citizen()
    fed = desk.feed(whose, doctor())
    _, status, flags = versions(desk, whose)
    assert resource_of(flags.resource)["id"] != fed.entry_uuid
    assert (flags.version, flags.change, flags.entry_no) == (2, 2, 2)
    assert flags.logical_id == status.logical_id
    assert (flags.hidden_ps, status.hidden_ps) == (1, 0)


def test_what_was_submitted_is_kept_word_for_word(desk: Desk) -> None:
    whose, name = desk.citizen(), fresh_id()
    desk.feed(whose, doctor(), unique_id=name, title="Titre", comments="Suite")
    entry, status, flags = versions(desk, whose)
    assert (entry.unique_id, entry.title, entry.comments) == (name, "Titre", "Suite")
    for slot in (status, flags):
        resource = resource_of(slot.resource)
        assert resource["description"] == "Suite"
        assert resource["content"][0]["attachment"]["title"] == "Titre"


def test_nothing_is_written_by_looking_at_a_change(desk: Desk) -> None:
    whose = desk.citizen()
    fed = desk.feed(whose, doctor())
    versions(desk, whose)
    assert desk.read(whose.caller, fed.entry_uuid).change == 1
