"""A closed record: what is refused, what the citizen keeps, and how it reopens."""

from __future__ import annotations

import time

from carnet.record.lifecycle import LifecycleEvent, RecordState
from carnet.storage import records, writes
from carnet.storage.batch import Batch, step
from carnet.storage.codes import STATES
from carnet.storage.sealed import LifeAct
from carnet.storage.store import Store
from tests.system.checks import refused
from tests.system.documents import letter
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    Citizen,
    citizen,
    house,
    opening,
    tie,
)
from tests.system.server import Node


def close(node: Node, who: Citizen) -> None:
    """Close a record, as the operator does on the citizen's request (no face does yet)."""

    async def write(store: Store) -> None:
        record_id = await records.record_of_ins(store, who.ins.matricule)
        assert record_id is not None
        found = await records.load_record(store, record_id, bytes(16), bytes(16))
        assert found is not None
        record, sealer = found
        acts = await records.life(store, sealer)
        act = LifeAct(
            event=str(LifecycleEvent.CLOSE), at=int(time.time()), actor="", capacity="operator"
        )
        row = (
            record_id,
            record.version,
            STATES[RecordState.CLOSED],
            int(record.settings),
            act.at // records.DAY,
            records.sealed_life(sealer, (*acts, act)),
            record.event_count,
        )
        await store.writer.write(
            Batch(record_id, steps=(step(writes.CHANGE_RECORD, row, expect=1),))
        )

    node.with_store(write)


def test_a_closed_record_is_the_citizens_own_copy_until_it_is_reopened(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    node.acting(who).post("Consent", tie(who, ENDOCRINOLOGIST))
    node.feed(letter(who, GENERALIST))
    close(node, who)
    before = node.stored()
    for caller in (GENERALIST, ENDOCRINOLOGIST, house()):
        refused(node.acting(caller).find(who), 403, "record-closed")
        refused(node.acting(caller).submit(letter(who, GENERALIST)), 403, "record-closed")
        status = node.acting(caller).get("Patient", identifier=who.token).json()
        assert status["entry"][0]["resource"]["active"] is False
    assert node.acting(who).find(who).json()["total"] == 1
    refused(node.acting(who).post("Consent", tie(who, GENERALIST)), 403, "record-closed")
    assert node.stored() == before
    assert node.acting(GENERALIST).post("Patient", opening(who)).status_code == 201
    assert node.acting(ENDOCRINOLOGIST).find(who).json()["total"] == 1
