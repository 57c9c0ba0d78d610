"""Who opened what and why, as each reader may see it."""

from __future__ import annotations

import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.trace import Act
from carnet.usecases.consultation import find
from carnet.usecases.history import HistoryQuery, read_history
from carnet.usecases.requests import DocumentQuery, HistoryPage
from carnet.usecases.status import patient_id
from tests.usecases.bench import DAY, NOW, OPERATOR, Desk, Person, doctor, house_of, person


def history(desk: Desk, caller: Caller, whose: Person, **asked: object) -> HistoryPage:
    query = HistoryQuery(patient=whose.ins, **asked)  # type: ignore[arg-type]  # fields of the query
    return desk.run(read_history(desk.gate, caller, query))


def acts(page: HistoryPage) -> list[Act]:
    return [line.trace.act for line in page.lines]


def test_acts_are_told_newest_first_with_who_and_why(either_desk: Desk) -> None:
    desk = either_desk
    whose, author, reader = desk.citizen(), doctor(), doctor()
    fed = desk.feed(whose, author)
    query = DocumentQuery(patient=whose.ins)
    desk.refusal(find(desk.gate, reader, query))
    page = history(desk, whose.caller, whose)
    assert acts(page) == [Act.FIND, Act.SUBMIT, Act.OPEN_RECORD]
    assert page.total == 3
    assert page.record_id == patient_id(desk.record_of(whose))
    refused, submitted, _ = page.lines
    assert (refused.trace.name, refused.trace.reason) == (reader.name, "consent-missing")
    assert submitted.documents == (fed.entry_uuid,)
    assert refused.documents == ()


def test_reading_the_history_is_an_act_of_it(desk: Desk) -> None:
    whose = desk.citizen()
    history(desk, whose.caller, whose)
    assert acts(history(desk, whose.caller, whose)) == [Act.READ_HISTORY, Act.OPEN_RECORD]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("citizen", None),
        ("physician", None),
        ("delegate", None),
        ("authorised", "not-entitled"),
        ("author", "not-entitled"),
        ("structure", "not-entitled"),
        ("operator", "not-entitled"),
        ("stranger", "not-your-record"),
    ],
)
def test_who_reads_the_history(desk: Desk, who: str, code: str | None) -> None:
    whose, author, asking, friend = desk.citizen(), doctor(), doctor(), person()
    desk.feed(whose, author)
    caller = {
        "citizen": whose.caller,
        "author": author,
        "structure": house_of(author),
        "operator": OPERATOR,
    }.get(who, asking)
    if who in ("delegate", "stranger"):
        caller = friend.caller
    if who == "delegate":
        desk.tie(whose, RelationKind.DELEGATE, friend)
    if who == "physician":
        desk.tie(whose, RelationKind.PHYSICIAN, asking)
    if who == "authorised":
        desk.tie(whose, RelationKind.AUTHORISATION, asking)
    tried = read_history(desk.gate, caller, HistoryQuery(patient=whose.ins))
    if code is None:
        assert Act.SUBMIT in acts(desk.run(tried))
    else:
        assert desk.refusal(tried) == code


# What waits for an announcement is not in it, and then it is.


def test_acts_on_a_document_that_its_citizen_may_not_see_are_not_there(either_desk: Desk) -> None:
    desk = either_desk
    whose, plain, author, physician = desk.citizen(), desk.citizen(), doctor(), doctor()
    for one in (whose, plain):
        desk.tie(one, RelationKind.PHYSICIAN, physician)
        desk.feed(one, author)
    kept = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    desk.read(physician, kept.entry_uuid)
    with_hidden, without = (history(desk, one.caller, one) for one in (whose, plain))
    assert acts(with_hidden) == acts(without)
    assert with_hidden.total == without.total
    doctors = history(desk, physician, whose)
    assert doctors.total == without.total + 3  # the deposit, the reading, the citizen's look
    desk.clock.set(NOW + 40 * DAY)
    later = history(desk, whose.caller, whose)
    assert [line.documents for line in later.lines if line.trace.act is Act.READ_ENTRY] == [
        (kept.entry_uuid,)
    ]


