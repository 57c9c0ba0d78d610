"""Every mode of ``carnet bench`` on a tiny store, a second each, and what the store is afterwards.

Rates are not judged here: a test machine has other things to do. What is: no errors, all figures
there and of a sane size, and a store in which ``carnet verify`` finds nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.system

DOCUMENTS = 640
CARNET = (sys.executable, "-c", "from carnet.cli import main; main()")
WAITS = ("rate", "p50_ms", "p95_ms", "p99_ms")
COMMON = (*WAITS, "errors", "cpu_ms", "pss_mb")


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CARNET, *words], capture_output=True, text=True, timeout=90, check=False
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "store"


def _bench(data: Path, mode: str, *more: str) -> dict[str, Any]:
    words = ("--data", str(data), "--documents", str(DOCUMENTS), "--seconds", "1", "--json")
    done = _run("bench", mode, *words, "--clients", "4", *more)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 1
    figures: dict[str, Any] = json.loads(lines[0])
    assert figures["bench"] == mode
    return figures


@pytest.mark.parametrize("mode", ["find", "retrieve", "feed"])
def test_a_closed_load_is_set_beside_its_floors(data: Path, mode: str) -> None:
    figures = _bench(data, mode)
    assert figures["errors"] == 0, figures.get("first_error")
    assert all(figures[name] > 0 for name in COMMON if name != "errors")
    assert figures["p50_ms"] <= figures["p95_ms"] <= figures["p99_ms"]
    assert figures["floor_http"] > 0
    assert figures["floor_store"] > 0
    in_series = 1 / (1 / figures["floor_http"] + 1 / figures["floor_store"])
    assert figures["efficiency"] == pytest.approx(figures["rate"] / in_series, rel=0.01)


def test_the_peak_is_an_open_load_of_three_kinds(data: Path) -> None:
    figures = _bench(data, "mixed", "--scale", "0.1")
    assert figures["errors"] == 0, figures.get("first_error")
    assert set(figures["by_kind"]) == {"feed", "find", "retrieve"}
    assert figures["by_kind"]["find"]["asked"] == 85
    assert all(of_kind["rate"] > 0 for of_kind in figures["by_kind"].values())


def test_rights_are_measured_against_the_same_query_without(data: Path) -> None:
    figures = _bench(data, "rights")
    assert figures["query_us"]["with_rights"] > 0
    assert figures["query_us"]["without"] > 0
    assert -0.5 < figures["request_added"] < 1
    assert figures["find"]["errors"] == 0


def test_a_start_tells_time_and_memory(data: Path) -> None:
    figures = _bench(data, "start")
    assert 0 < figures["ready_s_worst"] < 60
    roles = figures["pss_mb_by_role"]
    assert {"supervisor", "ledger", "web", "worker"} <= set(roles)
    assert figures["pss_mb"] == pytest.approx(sum(sum(sizes) for sizes in roles.values()), abs=1)


def test_a_store_of_postgresql_is_loaded_and_measured_too() -> None:
    words = ("--store", "postgresql", "--documents", "640", "--seconds", "1", "--json")
    done = _run("bench", "feed", *words, "--clients", "4")
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["errors"] == 0, figures.get("first_error")
    assert figures["efficiency"] > 0
    assert figures["postgresql_cpu_ms"] > 0


def test_verify_finds_a_loaded_and_measured_store_sound(data: Path) -> None:
    done = _run("verify", "--data", str(data), "--json")
    assert done.returncode == 0, done.stdout
    assert '"damage"' not in done.stdout


def test_a_store_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    done = _run("bench", "find", "--data", str(tmp_path), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "bench-not-made"
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_a_load_without_room_is_refused_before_it_begins(tmp_path: Path) -> None:
    store = tmp_path / "store"
    done = _run("bench", "find", "--data", str(store), "--documents", "900000000000", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "bench-no-room"
