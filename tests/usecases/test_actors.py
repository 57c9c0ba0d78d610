"""Under which keys people, structures and processes stand in directories and traces."""

from __future__ import annotations

import msgspec
import pytest

from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import OID_INS_NIR, Ins
from carnet.record.structures import professional
from carnet.usecases.actors import identifier_key, ins_key, person_key, structure_key
from tests.usecases.bench import doctor, house_of, person


def test_a_citizen_is_their_ins_with_its_oid() -> None:
    whose = person()
    assert person_key(whose.caller) == f"1.2.250.1.213.1.4.10|{whose.ins.matricule}"
    assert person_key(whose.caller) == identifier_key(whose.identifier)
    assert ins_key(Ins(whose.ins.matricule, OID_INS_NIR)) != ins_key(whose.ins)
    assert structure_key(whose.caller) is None


def test_both_spellings_of_an_rpps_are_one_professional() -> None:
    bare, typed = (doctor(identifier=professional(n)) for n in ("10000000009", "810000000009"))
    assert person_key(bare) == person_key(typed) == "1.2.250.1.71.4.2.1|810000000009"


def test_a_structure_that_asks_alone_is_its_own_person() -> None:
    asking = doctor()
    house = house_of(asking)
    assert person_key(house) == structure_key(house) == structure_key(asking)
    assert person_key(asking) != structure_key(asking)


@pytest.mark.parametrize("kind", list(CallerKind))
def test_nobody_is_named_whom_nothing_vouches_for(kind: CallerKind) -> None:
    key = person_key(Caller(kind, name="x"))
    internal = kind in (CallerKind.OPERATOR, CallerKind.MACHINE)
    assert key == (f"urn:carnet|{kind}:x" if internal else None)


def test_a_professional_outside_a_structure_has_no_structure() -> None:
    assert structure_key(msgspec.structs.replace(doctor(), structure=None)) is None
