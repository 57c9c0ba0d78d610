"""The public CDA samples, for tests that are parametrised over them.

``CARNET_CORPUS`` names their folder; without it they are looked for beside the project. Where
there is none, collection stops and says so: a silent skip would hide that nothing was tested.
"""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "cda"


def corpus_folder() -> Path:
    """The folder of the samples."""
    folder = Path(os.environ.get("CARNET_CORPUS", _BESIDE))
    if not (folder / "INDEX.tsv").is_file():
        pytest.fail(
            f"the corpus of CDA samples is not at {folder}: set CARNET_CORPUS", pytrace=False
        )
    return folder.resolve()


def corpus_files() -> tuple[Path, ...]:
    """All samples, in alphabetical order."""
    return tuple(sorted(corpus_folder().glob("*.xml")))


@cache
def corpus_index() -> dict[str, dict[str, str]]:
    """INDEX.tsv: file name → its columns."""
    with (corpus_folder() / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t")}
