"""The catalogue of reading holds what its modules say, and nothing that none says."""

from __future__ import annotations

import re
from pathlib import Path

import carnet
from carnet.record.catalogue.reading import ENTRIES

_SOURCE = Path(carnet.__file__).parent
_CODE = re.compile(r'"(reading-[a-z-]+)"')


def _said() -> set[str]:
    folders = (_SOURCE / "reading", _SOURCE / "formats" / "cda" / "html")
    texts = [path.read_text(encoding="utf-8") for each in folders for path in each.rglob("*.py")]
    codes = {code for text in texts for code in _CODE.findall(text)}
    sorts = {"actions", "files", "forms", "media", "references"}
    return codes | {f"reading-pdf-{sort}-removed" for sort in sorts}


def test_every_code_said_stands_in_the_catalogue_and_the_other_way_round() -> None:
    assert _said() == set(ENTRIES)
