"""Floors of ``python -m bench.episodes`` on a part of its lives: enough to see a fall."""

from __future__ import annotations

from bench import episodes as bench


def test_the_lives_of_half_the_scripts_are_put_in_order() -> None:
    found = bench.figures(bench.scripted(("camille", "gilles", "karim", "lina", "manon", "noe")))
    assert found.people == 6
    assert found.f1 > 0.95
    assert (found.folds_right, found.folds_wrong, found.folds_missed) == (1, 0, 0)


def test_generated_lives_are_put_in_order() -> None:
    found = bench.figures(bench.generated(bench.TUNED_SEED, 60))
    assert found.people > 30
    assert found.f1 > 0.92
    assert found.folds_missed == 0


def test_pairs_are_counted_each_once() -> None:
    judged = bench.Judged("a", right=3, wrong=1, missed=1)
    assert judged.f1 == 0.75
    nobody = bench.Judged("b", 0, 0, 0)
    assert nobody.f1 is None
    assert bench.figures([judged, nobody]).people == 1
