"""Facts put beside a document as the machine would have put them."""

from __future__ import annotations

from carnet.clinical.model import FactQuery
from carnet.clinical.store import gather
from carnet.record.access import Action
from carnet.record.caller import Caller
from carnet.record.facts import Fact, Facts
from carnet.storage import entries
from carnet.storage.batch import Batch
from carnet.storage.codes import DerivedKind
from carnet.storage.derived import derived_steps
from carnet.usecases.deriving import READERS
from carnet.usecases.view import RecordView
from tests.usecases.bench import Desk, Person, resource_of


def know(desk: Desk, whose: Person, entry_no: int, *facts: Fact) -> None:
    """Have a document, by the number of its current version, say these facts."""
    record_id = desk.record_of(whose)

    async def put() -> None:
        row = await entries.entry(desk.store, record_id, entry_no)
        assert row is not None
        sealer = await desk.store.keys.sealer(record_id)
        text = (READERS[DerivedKind.TEXT], "")
        told = (READERS[DerivedKind.FACTS], Facts(facts))
        await desk.gate.write(Batch(record_id, tuple(derived_steps(sealer, row, text, told))))

    desk.run(put())


def view_of(desk: Desk, caller: Caller, whose: Person) -> RecordView:
    """A view for reading."""
    return desk.run(desk.gate.look(caller, desk.record_of(whose), Action.READ))


def seen(desk: Desk, caller: Caller, whose: Person) -> list[str]:
    """The labels of all facts that a caller reads, of the newest document first."""
    gathered = desk.run(gather(view_of(desk, caller, whose)))
    return [one.fact.what.label for one in gathered.told]


def asked(whose: Person, **changes: object) -> FactQuery:
    """A query of a record."""
    return FactQuery(patient=whose.ins, **changes)  # type: ignore[arg-type]  # its values


def id_of(rendered: bytes) -> str:
    """The id of a rendered DocumentReference."""
    return str(resource_of(rendered)["id"])
