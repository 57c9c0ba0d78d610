"""Numbers from a seed: the same everywhere, spread, within what was asked."""

from __future__ import annotations

from carnet.formats.pdf.chance import Chance, grain

FIRST = [474, 516, 206, 666]


def test_a_seed_gives_the_numbers_it_gave_on_every_machine() -> None:
    chance = Chance("carnet")
    assert [chance.below(1000) for _ in range(4)] == FIRST
    assert Chance("carnet").below(1000) == FIRST[0]


def test_numbers_stay_in_their_bounds_and_reach_across_them() -> None:
    chance = Chance("bounds")
    drawn = [chance.between(-2, 3) for _ in range(500)]
    assert -2 <= min(drawn) < -1.8
    assert 2.8 < max(drawn) <= 3
    assert {chance.pick("abc") for _ in range(50)} == set("abc")


def test_noise_is_as_long_as_asked_and_other_for_other_seeds() -> None:
    assert len(grain("a", 1000)) == 1000
    assert grain("a", 1000) != grain("b", 1000)
    assert grain("a", 2000)[:1000] == grain("a", 1000)
