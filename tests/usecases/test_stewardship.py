"""The three flags: who may set and clear them, and the new version that each change makes."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, Purpose
from carnet.record.trace import Act, Chain, Outcome
from carnet.usecases.consultation import read_entry
from carnet.usecases.requests import Visibility
from carnet.usecases.stewardship import change_visibility
from tests.usecases.bench import (
    DAY,
    NOW,
    OPERATOR,
    Desk,
    Person,
    doctor,
    fresh_id,
    house_of,
    person,
    resource_of,
)

PS, PATIENT, REPS = "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"
NAMES = {
    PS: "hidden_from_professionals",
    PATIENT: "hidden_from_patient",
    REPS: "hidden_from_representatives",
}
CLEAR = Visibility(
    hidden_from_professionals=False, hidden_from_patient=False, hidden_from_representatives=False
)


def labels(rendered: bytes) -> set[str]:
    return {one["coding"][0]["code"] for one in resource_of(rendered)["securityLabel"]}


def test_a_change_makes_a_new_version_under_the_same_document(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    shown = desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    before, after = resource_of(fed.resource), resource_of(shown.resource)
    assert shown.entry_uuid == after["id"] != before["id"]
    assert (before["meta"]["versionId"], after["meta"]["versionId"]) == ("1", "2")
    assert labels(shown.resource) == {"N", PS}
    secondary = [
        next(one["value"] for one in each["identifier"] if one["use"] == "secondary")
        for each in (before, after)
    ]
    assert secondary[0] == secondary[1]
    assert desk.find(whose.caller, whose).total == 1
    assert desk.chain(whose)[-2].entries == (1, 2)


def test_a_change_that_changes_nothing_makes_no_version(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    for wanted in ({}, {"hidden_from_professionals": False}, {"hidden_from_patient": False}):
        same = desk.show(whose.caller, fed.entry_uuid, **wanted)
        assert (same.entry_uuid, same.change, same.resource) == (fed.entry_uuid, 1, fed.resource)
    assert desk.counts(whose)[0] == 1
    assert desk.chain(whose)[-1].act is Act.CHANGE_VISIBILITY


def test_a_document_is_named_by_unique_id_too(desk: Desk) -> None:
    whose, author, name = desk.citizen(), doctor(), fresh_id()
    desk.feed(whose, author, unique_id=name)
    wanted = Visibility(hidden_from_professionals=True)
    shown = desk.run(
        change_visibility(desk.gate, whose.caller, ("unique", f"urn:oid:{name}"), wanted, None)
    )
    assert labels(shown.resource) == {"N", PS}
    absent = change_visibility(desk.gate, whose.caller, ("unique", fresh_id()), wanted, None)
    assert desk.refusal(absent) == "document-absent"


# If-Match.


def test_a_stale_version_is_refused_and_the_current_one_told(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    desk.show(whose.caller, fed.entry_uuid, 1, hidden_from_professionals=True)
    wanted = Visibility(hidden_from_professionals=False)
    refused = desk.error(change_visibility(desk.gate, whose.caller, fed.entry_uuid, wanted, 1))
    assert (refused.code, refused.params) == ("version-mismatch", {"expected": 1, "current": 2})
    assert labels(desk.read(whose.caller, fed.entry_uuid).resource) == {"N", PS}
    shown = desk.show(whose.caller, fed.entry_uuid, 2, hidden_from_professionals=False)
    assert shown.change == 3


def test_of_two_changes_at_once_with_if_match_one_is_refused(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    works = [
        change_visibility(
            desk.gate, whose.caller, fed.entry_uuid, Visibility(hidden_from_professionals=True), 1
        )
        for _ in range(2)
    ]

    async def together() -> list[object]:
        return await asyncio.gather(*works, return_exceptions=True)

    ends = [getattr(end, "code", "changed") for end in desk.run(together())]
    assert sorted(ends) == ["changed", "version-mismatch"]


# Who may set which flag.


def _who(desk: Desk, whose: Person, author: Caller, who: str) -> Caller:
    friend, asking = person("1980"), doctor()
    if who == "parent":
        desk.tie(whose, RelationKind.PARENT, friend, by=OPERATOR)
    elif who in ("manager", "reader"):
        scope = "manage" if who == "manager" else "read"
        desk.tie(whose, RelationKind.DELEGATE, friend, scope=scope)
    elif who == "physician":
        desk.tie(whose, RelationKind.PHYSICIAN, asking)
    elif who == "authorised":
        desk.tie(whose, RelationKind.AUTHORISATION, asking)
    callers = {"citizen": whose.caller, "author": author, "house": house_of(author)}
    callers |= dict.fromkeys(("parent", "manager", "reader"), friend.caller)
    return callers.get(who, asking)


MINOR, ADULT = "2012-03-01", "1984-06-21"
ABSENT, NO = "document-absent", "not-entitled"


@pytest.mark.parametrize(
    ("flag", "born", "who", "code"),
    [
        (PS, ADULT, "citizen", None),
        (PS, ADULT, "author", None),
        (PS, ADULT, "house", None),
        (PS, ADULT, "physician", None),
        (PS, ADULT, "authorised", None),
        (PS, ADULT, "manager", None),
        (PS, MINOR, "parent", None),
        (PS, ADULT, "reader", NO),
        (PS, ADULT, "nobody", ABSENT),
        (PATIENT, ADULT, "author", None),
        (PATIENT, ADULT, "house", None),
        (PATIENT, ADULT, "citizen", NO),
        (PATIENT, ADULT, "physician", NO),
        (PATIENT, ADULT, "authorised", NO),
        (PATIENT, ADULT, "manager", NO),
        (PATIENT, ADULT, "nobody", ABSENT),
        (REPS, MINOR, "citizen", None),
        (REPS, MINOR, "author", None),
        (REPS, MINOR, "physician", None),
        (REPS, MINOR, "authorised", None),
        (REPS, MINOR, "parent", NO),
        (REPS, MINOR, "house", NO),
        (REPS, MINOR, "nobody", ABSENT),
        # Nobody represents an adult as the parents of a minor: the flag is not for them.
        (REPS, ADULT, "citizen", NO),
        (REPS, ADULT, "author", NO),
        (REPS, ADULT, "physician", NO),
        (REPS, ADULT, "authorised", NO),
    ],
)
def test_who_may_set_a_flag(desk: Desk, flag: str, born: str, who: str, code: str | None) -> None:
    whose, author = desk.citizen(born), doctor()
    fed = desk.feed(whose, author)
    caller = _who(desk, whose, author, who)
    wanted = msgspec.structs.replace(Visibility(), **{NAMES[flag]: True})
    tried = change_visibility(desk.gate, caller, fed.entry_uuid, wanted, None)
    if code is None:
        assert labels(desk.run(tried).resource) == {"N", flag}
        return
    assert desk.refusal(tried) == code
    assert desk.counts(whose)[0] == 1
    trace = desk.chain(whose)[-1]
    assert (trace.act, trace.outcome) == (Act.CHANGE_VISIBILITY, Outcome.REFUSED)
    assert trace.entries == (1,)


def test_the_flag_of_a_minority_is_lifted_by_the_adult(desk: Desk) -> None:
    whose, author = desk.citizen("2008-05-29"), doctor()
    fed = desk.feed(whose, author)
    desk.show(whose.caller, fed.entry_uuid, hidden_from_representatives=True)
    desk.clock.set(NOW + 10 * DAY)  # of age since
    shown = desk.show(whose.caller, fed.entry_uuid, hidden_from_representatives=False)
    assert labels(shown.resource) == {"N"}
    wanted = Visibility(hidden_from_representatives=True)
    again = change_visibility(desk.gate, whose.caller, fed.entry_uuid, wanted, None)
    assert desk.refusal(again) == "not-entitled"


def test_several_flags_at_once_are_all_set_or_none(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    both = Visibility(hidden_from_professionals=True, hidden_from_patient=True)
    refused = change_visibility(desk.gate, whose.caller, fed.entry_uuid, both, None)
    assert desk.refusal(refused) == "not-entitled"
    assert labels(desk.read(whose.caller, fed.entry_uuid).resource) == {"N"}
    shown = desk.run(change_visibility(desk.gate, author, fed.entry_uuid, both, None))
    assert labels(shown.resource) == {"N", PS, PATIENT}


def test_a_return_to_normal_clears_what_the_caller_may_clear(desk: Desk) -> None:
    whose, author, reader = desk.citizen("2012-03-01"), doctor(), doctor()
    fed = desk.feed(whose, author, visibility=(PS, PATIENT, REPS))
    desk.tie(whose, RelationKind.PHYSICIAN, reader)
    shown = desk.run(change_visibility(desk.gate, reader, fed.entry_uuid, CLEAR, None))
    assert labels(shown.resource) == {"N", PATIENT}
    last = desk.run(change_visibility(desk.gate, author, fed.entry_uuid, CLEAR, None))
    assert labels(last.resource) == {"N"}


def test_a_return_to_normal_of_which_nothing_is_permitted_is_refused(desk: Desk) -> None:
    whose, author, reader = desk.citizen(), doctor(), doctor()
    fed = desk.feed(whose, author, visibility=(PATIENT,))
    desk.tie(whose, RelationKind.AUTHORISATION, reader)
    tried = change_visibility(desk.gate, reader, fed.entry_uuid, CLEAR, None)
    assert desk.refusal(tried) == "not-entitled"
    withheld = desk.chain(whose, Chain.WITHHELD)[-1]
    assert (withheld.outcome, withheld.entries) == (Outcome.REFUSED, (1,))


# INVISIBLE_PATIENT ends by itself.


def test_hiding_from_the_patient_ends_a_month_later(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    hidden = desk.show(author, fed.entry_uuid, hidden_from_patient=True)
    assert desk.find(whose.caller, whose).total == 0
    desk.clock.set(NOW + 31 * DAY + 60)
    assert labels(desk.find(whose.caller, whose).entries[0].resource) <= {"N", PATIENT}
    desk.follow(whose)
    ended = desk.find(whose.caller, whose).entries[0]
    assert labels(ended.resource) == {"N"}
    assert ended.entry_uuid not in (fed.entry_uuid, hidden.entry_uuid)


def test_a_flag_that_is_due_needs_no_clearing(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=(PATIENT,))
    desk.clock.set(NOW + 40 * DAY)
    same = desk.show(author, fed.entry_uuid, hidden_from_patient=False)
    assert same.change == 1


def test_a_new_flag_is_set_on_a_document_whose_old_one_is_due(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=(PATIENT,))
    desk.clock.set(NOW + 40 * DAY)
    shown = desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    assert labels(shown.resource) == {"N", PS}
    desk.follow(whose)
    assert labels(desk.read(whose.caller, fed.entry_uuid).resource) == {"N", PS}


def test_clearing_before_the_due_date_leaves_nothing_for_it_to_do(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=(PATIENT,))
    cleared = desk.show(author, fed.entry_uuid, hidden_from_patient=False)
    desk.clock.set(NOW + 40 * DAY)
    desk.follow(whose)
    assert desk.read(whose.caller, fed.entry_uuid).entry_uuid == cleared.entry_uuid


# The author's side needs no right to read (docs/access.md).


def _colleague(author: Caller) -> Caller:
    return doctor(structure=author.structure)


@pytest.mark.parametrize("masked", [False, True])
def test_a_colleague_of_the_author_hides_from_the_patient_what_they_may_not_read(
    either_desk: Desk, masked: bool
) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=(PS,) if masked else ())
    colleague = _colleague(author)
    assert desk.refusal(read_entry(desk.gate, colleague, fed.entry_uuid)) == "document-absent"
    done = desk.show(colleague, fed.entry_uuid, hidden_from_patient=True)
    assert done.entry_uuid != fed.entry_uuid
    assert done.resource == b""  # reading it still needs a right
    trace = desk.chain(whose, Chain.WITHHELD)[-1]
    assert (trace.act, trace.outcome, trace.reason) == (
        Act.CHANGE_VISIBILITY,
        Outcome.PERMITTED,
        "author",
    )
    assert desk.find(whose.caller, whose).total == 0
    assert desk.refusal(read_entry(desk.gate, colleague, done.entry_uuid)) == "document-absent"
    again = desk.show(colleague, fed.entry_uuid, hidden_from_patient=True)
    assert (again.entry_uuid, again.resource) == (done.entry_uuid, b"")
    back = desk.show(colleague, fed.entry_uuid, hidden_from_patient=False)
    assert back.resource == b""
    assert desk.find(whose.caller, whose).total == 1


def test_a_colleague_who_may_read_is_shown_what_they_changed(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    colleague = _colleague(author)
    desk.tie(whose, RelationKind.AUTHORISATION, colleague)
    done = desk.show(colleague, fed.entry_uuid, hidden_from_patient=True)
    assert labels(done.resource) == {"N", PATIENT}


@pytest.mark.parametrize("who", ["stranger", "blocked", "break-glass", "closed"])
def test_who_is_not_of_the_authors_side_finds_no_document_to_hide(desk: Desk, who: str) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    caller = _colleague(author)
    if who == "stranger":
        caller = doctor()
    if who == "blocked":
        desk.tie(whose, RelationKind.BLOCK, caller)
    if who == "break-glass":
        caller = msgspec.structs.replace(caller, purpose=Purpose.BREAK_GLASS, reason=" ")
    if who == "closed":
        desk.close(whose)
    wanted = Visibility(hidden_from_patient=True)
    tried = change_visibility(desk.gate, caller, fed.entry_uuid, wanted, None)
    assert desk.refusal(tried) == "document-absent"
    assert desk.chain(whose)[-1].outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "wanted",
    [
        Visibility(hidden_from_professionals=True),
        Visibility(hidden_from_representatives=True),
    ],
)
def test_other_flags_need_the_right_to_read(desk: Desk, wanted: Visibility) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    tried = change_visibility(desk.gate, _colleague(author), fed.entry_uuid, wanted, None)
    assert desk.refusal(tried) == "document-absent"
    both = msgspec.structs.replace(wanted, hidden_from_patient=True)
    tried = change_visibility(desk.gate, _colleague(author), fed.entry_uuid, both, None)
    assert desk.refusal(tried) == "consent-missing"
    assert desk.find(whose.caller, whose).total == 1
