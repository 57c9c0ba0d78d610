"""What the README shows, run as it stands there against a fresh demo."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.journeys

ROOT = Path(__file__).parents[2]
CARNET = Path(sys.executable).with_name("carnet")


def story() -> str:
    """The shell lines of the README's section on a document's day."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## A document's day, by curl", 1)[1]
    return section.split("```sh\n", 1)[1].split("```", 1)[0]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    data = tmp_path_factory.mktemp("readme") / "demo"
    command = [str(CARNET), "demo", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            ready = re.search(r"Carnet is ready: (\S+)", line)
            if ready:
                yield ready[1], data
                break
        else:
            pytest.fail("the demo did not become ready")
        process.terminate()


def documents(answer: str) -> list[str]:
    return re.findall(r'"fullUrl": "[^"]*/DocumentReference/([^"]+)"', answer)


def of_type(bundle: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle.get("entry", ())]
    return [one for one in found if one["resourceType"] == name]


def test_the_readme_tells_a_document_s_day(demo: tuple[str, Path]) -> None:
    base, data = demo
    marked = re.sub(r"^(as |find_as |\$CARNET )", r"echo '@@@'; \1", story(), flags=re.MULTILINE)
    done = subprocess.run(
        ["bash", "-eu", "-c", marked],
        cwd=ROOT,
        env={**os.environ, "BASE": base, "DATA": str(data), "LANG": "C"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    opened, fed, granted, found, read, hidden, lost, author, own, facts, told, verified = (
        done.stdout.split("@@@\n")[1:]
    )
    assert json.loads(opened)["active"] is True
    assert json.loads(fed)["content"][0]["attachment"]["title"] == "Consultation pour une toux"
    assert json.loads(granted)["status"] == "active"
    assert len(documents(found)) == 1
    assert "M. Abou DIALLO, 22 ans" in read
    assert "MASQUE_PS" in hidden
    assert '"total": 0' in lost
    assert len(documents(author)) == 1
    assert len(documents(own)) == 1
    values = json.loads(facts)  # the worker may still be reading: what is there are these values
    assert values["resourceType"] == "Bundle"
    assert all("4548-4" in json.dumps(one) for one in of_type(values, "Observation"))
    assert len(of_type(values, "Provenance")) == len(of_type(values, "Observation"))
    acts = {"open-record", "submit", "grant", "find", "retrieve", "change-visibility"}
    assert all(f'"code": "{act}"' in told for act in acts)
    assert verified.strip() == "Clean."


def test_a_second_start_finds_the_demo_made(demo: tuple[str, Path]) -> None:
    _, data = demo
    before = (data / "signing-key.json").stat().st_mtime_ns
    subprocess.run([CARNET, "demo", "--data", data, "--no-serve"], timeout=60, check=True)
    assert (data / "signing-key.json").stat().st_mtime_ns == before
