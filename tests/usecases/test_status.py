"""What TD0.2 tells: state, identity, the caller's own authorisation, and nothing of documents."""

from __future__ import annotations

import msgspec
import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.identity import OID_INS_NIA, OID_INS_NIR, Ins
from carnet.storage.sealed import SealedIdentity
from carnet.usecases.lifecycle import check_record
from carnet.usecases.requests import Authorisation, RecordStatus
from carnet.usecases.status import current_identity
from tests.usecases.bench import DAY, NOW, Desk, Person, doctor, house_of, person


def status(desk: Desk, caller: Caller, whose: Person) -> RecordStatus:
    found = desk.run(check_record(desk.gate, caller, whose.ins))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "period", "told", "dates"),
    [
        (None, (0, 0), Authorisation.NONE, (0, 0)),
        (RelationKind.AUTHORISATION, (-2, 2), Authorisation.VALID, (-2, 2)),
        (RelationKind.AUTHORISATION, (-3, -1), Authorisation.EXPIRED, (0, 0)),
        (RelationKind.AUTHORISATION, (1, 2), Authorisation.NONE, (0, 0)),
        (RelationKind.REFUSAL, (-2, 2), Authorisation.REFUSED, (0, 0)),
        (RelationKind.BLOCK, (-2, 2), Authorisation.REFUSED, (0, 0)),
    ],
)
def test_a_caller_is_told_of_their_own_authorisation(
    desk: Desk,
    kind: RelationKind | None,
    period: tuple[int, int],
    told: Authorisation,
    dates: tuple[int, int],
) -> None:
    whose, asking = desk.citizen(), doctor()
    if kind is not None:
        start, end = (NOW + days * DAY for days in period)
        desk.tie(whose, kind, asking, start=start, end=end)
    found = status(desk, asking, whose)
    assert found.authorisation is told
    expected = tuple(NOW + days * DAY if days else 0 for days in dates)
    assert (found.authorised_from, found.authorised_until) == expected
    other = status(desk, doctor(), whose)
    assert other.authorisation is Authorisation.NONE  # nothing of another's


def test_an_authorisation_of_the_structure_is_its_peoples(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, house_of(asking))
    assert status(desk, asking, whose).authorisation is Authorisation.VALID
    occupational = doctor("G15_10/SM25", structure=asking.structure)
    assert status(desk, occupational, whose).authorisation is Authorisation.NONE


def test_the_declared_doctor_is_told_so(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor()
    desk.tie(whose, RelationKind.PHYSICIAN, asking)
    assert status(desk, asking, whose).is_physician
    assert not status(desk, doctor(), whose).is_physician


def test_no_document_leaves_a_mark_on_the_status(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor()
    before = status(desk, asking, whose)
    desk.feed(whose, doctor())
    desk.feed(whose, doctor(), visibility=("MASQUE_PS",))
    assert status(desk, asking, whose) == before


def test_a_closed_record_says_when_and_why(desk: Desk) -> None:
    whose, asking = desk.citizen(), doctor()
    desk.close(whose)
    found = status(desk, asking, whose)
    assert (found.closed_at, found.closing_reason) == ("2026-05-28", "Demande")
    assert found.version == 3  # two acts, one identity


def identity(whose: Person, *marks: str) -> SealedIdentity:
    return SealedIdentity(whose.ins, whose.traits, "qualified", "test", marks)


def test_the_identity_in_force_is_the_first_that_stands_without_other_traits() -> None:
    whose = person()
    nia = Person(Ins(whose.ins.matricule, OID_INS_NIA), whose.traits)
    other = msgspec.structs.replace(whose, traits=msgspec.structs.replace(whose.traits, sex="M"))
    former, known = (1, identity(nia), 20_000), (2, identity(whose), 0)
    marked = (3, identity(other, "ins-traits-differ"), 0)
    real = Person(Ins(whose.ins.matricule, OID_INS_NIR), whose.traits)
    under_another = (4, identity(real, "ins-oid-differs"), 0)
    assert current_identity([former, known, marked, under_another]) == known[1]
    assert current_identity([marked]) == marked[1]
    assert current_identity([(1, identity(whose, "ins-wrong-key"), 0)]).ins == whose.ins
