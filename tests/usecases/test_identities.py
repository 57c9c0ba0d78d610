"""A matricule goes with its traits and its OID: what differs is refused, or stored and marked."""

from __future__ import annotations

import msgspec
import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import (
    OID_INS_NIR,
    OID_INS_NIR_DEMO,
    Ins,
    Sex,
    Traits,
)
from carnet.storage import records
from carnet.storage.sealed import SealedIdentity
from carnet.usecases.consultation import find
from carnet.usecases.feeding import submit
from carnet.usecases.requests import (
    DocumentQuery,
    SubmissionStatus,
)
from tests.usecases.bench import (
    LENIENT,
    OPERATOR,
    Bench,
    Desk,
    Person,
    doctor,
    document,
    person,
)


@pytest.fixture
def marking(bench: Bench) -> Desk:
    """A desk of a store that marks instead of refusing."""
    return bench.desk(LENIENT)


def versions(desk: Desk, whose: Person) -> list[SealedIdentity]:
    record_id = desk.record_of(whose)

    async def read() -> list[SealedIdentity]:
        sealer = await desk.store.keys.sealer(record_id)
        return [identity for _, identity, _ in await records.identities(desk.store, sealer)]

    return desk.run(read())


OTHER_TRAITS = {
    "birth_family": "AUTRE",
    "given_names": "AUTRE",
    "sex": Sex.MALE,
    "birth_date": "1985-06-21",
    "birth_place": "75056",
}


def _differing(whose: Person, name: str) -> Traits:
    known = msgspec.structs.replace(whose.traits, given_names="ORIANE LISE")
    return msgspec.structs.replace(known, **{name: OTHER_TRAITS[name]})


def _known(desk: Desk) -> Person:
    whose = person()
    traits = msgspec.structs.replace(whose.traits, given_names="ORIANE LISE")
    whose = Person(whose.ins, traits)
    desk.open(whose)
    return whose


@pytest.mark.parametrize("name", OTHER_TRAITS)
def test_another_strict_trait_is_refused_and_named(desk: Desk, name: str) -> None:
    whose, author = _known(desk), doctor()
    tried = document(whose, author, source_patient=_differing(whose, name))
    refused = desk.error(submit(desk.gate, author, tried))
    assert (refused.code, refused.params) == ("ins-traits-differ", {"traits": name})
    assert len(versions(desk, whose)) == 1


@pytest.mark.parametrize("name", OTHER_TRAITS)
def test_another_strict_trait_is_stored_and_marked(marking: Desk, name: str) -> None:
    desk = marking
    whose, author = _known(desk), doctor()
    result = desk.feed(whose, author, source_patient=_differing(whose, name))
    assert result.status is SubmissionStatus.STORED
    assert [(one.code, one.params) for one in result.warnings] == [
        ("ins-traits-differ", {"traits": name})
    ]
    known, marked = versions(desk, whose)
    assert known.traits == whose.traits
    assert marked.marks == ("ins-traits-differ",)
    assert marked.source == "submission"


def test_the_same_conflict_is_marked_once(marking: Desk) -> None:
    desk = marking
    whose, author = _known(desk), doctor()
    for _ in range(2):
        desk.feed(whose, author, source_patient=_differing(whose, "birth_family"))
    assert len(versions(desk, whose)) == 2
    desk.feed(whose, author, source_patient=_differing(whose, "birth_date"))
    assert len(versions(desk, whose)) == 3


def test_a_document_without_traits_is_of_whoever_the_matricule_names(desk: Desk) -> None:
    whose = desk.citizen()
    result = desk.feed(whose, doctor(), source_patient=None)
    assert (result.status, result.warnings) == (SubmissionStatus.STORED, ())


def test_used_names_and_spellings_are_no_conflict(desk: Desk) -> None:
    whose = desk.citizen()
    traits = msgspec.structs.replace(
        whose.traits, birth_family="tilleul", first_given="Oriane", used_family="AUTRE"
    )
    assert desk.feed(whose, doctor(), source_patient=traits).warnings == ()


def test_a_matricule_under_another_oid_is_the_same_record(bench: Bench) -> None:
    refusing, marking = bench.desk(), bench.desk(LENIENT)
    whose, author = refusing.citizen(), doctor()
    ins = Ins(whose.ins.matricule, OID_INS_NIR_DEMO)
    tried = document(whose, author, patient=ins)
    assert refusing.refusal(submit(refusing.gate, author, tried)) == "ins-oid-differs"
    result = marking.run(submit(marking.gate, author, tried))
    assert [one.code for one in result.warnings] == ["ins-oid-differs"]
    assert marking.find(whose.caller, whose).total == 1
    assert versions(marking, whose)[1].ins == ins


def test_a_wrong_key_names_another_matricule_and_is_marked_at_the_opening(marking: Desk) -> None:
    desk = marking
    right = person()
    wrong = Person(Ins(right.ins.matricule[:13] + "98", right.ins.oid), right.traits)
    opened = desk.open(wrong)
    assert [one.code for one in opened.warnings] == ["ins-wrong-key"]
    assert versions(desk, wrong)[0].marks == ("ins-wrong-key",)
    desk.feed(wrong, doctor())
    assert len(versions(desk, wrong)) == 1  # known already


def test_what_a_submission_claims_does_not_make_a_child_of_age(marking: Desk) -> None:
    """The identity that the record knows decides of a parent's powers, not a marked one."""
    desk = marking
    child, parent = desk.citizen("2016-05-01"), person("1985")
    desk.tie(child, RelationKind.PARENT, parent, by=OPERATOR)
    assert desk.find(parent.caller, child).total == 0
    claimed = msgspec.structs.replace(child.traits, birth_date="1956-05-01")
    desk.feed(child, doctor(), source_patient=claimed)
    assert desk.find(parent.caller, child).total == 1


def test_what_a_submission_claims_does_not_make_an_adult_a_child(marking: Desk) -> None:
    desk = marking
    adult, parent = desk.citizen("1956-05-01"), person("1930")
    desk.tie(adult, RelationKind.PARENT, parent, by=OPERATOR)
    claimed = msgspec.structs.replace(adult.traits, birth_date="2016-05-01")
    desk.feed(adult, doctor(), source_patient=claimed)
    query = DocumentQuery(patient=adult.ins)
    assert desk.refusal(find(desk.gate, parent.caller, query)) == "not-your-record"


def test_a_citizen_is_the_same_person_under_both_oids(marking: Desk) -> None:
    whose = marking.citizen()
    under_another = Caller(CallerKind.CITIZEN, ins=Ins(whose.ins.matricule, OID_INS_NIR))
    marking.feed(whose, doctor())
    assert marking.find(under_another, whose).total == 1
