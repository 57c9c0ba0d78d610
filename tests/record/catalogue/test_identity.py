"""The catalogue of identities holds what the modules raise, and every sentence can be said."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import carnet
from carnet.record.catalogue import CATALOGUE, sentence
from carnet.record.catalogue.identity import ENTRIES
from carnet.record.errors import CarnetError

SOURCE = Path(carnet.__file__).parent
MODULES = [
    *(SOURCE / "record" / f"{n}.py" for n in ("identity", "structures", "lifecycle", "visibility")),
    *sorted((SOURCE / "record" / "vocabulary").glob("*.py")),
    *sorted((SOURCE / "formats" / "identifiers").glob("*.py")),
]
RAISED = re.compile(r'(?:CarnetError|Notice)\(\s*"([a-z0-9-]+)"')


def test_every_code_raised_stands_in_the_catalogue() -> None:
    raised = {code for path in MODULES for code in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert len(raised) > 8
    assert raised <= CATALOGUE.keys()


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_both_languages_say_the_same_params(code: str) -> None:
    entry = ENTRIES[code]
    fields = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in (entry.french, entry.english)
    ]
    assert fields[0] == fields[1]
    assert all((entry.french, entry.english, entry.remedy_french, entry.remedy_english))


def test_a_sentence_is_filled_in_either_language() -> None:
    error = CarnetError("lifecycle-forbidden", state="closed", event="close")
    assert "closed" in sentence(error)
    assert "present state (closed)" in sentence(error, "en")
