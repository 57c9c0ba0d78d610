"""Rules of prose: ages and results that it names are those of the life; no letter stands twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from carnet.population.model import Directory, Discharge, Document, Imaging, Letter, Life
from carnet.population.rules.contradiction import Contradiction
from carnet.population.rules.values import series
from carnet.population.writing.french import age_in_months

_AGE = re.compile(
    r"\b(?:âgée?|patiente?|femme|homme|garçon|fille|fillette|enfant|nourrisson|M\.|Mme)\s"
    r"(?:de\s|[^.;:()]{0,40}?,\s)?(\d{1,3})\s(ans|mois)\b"
)
_HBA1C = re.compile(r"HbA1c[^.;()\n]{0,25}?\b(\d{1,2}(?:,\d)?)\s?%")
_SHINGLE = 5  # words
_ALIKE = 0.55


def texts(document: Document) -> tuple[str, ...]:
    """The prose of a document, paragraph by paragraph."""
    content = document.content
    if isinstance(content, Letter):
        return tuple(part for part in content.text if isinstance(part, str))
    if isinstance(content, Imaging):
        return (*content.indication, *content.findings, *content.conclusion)
    if isinstance(content, Discharge):
        return (content.reason, *content.course, *content.follow_up)
    return ()


def age_disagrees(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """“Patient de 54 ans” is 54 on the day of the letter."""
    for one in life.documents:
        months = age_in_months(life.person.born, one.at.date())
        for text in texts(one):
            for found in _AGE.finditer(text):
                said = int(found[1])
                actual = months if found[2] == "mois" else months // 12
                if said != actual:
                    why = f"“{found.group()}”, but {actual} {found[2]} that day"
                    where = f"document {one.key}"
                    yield Contradiction("age-disagrees", life.person.key, where, why)


def result_disagrees(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """An HbA1c that a letter names was measured before, or is named as a target."""
    measured = series(life).get("hba1c", [])
    if not measured:
        return
    for one in life.documents:
        known = {f"{much:g}".replace(".", ",") for at, much, _ in measured if at <= one.at}
        for text in texts(one):
            for found in _HBA1C.finditer(text):
                value = found[1].removesuffix(",0")
                around = text[max(0, found.start() - 40) : found.end() + 10].lower()
                is_target = any(word in around for word in ("objectif", "cible", "<", "viser"))
                if value not in known and not is_target:
                    why = f"“{found.group()}” was never measured"
                    where = f"document {one.key}"
                    yield Contradiction("result-disagrees", life.person.key, where, why)


def shingles(document: Document) -> frozenset[tuple[str, ...]]:
    """Runs of words of a letter: what two letters share is counted in them."""
    words = re.findall(r"\w+", " ".join(texts(document)).lower())
    return frozenset(
        tuple(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1)
    )


def letters_alike(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """No two letters of a record are alike, save copies and new versions of the same."""
    letters = [
        (one, shingles(one))
        for one in life.documents
        if isinstance(one.content, Letter) and one.copy_of is None and one.replaces is None
    ]
    for (one, left), (other, right) in combinations(letters, 2):
        least = min(len(left), len(right))
        if least >= _SHINGLE and len(left & right) > _ALIKE * least:
            where = f"document {other.key}"
            share = len(left & right) / least
            why = f"says what {one.key} says ({share:.0%})"
            yield Contradiction("letters-alike", life.person.key, where, why)
