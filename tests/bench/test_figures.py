"""Percentiles and efficiency, by hand."""

from __future__ import annotations

import pytest

from carnet.bench.figures import efficiency, percentile, used, waits_figures


def test_a_percentile_is_the_smallest_value_that_enough_values_do_not_exceed() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 0.50) == 50.0
    assert percentile(values, 0.99) == 99.0
    assert percentile([7.0], 0.99) == 7.0
    assert percentile([], 0.99) == 0.0


def test_waits_become_a_rate_and_milliseconds() -> None:
    figures = waits_figures([0.001, 0.002, 0.003, 0.004], 2.0)
    assert figures == {"rate": 2.0, "p50_ms": 2.0, "p95_ms": 4.0, "p99_ms": 4.0}


def test_efficiency_is_the_rate_over_both_floors_in_series() -> None:
    assert efficiency(600.0, 3000.0, 1500.0) == pytest.approx(0.6)
    assert efficiency(600.0, 0.0, 1500.0) == 0.0


def test_cost_counts_processes_that_came_later() -> None:
    assert used({"web": 1.0}, {"web": 3.0, "worker": 1.0}, 1000) == {"web": 2.0, "worker": 1.0}
