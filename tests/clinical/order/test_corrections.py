"""Corrections by hand: what they do, and that they betray nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carnet.clinical.order.corrections import Correction, Sort, corrected, in_force
from carnet.clinical.order.model import Episode, Paper
from tests.clinical.order.papers import paper

PAPERS = [paper(f"Document {number}", f"2026-01-{number + 1:02d}") for number in range(8)]
KEYS = [one.key for one in PAPERS]


def episode(topic: str, *numbers: int) -> Episode:
    members = tuple(KEYS[number] for number in numbers)
    days = [PAPERS[number].day for number in numbers]
    return Episode(topic, "chronic", members, min(days), max(days))


def correction(sort: Sort, *parts: tuple[int, ...], **said: object) -> Correction:
    values: dict[str, object] = {"id": b"i" * 16, "at": 1, "by": "x"} | said
    groups = tuple(tuple(KEYS[number] for number in part) for part in parts)
    return Correction(sort=sort, parts=groups, **values)  # type: ignore[arg-type]  # its fields


def shape(episodes: list[Episode]) -> set[tuple[tuple[int, ...], str | None]]:
    return {(tuple(KEYS.index(key) for key in one.members), one.name) for one in episodes}


FOUND = [episode("diabetes", 0, 1, 2), episode("back", 3, 4)]


def test_joining_makes_one_of_the_groups() -> None:
    made = corrected(FOUND, [correction(Sort.JOIN, (0, 1, 2), (3, 4))], PAPERS)
    assert shape(made) == {((0, 1, 2, 3, 4), None)}
    assert made[0].topic == "diabetes"


def test_joining_takes_in_what_was_outside() -> None:
    made = corrected(FOUND, [correction(Sort.JOIN, (3, 4), (6,))], PAPERS)
    assert shape(made) == {((0, 1, 2), None), ((3, 4, 6), None)}


def test_parting_makes_a_group_of_what_leaves() -> None:
    moved = (KEYS[1], KEYS[2])
    made = corrected(FOUND, [correction(Sort.SPLIT, (0, 1, 2), moved=moved)], PAPERS)
    assert shape(made) == {((1, 2), None), ((3, 4), None)}
    named = correction(Sort.SPLIT, (0, 1, 2), moved=moved[:1], name="Seul")
    assert shape(corrected(FOUND, [named], PAPERS)) == {
        ((0, 2), None),
        ((1,), "Seul"),
        ((3, 4), None),
    }


def test_one_alone_without_a_name_leaves_for_outside() -> None:
    made = corrected(FOUND, [correction(Sort.SPLIT, (0, 1, 2), moved=(KEYS[0],))], PAPERS)
    assert shape(made) == {((1, 2), None), ((3, 4), None)}


def test_a_name_is_given_and_the_last_one_stays() -> None:
    first = correction(Sort.RENAME, (0, 1, 2), name="Sucre")
    last = correction(Sort.RENAME, (0, 1, 2), name="Diabète", at=2, id=b"j" * 16)
    assert shape(corrected(FOUND, [last, first], PAPERS)) == {
        ((0, 1, 2), "Diabète"),
        ((3, 4), None),
    }


def test_a_correction_outlives_another_derivation() -> None:
    join = correction(Sort.JOIN, (0, 1, 2), (3, 4))
    name = correction(Sort.RENAME, (0, 1, 2, 3, 4), name="Tout", at=2, id=b"j" * 16)
    later = [episode("diabetes", 0, 1, 2, 7), episode("back", 4, 5)]
    assert shape(corrected(later, [join, name], PAPERS)) == {((0, 1, 2, 3, 4, 5, 7), "Tout")}


def test_what_is_undone_does_nothing() -> None:
    undone = correction(Sort.JOIN, (0, 1, 2), (3, 4), undone_at=9)
    assert shape(corrected(FOUND, [undone], PAPERS)) == shape(FOUND)


numbers = st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True).map(tuple)
corrections = st.builds(
    lambda sort, parts, moved, name, at, key: correction(
        sort,
        *(parts if sort is Sort.JOIN else parts[:1]),
        moved=tuple(KEYS[number] for number in (parts[0] if moved else parts[0][:1])),
        name=name if sort is not Sort.JOIN else "",
        at=at,
        id=key,
    ),
    st.sampled_from(Sort),
    st.lists(numbers, min_size=2, max_size=3),
    st.booleans(),
    st.sampled_from(["", "Nom"]),
    st.integers(1, 5),
    st.binary(min_size=16, max_size=16),
)


@given(st.lists(corrections, max_size=5))
def test_corrections_never_lose_or_double_a_document(made: list[Correction]) -> None:
    found = corrected(FOUND, made, PAPERS)
    members = [key for one in found for key in one.members]
    assert len(members) == len(set(members))
    assert set(members) <= set(KEYS)
    assert all(one.members for one in found)


@given(st.lists(corrections, max_size=5), st.sets(st.integers(0, 7)))
def test_a_correction_made_from_what_is_hidden_changes_nothing(
    made: list[Correction], hidden: set[int]
) -> None:
    seen: list[Paper] = [one for number, one in enumerate(PAPERS) if number not in hidden]
    keys = {one.key for one in seen}
    told = [one for one in made if one.documents <= keys]
    shown = [
        Episode(one.topic, one.kind, left, one.start, one.end)
        for one in FOUND
        if (left := tuple(key for key in one.members if key in keys))
    ]
    assert in_force(made, keys) == in_force(told, keys)
    assert corrected(shown, made, seen) == corrected(shown, told, seen)
