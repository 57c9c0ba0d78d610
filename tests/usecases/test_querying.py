"""Answers: filters, totals, order, pages; and that what is hidden leaves no mark on any of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.document import Code, Status
from carnet.usecases.consultation import find
from carnet.usecases.requests import (
    DateField,
    DateFilter,
    DocumentQuery,
    Found,
    TokenFilter,
)
from tests.usecases.bench import (
    LABORATORY,
    LOINC,
    PSYCHIATRY,
    VISIT,
    Bench,
    Desk,
    Person,
    doctor,
    fresh_id,
    resource_of,
)

BEGIN = datetime(2026, 5, 1, 8, tzinfo=UTC)


def made(day: int, minute: int = 0) -> dict[str, Any]:
    """A document made on a day of May."""
    moment = (BEGIN + timedelta(days=day, minutes=minute)).isoformat()
    return {"creation_time": moment, "service_start": moment}


def titles(found: Found) -> list[str]:
    return [resource_of(one.resource)["content"][0]["attachment"]["title"] for one in found.entries]


def pages(desk: Desk, caller: Caller, whose: Person, **asked: Any) -> list[list[str]]:
    """All pages by their next links, and back again by their previous links."""
    found = desk.find(caller, whose, **asked)
    seen, firsts = [titles(found)], [found]
    while found.next_cursor:
        found = desk.find(caller, whose, cursor=found.next_cursor, **asked)
        seen.append(titles(found))
        firsts.append(found)
    back = [titles(found)]
    while found.previous_cursor:
        found = desk.find(caller, whose, cursor=found.previous_cursor, **asked)
        back.append(titles(found))
    assert back[::-1] == seen
    assert {one.total for one in firsts} == {firsts[0].total}
    return seen


DAYS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=0, max_size=7)
SORTS: dict[Any, Callable[[Any], tuple[Any, ...]]] = {
    (): lambda _: (),
    ((DateField.CREATION, True),): lambda one: (-one[0] * 9999 - one[1],),
    ((DateField.CREATION, False),): lambda one: (one[0] * 9999 + one[1],),
    ((DateField.PERIOD, False),): lambda one: (one[0] * 9999 + one[1],),
    ((DateField.TYPE, True), (DateField.CREATION, False)): lambda one: (
        tuple(-ord(c) for c in one[2]),
        one[0] * 9999 + one[1],
    ),
    ((DateField.TYPE, False),): lambda one: (one[2],),
    ((DateField.LAST_UPDATED, False),): lambda one: (one[3],),
    ((DateField.LAST_UPDATED, True),): lambda one: (-one[3],),
}


@settings(max_examples=25)
@given(days=DAYS, sort=st.sampled_from(list(SORTS)), count=st.integers(1, 4), data=st.data())
def test_next_links_visit_each_entry_once_in_order_and_previous_links_go_back(
    bench: Bench, days: list[tuple[int, int]], sort: Any, count: int, data: st.DataObject
) -> None:
    desk = bench.desk()
    whose, author = desk.citizen(), doctor()
    known = []
    for number, (day, minute) in enumerate(days):
        type_code = data.draw(st.sampled_from([VISIT, LABORATORY]))
        title = f"D{number}"
        desk.feed(whose, author, title=title, type=Code(LOINC, type_code), **made(day, minute))
        known.append((day, minute, type_code, number, title))
    key = SORTS[sort]
    # Of equal ones the newest first.
    expected = [one[4] for one in sorted(known, key=lambda one: (*key(one), -one[3]))]
    seen = pages(desk, whose.caller, whose, sort=sort, count=count)
    assert [title for page in seen for title in page] == expected
    assert all(len(page) == count for page in seen[:-1])
    assert len(seen) == max(1, -(-len(known) // count))


@settings(max_examples=15)
@given(
    days=st.lists(st.integers(0, 3), min_size=3, max_size=6),
    later=st.lists(st.integers(0, 3), min_size=1, max_size=3),
    sort=st.sampled_from([((DateField.CREATION, True),), ((DateField.TYPE, False),)]),
)
def test_what_is_fed_in_between_neither_repeats_nor_shifts(
    bench: Bench, days: list[int], later: list[int], sort: Any
) -> None:
    desk = bench.desk()
    whose, author = desk.citizen(), doctor()
    for number, day in enumerate(days):
        desk.feed(whose, author, title=f"D{number}", **made(day))
    calm = pages(desk, whose.caller, whose, sort=sort, count=2)
    found = desk.find(whose.caller, whose, sort=sort, count=2)
    walked = [titles(found)]
    for number, day in enumerate(later):
        desk.feed(whose, author, title=f"N{number}", **made(day))
    while found.next_cursor:
        found = desk.find(whose.caller, whose, sort=sort, count=2, cursor=found.next_cursor)
        walked.append(titles(found))
    assert walked == calm
    while found.previous_cursor:
        found = desk.find(whose.caller, whose, sort=sort, count=2, cursor=found.previous_cursor)
    assert titles(found) == calm[0]
    assert desk.find(whose.caller, whose, count=0).total == len(days) + len(later)


def test_what_was_hidden_or_shown_in_between_is_not_lost(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    ids = {
        f"D{day}": desk.feed(whose, author, title=f"D{day}", **made(day)).entry_uuid
        for day in range(5)
    }
    found = desk.find(whose.caller, whose, count=2)
    assert titles(found) == ["D4", "D3"]
    desk.show(whose.caller, ids["D1"], hidden_from_professionals=True)  # a new version, a new id
    desk.feed(whose, author, title="new", **made(0))
    walked = []
    while found.next_cursor:
        found = desk.find(whose.caller, whose, count=2, cursor=found.next_cursor)
        walked += titles(found)
    assert walked == ["D2", "D1", "D0"]


@settings(max_examples=10)
@given(
    documents=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([None, "reader", "citizen"])),
        min_size=1,
        max_size=6,
    ),
    count=st.integers(1, 3),
)
def test_with_and_without_hidden_documents_an_answer_is_the_same(
    either_bench: Bench, documents: list[tuple[int, str | None]], count: int
) -> None:
    """Totals, order, pages, links and the history, for who may not see what is hidden."""
    desk = either_bench.desk()
    reader, author = doctor(), doctor()
    label = {"reader": "MASQUE_PS", "citizen": "INVISIBLE_PATIENT"}
    for hidden_from in ("reader", "citizen"):
        answers = []
        for with_hidden in (True, False):
            whose = desk.citizen()
            desk.tie(whose, RelationKind.AUTHORISATION, reader)
            for number, (day, hidden) in enumerate(documents):
                if hidden is not None and (hidden != hidden_from or not with_hidden):
                    continue
                flags = () if hidden is None else (label[hidden],)
                desk.feed(whose, author, title=f"D{number}", visibility=flags, **made(day))
            caller = reader if hidden_from == "reader" else whose.caller
            first = desk.find(caller, whose, count=count)
            shape = [len(text or "") for text in (first.next_cursor, first.previous_cursor)]
            answers.append((first.total, shape, pages(desk, caller, whose, count=count)))
            assert desk.find(caller, whose, count=0) == Found([], first.total)
        assert answers[0] == answers[1]


# Filters.


def code(*codes: str, negate: bool = False) -> tuple[TokenFilter, ...]:
    return (TokenFilter(tuple((None, one) for one in codes), negate),)


@pytest.fixture(scope="module")
def filled(bench: Bench) -> tuple[Desk, Person, Caller, dict[str, Any]]:
    """A record with a document of each sort, by title."""
    desk = bench.desk()
    whose, author, other = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, author)
    fed = {
        "visit": desk.feed(whose, author, title="visit", **made(1)),
        "laboratory": desk.feed(
            whose, other, title="laboratory", type=Code(LOINC, LABORATORY), **made(2)
        ),
        "psychiatry": desk.feed(
            whose, author, title="psychiatry", type=Code(LOINC, PSYCHIATRY), **made(3)
        ),
        "masked": desk.feed(whose, author, title="masked", visibility=("MASQUE_PS",), **made(4)),
        "old": desk.feed(whose, author, title="old", unique_id="2.999.7", **made(5)),
        "stay": None,
    }
    fed["new"] = desk.feed(whose, author, title="new", replaces="2.999.7", **made(6))
    stay = made(0) | {"service_stop": (BEGIN + timedelta(days=10)).isoformat()}
    fed["stay"] = desk.feed(whose, author, title="stay", **stay)
    return desk, whose, author, fed


CURRENT = ["new", "masked", "psychiatry", "laboratory", "visit", "stay"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, CURRENT),
        ({"statuses": (Status.DEPRECATED,)}, ["old"]),
        (
            {"statuses": (Status.APPROVED, Status.DEPRECATED), "types": code(VISIT)},
            ["new", "old", "masked", "visit", "stay"],
        ),
        ({"archived": True}, []),
        ({"types": code(LABORATORY, PSYCHIATRY)}, ["psychiatry", "laboratory"]),
        ({"types": code(VISIT, negate=True)}, ["psychiatry", "laboratory"]),
        ({"types": (*code(VISIT), *code(LABORATORY))}, []),
        ({"categories": code("10"), "types": code(PSYCHIATRY, negate=True)}, None),
        ({"security_labels": code("MASQUE_PS")}, ["masked"]),
        (
            {"security_labels": code("MASQUE_PS", negate=True), "types": code(VISIT)},
            ["new", "visit", "stay"],
        ),
        (
            {
                "dates": (
                    DateFilter(
                        DateField.CREATION,
                        "ge",
                        (BEGIN + timedelta(days=3)).timestamp(),
                        (BEGIN + timedelta(days=3, seconds=1)).timestamp(),
                    ),
                )
            },
            ["new", "masked", "psychiatry"],
        ),
        (
            {
                "dates": (
                    DateFilter(
                        DateField.PERIOD,
                        "gt",
                        (BEGIN + timedelta(days=8)).timestamp(),
                        (BEGIN + timedelta(days=9)).timestamp(),
                    ),
                )
            },
            ["stay"],
        ),
        ({"sort": ((DateField.CREATION, False),), "count": 2}, ["stay", "visit"]),
    ],
)
def test_filters_add_up(
    filled: tuple[Desk, Person, Caller, dict[str, Any]], asked: Any, expected: list[str] | None
) -> None:
    desk, whose, _, _ = filled
    found = titles(desk.find(whose.caller, whose, **asked))
    if expected is not None:
        assert found == expected
    else:
        assert "psychiatry" not in found


def test_authors_are_found_by_number_and_by_name(
    filled: tuple[Desk, Person, Caller, dict[str, Any]],
) -> None:
    desk, whose, author, _ = filled
    assert author.identifier is not None
    mine = TokenFilter(((None, author.identifier.extension),))
    found = titles(desk.find(whose.caller, whose, author_identifiers=(mine,)))
    assert found == [one for one in CURRENT if one != "laboratory"]
    assert titles(desk.find(whose.caller, whose, author_families=(("inv",),))) == CURRENT
    assert titles(desk.find(whose.caller, whose, author_families=(("inx",),))) == []


def test_a_reader_by_the_matrix_sees_its_types_only(
    filled: tuple[Desk, Person, Caller, dict[str, Any]],
) -> None:
    desk, whose, _, _ = filled
    nurse = doctor("G15_60")
    desk.tie(whose, RelationKind.AUTHORISATION, nurse)
    assert titles(desk.find(nurse, whose)) == ["new", "laboratory", "visit", "stay"]
    assert desk.find(nurse, whose, types=code(PSYCHIATRY)) == Found([], 0)


# Names of documents.


@pytest.mark.parametrize("named", ["entry", "urn:uuid", "logical", "unique", "urn:oid"])
def test_a_document_is_found_by_any_of_its_names(
    filled: tuple[Desk, Person, Caller, dict[str, Any]], named: str
) -> None:
    desk, whose, _, fed = filled
    resource = resource_of(fed["visit"].resource)
    names = {"entry": str(resource["id"]), "urn:uuid": f"urn:uuid:{resource['id']}"}
    names["logical"] = next(o["value"] for o in resource["identifier"] if o["use"] == "secondary")
    names["unique"] = fed["visit"].unique_id
    names["urn:oid"] = f"urn:oid:{fed['visit'].unique_id}"
    query = DocumentQuery(identifiers=((None, names[named]),))
    assert titles(desk.run(find(desk.gate, whose.caller, query))) == ["visit"]
    both = DocumentQuery(patient=whose.ins, identifiers=((None, names[named]),))
    assert titles(desk.run(find(desk.gate, whose.caller, both))) == ["visit"]


def test_ids_are_alternatives_and_narrow_what_identifiers_name(
    filled: tuple[Desk, Person, Caller, dict[str, Any]],
) -> None:
    desk, whose, _, fed = filled
    ids = tuple(fed[name].entry_uuid for name in ("visit", "laboratory"))
    assert titles(desk.find(whose.caller, whose, ids=ids)) == ["laboratory", "visit"]
    narrowed = desk.find(
        whose.caller, whose, ids=ids, identifiers=((None, fed["visit"].unique_id),)
    )
    assert titles(narrowed) == ["visit"]
    neither = desk.find(
        whose.caller, whose, ids=ids[:1], identifiers=((None, fed["laboratory"].unique_id),)
    )
    assert titles(neither) == []


def test_an_earlier_id_finds_the_current_version(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    shown = desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    found = desk.find(whose.caller, whose, ids=(fed.entry_uuid,))
    assert [one.entry_uuid for one in found.entries] == [shown.entry_uuid]
    assert found.total == 1


@pytest.mark.parametrize("name", ["2.25.0", "3f9ea1b1-9a0c-4f4e-8b3e-1c6f1a3f0001", "x", ""])
def test_a_name_of_nothing_finds_nothing(desk: Desk, name: str) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    for query in (
        DocumentQuery(identifiers=((None, name),)),
        DocumentQuery(ids=(name,)),
        DocumentQuery(patient=whose.ins, ids=(name,)),
    ):
        assert desk.run(find(desk.gate, whose.caller, query)) == Found([], 0)


def test_a_document_of_another_record_is_not_found_in_this_one(desk: Desk) -> None:
    whose, other, author = desk.citizen(), desk.citizen(), doctor()
    theirs = desk.feed(other, author, unique_id=(name := fresh_id()))
    desk.feed(whose, author)
    assert desk.find(author, whose, ids=(theirs.entry_uuid,)).total == 0
    assert desk.find(author, whose, identifiers=((None, name),)).total == 0


def test_a_cursor_of_another_caller_is_refused(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    for _ in range(2):
        desk.feed(whose, author)
    link = desk.find(author, whose, count=1).next_cursor
    query = DocumentQuery(patient=whose.ins, count=1, cursor=link)
    assert desk.run(find(desk.gate, author, query)).entries
    assert desk.refusal(find(desk.gate, whose.caller, query)) == "cursor-invalid"


def test_more_documents_than_a_page_of_the_store_holds(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    for number in range(35):  # a page holds 32
        desk.feed(whose, author, title=f"D{number}", **made(0, number))
    seen = pages(desk, whose.caller, whose, count=10)
    assert [title for page in seen for title in page] == [f"D{n}" for n in range(34, -1, -1)]
