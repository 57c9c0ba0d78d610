"""A synthesis sums up the problems of its day, but what was told in hidden documents alone."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from carnet.population.model import Document, Life, Problem, Statement, Synthesis
from carnet.population.saying import said_problems
from tests.population import invented
from tests.population.invented import at, document, letter, life

SECRET = Problem(key="secret", label="Un secret", onset=date(2025, 3, 1))


def told(**changes: object) -> Document:
    one = letter("confidence", "2025-03-04", "Elle en parle pour la première fois, seule.")
    return msgspec.structs.replace(one, states=Statement(problems=("secret",)), **changes)


def with_secret(*documents: Document) -> tuple[Life, Document]:
    summary = document("synthese", "synthesis", "2025-06-02", Synthesis(), "dr-garrigue")
    whole = invented.bent(
        problems=(*life().problems, SECRET), documents=(*life().documents, *documents, summary)
    )
    return whole, summary


@pytest.mark.parametrize(
    ("documents", "is_told"),
    [
        ((), True),  # nobody wrote of it, the doctor knows
        ((told(),), True),
        ((told(hidden=at("2025-03-05")),), False),
        ((told(hidden=at("2025-07-01")),), True),  # hidden later
        ((told(visibility=("INVISIBLE_REPRESENTANTS_LEGAUX",)),), False),
        ((told(hidden=at("2025-03-05")), msgspec.structs.replace(told(), key="autre")), True),
    ],
)
def test_what_is_told_in_hidden_documents_alone_is_not_summed_up(
    documents: tuple[Document, ...], is_told: bool
) -> None:
    whole, summary = with_secret(*documents)
    assert ("secret" in said_problems(whole, summary)) is is_told
    assert "diabete" in said_problems(whole, summary)
