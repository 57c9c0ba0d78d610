"""Facts of invented lives against what is true of them: scripted lives and generated ones."""

from __future__ import annotations

import pytest

from bench.facts_population import lives, means, measure

LEAST = 0.98
KINDS = {
    "results",
    "earlier results",
    "germs",
    "prescribed",
    "devices",
    "dispensed",
    "vaccinations",
    "problems",
    "allergies",
    "treatments",
}


@pytest.mark.slow
def test_what_documents_of_invented_lives_say_is_read() -> None:
    found = means(measure(made) for made in lives(10))
    assert set(found) == KINDS
    for kind, (people, true, recall, precision) in found.items():
        assert people >= 2, kind
        assert true >= 2, kind
        assert recall >= LEAST, kind
        assert precision >= LEAST, kind
