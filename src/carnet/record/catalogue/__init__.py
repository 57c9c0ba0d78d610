"""The catalogue of refusals and warnings: every code that a face may answer, in one place.

One module an area; ``docs/errors.md`` lists them all and a test holds it to that.
"""

from __future__ import annotations

import re

from carnet.record.catalogue import (
    access,
    backup,
    bench,
    documents,
    identity,
    population,
    portal,
    protocol,
    protocol_elements,
    protocol_parameters,
    reading,
    storage,
    tokens,
    tooling,
    usecases,
    verify,
)
from carnet.record.errors import CarnetError, ErrorEntry

AREAS = (
    identity,
    documents,
    access,
    backup,
    bench,
    population,
    portal,
    protocol,
    protocol_elements,
    protocol_parameters,
    reading,
    storage,
    tokens,
    tooling,
    usecases,
    verify,
)
"""The modules that hold the entries; a code stands in one of them."""

CATALOGUE: dict[str, ErrorEntry] = {
    code: entry for area in AREAS for code, entry in area.ENTRIES.items()
}

_PARAM = re.compile(r"\{([a-z_]+)\}", re.ASCII)


def sentence(error: CarnetError, language: str = "fr") -> str:
    """The sentence of an error with its params filled in, French or English."""
    entry = CATALOGUE[error.code]
    return _filled(entry.french if language == "fr" else entry.english, error)


def remedy(error: CarnetError, language: str = "fr") -> str:
    """What to do about an error, its params filled in, French or English."""
    entry = CATALOGUE[error.code]
    return _filled(entry.remedy_french if language == "fr" else entry.remedy_english, error)


def _filled(text: str, error: CarnetError) -> str:
    """Only ``{name}`` is filled: a remedy may show JSON, whose braces stay as they are."""
    return _PARAM.sub(lambda found: str(error.params.get(found[1], "?")), text)
