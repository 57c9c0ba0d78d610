from __future__ import annotations

from collections import Counter

import pytest

from carnet.population.france.chance import Chance


def test_the_same_name_gives_the_same_draws() -> None:
    one, other = Chance("a"), Chance("a")
    assert [one.number() for _ in range(5)] == [other.number() for _ in range(5)]


def test_a_stream_by_label_does_not_depend_on_what_was_drawn_before() -> None:
    used = Chance("a")
    used.number()
    assert used.of("b", 1).number() == Chance("a").of("b", 1).number()


def test_other_labels_give_other_draws() -> None:
    assert Chance("a").of("b").number() != Chance("a").of("c").number()


def test_weights_decide_how_often() -> None:
    chance = Chance("weights")
    drawn = Counter(chance.weighted([("often", 9.0), ("rare", 1.0)]) for _ in range(2000))
    assert 1700 < drawn["often"] < 1900


def test_a_bell_stays_within_reach_of_its_middle() -> None:
    chance = Chance("bell")
    drawn = [chance.bell(10.0, 2.0) for _ in range(2000)]
    assert min(drawn) > 3.0
    assert max(drawn) < 17.0
    assert sum(drawn) / len(drawn) == pytest.approx(10.0, abs=0.2)


def test_between_has_both_ends() -> None:
    chance = Chance("ends")
    assert {chance.between(1, 3) for _ in range(200)} == {1, 2, 3}


def test_shuffling_keeps_everything() -> None:
    assert sorted(Chance("x").shuffled(range(30))) == list(range(30))