def test_a_find_of_both_kinds_is_one_line_for_who_sees_one_kind(desk: Desk) -> None:
    whose, author, physician = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.PHYSICIAN, physician)
    shown = desk.feed(whose, author)
    kept = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    desk.find(physician, whose)
    mine = [one for one in history(desk, whose.caller, whose).lines if one.trace.act is Act.FIND]
    assert [one.documents for one in mine] == [(shown.entry_uuid,)]
    theirs = [one for one in history(desk, physician, whose).lines if one.trace.act is Act.FIND]
    assert {one.documents for one in theirs} == {(shown.entry_uuid,), (kept.entry_uuid,)}


def test_a_parent_does_not_see_acts_on_what_the_minor_keeps_from_them(desk: Desk) -> None:
    child, parent, author = desk.citizen("2012-03-01"), person("1980"), doctor()
    desk.tie(child, RelationKind.PARENT, parent, by=OPERATOR)
    desk.feed(child, author, visibility=("INVISIBLE_REPRESENTANTS_LEGAUX",))
    assert Act.SUBMIT not in acts(history(desk, parent.caller, child))
    assert Act.SUBMIT in acts(history(desk, child.caller, child))


def test_a_masked_document_is_named_to_its_citizen(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("MASQUE_PS",))
    assert history(desk, whose.caller, whose).lines[0].documents == (fed.entry_uuid,)


def test_documents_are_named_by_their_current_id(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    shown = desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    lines = history(desk, whose.caller, whose).lines
    assert [line.documents for line in lines[:2]] == [(shown.entry_uuid,)] * 2


# Spans and pages.


def test_a_span_includes_its_beginning_and_not_its_end(desk: Desk) -> None:
    whose = desk.citizen()
    for day in (1, 2, 3):
        desk.clock.set(NOW + day * DAY)
        desk.feed(whose, doctor())
    days = [
        (None, None, 4),
        (NOW + 2 * DAY, None, 2),
        (None, NOW + 2 * DAY, 2),
        (NOW + DAY, NOW + 3 * DAY, 2),
        (NOW + 9 * DAY, None, 0),
    ]
    desk.clock.set(NOW + 20 * DAY)  # the looks themselves are later
    for since, until, expected in days:
        page = history(desk, whose.caller, whose, since=since, until=until or NOW + 10 * DAY)
        assert page.total == expected


def test_pages_follow_each_other_whatever_is_done_in_between(either_desk: Desk) -> None:
    desk = either_desk
    whose = desk.citizen()
    for _ in range(5):
        desk.feed(whose, doctor())
    expected = [trace.id for trace in reversed(desk.chain(whose))]
    page = history(desk, whose.caller, whose, count=2)
    walked = [line.trace.id for line in page.lines]
    while page.next_cursor:
        desk.feed(whose, doctor())
        page = history(desk, whose.caller, whose, count=2, cursor=page.next_cursor)
        walked += [line.trace.id for line in page.lines]
    assert walked == expected


def test_a_page_link_is_bound_to_its_reader_and_its_span(desk: Desk) -> None:
    whose, physician = desk.citizen(), doctor()
    desk.tie(whose, RelationKind.PHYSICIAN, physician)
    link = history(desk, whose.caller, whose, count=1).next_cursor
    for caller, since in ((physician, None), (whose.caller, float(NOW))):
        query = HistoryQuery(patient=whose.ins, count=1, cursor=link, since=since)
        assert desk.refusal(read_history(desk.gate, caller, query)) == "cursor-invalid"


def test_a_count_of_none_tells_the_total(desk: Desk) -> None:
    whose = desk.citizen()
    page = history(desk, whose.caller, whose, count=0)
    assert (page.lines, page.total, page.next_cursor) == ([], 1, None)
