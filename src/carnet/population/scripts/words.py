"""Fills the words of a letter: names, ages, dates and results that follow from the life.

``{patient}``, ``{age}``, ``{date EXPR}``, ``{month EXPR}``, ``{value ANALYSIS}``, ``{previous
ANALYSIS}``; an EXPR is a date of a script or ``@key``, the day of another document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from carnet.population.codes import Analysis, entry
from carnet.population.model import Discharge, Document, Imaging, Laboratory, Letter, Life, Table
from carnet.population.scripts.moments import Anchors
from carnet.population.scripts.unfolding import UnknownKeyError
from carnet.population.writing.french import (
    french_age,
    french_date,
    french_month,
    number_of,
    spoken,
)

_WORD = re.compile(r"\{(\w+)(?: ([^{}]+))?\}")


def fill_document(document: Document, life: Life, anchors: Anchors) -> Document:
    """The document with every word filled in. ``life`` holds the documents before it.

    Raises ``UnknownKeyError``, ``ImpossibleDateError``.
    """
    filler = _Filler(document, life, anchors)
    content = document.content
    if isinstance(content, Letter):
        content = msgspec.structs.replace(
            content,
            text=tuple(filler.part(part) for part in content.text),
            greeting=None if content.greeting is None else filler.fill(content.greeting),
            closing=None if content.closing is None else filler.fill(content.closing),
        )
    elif isinstance(content, Imaging):
        content = msgspec.structs.replace(
            content,
            indication=filler.all(content.indication),
            findings=filler.all(content.findings),
            conclusion=filler.all(content.conclusion),
            comparison=None if content.comparison is None else filler.fill(content.comparison),
        )
    elif isinstance(content, Discharge):
        content = msgspec.structs.replace(
            content,
            reason=filler.fill(content.reason),
            course=filler.all(content.course),
            follow_up=filler.all(content.follow_up),
        )
    title = filler.fill(document.title)
    return msgspec.structs.replace(document, content=content, title=title)


class _Filler:
    def __init__(self, document: Document, life: Life, anchors: Anchors) -> None:
        self.day = document.at.date()
        self.life = life
        self.anchors = anchors

    def part(self, part: str | Table) -> str | Table:
        """A paragraph or a table."""
        if isinstance(part, str):
            return self.fill(part)
        return Table(part.heads, tuple(self.all(row) for row in part.rows))

    def all(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Each of several texts."""
        return tuple(self.fill(text) for text in texts)

    def fill(self, text: str) -> str:
        """A text with its words in place."""
        return _WORD.sub(lambda found: self._word(found[1], found[2] or ""), text)

    def _word(self, name: str, said: str) -> str:
        if name == "patient":
            return spoken(self.life.person.name)
        if name == "age":
            return french_age(self.life.person.born, self.day)
        if name == "date":
            return french_date(self._day(said))
        if name == "month":
            return french_month(self._day(said))
        if name == "value":
            return self._result(said, 0)
        if name == "previous":
            return self._result(said, 1)
        raise UnknownKeyError(f"“{{{name}}}” is no word that is filled in")

    def _day(self, words: str) -> date:
        if not words.startswith("@"):
            return self.anchors.day(words)
        document = self.life.document(words[1:])
        if document is None:
            raise UnknownKeyError(f"“{words[1:]}” is no document before this one")
        return document.at.date()

    def _result(self, analysis: str, back: int) -> str:
        known = entry(Analysis, analysis)
        found = list(self._values(analysis))
        if len(found) <= back:
            raise UnknownKeyError(f"no such result of “{analysis}” before this document")
        unit = known.shown or known.unit or ""
        return f"{number_of(found[-1 - back])} {unit}".strip()

    def _values(self, analysis: str) -> Iterator[str]:
        for one in self.life.documents:
            if isinstance(one.content, Laboratory) and one.copy_of is None:
                yield from (v.value for v in one.content.values if v.analysis == analysis)
