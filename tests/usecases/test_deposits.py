"""Flags that come with a deposit: on the citizen's side, those that they might set after it."""

from __future__ import annotations

import pytest

from carnet.record.access.model import RelationKind
from carnet.usecases.feeding import submit
from tests.usecases.bench import OPERATOR, Desk, doctor, document, house_of, person

PS, PATIENT, REPS = "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"
MINOR, ADULT = "2012-03-01", "1984-06-21"


@pytest.mark.parametrize(
    ("born", "who", "flag", "code"),
    [
        (ADULT, "citizen", PS, None),
        (ADULT, "citizen", PATIENT, "not-entitled"),
        (ADULT, "citizen", REPS, "not-entitled"),
        (MINOR, "citizen", REPS, None),
        (MINOR, "parent", PS, None),
        (MINOR, "parent", PATIENT, "not-entitled"),
        (MINOR, "parent", REPS, "not-entitled"),
        (ADULT, "delegate", PS, None),
        (ADULT, "delegate", PATIENT, "not-entitled"),
    ],
)
def test_a_citizens_side_sets_at_the_deposit_what_it_may_set_after(
    desk: Desk, born: str, who: str, flag: str, code: str | None
) -> None:
    whose, friend = desk.citizen(born), person("1980")
    if who == "parent":
        desk.tie(whose, RelationKind.PARENT, friend, by=OPERATOR)
    if who == "delegate":
        desk.tie(whose, RelationKind.DELEGATE, friend, scope="manage")
    caller = whose.caller if who == "citizen" else friend.caller
    tried = submit(desk.gate, caller, document(whose, whose.caller, visibility=(flag,)))
    if code is not None:
        assert desk.refusal(tried) == code
        assert desk.counts(whose)[0] == 0
    else:
        assert flag.encode() in desk.run(tried).resource


@pytest.mark.parametrize("flag", [PS, PATIENT, REPS])
def test_professionals_and_structures_set_the_flags_of_what_they_feed(
    desk: Desk, flag: str
) -> None:
    whose, author = desk.citizen(MINOR), doctor()
    for by in (author, house_of(author)):
        fed = desk.feed(whose, author, by=by, visibility=(flag,))
        assert flag.encode() in fed.resource


@pytest.mark.parametrize("who", ["doctor", "structure", "operator"])
@pytest.mark.parametrize(
    ("born", "code"),
    [(ADULT, "flag-for-minors"), ("2008-05-28", "flag-for-minors"), ("2008-05-29", None)],
)
def test_the_flag_of_minors_comes_with_no_document_of_an_adult(
    desk: Desk, born: str, code: str | None, who: str
) -> None:
    """Not on the day on which somebody comes of age either; the desk's day is 28 May 2026."""
    whose, author = desk.citizen(born), doctor()
    by = {"doctor": author, "structure": house_of(author), "operator": OPERATOR}[who]
    tried = submit(desk.gate, by, document(whose, author, visibility=(PS, REPS)))
    if code is None:
        assert REPS.encode() in desk.run(tried).resource
    else:
        assert desk.refusal(tried) == code
        assert desk.chain(whose)[-1].reason == code
        assert desk.counts(whose)[0] == 0
