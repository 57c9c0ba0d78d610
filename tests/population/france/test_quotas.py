from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.population.france import France
from carnet.population.france.households import World
from carnet.population.france.quotas import (
    SCALE,
    Shares,
    Totals,
    members_of,
    totals_of,
    weight_of,
)
from carnet.population.plan import MOST_A_YEAR
from carnet.record.lifecycle import RecordState
from tests.population.invented import TODAY

WORLD = World(5, TODAY, 8)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 400 * SCALE), min_size=1, max_size=60).filter(any),
    st.integers(0, 4000),
    st.integers(1, 12),
)
def test_shares_add_up_and_nobody_without_a_record_has_one(
    weights: list[int], documents: int, years: int
) -> None:
    totals = Totals(1, sum(weight > 0 for weight in weights), sum(weights))
    shares = Shares(totals, documents, years)
    counts = [shares.next(weight) for weight in weights]
    assert sum(counts) == documents
    assert all(count >= 0 for count in counts)
    assert not any(count for count, weight in zip(counts, weights, strict=True) if not weight)


def test_nobody_gets_more_than_a_record_can_take_even_where_most_is_asked_for() -> None:
    for people in (1, 2, 3, 7, 40):
        documents = people * MOST_A_YEAR * WORLD.years
        totals = totals_of(WORLD, people)
        assert totals.active > 0
        shares = Shares(totals, documents, WORLD.years)
        counts = [
            shares.next(weight_of(one, WORLD))
            for _, members in members_of(WORLD, people)
            for one in members
        ]
        assert sum(counts) == documents
        assert max(counts) <= 150 * WORLD.years + 1


def test_the_last_household_is_cut_to_the_number_of_people() -> None:
    for people in (1, 2, 9, 33):
        assert sum(len(members) for _, members in members_of(WORLD, people)) == people


def test_few_have_many_and_many_have_few() -> None:
    france = France(seed=5, people=400, documents=None, years=8, today=TODAY)
    weights = [
        weight_of(one, france.world)
        for _, members in members_of(france.world, 400)
        for one in members
    ]
    counts = sorted(round(weight / SCALE) for weight in weights)
    assert counts[0] == 0
    assert counts[200] < 20
    assert counts[-1] > 120
    assert 15 < sum(counts) / len(counts) < 35
    assert france.expected_documents() == pytest.approx(sum(counts), abs=200)


def test_who_wants_no_record_has_no_document() -> None:
    for _, members in members_of(WORLD, 500):
        for one in members:
            if one.person.record in (RecordState.NONE, RecordState.OPPOSED):
                assert weight_of(one, WORLD) == 0
