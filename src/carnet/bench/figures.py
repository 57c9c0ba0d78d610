"""Figures of a run: rates, percentiles, cost a request, efficiency."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path

Figures = dict[str, object]


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values do not exceed; 0 for none."""
    if not ordered:
        return 0.0
    place = min(len(ordered) - 1, max(0, -(-len(ordered) * share // 1) - 1))
    return ordered[int(place)]


def waits_figures(waits: Sequence[float], seconds: float) -> Figures:
    """Rate and percentiles of waits (s) seen during ``seconds``."""
    ordered = sorted(waits)
    return {
        "rate": round(len(ordered) / seconds, 1),
        "p50_ms": round(percentile(ordered, 0.50) * 1000, 2),
        "p95_ms": round(percentile(ordered, 0.95) * 1000, 2),
        "p99_ms": round(percentile(ordered, 0.99) * 1000, 2),
    }


def used(before: dict[str, float], after: dict[str, float], done: int) -> dict[str, float]:
    """Milliseconds of processor a request, by role."""
    return {
        role: round((spent - before.get(role, 0.0)) / max(1, done) * 1000, 4)
        for role, spent in after.items()
    }


def efficiency(rate: float, http: float, store: float) -> float:
    """Rate over what server and store allow one after the other (design §8)."""
    return rate * (1 / http + 1 / store) if http and store else 0.0


def machine() -> Figures:
    """What the figures were measured on."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = Path("/proc/meminfo").read_text().split(maxsplit=2)[1]
    return {
        "cores": len(os.sched_getaffinity(0)),
        "cpu": names[0] if names else platform.machine(),
        "memory_mb": int(memory) // 1024,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_before": os.getloadavg()[0],
    }
