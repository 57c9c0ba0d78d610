"""The operator's import: into the record of the INS, which is opened where there is none."""

from __future__ import annotations

import msgspec
import pytest

from carnet.record.access.model import RelationKind
from carnet.record.trace import Act, Outcome
from carnet.storage import records
from carnet.usecases.closing import withdraw_opposition
from carnet.usecases.importing import OPERATOR, import_document
from carnet.usecases.lifecycle import oppose
from carnet.usecases.requests import OpeningGround, OpeningRequest, SubmissionStatus
from tests.usecases.bench import LENIENT, PLAIN, Desk, doctor, document, fresh_id, person
from tests.usecases.test_replacing import cda


def test_a_record_is_opened_where_there_is_none_under_the_operators_name(desk: Desk) -> None:
    whose, author = person(), doctor()
    result = desk.run(import_document(desk.gate, document(whose, author), PLAIN))
    assert result.status is SubmissionStatus.STORED
    opening, feeding = desk.chain(whose)
    assert (opening.act, opening.caller, opening.reason) == (
        Act.OPEN_RECORD,
        "operator",
        "operator",
    )
    assert (feeding.act, feeding.actor) == (Act.SUBMIT, "urn:carnet|operator:import")
    assert desk.find(author, whose).total == 1  # the author reads it


def test_a_record_that_stands_is_fed(desk: Desk) -> None:
    whose = desk.citizen()
    desk.run(import_document(desk.gate, document(whose, doctor()), PLAIN))
    assert [trace.act for trace in desk.chain(whose)] == [Act.OPEN_RECORD, Act.SUBMIT]


def test_a_repetition_is_told(desk: Desk) -> None:
    whose, submitted = person(), document(author_of := person(), doctor())
    assert whose != author_of
    first = desk.run(import_document(desk.gate, submitted, PLAIN))
    again = desk.run(import_document(desk.gate, submitted, PLAIN))
    assert (first.status, again.status) == (SubmissionStatus.STORED, SubmissionStatus.IDENTICAL)


def test_a_record_is_opened_only_with_traits(desk: Desk) -> None:
    whose = person()
    tried = document(whose, doctor(), source_patient=None)
    assert desk.refusal(import_document(desk.gate, tried, PLAIN)) == "metadata-missing"
    assert desk.run(records.record_of_ins(desk.store, whose.ins.matricule)) is None


@pytest.mark.parametrize("strict", [False, True])
def test_other_traits_are_marked_unless_strict(desk: Desk, strict: bool) -> None:
    whose = desk.citizen()
    traits = msgspec.structs.replace(whose.traits, birth_place="75056")
    tried = document(whose, doctor(), source_patient=traits)
    policy = LENIENT.strict() if strict else LENIENT
    if strict:
        assert desk.refusal(import_document(desk.gate, tried, policy)) == "ins-traits-differ"
    else:
        result = desk.run(import_document(desk.gate, tried, policy))
        assert [one.code for one in result.warnings] == ["ins-traits-differ"]


def test_the_operator_neither_feeds_a_closed_record_nor_opens_it_again(desk: Desk) -> None:
    whose = desk.citizen()
    desk.close(whose)
    refused = desk.refusal(import_document(desk.gate, document(whose, doctor()), PLAIN))
    assert refused == "record-closed"
    assert desk.chain(whose)[-1].outcome is Outcome.REFUSED


def test_a_document_that_is_refused_opens_no_record(desk: Desk) -> None:
    whose = person()
    tried = document(whose, doctor(), creation_time="2030-01-01")
    assert desk.refusal(import_document(desk.gate, tried, PLAIN)) == "date-in-future"
    assert desk.run(records.record_of_ins(desk.store, whose.ins.matricule)) is None


def test_a_block_stands_against_the_blocked_and_not_against_the_operator(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    desk.tie(whose, RelationKind.BLOCK, author)
    result = desk.run(import_document(desk.gate, document(whose, author), PLAIN))
    assert result.status is SubmissionStatus.STORED
    assert OPERATOR.kind == "operator"


@pytest.mark.parametrize("why", ["taken", "absent", "elsewhere", "adult"])
def test_a_document_that_its_record_would_refuse_opens_none(desk: Desk, why: str) -> None:
    whose, author, other = person(), doctor(), desk.citizen()
    theirs = desk.feed(other, author)
    cases: dict[str, tuple[dict[str, object], str]] = {
        "taken": ({"unique_id": theirs.unique_id}, "unique-id-taken"),
        "absent": ({"replaces": fresh_id()}, "replaced-absent"),
        "elsewhere": ({"replaces": theirs.unique_id}, "replaced-absent"),
        "adult": ({"visibility": ("INVISIBLE_REPRESENTANTS_LEGAUX",)}, "flag-for-minors"),
    }
    said, code = cases[why]
    tried = document(whose, author, **said)  # type: ignore[arg-type]  # values of the entry
    assert desk.refusal(import_document(desk.gate, tried, PLAIN)) == code
    assert desk.run(records.record_of_ins(desk.store, whose.ins.matricule)) is None


def test_a_target_that_is_only_awaited_opens_a_record(desk: Desk) -> None:
    whose, author = person(), doctor()
    tried = cda(whose, author, fresh_id(), fresh_id())
    result = desk.run(import_document(desk.gate, tried, PLAIN))
    assert [one.code for one in result.warnings] == ["replaced-absent"]


def test_a_withdrawn_opposition_does_not_stand_against_the_operator(desk: Desk) -> None:
    whose = person()
    request = OpeningRequest(whose.ins, whose.traits, OpeningGround.CONSENT)
    desk.run(oppose(desk.gate, whose.caller, request))
    tried = document(whose, doctor())
    assert desk.refusal(import_document(desk.gate, tried, PLAIN)) == "record-opposed"
    desk.run(withdraw_opposition(desk.gate, whose.caller, whose.ins))
    result = desk.run(import_document(desk.gate, tried, PLAIN))
    assert result.status is SubmissionStatus.STORED
