"""One plain sentence per document: its own facts or words, and how a number was before.

The kept part is the document's (``Gist.said``). The comparison is computed here, from earlier
documents of the same view, for equal codes and equal units only. Nothing says good or bad.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from carnet.clinical.order.model import Paper
from carnet.clinical.order.numbers import day_of, month, number, quantity
from carnet.formats.gist.model import Measure, Said
from carnet.formats.gist.words import analytes, forms

_NUMBERED = frozenset({"more_results", "results", "lines", "givens"})


class Before(msgspec.Struct, frozen=True):
    """The last value before a measure: what it was, on which day, in which document."""

    measure: Measure
    day: int
    document: bytes


class Sentence(msgspec.Struct, frozen=True):
    """A sentence in parts: what the document says, and what the view adds (may be empty)."""

    own: str
    compared: str = ""
    before: Before | None = None


def befores_of(papers: Iterable[Paper]) -> dict[tuple[bytes, int], Before]:
    """For each measure (document, number in its gist) the same one of an earlier day."""
    found: dict[tuple[bytes, int], Before] = {}
    last: defaultdict[tuple[str, str], list[tuple[int, Measure, bytes]]] = defaultdict(list)
    for paper in sorted(papers, key=lambda one: (one.day, one.created, one.number)):
        for place, measure in enumerate(paper.gist.measures):
            if not measure.code:
                continue
            known = last[measure.code, measure.unit]
            earlier = next((each for each in reversed(known) if each[0] < paper.day), None)
            if earlier is not None:
                found[paper.key, place] = Before(earlier[1], earlier[0], earlier[2])
        for measure in paper.gist.measures:
            if measure.code:
                last[measure.code, measure.unit].append((paper.day, measure, paper.key))
    return found


def sentence_of(
    paper: Paper, befores: dict[tuple[bytes, int], Before], today: date, language: str
) -> Sentence:
    """The sentence of a document; all empty where it says nothing that can be told."""
    said = [_part(one, paper.gist.measures, language) for one in paper.gist.said]
    own = _joined(said, paper.gist.said)
    before = befores.get((paper.key, 0))
    if before is None or not paper.gist.measures:
        return Sentence(own)
    return Sentence(own, _compared(paper.gist.measures[0], before, today, language), before)


def _part(said: Said, measures: Sequence[Measure], language: str) -> str:
    form = forms()[said.form]
    pattern = form.fr if language == "fr" else form.en
    if said.form == "measure":
        one = measures[int(said.words[0])]
        value = quantity(one.number, one.unit, one.comparator, language)
        return pattern.format(label_of(one, language), value)
    words = list(said.words)
    if said.form in _NUMBERED:
        words[0] = number(words[0], language)
    return pattern.format(*words)


def label_of(measure: Measure, language: str) -> str:
    """What people call an analysis, else the document's words."""
    known = analytes().get(measure.label)
    if known is None:
        return measure.label
    return known.fr if language == "fr" else known.en


def _joined(parts: Sequence[str], said: Sequence[Said]) -> str:
    text = ""
    for part, one in zip(parts, said, strict=True):
        between = " " if one.form.startswith("more_result") else ", "
        text = f"{text}{between}{part}" if text else part
    return text


def _compared(measure: Measure, before: Before, today: date, language: str) -> str:
    """``elle était de 7,8 % en mai``: the value before, as it was written."""
    was = quantity(before.measure.number, before.measure.unit, before.measure.comparator, language)
    when = month(day_of(before.day), today, language)
    if language == "en":
        return f"it was {was} in {when}"
    known = analytes().get(measure.label)
    if known is None:
        return f"{was} en {when}"
    return f"{'elle' if known.feminine else 'il'} était de {was} en {when}"
