"""Which document names which problem, allergy and treatment of a life, in entries or in prose.

It follows from the values alone: what a script says that a text states, and what a writer of the
kind puts into every document of it. A copy says what the document says that it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from carnet.population.model import (
    Discharge,
    Dispensation,
    Document,
    Life,
    Prescription,
    Problem,
    Synthesis,
)


def shown(document: Document, by_key: dict[str, Document]) -> Document:
    """The document that this one shows: itself, or what it is a copy of."""
    return document if document.copy_of is None else by_key.get(document.copy_of, document)


def summed_up(life: Life, document: Document) -> tuple[Problem, ...]:
    """The problems of a synthesis: all of its day, but those told in hidden documents alone."""
    day = document.at.date()
    return tuple(
        one
        for one in life.problems
        if one.onset <= day and not _is_secret(life, one.key, document.at)
    )


def _is_secret(life: Life, key: str, at: datetime) -> bool:
    """Whether every document that named a problem before was hidden from somebody by then."""
    tellers = [
        one
        for one in life.documents
        if one.at < at
        and not isinstance(one.content, Synthesis)
        and key in said_problems(life, one)
    ]
    return bool(tellers) and all(
        one.visibility or (one.hidden is not None and one.hidden <= at) for one in tellers
    )


def said_problems(life: Life, document: Document) -> frozenset[str]:
    """The problems that a document names; those that a treatment is for only in entries."""
    content = document.content
    said = set(document.states.problems)
    if isinstance(content, Synthesis):
        said |= {one.key for one in summed_up(life, document)}
    if isinstance(content, Discharge):
        said |= set(content.problems)
    if document.as_pdf:
        return frozenset(said)
    if isinstance(content, Discharge):
        named = said_treatments(life, document)
        said |= {one.problem for one in life.treatments if one.key in named and one.problem}
    if isinstance(content, Prescription):
        said |= {line.problem for line in content.lines if line.problem and line.drug}
    return frozenset(said)


def said_allergies(life: Life, document: Document) -> frozenset[str]:
    """The allergies that a document names."""
    said = set(document.states.allergies)
    if isinstance(document.content, Synthesis | Discharge):
        said |= {one.key for one in life.allergies if one.since <= document.at.date()}
    return frozenset(said)


def said_treatments(life: Life, document: Document) -> frozenset[str]:
    """The treatments that a document names, prescribed and given ones included."""
    content = document.content
    said = set(document.states.treatments)
    if isinstance(content, Synthesis):
        said |= {one.key for one in life.taken(document.at.date())}
    if isinstance(content, Discharge):
        said |= {*content.on_admission, *content.on_leaving}
    if isinstance(content, Prescription | Dispensation):
        said |= {line.treatment for line in content.lines if line.treatment}
    return frozenset(said)


class Sayings(msgspec.Struct, frozen=True):
    """For each key of the life the keys of the documents that name it, in their order."""

    problems: dict[str, tuple[str, ...]]
    allergies: dict[str, tuple[str, ...]]
    treatments: dict[str, tuple[str, ...]]


def sayings_of(life: Life) -> Sayings:
    """Who names what; each document is looked at once."""
    by_key = {one.key: one for one in life.documents}
    seen = [(one.key, shown(one, by_key)) for one in life.documents]
    return Sayings(
        problems=_turned((key, said_problems(life, one)) for key, one in seen),
        allergies=_turned((key, said_allergies(life, one)) for key, one in seen),
        treatments=_turned((key, said_treatments(life, one)) for key, one in seen),
    )


def _turned(said: Iterable[tuple[str, frozenset[str]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for document, keys in said:
        for key in keys:
            found.setdefault(key, []).append(document)
    return {key: tuple(documents) for key, documents in found.items()}
